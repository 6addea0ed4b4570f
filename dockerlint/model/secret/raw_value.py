"""Where a value ends in text that nobody has parsed: words of a shell, quotes, lines and blocks of YAML."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import NamedTuple

from dockerlint.regex import pattern
from dockerlint.text import Span

LONGEST_VALUE = 4000
"""Characters of one line that are read as a value."""

_QUOTED_PART = r"'(?:[^'\n]|'\\+'')*'|\"(?:[^\"\\\n]|\\[^\n])*\"|\\[^\n]"
_QUOTED = pattern(rf"(?:{_QUOTED_PART})+")
_WORD = pattern(rf"(?:\$\([^\n()]*\)?|{_QUOTED_PART}|[^\s\"'\\`<>|;&()]|[\"'`<>](?=\S))+")
_GLUE = pattern(r"'\\+''")
_PIECE = pattern(r"'([^'\n]+)'|\"((?:[^\"\\\n]|\\[^\n])+)\"")
_INSIDE = {
    '"': pattern(r"(?:[^\"\\\n]|\\[^\n])*"),
    "'": pattern(r"(?:[^'\n]|'\\+''|''(?=[^\n']))*"),
    '\\"': pattern(r"(?:[^\"\\\n]|\\\\\\[^\n]|\\(?![\"']))*"),
    "\\'": pattern(r"(?:[^'\\\n]|\\(?![\"']))*"),
}
_CLOSING = pattern(r"[,}]")
_NEXT_SETTING = pattern(r"\s+(?:-\S+\s+)?[A-Za-z_][\w.-]{0,99}=|\s*\\?\r?$", re.MULTILINE)
_NO_SCALAR = pattern(r"- |[\w.-]{1,99}:(?:\s|\Z)|#|[{\[]")
_OWN_LINE = pattern(r"\s*(?:-\s|#|[\"']?[\w.-]{1,99}[\"']?\s*[:=]|[A-Z]{3,12}\s)")
_FEW_LINES = 20


class Line(NamedTuple):
    """One line of a text."""

    start: int
    end: int
    """Before the line break."""
    indent: int
    is_comment: bool
    remark: int = sys.maxsize
    """The first sign of a comment behind something else."""

    def is_opened_by(self, offset: int) -> bool:
        """Nothing but blanks, `-` and `#` can stand in front of the offset."""
        return offset <= self.start + self.indent + 4


class Lines:
    """The lines of a text, asked for in order of place."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line = self._read(0)

    def at(self, offset: int) -> Line:
        """The line that holds an offset, which is no smaller than the last one."""
        while offset > self._line.end:
            self._line = self._read(self._line.end + 1)
        return self._line

    def _read(self, start: int) -> Line:
        end = self._text.find("\n", start)
        end = len(self._text) if end < 0 else end
        indent = start
        while indent < end and self._text[indent] in " \t":
            indent += 1
        remark = self._text.find(" #", start, end)
        return Line(
            start,
            end,
            indent - start,
            self._text.startswith("#", indent),
            remark if remark >= 0 else sys.maxsize,
        )


def shell_word(text: str, at: int) -> Span:
    """A word of a shell with all its quotes."""
    found = _WORD.match(text, at, at + LONGEST_VALUE)
    return Span(at, found.end() if found else at)


def quoted(text: str, at: int) -> Span:
    """Strings that follow one another, with their quotes; empty where the first one stays open."""
    found = _QUOTED.match(text, at, at + LONGEST_VALUE)
    return Span(at, found.end() if found else at)


def pieces(text: str, span: Span) -> Iterator[Span]:
    """What the quotes of a word hold, or the word where it has none."""
    if text.find("'", span.start, span.end) < 0 and text.find('"', span.start, span.end) < 0:
        yield span
        return
    if _GLUE.search(text, span.start, span.end):
        yield from _glued(text, span)
        return
    found = list(_PIECE.finditer(text, span.start, span.end))
    if not found or found[0].start() > span.start or found[-1].end() < span.end or len(found) > 1:
        yield span
    for piece in found:
        yield Span(*piece.span(1 if piece[1] else 2))


