"""Stretches of a text that are hidden."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from dockerlint.text import MASK

Place: TypeAlias = tuple[int, int]
"""Half-open range of offsets."""


def merged(places: Iterable[Place]) -> list[Place]:
    """In order, and those that overlap made one."""
    found: list[Place] = []
    for start, end in sorted(places):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif end > start:
            found.append((start, end))
    return found


def hide(text: str, places: Iterable[Place]) -> str:
    """The text with a mask in place of each stretch; the places are apart and in order."""
    pieces: list[str] = []
    at = 0
    for start, end in places:
        pieces += (text[at:start], MASK)
        at = end
    return "".join([*pieces, text[at:]])
