"""Heredocs of RUN, COPY and ADD (moby/buildkit frontend/dockerfile/parser/parser.go)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final, NamedTuple

from dockerlint.parse.dockerfile.expand import BadSubstitution, Lexer
from dockerlint.regex import pattern

KEYWORDS: Final = frozenset(("RUN", "COPY", "ADD"))
"""Instructions that may hold heredocs, in ONBUILD too."""

_OPENING = pattern(r"\d*<<(-?)([^<]*)\Z", re.DOTALL)


class HeredocMarker(NamedTuple):
    """`<<EOF` as it stands in an instruction, with offsets into the instruction's text."""

    name: str
    strips_tabs: bool
    is_quoted: bool
    """A quote or escape in the word: variables in the body are left alone."""
    start: int
    end: int


class Heredoc(NamedTuple):
    """A heredoc with its body, as offsets into the file; the terminator's line is left out."""

    marker: HeredocMarker
    start: int
    end: int


def find_markers(text: str) -> list[HeredocMarker]:
    """The heredocs that an instruction announces, in order. A line that Docker cannot read has none."""
    if "<<" not in text:
        return []
    try:
        words = Lexer(text, {}, raw=True).words()
    except BadSubstitution:
        return []
    return [marker for word in words if (marker := _read_marker(word.value, word.start, word.end))]


def _read_marker(word: str, start: int, end: int) -> HeredocMarker | None:
    matched = _OPENING.match(word)
    if not matched or not matched[2]:
        return None
    dash, rest = matched.groups()
    try:
        plain = Lexer(rest, {}, raw=True).words()
        unquoted = Lexer(rest, {}).words() if "$" not in rest else plain
    except BadSubstitution:
        return None
    if len(plain) != 1 or len(unquoted) != 1:
        return None
    name = unquoted[0].value
    return HeredocMarker(name, bool(dash), name != plain[0].value, start, end)


class Terminators:
    """Finds the line that ends a heredoc, in time that does not grow with the number of heredocs."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._places: dict[bool, dict[str, list[int]]] = {}

    def find(self, marker: HeredocMarker, first: int) -> int | None:
        """Index of the terminator's line at or after line `first`, or None."""
        places = self._index(marker.strips_tabs).get(marker.name, [])
        found = bisect_left(places, first)
        return places[found] if found < len(places) else None

    def _index(self, strips_tabs: bool) -> dict[str, list[int]]:
        if strips_tabs not in self._places:
            index: dict[str, list[int]] = {}
            for number, line in enumerate(self._lines):
                line = line.rstrip("\r")
                index.setdefault(line.lstrip("\t") if strips_tabs else line, []).append(number)
            self._places[strips_tabs] = index
        return self._places[strips_tabs]
