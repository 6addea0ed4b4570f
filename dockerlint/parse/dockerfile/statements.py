"""Text of a Dockerfile → its instructions, continuations joined, every character's place kept.

As BuildKit splits it (frontend/dockerfile/parser/parser.go).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Final, NamedTuple

from dockerlint.parse.dockerfile.heredoc import KEYWORDS, Heredoc, Terminators, find_markers
from dockerlint.regex import pattern
from dockerlint.text import Span

FILLER: Final = "\0"
"""Stands for a character of the file that Docker takes out of an instruction; it has no width in a shell."""

BLANK: Final = "[\\t\\v\\f\\r ]"
"""What separates words of an instruction (`reWhitespace` of BuildKit)."""

_DIRECTIVE = pattern(r"#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*\Z")
_KEYWORD = pattern(r"[^\t\v\f\r ]*")
_JSON_START = pattern(rf"(?:--\S+{BLANK}+)*\[{BLANK}*\"")


class Directive(NamedTuple):
    """`# escape=`, `# syntax=` or `# check=` at the top of the file."""

    name: str
    value: str
    span: Span


class CommentLine(NamedTuple):
    """A comment and the 0-based line it fills."""

    start: int
    end: int
    line: int


class Statement(NamedTuple):
    """One instruction as Docker joins it."""

    keyword: str
    """Upper case."""
    text: str
    """Continuations, comments and blank lines taken out; no blanks around it; heredoc bodies left out."""
    pieces: tuple[tuple[int, int], ...]
    """Offset in `text` and in the file of each run of characters that stand side by side in both."""
    end: int
    """Offset in the file behind the last character, heredocs included."""
    first_line: int
    last_line: int
    """0-based, as Docker counts: comments and blank lines inside included."""
    heredocs: tuple[Heredoc, ...] = ()
    unterminated: str = ""
    """The first heredoc without an end; its body is read as instructions."""

    @property
    def start(self) -> int:
        return self.pieces[0][1]

    @property
    def written_keyword(self) -> str:
        """The keyword in its own case."""
        return _KEYWORD.match(self.text)[0]  # type: ignore[index]

    def place(self, offset: int) -> int:
        """The place in the file of a character of `text`."""
        if len(self.pieces) == 1:
            return self.pieces[0][1] + offset
        into, start = self.pieces[bisect_right(self.pieces, (offset, 1 << 62)) - 1]
        return start + offset - into

    def span(self, start: int, end: int) -> Span:
        """The place in the file of `text[start:end]`."""
        if len(self.pieces) == 1:
            base = self.pieces[0][1]
            return Span(base + start, base + max(start, end))
        if end <= start:
            return Span(self.place(start), self.place(start))
        return Span(self.place(start), self.place(end - 1) + 1)

    def raw(self, start: int, end: int) -> str:
        """`text[start:end]` as long as its span, FILLER where the file has more characters."""
        if len(self.pieces) == 1:
            return self.text[start:end]
        parts: list[str] = []
        at = self.place(start)
        for into, stop, place in self._runs(start, end):
            parts += (FILLER * (place - at), self.text[into:stop])
            at = place + stop - into
        return "".join(parts)

    def _runs(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        bounds = [into for into, _ in self.pieces[1:]] + [len(self.text)]
        for (into, place), stop in zip(self.pieces, bounds, strict=True):
            first, last = max(into, start), min(stop, end)
            if first < last:
                yield first, last, place + first - into


class BlankLines(NamedTuple):
    """Blank lines below each other inside of an instruction."""

    lines: Span
    escape: Span
    """The character that lets the line above go on."""


class Layout(NamedTuple):
    """What the lines of a Dockerfile are."""

    statements: list[Statement]
    comments: list[CommentLine]
    directives: list[Directive]
    escape: str
    gaps: list[BlankLines]


class _StatementReader:
    """Walks the lines once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = text.split("\n")
        if not self._lines[-1]:
            # What stands behind the last newline is no line.
            self._lines.pop()
        self._starts = _starts(self._lines)
        self._line = 0
        self._terminators = Terminators(self._lines)
        self._may_be_directive = True
        self.layout = Layout([], [], [], "\\", [])

    def read(self) -> Layout:
        statements = self.layout.statements
        while self._line < len(self._lines):
            line = self._lines[self._line]
            content = line.lstrip("\ufeff" if self._line == 0 else None).lstrip()
            if not content:
                self._may_be_directive = False
                self._line += 1
            elif content[0] == "#":
                self._comment(line)
                self._line += 1
            else:
                self._may_be_directive = False
                if (statement := self._statement(len(line) - len(content))) is not None:
                    statements.append(statement)
        return self.layout

    def _comment(self, line: str) -> None:
        start = self._starts[self._line] + line.index("#")
        content = line[line.index("#") :].rstrip()
        self.layout.comments.append(CommentLine(start, start + len(content), self._line))
        if self._may_be_directive:
            self._directive(content, start)

    def _directive(self, content: str, start: int) -> None:
        matched = _DIRECTIVE.match(content)
        if not matched:
            self._may_be_directive = False
            return
        name, value = matched[1].lower(), matched[2]
        if name not in ("escape", "syntax", "check"):
            return
        self.layout.directives.append(Directive(name, value, Span(start, start + len(content))))
        if name == "escape" and value in ("\\", "`"):
            self.layout = self.layout._replace(escape=value)

    def _statement(self, indent: int) -> Statement | None:
        first = self._line
        runs = self._join(indent)
        last = self._line - 1
        text, pieces = _assemble(self._text, runs)
        if not text:
            return None
        keyword = _KEYWORD.match(text)[0].upper()  # type: ignore[index]
        into, place = pieces[-1]
        end = place + len(text) - into
        statement = Statement(keyword, text, pieces, end, first, last)
        return self._with_heredocs(statement) if "<<" in text else statement

    def _join(self, indent: int) -> list[tuple[int, int]]:
        """Runs of the file that make up the instruction on this line; moves behind it."""
        runs: list[tuple[int, int]] = []
        escape = self.layout.escape
        while self._line < len(self._lines):
            line, start = self._lines[self._line], self._starts[self._line]
            if runs and not self._is_content(line):
                if not line.strip():
                    self._note_gap(start, start + len(line) + 1, runs[-1][1])
                self._line += 1
                continue
            self._line += 1
            body = line.rstrip("\r").rstrip(" \t")
            if not body.endswith(escape) or body[-2:-1] == escape:
                runs.append((start + indent, start + len(line)))
                break
            runs.append((start + indent, start + len(body) - 1))
            indent = 0
        return runs

    def _note_gap(self, start: int, end: int, escape: int) -> None:
        gaps, end = self.layout.gaps, min(end, len(self._text))
        if gaps and gaps[-1].lines.end == start:
            gaps[-1] = gaps[-1]._replace(lines=gaps[-1].lines._replace(end=end))
        else:
            gaps.append(BlankLines(Span(start, end), Span(escape, escape + 1)))

    def _is_content(self, line: str) -> bool:
        """A line of a continuation that is neither blank nor a comment, which is noted."""
        content = line.lstrip()
        if content[:1] == "#":
            self._comment(line)
            return False
        return bool(content)

    def _with_heredocs(self, statement: Statement) -> Statement:
        found: list[Heredoc] = []
        for marker in find_markers(statement.text) if _may_hold_heredocs(statement) else ():
            first = self._line
            last = self._terminators.find(marker, first)
            if last is None:
                return statement._replace(unterminated=marker.name, heredocs=tuple(found))
            found.append(Heredoc(marker, self._starts[first], self._starts[last]))
            end = self._starts[last] + len(self._lines[last].rstrip("\r"))
            self._line = last + 1
            statement = statement._replace(end=end, last_line=last)
        return statement._replace(heredocs=tuple(found))


def read_statements(text: str) -> Layout:
    """Split a Dockerfile. Never raises; time linear in the length of the text."""
    return _StatementReader(text).read()


def _starts(lines: list[str]) -> list[int]:
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    return starts


def _assemble(source: str, runs: list[tuple[int, int]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The joined text without blanks around it, and where its pieces come from."""
    if len(runs) == 1:
        start, end = runs[0]
        return source[start:end].rstrip(), ((0, start),)
    text = "".join(source[start:end] for start, end in runs)
    lead = len(text) - len(text.lstrip())
    text = text.strip()
    pieces: list[tuple[int, int]] = []
    into = -lead
    for start, end in runs:
        length = end - start
        if length and into + length > 0 and into < len(text):
            pieces.append((max(into, 0), start + max(-into, 0)))
        into += length
    return text, tuple(pieces)


def _may_hold_heredocs(statement: Statement) -> bool:
    keyword, rest = statement.keyword, statement.text[len(statement.keyword) :].lstrip()
    if keyword == "ONBUILD":
        keyword = _KEYWORD.match(rest)[0]  # type: ignore[index]
        rest = rest[len(keyword) :].lstrip()
    return keyword.upper() in KEYWORDS and not _JSON_START.match(rest)
