"""Is everything that no edit touched still what it was?"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from dockerlint.findings import Edit, Refusal
from dockerlint.fixing.changes import Changes
from dockerlint.kinds import KINDS


class Shift:
    """Where offsets of the old text are in the new one."""

    def __init__(self, edits: Iterable[Edit]) -> None:
        self._edits = sorted(edits, key=lambda edit: edit.span[:2])
        self._starts = [edit.span.start for edit in self._edits]
        self._ends = [edit.span.end for edit in self._edits]
        growths = (len(edit.text) - (edit.span.end - edit.span.start) for edit in self._edits)
        self._moved = [0, *accumulate(growths)]

    def outer(self, start: int, end: int) -> tuple[int, int]:
        """The widest range of the new text that an old one became: what was put at its borders counts in."""
        first = bisect_left(self._ends, start)
        last = bisect_right(self._starts, end)
        low = min(start, self._starts[first]) if first < len(self._edits) else start
        high = max(end, self._ends[last - 1]) if last else end
        return low + self._moved[first], high + self._moved[last]

    def touches(self, start: int, end: int) -> bool:
        """Whether an edit lies in an old range or at one of its borders."""
        at = bisect_left(self._ends, start)
        return at < len(self._edits) and self._starts[at] <= end


def differs(before: str, after: str, edits: Sequence[Edit], kind: str) -> Refusal | None:
    """What the edits did to a place they did not mean; None for nothing."""
    found: Refusal | None = KINDS[kind].part("proof")(before, after, edits) if kind in KINDS else None
    return found


def second_opinion(before: str, after: str, changes: Changes, kind: str) -> Refusal | None:
    """What another reader than ours says against a text that is about to be written; None for nothing."""
    if before == after or kind not in KINDS or not KINDS[kind].second_opinion:
        return None
    found: Refusal | None = KINDS[kind].part("second_opinion")(before, after, changes)
    return found
