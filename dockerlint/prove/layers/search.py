"""The smallest set with which something works: whole sets are tried, and nothing is concluded from others.

Sets are not monotone: one more capability can break what worked. So each set has a trial of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Works = Callable[[tuple[str, ...]], bool]


def shrink(proven: Sequence[str], works: Works) -> tuple[str, ...]:
    """A part of a proven set, proven itself, from which no single member can be taken.

    Halves go first, so that a large set with few members that count takes few trials (delta debugging).
    """
    kept = tuple(proven)
    size = len(kept) // 2 if len(kept) > FEW else 1
    while kept and size:
        smaller = _without_a_part(kept, size, works)
        if smaller is None:
            size //= 2
        else:
            kept, size = smaller, min(size, max(len(smaller) // 2, 1))
    return kept


FEW = 4
"""Up to so many members are taken away one by one."""


def _without_a_part(kept: tuple[str, ...], size: int, works: Works) -> tuple[str, ...] | None:
    """The set without all parts of this size that it can do without; None where there is none."""
    found, at = kept, 0
    while at < len(found):
        fewer = (*found[:at], *found[at + size :])
        if works(fewer):
            found = fewer
        else:
            at += size
    return None if found == kept else found


def once(works: Works) -> Works:
    """The same, and no set is tried twice."""
    known: dict[tuple[str, ...], bool] = {}

    def told(members: tuple[str, ...]) -> bool:
        key = tuple(sorted(members))
        if key not in known:
            known[key] = works(members)
        return known[key]

    return told
