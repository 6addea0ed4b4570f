"""Offsets in a text, and what the protocol counts instead: lines, and in them units of an encoding.

Source: Language Server Protocol 3.17, Position and PositionEncodingKind. There a line ends at a line feed, a
carriage return or both; in a Dockerfile only at a line feed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from dockerlint.text import Span

Point = tuple[int, int]
"""A line and the units before a place in it, both from 0."""

_LINE_END = re.compile(r"\r\n?|\n")
_CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2)}
"""How many bytes one unit has; where none is named, a unit is a character."""


class TextPoints:
    """The places of one text, in the units that the client counts."""

    def __init__(self, text: str, encoding: str) -> None:
        self._text = text
        self._codec = _CODECS.get(encoding)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(end.end() for end in _LINE_END.finditer(self._text))]

    def point(self, offset: int) -> Point:
        """The place of an offset; one outside of the text is moved to its nearer end."""
        offset = min(max(offset, 0), len(self._text))
        line = bisect_right(self._starts, offset) - 1
        return line, self._units(self._text[self._starts[line] : offset])

    def points(self, span: Span) -> tuple[Point, Point]:
        """Where a span starts and ends."""
        return self.point(span.start), self.point(span.end)

    def offset(self, line: int, units: int) -> int:
        """The offset of a place; what lies behind the end of a line or of the text counts as that end."""
        if line >= len(self._starts):
            return len(self._text)
        start = self._starts[line]
        end = self._starts[line + 1] if line + 1 < len(self._starts) else len(self._text)
        content = self._text[start:end].rstrip("\r\n")
        return start + self._characters(content, units)

    def _units(self, text: str) -> int:
        if self._codec is None or text.isascii():
            return len(text)
        name, width = self._codec
        return len(text.encode(name, "surrogatepass")) // width

    def _characters(self, content: str, units: int) -> int:
        """How many characters so many units take; a place inside of one is taken for its start."""
        if self._codec is None or content.isascii():
            return min(units, len(content))
        for number, character in enumerate(content):
            units -= self._units(character)
            if units < 0:
                return number
        return len(content)
