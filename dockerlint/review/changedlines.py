"""Which lines of a text are new, and where some were taken away, compared with an older text.

Patience diff: lines that stand once in both texts are the fixed points. Between them small stretches are
compared line by line; large ones count as changed, so that no text costs more than its length times a few.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple

LARGEST: Final = 40_000
"""Pairs of lines of one stretch that are compared."""
EFFORT: Final = 40
"""How often each line may be looked at on average; what is not compared by then counts as changed."""


class ChangedLines(NamedTuple):
    """Lines of the new text: 1-based, the end left out; an empty range is where lines were taken away."""

    ranges: tuple[tuple[int, int], ...]

    def touch(self, first: int, last: int) -> bool:
        """Whether some line from `first` to `last` is new."""
        return any(start <= last and end > first for start, end in self.ranges)

    def touch_block(self, first: int, last: int) -> bool:
        """Whether some line of a block is new, or lines were taken away in it or right at its end."""
        return any(
            start <= last and end > first if start < end else first < start <= last + 1
            for start, end in self.ranges
        )


EVERYTHING: Final = ChangedLines(((1, 1 << 60),))
NOTHING: Final = ChangedLines(())


def changed_lines(old: str, new: str) -> ChangedLines:
    """What of `new` is not as it was in `old`; the two ways to end a line are the same."""
    before, after = ([line.rstrip("\r") for line in text.split("\n")] for text in (old, new))
    same = list(_same(before, after))
    ranges = []
    at_old = at = 0
    for old_line, line in [*same, (len(before), len(after))]:
        if line > at or old_line > at_old:
            ranges.append((at + 1, line + 1))
        at_old, at = old_line + 1, line + 1
    return ChangedLines(tuple(ranges))


def _same(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The numbers of lines that are the same ones in both texts, from 0, rising in both."""
    waiting = [(0, len(before), 0, len(after))]
    left = EFFORT * (len(before) + len(after))
    while waiting:
        low, high, start, end = waiting.pop()
        left -= high - low + end - start
        if left < 0:
            return
        while low < high and start < end and before[low] == after[start]:
            yield low, start
            low, start = low + 1, start + 1
        tail = 0
        while low < high - tail and start < end - tail and before[high - tail - 1] == after[end - tail - 1]:
            tail += 1
        # What is yielded comes in order, so the end of a stretch waits behind what stands before it.
        if tail:
            waiting.append((high - tail, high, end - tail, end))
        inner = (low, high - tail, start, end - tail)
        if low == high - tail or start == end - tail:
            continue
        fixed = _fixed_points(before, after, *inner)
        if fixed:
            waiting += reversed(list(_between(fixed, *inner)))
        else:
            yield from _compared(before, after, *inner)


def _between(
    fixed: Sequence[tuple[int, int]], low: int, high: int, start: int, end: int
) -> Iterator[tuple[int, int, int, int]]:
    """The stretches that begin with each fixed point, and the one before the first."""
    for old_line, line in [*fixed, (high, end)]:
        yield low, old_line, start, line
        low, start = old_line, line


def _fixed_points(
    before: Sequence[str], after: Sequence[str], low: int, high: int, start: int, end: int
) -> list[tuple[int, int]]:
    """Lines that stand once in each stretch, as many as come in the same order in both."""
    counts, new_counts = Counter(before[low:high]), Counter(after[start:end])
    places = {after[at]: at for at in range(start, end) if new_counts[after[at]] == 1}
    pairs = [
        (at, places[before[at]])
        for at in range(low, high)
        if counts[before[at]] == 1 and before[at] in places
    ]
    return _rising(pairs)


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest choice of pairs whose second numbers rise; their first ones do."""
    ends: list[int] = []
    piles: list[int] = []
    previous: list[int] = []
    for index, (_, line) in enumerate(pairs):
        pile = bisect_left(ends, line)
        previous.append(piles[pile - 1] if pile else -1)
        ends[pile : pile + 1] = [line]
        piles[pile : pile + 1] = [index]
    chosen = []
    at = piles[-1] if piles else -1
    while at >= 0:
        chosen.append(pairs[at])
        at = previous[at]
    return chosen[::-1]


def _compared(
    before: Sequence[str], after: Sequence[str], low: int, high: int, start: int, end: int
) -> Iterator[tuple[int, int]]:
    """The common lines of a small stretch."""
    if (high - low) * (end - start) > LARGEST:
        return
    matcher = SequenceMatcher(None, before[low:high], after[start:end], autojunk=False)
    for old_line, line, size in matcher.get_matching_blocks():
        yield from ((low + old_line + step, start + line + step) for step in range(size))
