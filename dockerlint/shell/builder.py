"""Words → commands, with what reads and what holds their output; one stack of open constructs."""

from __future__ import annotations

from itertools import pairwise

from dockerlint.regex import pattern
from dockerlint.shell.frames import Draft, Frame, OpenWord
from dockerlint.shell.sourcemap import Places, SourcePiece
from dockerlint.shell.words import Redirection, Word
from dockerlint.values import UNKNOWN

HELD = 64
"""Commands of a group that one pipe, redirection or substitution is traced to; bounds work on deep nests."""

_ASSIGNMENT = pattern(r"([A-Za-z_]\w*)(?:\[[^\]]*\])?\+?=")
_LOOPS = dict.fromkeys(("while", "until", "for", "select"), "loop")
_OPENERS = {"{": "{", "if": "if", "case": "case", **_LOOPS}
_CLOSERS = {"}": "{", "fi": "if", "done": "loop", "esac": "case"}
_SKIPPED = frozenset({"then", "else", "elif", "do", "!", "time", "coproc", "function"})
_KEYWORDS = frozenset({*_OPENERS, *_CLOSERS, *_SKIPPED})


class CommandBuilder:
    """Takes words and separators in the order of the text; `drafts` has commands in the order they end."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.text = places.text
        self.drafts: list[Draft] = []
        self.pieces: dict[int, list[SourcePiece]] = {}
        """By the file offset of a quoted word: where the characters of its text stand."""
        self.stack: list[Frame] = [Frame("top", None, is_code=True)]
        self.separators: list[str] = []
        """What parts the commands that stand in no construct, in order: `&&`, `||`, `;`, `&`, `|`."""
        self._heredocs: list[tuple[Draft, int, str, bool]] = []

    # -- words ----------------------------------------------------------------------------------------

    def end_word(self, frame: Frame, end: int) -> None:
        """The open word, if any, is complete."""
        word = frame.word
        if word is None:
            return
        frame.word = None
        text, span = word.text, self.places.span(word.start, end)
        if word.is_quoted or len(word.pieces) > 1:
            self.pieces[span.start] = self._pieces_of(word)
        is_plain = not word.is_quoted and word.is_known
        read = Word(text if word.is_known else UNKNOWN, text, span)
        self.take_word(frame, read, word.start, end, is_plain)

    def _pieces_of(self, word: OpenWord) -> list[SourcePiece]:
        found: list[SourcePiece] = []
        for value, start, end in word.pieces:
            if len(value) == end - start:
                found += self.places.pieces(start, end)
            else:
                found.append(SourcePiece(value, *self.places.span(start, end)[:2]))
        return found

    def take_word(self, frame: Frame, word: Word, start: int, end: int, is_plain: bool) -> None:
        """Give a word its place: in a command, behind a redirection, as a keyword, or nowhere."""
        if frame.skipping or frame.kind == "array":
            return
        draft = frame.draft
        if frame.pending:
            self._take_target(frame, frame.open_draft(start), word, end)
        elif frame.pattern:
            self._take_pattern(frame, word)
        elif draft is not None and draft.words:
            draft.words.append(word)
            draft.end = end
            if word.value == "]]":
                frame.testing = False
        elif frame.naming:
            frame.naming = False
        elif is_plain and word.value in _KEYWORDS:
            self._take_keyword(frame, word.text, end)
        else:
            self._begin(frame, word, start, end)

    def _begin(self, frame: Frame, word: Word, start: int, end: int) -> None:
        draft = frame.open_draft(start)
        draft.end = end
        name = _ASSIGNMENT.match(word.text)
        if name and self.text.startswith(name[1], start):
            value = word.text[name.end() :]
            known = value if word.value == word.text else UNKNOWN
            span = self.places.span(min(start + name.end(), end), end)
            draft.assignments.append((name[1], Word(known, value, span)))
            return
        draft.words.append(word)
        frame.testing = word.value == "[["

    def _take_target(self, frame: Frame, draft: Draft, word: Word, end: int) -> None:
        operator, frame.pending = frame.pending, ""
        draft.end = end
        if operator in ("<<", "<<-"):
            is_literal = word.span.start in self.pieces
            self._heredocs.append((draft, len(draft.redirections), word.text, is_literal))
        draft.redirections.append(Redirection(operator, word))

    def _take_pattern(self, frame: Frame, word: Word) -> None:
        if frame.pattern == "word" and word.value == "in":
            frame.pattern = "pattern"
        elif frame.pattern == "pattern" and word.value == "esac":
            frame.pattern = ""
            self._take_keyword(frame, "esac", word.span.end)

    def _take_keyword(self, frame: Frame, name: str, end: int) -> None:
        opened = _OPENERS.get(name)
        if opened:
            inner = self.push(opened, is_code=True)
            inner.skipping = name in ("for", "select")
            inner.pattern = "word" if name == "case" else ""
        elif name == "function":
            frame.naming = True
        elif frame.kind == _CLOSERS.get(name) and self.stack[-1] is frame:
            self.pop(end)

    # -- commands -------------------------------------------------------------------------------------

    def separate(self, frame: Frame, token: str, at: int) -> None:
        """A `;`, `&&`, `|` or line break."""
        self.end_word(frame, at)
        if frame.kind == "array" or (frame.testing and token != ";") or (frame.pattern and token[:2] != ";;"):
            return
        if frame is self.stack[0]:
            self.separators.append(token)
        if token in ("|", "|&"):
            self._end_element(frame)
            frame.pipeline.append(frame.element)
            frame.element = []
            return
        self._end_pipeline(frame)
        if frame.kind == "case" and token in (";;", ";&", ";;&"):
            frame.pattern = "pattern"

    def redirect(self, frame: Frame, operator: str, start: int, end: int) -> None:
        """A redirection, whose target is the next word."""
        word = frame.word
        if word is not None and not word.is_quoted and word.text.isdigit():
            frame.word = None  # the 2 of 2>file
        self.end_word(frame, start)
        if not frame.testing and not frame.pattern:
            frame.open_draft(start).end = end
            frame.pending = operator

    def _end_element(self, frame: Frame) -> None:
        draft, frame.draft = frame.draft, None
        frame.pending, frame.skipping, frame.testing = "", False, False
        held, frame.held = frame.held, []
        if draft is None:
            return
        if not draft.words and not draft.assignments and frame.element:
            for member in frame.element:  # { …; } > file
                member.redirections += draft.redirections[:HELD]
            return
        for member in held:
            member.holder = draft
        draft.in_subshell = frame.is_subshell
        frame.element.append(draft)
        frame.emitted.append(draft)
        self.drafts.append(draft)

    def _end_pipeline(self, frame: Frame) -> None:
        self._end_element(frame)
        for left, right in pairwise([*frame.pipeline, frame.element]):
            for draft in left:
                if draft.reader is None and right:
                    draft.reader = right[0]
        frame.pipeline, frame.element = [], []

    # -- constructs -----------------------------------------------------------------------------------

    def push(self, kind: str, *, is_code: bool) -> Frame:
        """Open a construct."""
        frame = Frame(kind, self.stack[-1], is_code=is_code)
        self.stack.append(frame)
        return frame

    def pop(self, at: int) -> None:
        """Close the innermost construct; what it ran belongs to the one around it."""
        frame = self.stack.pop()
        if frame.code is not frame:
            return
        if frame.word is not None:
            frame.word.is_quoted = True  # too late for a keyword
            self.end_word(frame, at)
        self._end_pipeline(frame)
        if not self.stack:
            return
        below = self.stack[-1].code
        members = frame.emitted[:HELD]
        if frame.kind in ("$(", "`"):
            below.held += members
        else:
            below.element += members[: max(HELD - len(below.element), 0)]
            below.emitted += members

    # -- heredocs -------------------------------------------------------------------------------------

    def read_heredocs(self, at: int) -> int:
        """Read the bodies that start at `at`, behind a line break; where the text goes on."""
        waiting, self._heredocs = self._heredocs, []
        for draft, index, mark, is_literal in waiting:
            operator = draft.redirections[index].operator
            start, stop, at = _heredoc_body(self.text, at, mark, tabs=operator == "<<-")
            body = self.text[start:stop]
            is_known = is_literal or not ("$" in body or "`" in body)
            word = Word(body if is_known else UNKNOWN, body, self.places.span(start, stop))
            draft.redirections[index] = Redirection(operator, word)
        return at


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
