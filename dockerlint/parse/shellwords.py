"""Shell text → words and simple commands: one pass, one stack, no recursion, nothing refused.

The grammar is POSIX with what bash adds and Dockerfiles use. Control structure is only followed as far
as it decides what a command is, what reads its output, and where a substitution ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from dockerlint.model.shared import UNKNOWN
from dockerlint.model.words import Redirection, Word
from dockerlint.parse.places import Piece, Places

HELD = 64
"""Commands of a group that one pipe, redirection or substitution is traced to; bounds work on deep nests."""

SUBSTITUTED = "${…}"
"""Stands in a word's text for the output of a command."""

_CODE = re.compile(
    r"""[ \t\r\f\v]+
    |([^\s;&|()<>\\'"`$\#][^\s;&|()<>\\'"`$]*)                        # 1 literal run
    |(\n)                                                             # 2
    |(;;&|;;|;&|;|&&|\|\||\|&|\||&(?!>))                              # 3 between commands
    |(&>>|&>|<<<|<<-|<<|<&|>&|<>|>>|>\||<(?!\()|>(?!\())              # 4 redirection
    |('[^']*'?)                                                       # 5
    |("[^"\\`$]*")                                                    # 6 no expansion inside
    |(")                                                              # 7
    |(\$'(?:[^'\\]|\\[\s\S])*'?)                                      # 8
    |(\$\{[\w@*\#?!-]*\}|\$[A-Za-z_]\w*|\$[0-9@*\#?$!-])              # 9 simple expansion
    |(\$\(\(|\(\()                                                    # 10 arithmetic
    |(\$\(|[<>]\()                                                    # 11 substitution
    |(\$\{)                                                           # 12
    |(`)                                                              # 13
    |(\\\r?\n|\\[\s\S]|\\)                                            # 14
    |(\()                                                             # 15
    |(\))                                                             # 16
    |(\#[^\n]*)                                                       # 17
    |([\s\S])                                                         # 18 a lone $ and what is left
    """,
    re.VERBOSE,
)
_QUOTED = re.compile(
    r"""([^"\\`$]+)                                                   # 1
    |(")                                                              # 2
    |(\$\{[\w@*\#?!-]*\}|\$[A-Za-z_]\w*|\$[0-9@*\#?$!-])              # 3
    |(\$\(\()                                                         # 4
    |(\$\()                                                           # 5
    |(\$\{)                                                           # 6
    |(`)                                                              # 7
    |(\\\r?\n|\\[\s\S]|\\)                                            # 8
    |(\$)                                                             # 9
    """,
    re.VERBOSE,
)
# Inside ${…} and $((…)): only what nests matters, the word is unknown already.
_INNER = re.compile(
    r"""[^{}()"'\\`$]+|\\[\s\S]
    |(\$\(\()                                                         # 1
    |(\$\()                                                           # 2
    |(\$\{)                                                           # 3
    |(`)                                                              # 4
    |(")                                                              # 5
    |('[^']*'?)                                                       # 6
    |(\()                                                             # 7
    |(\)\)?)                                                          # 8
    |(\})                                                             # 9
    |[\s\S]""",
    re.VERBOSE,
)
_MORE_OF_RUN = re.compile(r"[^\s;&|()<>\\'\"`$]+")
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)(?:\[[^\]]*\])?\+?=")
_ESCAPED_IN_QUOTES = frozenset({"$", "`", '"', "\\", "\n", "\r\n"})
_EMPTY_PARENTHESES = re.compile(r"\([ \t]*\)")
_FUNCTION_NAME = re.compile(r"[ \t]*[^\s(){};]+[ \t]*(?:\([ \t]*\))?")
_ENDS_WORD = frozenset(" \t\n;&|)")

_LOOPS = dict.fromkeys(("while", "until", "for", "select"), "loop")
_OPENERS = {"{": "{", "if": "if", "case": "case", **_LOOPS}
_CLOSERS = {"}": "{", "fi": "if", "done": "loop", "esac": "case"}
_SKIPPED = frozenset({"then", "else", "elif", "do", "!", "time", "coproc"})
_KEYWORDS = frozenset({*_OPENERS, *_CLOSERS, *_SKIPPED, "function"})

