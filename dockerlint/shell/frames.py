"""What is open while a shell text is read: words, commands, constructs."""

from __future__ import annotations

from dockerlint.shell.words import Redirection, Word

_SUBSHELLS = frozenset({"(", "$(", "`"})


class Draft:
    """A simple command as it is found; `shell.py` makes the nodes."""

    __slots__ = (
        "assignments", "end", "holder", "in_subshell", "reader", "redirections", "start", "words",
    )  # fmt: skip

    def __init__(self, start: int) -> None:
        self.words: list[Word] = []
        self.assignments: list[tuple[str, Word]] = []
        self.redirections: list[Redirection] = []
        self.start = start
        self.end = start
        self.reader: Draft | None = None
        """What reads its output through a pipe."""
        self.holder: Draft | None = None
        """What has its output as a word."""
        self.in_subshell = False
        """In parentheses or a substitution, which keep what it changes of the shell."""


class OpenWord:
    """The word that is being read."""

    __slots__ = ("is_known", "is_quoted", "pieces", "start")

    def __init__(self, start: int) -> None:
        self.start = start
        self.pieces: list[tuple[str, int, int]] = []
        """Text, and where it starts and ends; quotes and escapes make the two differ."""
        self.is_known = True
        self.is_quoted = False

    @property
    def text(self) -> str:
        """What has been read, quotes taken out."""
        return "".join([piece[0] for piece in self.pieces])


class Frame:
    """One open construct. The ones inside quotes and `${…}` lend their words to the frame `code` below."""

    __slots__ = (
        "closable", "code", "draft", "element", "emitted", "held", "is_subshell", "kind", "naming",
        "pattern", "pending", "pipeline", "quoted", "skipping", "testing", "word",
    )  # fmt: skip

    def __init__(self, kind: str, below: Frame | None, *, is_code: bool) -> None:
        self.kind = kind
        self.code: Frame = self if is_code or below is None else below.code
        inherits = is_code and kind != "`" and below is not None and below.code is below and below.closable
        self.closable: bool = inherits or kind in ("(", "$(", "array")
        """A parenthesis is open that this frame's `)` may close."""
        self.is_subshell: bool = kind in _SUBSHELLS or (below is not None and below.is_subshell)
        self.quoted = below is not None and below.kind == '"'
        if self.code is self:
            self._open_code()

    def _open_code(self) -> None:
        self.word: OpenWord | None = None
        self.draft: Draft | None = None
        self.pending = ""
        """The redirection operator whose target comes next."""
        self.held: list[Draft] = []
        """Commands of substitutions in the words of the next command."""
        self.element: list[Draft] = []
        """Commands of this element of the pipeline."""
        self.pipeline: list[list[Draft]] = []
        self.emitted: list[Draft] = []
        self.skipping = False
        """Words up to the next separator name no command: `for x in …`."""
        self.naming = False
        """The next word is the name of a function."""
        self.testing = False
        """Inside `[[ … ]]`."""
        self.pattern = ""
        """In a case: "word" before `in`, "pattern" before `)`, "" in a branch."""

    @property
    def is_at_command(self) -> bool:
        """The next word would name a program."""
        return not self.pending and not self.skipping and (self.draft is None or not self.draft.words)

    @property
    def may_name_function(self) -> bool:
        """One word and nothing else stands in front."""
        draft = self.draft
        return draft is not None and not self.pending and len(draft.words) == 1 and not draft.redirections

    def open_word(self, start: int) -> OpenWord:
        """The open word, or a new one."""
        if self.word is None:
            self.word = OpenWord(start)
        return self.word

    def open_draft(self, start: int) -> Draft:
        """The open command, or a new one."""
        if self.draft is None:
            self.draft = Draft(start)
        return self.draft

    def add(self, text: str, start: int, end: int) -> None:
        """More of the open word."""
        self.open_word(start).pieces.append((text, start, end))

    def expand(self, text: str, start: int, end: int) -> None:
        """A part of the open word that the shell puts another text for."""
        self.add(text, start, end)
        if self.word is not None:
            self.word.is_known = False