def _glued(text: str, span: Span) -> Iterator[Span]:
    """A string with quotes in it, as a shell writes them: all of it, and each part."""
    yield span
    at = span.start
    for glue in _GLUE.finditer(text, span.start, span.end):
        yield Span(at, glue.start())
        at = glue.end()
    yield Span(at, span.end)


def inside(text: str, at: int, quote: str) -> Span:
    """From an offset inside a string to its end; the quote may be escaped itself."""
    found = _INSIDE[quote].match(text, at, at + LONGEST_VALUE)
    return Span(at, found.end() if found else at)


def argument(text: str, at: int) -> Span:
    """The argument of a program: a word of a shell, or the rest of the string whose quote stands in front."""
    before, char = text[at - 1 : at], text[at]
    if before and before in "\"'":
        quote = text[at - 2 : at] if text[at - 2 : at - 1] == "\\" else before
        return _continued(text, inside(text, at, quote), quote)
    if char == "\\" and text[at + 1 : at + 2] in ("'", '"'):
        return inside(text, at + 2, text[at : at + 2])
    if char in "\"'" and quoted(text, at).end == at:
        return _continued(text, Span(at + 1, _line_end(text, at)), char)
    return shell_word(text, at)


def _continued(text: str, span: Span, quote: str) -> Span:
    """A string that goes on behind the end of its line."""
    if text[span.end : span.end + 1] != "\n" or span.end <= span.start:
        return span
    *_, last = open_string(text, span.start - 1, Line(span.start, span.end, 0, False), quote)
    return span._replace(end=last.end)


def open_string(text: str, at: int, line: Line, quote: str) -> Iterator[Span]:
    """A string whose quote is not closed on its line: the rest, and the lines below that belong to it."""
    yield Span(at + 1, line.end)
    begin = line.end + 1
    for _ in range(_FEW_LINES):
        end = text.find("\n", begin, begin + LONGEST_VALUE)
        end = len(text) if end < 0 else end
        if begin >= end or _OWN_LINE.match(text, begin, end):
            return
        closing = text.find(quote, begin, end)
        yield Span(begin, end if closing < 0 else closing)
        if closing >= 0:
            return
        begin = end + 1


def rest_of_line(text: str, at: int, is_comment: bool) -> Span:
    """To the end of the line or to a comment behind the value; in a comment, to its end."""
    end = _line_end(text, at)
    comment = -1 if is_comment else text.find(" #", at, end)
    return _trimmed(text, at, end if comment < 0 else comment)


def rest_of_settings(text: str, at: int) -> Span:
    """To the end of the line, or to the next `NAME=` on it."""
    end = _line_end(text, at)
    following = _NEXT_SETTING.search(text, at, end)
    return _trimmed(text, at, following.start() if following else end)


def flow_value(text: str, at: int) -> Span:
    """To the next sign of a flow mapping."""
    end = _line_end(text, at)
    closing = _CLOSING.search(text, at, end)
    return _trimmed(text, at, closing.start() if closing else end)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at, at + LONGEST_VALUE)
    return min(len(text), at + LONGEST_VALUE) if end < 0 else end


def _trimmed(text: str, start: int, end: int) -> Span:
    while end > start and text[end - 1] in " \t\r":
        end -= 1
    return Span(start, end)


def block(text: str, at: int, line: Line) -> Iterator[Span]:
    """The lines below that are deeper than the line of the name; none where they are a mapping or list."""
    begin, is_plain = text.find("\n", at) + 1, not text[at : at + 1].strip()
    while begin:
        end = text.find("\n", begin)
        stop = len(text) if end < 0 else end
        start = begin
        while start < stop and text[start] in " \t":
            start += 1
        if stop > start:
            if start - begin <= line.indent or (is_plain and _NO_SCALAR.match(text, start, stop)):
                return
            yield _trimmed(text, start, stop)
            is_plain = False
        begin = end + 1