_ANSI = dict(zip("ntrabfveE", "\n\t\r\a\b\f\v\x1b\x1b", strict=True))
_ANSI_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|([0-7]{1,3})|([\s\S]))")


class Draft:
    """A simple command as it is found; `shell.py` makes the nodes."""

    __slots__ = ("assignments", "end", "holder", "reader", "redirections", "start", "words")

    def __init__(self, start: int, end: int) -> None:
        self.words: list[Word] = []
        self.assignments: list[tuple[str, Word]] = []
        self.redirections: list[Redirection] = []
        self.start = start
        self.end = end
        self.reader: Draft | None = None
        self.holder: Draft | None = None


class _Word:
    """The word that is being read."""

    __slots__ = ("is_known", "is_quoted", "pieces", "start")

    def __init__(self, start: int) -> None:
        self.start = start
        self.pieces: list[tuple[str, int, int]] = []
        self.is_known = True
        self.is_quoted = False


class _Frame:
    """One open construct. The ones inside quotes and `${…}` lend their words to the frame `code` below."""

    __slots__ = (
        "closable", "code", "draft", "element", "emitted", "held", "kind",
        "pattern", "pending", "pipeline", "quoted", "skipping", "testing", "word",
    )  # fmt: skip

    def __init__(self, kind: str, below: _Frame | None, *, is_code: bool, closable: bool) -> None:
        self.kind = kind
        self.closable = closable
        """A parenthesis is open that this frame's `)` may close."""
        self.quoted = below is not None and below.kind == '"'
        self.code: _Frame = self if is_code or below is None else below.code
        if not is_code:
            return
        self.word: _Word | None = None
        self.draft: Draft | None = None
        self.pending: str = ""
        """The redirection operator whose target comes next."""
        self.held: list[Draft] = []
        self.element: list[Draft] = []
        self.pipeline: list[list[Draft]] = []
        self.emitted: list[Draft] = []
        self.skipping = False
        """Words up to the next separator name no command: `for x in …`, `function name`."""
        self.testing = False
        """Inside `[[ … ]]`."""
        self.pattern = ""
        """In a case: "word" before `in`, "pattern" before `)`, "" in a branch."""


