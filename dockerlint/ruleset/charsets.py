"""Sets of characters of regular expressions, as ranges of code points that every engine spells alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

Ranges = tuple[tuple[int, int], ...]
"""First and last code points."""

_SURROGATES: Final = (0xD800, 0xDFFF)
_LAST: Final = 0x10FFFF
_CASE: Final = 32
"""From a capital ASCII letter to the small one."""


def complement(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Every character that is in none of the ranges; surrogates are no characters."""
    return tuple(_gaps([*ranges, _SURROGATES]))


def _gaps(ranges: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    free = 0
    for first, last in sorted(ranges):
        if first > free:
            yield free, first - 1
        free = max(free, last + 1)
    if free <= _LAST:
        yield free, _LAST


_DIGITS: Final = ((0x30, 0x39),)
_WORD: Final = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
_BLANKS: Final = ((0x09, 0x0A), (0x0C, 0x0D), (0x20, 0x20))
"""RE2's, which has no vertical tab among them."""
NAMED: Final = {
    "d": _DIGITS,
    "w": _WORD,
    "s": _BLANKS,
    "D": complement(_DIGITS),
    "W": complement(_WORD),
    "S": complement(_BLANKS),
}
"""The letters behind a backslash that stand for a set."""


def folded(first: int, last: int) -> Ranges:
    """A range, and the other case of the ASCII letters in it."""
    capitals = max(first, 0x41), min(last, 0x5A)
    small = max(first, 0x61), min(last, 0x7A)
    return (
        (first, last),
        *([(capitals[0] + _CASE, capitals[1] + _CASE)] if capitals[0] <= capitals[1] else []),
        *([(small[0] - _CASE, small[1] - _CASE)] if small[0] <= small[1] else []),
    )


def spell_set(ranges: Ranges) -> str:
    """The set in brackets, in order, with ranges that meet joined."""
    spelled = [_spell_range(first, last) for first, last in complement(complement(ranges))]
    return f"[{''.join(spelled)}]"


def _spell_range(first: int, last: int) -> str:
    return spell_character(first) if first == last else f"{spell_character(first)}-{spell_character(last)}"


def spell_character(point: int) -> str:
    """A character that stands for itself, inside of brackets and outside."""
    one = chr(point)
    if one.isalnum() or point > 0x7F:
        return one
    return f"\\{one}" if 0x20 <= point < 0x7F else f"\\x{point:02x}"
