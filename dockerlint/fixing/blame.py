"""Which of the steps that were tried together brought a finding, or failed to take theirs away.

A step is blamed only where the place of the finding leaves no doubt: it touches what that step alone wrote,
or blanks alone stand between them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from dockerlint.findings import Finding, Refusal
from dockerlint.fixing.dockerfile.lines import BLANKS
from dockerlint.fixing.together import Step
from dockerlint.fixing.untouched import Shift
from dockerlint.text import Span

NO_STEP: Final = -1
MOST_BLANKS: Final = 80
"""What stands further away is not right beside it."""


class Failure(NamedTuple):
    """Why steps must not be applied together."""

    refusal: Refusal
    blamed: Mapping[int, Refusal] = {}
    """The steps that are known to fail, by their number, and why each does."""


class WrittenPlaces:
    """The places of a changed text that steps wrote, which lie apart."""

    def __init__(self, text: str, tried: Sequence[Step], shift: Shift) -> None:
        self.shift = shift
        self._text = text
        ranges = [
            (*shift.outer(*edit.span[:2]), number) for number, step in enumerate(tried) for edit in step.edits
        ]
        ranges.sort()
        self._starts = [start for start, _, _ in ranges]
        self._ends = [end for _, end, _ in ranges]
        self._steps = [number for _, _, number in ranges]
        self._until = list(range(1, len(ranges) + 1))
        """Where the places of another step begin."""
        for at in range(len(ranges) - 2, -1, -1):
            if self._steps[at] == self._steps[at + 1]:
                self._until[at] = self._until[at + 1]

    def moved(self, place: Span) -> Span:
        """Where an old place is by now; in another file nothing was written."""
        return place if place.source else Span(*self.shift.outer(place.start, place.end))

    def guilty(self, finding: Finding) -> Sequence[int]:
        """The step that wrote something where a finding stands, if it is the only one."""
        number = self.only_step_at(finding.span)
        return () if number == NO_STEP else (number,)

    def only_step_at(self, span: Span) -> int:
        """The number of the one step that wrote something in a range or right beside it, or NO_STEP."""
        if span.source:
            return NO_STEP
        first, last = self._around(span.start, span.end)
        if first == last:
            first, last = self._around(*self._with_blanks(span))
        return self._steps[first] if first < last <= self._until[first] else NO_STEP

    def _around(self, start: int, end: int) -> tuple[int, int]:
        return bisect_left(self._ends, start), bisect_right(self._starts, end)

    def _with_blanks(self, span: Span) -> tuple[int, int]:
        start, end = span[:2]
        while start > max(0, span.start - MOST_BLANKS) and self._text[start - 1] in BLANKS:
            start -= 1
        while end < min(len(self._text), span.end + MOST_BLANKS) and self._text[end] in BLANKS:
            end += 1
        return start, end