class ShellReader:
    """Reads one text; `drafts` has the commands in the order in which they end."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.text = places.text
        self.drafts: list[Draft] = []
        self.pieces: dict[int, list[Piece]] = {}
        """By the file offset of a quoted word: where the characters of its text stand."""
        self._at = 0
        self._ticks = 0
        self._heredocs: list[tuple[Draft, int, str, bool]] = []
        self._stack: list[_Frame] = [_Frame("top", None, is_code=True, closable=False)]

    def read(self) -> list[Draft]:
        """Every simple command of the text."""
        text, size, stack = self.text, len(self.text), self._stack
        while self._at < size:
            frame = stack[-1]
            if frame.code is frame:
                self._read_code(frame, text)
            elif frame.kind == '"':
                self._read_quoted(frame, text)
            else:
                self._read_inner(frame, text)
        while stack:
            self._pop()
        return self.drafts

    # -- tokens ---------------------------------------------------------------------------------------

    def _read_code(self, frame: _Frame, text: str) -> None:
        size, match, stack = len(text), _CODE.match, self._stack
        while self._at < size and stack[-1] is frame:
            found = match(text, self._at)
            if found is None:
                return
            start, end = self._at, found.end()
            self._at = end
            kind = found.lastindex
            if kind is None:
                if frame.word is not None:
                    self._end_word(frame, start)
            elif kind == 1:
                run = found[1]
                if frame.word is None and (end == size or text[end] in _ENDS_WORD):
                    self._take_word(frame, Word(run, run, self.places.span(start, end)), start, end, True)
                else:
                    self._add(frame, run, start, end)
            else:
                _CODE_ACTIONS[kind](self, frame, found[kind], start, end)

    def _read_quoted(self, frame: _Frame, text: str) -> None:
        found = _QUOTED.match(text, self._at)
        assert found is not None
        start, self._at = self._at, found.end()
        kind, token = found.lastindex, found[0]
        code = frame.code
        if kind == 1:
            self._add(code, token, start, self._at)
        elif kind == 2:
            self._stack.pop()
        elif kind == 3:
            self._expand(code, token, start, self._at)
        elif kind == 4:
            self._open_inner(code, "((", start)
        elif kind == 5:
            self._substitute(code, token, start, self._at)
        elif kind == 6:
            self._open_inner(code, "${", start)
        elif kind == 7:
            self._tick(code, token, start, self._at)
        elif kind == 8:
            kept = token if token[1:] not in _ESCAPED_IN_QUOTES else token[1:].rstrip("\r\n")
            self._add(code, kept, start, self._at)
        else:
            self._add(code, token, start, self._at)

    def _read_inner(self, frame: _Frame, text: str) -> None:
        found = _INNER.match(text, self._at)
        assert found is not None
        start, self._at = self._at, found.end()
        kind, code = found.lastindex, frame.code
        if kind == 1:
            self._open_inner(code, "((", start)
        elif kind == 2:
            self._substitute(code, found[0], start, self._at)
        elif kind == 3:
            self._open_inner(code, "${", start)
        elif kind == 4:
            self._tick(code, found[0], start, self._at)
        elif kind == 5:
            self._push('"', is_code=False)
        elif kind == 6 and frame.kind == "${" and frame.quoted:
            self._at = start + 1  # an apostrophe inside "${x:-it's}" quotes nothing
        elif kind == 7 and frame.kind != "${":
            self._push("(arith", is_code=False)
        elif kind == 8 and frame.kind != "${":
            self._at = self._close_arithmetic(frame, start)
        elif kind == 9 and frame.kind == "${":
            self._stack.pop()

    def _close_arithmetic(self, frame: _Frame, at: int) -> int:
        self._stack.pop()
        both = frame.kind == "((" and self.text.startswith("))", at)
        return at + 1 + both

    # -- what a token of code does --------------------------------------------------------------------

    def _newline(self, frame: _Frame, token: str, start: int, end: int) -> None:
        self._end_word(frame, start)
        if not frame.pipeline or frame.draft is not None or frame.element:
            self._separate(frame, ";", start, end)  # else the pipeline goes on behind the line break
        if self._heredocs:
            self._read_heredocs()

    def _separate(self, frame: _Frame, token: str, start: int, end: int) -> None:
        self._end_word(frame, start)
        if frame.kind == "array" or (frame.testing and token != ";") or (frame.pattern and token[:2] != ";;"):
            return
        if token in ("|", "|&"):
            self._end_element(frame)
            frame.pipeline.append(frame.element)
            frame.element = []
            return
        self._end_pipeline(frame)
        if frame.kind == "case" and token in (";;", ";&", ";;&"):
            frame.pattern = "pattern"

    def _redirect(self, frame: _Frame, token: str, start: int, end: int) -> None:
        word = frame.word
        if word is not None and not word.is_quoted and "".join([piece[0] for piece in word.pieces]).isdigit():
            frame.word = None  # the 2 of 2>file
        self._end_word(frame, start)
        if not frame.testing and not frame.pattern:
            self._open_draft(frame, start).end = end
            frame.pending = token

    def _single(self, frame: _Frame, token: str, start: int, end: int) -> None:
        closed = len(token) > 1 and token[-1] == "'"
        self._open_word(frame, start).is_quoted = True
        self._add(frame, token[1:-1] if closed else token[1:], start + 1, end - closed)

    def _double(self, frame: _Frame, token: str, start: int, end: int) -> None:
        self._open_word(frame, start).is_quoted = True
        self._add(frame, token[1:-1], start + 1, end - 1)

    def _open_double(self, frame: _Frame, token: str, start: int, end: int) -> None:
        self._open_word(frame, start).is_quoted = True
        self._push('"', is_code=False)

    def _ansi(self, frame: _Frame, token: str, start: int, end: int) -> None:
        body = token[2:-1] if len(token) > 2 and token[-1] == "'" else token[2:]
        self._open_word(frame, start).is_quoted = True
        if "\\" in body:
            self._add(frame, _ANSI_ESCAPE.sub(_ansi_character, body), start, end)
        else:
            self._add(frame, body, start + 2, start + 2 + len(body))

    def _expand(self, frame: _Frame, token: str, start: int, end: int) -> None:
        self._add(frame, token, start, end)
        if frame.word is not None:
            frame.word.is_known = False

    def _stand_in(self, frame: _Frame, start: int, end: int) -> None:
        if self._stack[-1].kind in ('"', frame.kind):  # else the outer ${…} has its stand-in already
            self._expand(frame, SUBSTITUTED, start, end)

    def _arithmetic(self, frame: _Frame, token: str, start: int, end: int) -> None:
        if token == "$((":
            self._open_inner(frame, "((", start)
        elif frame.word is None and (frame.skipping or self._at_command(frame)):
            self._push("((", is_code=False)
        else:
            self._at = start + 1
            self._parenthesis(frame, "(", start, start + 1)

    def _substitute(self, frame: _Frame, token: str, start: int, end: int) -> None:
        self._stand_in(frame, start, end)
        self._push("$(", is_code=True)

    def _brace(self, frame: _Frame, token: str, start: int, end: int) -> None:
        self._open_inner(frame, "${", start)

    def _tick(self, frame: _Frame, token: str, start: int, end: int) -> None:
        if not self._ticks:
            self._stand_in(frame, start, end)
            self._push("`", is_code=True)
            self._ticks += 1
            return
        while self._stack[-1].kind != "`":
            self._pop(start)
        self._pop(start)
        self._ticks -= 1

    def _escape(self, frame: _Frame, token: str, start: int, end: int) -> None:
        if token[-1] == "\n":
            if frame.word is not None:
                frame.word.pieces.append(("", start, end))
            return
        self._open_word(frame, start).is_quoted = True
        self._add(frame, token[1:] or token, start, end)

    def _parenthesis(self, frame: _Frame, token: str, start: int, end: int) -> None:
        word = frame.word
        if frame.testing or frame.pattern:
            return
        if (
            word is None
            and frame.draft is not None
            and not frame.pending
            and self._names_function(frame.draft, start)
        ):
            frame.draft = None
            self._at = self.text.index(")", start) + 1
        elif word is None:
            self._push("(", is_code=True)
        elif word.pieces and word.pieces[-1][0].endswith("="):
            word.is_known = False
            self._push("array", is_code=True)
        elif self._at_command(frame) and _EMPTY_PARENTHESES.match(self.text, start):
            frame.word = None  # the name of a function
            self._at = self.text.index(")", start) + 1
        else:
            self._add(frame, token, start, end)  # a pattern such as !(x)

    def _names_function(self, draft: Draft, at: int) -> bool:
        return (
            len(draft.words) == 1
            and not draft.redirections
            and _EMPTY_PARENTHESES.match(self.text, at) is not None
        )

    def _close(self, frame: _Frame, token: str, start: int, end: int) -> None:
        if frame.pattern:
            self._end_word(frame, start)
            frame.pattern = "" if frame.pattern == "pattern" else frame.pattern
            frame.held = []
        elif frame.testing:
            return
        elif not frame.closable:
            if frame.word is not None:
                self._add(frame, token, start, end)
        else:
            while self._stack[-1].kind not in ("(", "$(", "array"):
                self._pop(start)
            self._pop(start)

    def _comment(self, frame: _Frame, token: str, start: int, end: int) -> None:
        if frame.word is None:
            return
        run = _MORE_OF_RUN.match(self.text, start)
        assert run is not None
        self._at = run.end()
        self._add(frame, run[0], start, self._at)

    def _other(self, frame: _Frame, token: str, start: int, end: int) -> None:
        self._add(frame, token, start, end)

    # -- words ----------------------------------------------------------------------------------------

    def _open_word(self, frame: _Frame, start: int) -> _Word:
        if frame.word is None:
            frame.word = _Word(start)
        return frame.word

    def _add(self, frame: _Frame, value: str, start: int, end: int) -> None:
        self._open_word(frame, start).pieces.append((value, start, end))

    def _end_word(self, frame: _Frame, end: int) -> None:
        word = frame.word
        if word is None:
            return
        frame.word = None
        text = "".join([piece[0] for piece in word.pieces])
        span = self.places.span(word.start, end)
        if word.is_quoted or len(word.pieces) > 1:
            self.pieces[span.start] = self._pieces_of(word)
        is_plain = not word.is_quoted and word.is_known
        read = Word(text if word.is_known else UNKNOWN, text, span)
        self._take_word(frame, read, word.start, end, is_plain)

    def _pieces_of(self, word: _Word) -> list[Piece]:
        found: list[Piece] = []
        for value, start, end in word.pieces:
            if len(value) == end - start:
                found += self.places.pieces(start, end)
            else:
                found.append(Piece(value, *self.places.span(start, end)[:2]))
        return found

    def _take_word(self, frame: _Frame, word: Word, start: int, end: int, is_plain: bool) -> None:
        if frame.skipping or frame.kind == "array":
            return
        draft = frame.draft
        if frame.pending:
            assert draft is not None
            self._take_target(frame, draft, word, end)
        elif frame.pattern:
            self._take_pattern(frame, word)
        elif draft is not None and draft.words:
            draft.words.append(word)
            draft.end = end
            if word.value == "]]":
                frame.testing = False
        elif is_plain and word.value in _KEYWORDS:
            self._take_keyword(frame, word.text)
        else:
            self._begin(frame, word, start, end)

    def _begin(self, frame: _Frame, word: Word, start: int, end: int) -> None:
        draft = self._open_draft(frame, start)
        draft.end = end
        name = _ASSIGNMENT.match(word.text)
        if name and self.text.startswith(name[1], start):
            value = word.text[name.end() :]
            span = self.places.span(min(start + name.end(), end), end)
            draft.assignments.append(
                (name[1], Word(value if word.value == word.text else UNKNOWN, value, span))
            )
            return
        draft.words.append(word)
        frame.testing = word.value == "[["

    def _take_target(self, frame: _Frame, draft: Draft, word: Word, end: int) -> None:
        operator, frame.pending = frame.pending, ""
        draft.end = end
        if operator in ("<<", "<<-"):
            is_literal = word.span.start in self.pieces
            self._heredocs.append((draft, len(draft.redirections), word.text, is_literal))
        draft.redirections.append(Redirection(operator, word))

    def _take_pattern(self, frame: _Frame, word: Word) -> None:
        if frame.pattern == "word" and word.value == "in":
            frame.pattern = "pattern"
        elif frame.pattern == "pattern" and word.value == "esac":
            frame.pattern = ""
            self._take_keyword(frame, "esac")

    def _take_keyword(self, frame: _Frame, name: str) -> None:
        opened = _OPENERS.get(name)
        if opened:
            inner = self._push(opened, is_code=True)
            inner.skipping = name in ("for", "select")
            inner.pattern = "word" if name == "case" else ""
        elif name == "function":
            found = _FUNCTION_NAME.match(self.text, self._at)
            self._at = found.end() if found else self._at
        elif frame.kind == _CLOSERS.get(name) and self._stack[-1] is frame:
            self._pop()

    # -- commands -------------------------------------------------------------------------------------

    def _at_command(self, frame: _Frame) -> bool:
        return not frame.pending and not frame.skipping and (frame.draft is None or not frame.draft.words)

    def _open_draft(self, frame: _Frame, start: int) -> Draft:
        if frame.draft is None:
            frame.draft = Draft(start, start)
        return frame.draft

    def _end_element(self, frame: _Frame) -> None:
        draft, frame.draft = frame.draft, None
        frame.pending, frame.skipping, frame.testing = "", False, False
        held, frame.held = frame.held, []
        if draft is None:
            return
        if not draft.words and not draft.assignments and frame.element:
            for member in frame.element:  # { …; } > file
                member.redirections += draft.redirections
            return
        for member in held:
            member.holder = draft
        frame.element.append(draft)
        frame.emitted.append(draft)
        self.drafts.append(draft)

    def _end_pipeline(self, frame: _Frame) -> None:
        self._end_element(frame)
        if frame.pipeline:
            elements = [*frame.pipeline, frame.element]
            for left, right in pairwise(elements):
                for draft in left:
                    if draft.reader is None and right:
                        draft.reader = right[0]
            frame.pipeline = []
        frame.element = []

    # -- frames ---------------------------------------------------------------------------------------

    def _push(self, kind: str, *, is_code: bool) -> _Frame:
        below = self._stack[-1]
        closable = kind in ("(", "$(", "array") or (
            is_code and kind != "`" and below.code is below and below.closable
        )
        frame = _Frame(kind, below, is_code=is_code, closable=closable)
        self._stack.append(frame)
        return frame

    def _open_inner(self, frame: _Frame, kind: str, start: int) -> None:
        self._stand_in(frame, start, self._at)
        self._push(kind, is_code=False)

    def _pop(self, at: int | None = None) -> None:
        frame = self._stack.pop()
        if frame.code is not frame:
            return
        if frame.word is not None:
            frame.word.is_quoted = True  # too late for a keyword
            self._end_word(frame, self._at if at is None else at)
        self._end_pipeline(frame)
        if not self._stack:
            return
        below = self._stack[-1].code
        members = frame.emitted[:HELD]
        if frame.kind in ("$(", "`"):
            below.held += members
        else:
            below.element += members
            below.emitted += members

    def _read_heredocs(self) -> None:
        waiting, self._heredocs = self._heredocs, []
        for draft, index, mark, is_literal in waiting:
            operator = draft.redirections[index].operator
            start, stop, self._at = _heredoc_body(self.text, self._at, mark, tabs=operator == "<<-")
            body = self.text[start:stop]
            span = self.places.span(start, stop)
            is_known = is_literal or not ("$" in body or "`" in body)
            draft.redirections[index] = Redirection(operator, Word(body if is_known else UNKNOWN, body, span))


def _heredoc_body(text: str, start: int, mark: str, *, tabs: bool) -> tuple[int, int, int]:
    """Start and end of the body, and where the line after its mark starts; an open one runs to the end."""
    at = start
    while at < len(text):
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        line = text[at:stop].rstrip("\r")
        if (line.lstrip("\t") if tabs else line) == mark:
            return start, max(start, at - 1 - (text[at - 2 : at] == "\r\n")), min(stop + 1, len(text))
        at = stop + 1
    return start, len(text), len(text)


def _ansi_character(found: re.Match[str]) -> str:
    if found[4]:
        return _ANSI.get(found[4], found[4])
    return chr(int(found[1] or found[2], 16) if found[1] or found[2] else int(found[3], 8))


_Action = Callable[[ShellReader, _Frame, str, int, int], None]
_CODE_ACTIONS: dict[int, _Action] = {
    2: ShellReader._newline,
    3: ShellReader._separate,
    4: ShellReader._redirect,
    5: ShellReader._single,
    6: ShellReader._double,
    7: ShellReader._open_double,
    8: ShellReader._ansi,
    9: ShellReader._expand,
    10: ShellReader._arithmetic,
    11: ShellReader._substitute,
    12: ShellReader._brace,
    13: ShellReader._tick,
    14: ShellReader._escape,
    15: ShellReader._parenthesis,
    16: ShellReader._close,
    17: ShellReader._comment,
    18: ShellReader._other,
}
