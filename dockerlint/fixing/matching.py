"""Which finding of a changed text is which one of the old text."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Set

from dockerlint.findings import Finding
from dockerlint.text import Span

Identity = tuple[str, Span, str]
"""What a finding is known by in the texts of a project."""
Evidence = tuple[str, "str | None", str, int]
Alike = tuple[str, "str | None", str]
"""What findings have in common that may be one another."""


def evidence_of(finding: Finding) -> Evidence:
    """What a finding has in common with itself in the next round."""
    return (finding.rule.id, finding.subject, finding.evidence, finding.ordinal)


def identity_of(finding: Finding) -> Identity:
    """What no two findings of a project share: files that look alike have the same at the same offsets."""
    return (finding.rule.id, finding.span, finding.message)


class OldFindings:
    """The findings of the old text by rule, to find for each new one the one that it was."""

    def __init__(
        self, findings: Iterable[Finding], moved: Callable[[Span], Span], fixed: Set[Identity]
    ) -> None:
        """`moved` says where an old place is in the new text, `fixed` which findings are to be gone."""
        by_source: dict[tuple[str, str], list[tuple[Span, Finding]]] = {}
        self._by_place: dict[tuple[str, Span], list[Finding]] = {}
        self._alike: dict[Alike, tuple[deque[Finding], deque[Finding]]] = {}
        self._taken: set[int] = set()
        for finding in findings:
            place = moved(finding.span)
            by_source.setdefault((finding.rule.id, place.source), []).append((place, finding))
            self._by_place.setdefault((finding.rule.id, place), []).append(finding)
            stays, goes = self._alike.setdefault(_alike(finding), (deque(), deque()))
            (goes if identity_of(finding) in fixed else stays).append(finding)
        self._places = {key: _FindingPlaces(by_place) for key, by_place in by_source.items()}

    def take_same(self, finding: Finding) -> Finding | None:
        """The old finding of the same rule at the same place."""
        found = self._by_place.get((finding.rule.id, finding.span), ())
        return next((self._took(old) for old in found if id(old) not in self._taken), None)

    def take_alike(self, finding: Finding) -> Finding | None:
        """One with the same subject and evidence, those that stay first, else one around the place.

        To be asked once every finding that has the same place is taken. Evidence comes first: what is sorted
        stands around the place of another.
        """
        for waiting in self._alike.get(_alike(finding), ()):
            while waiting:
                old = waiting.popleft()
                if id(old) not in self._taken:
                    return self._took(old)
        places = self._places.get((finding.rule.id, finding.span.source))
        around = places.around(finding.span, self._taken) if places is not None else None
        return None if around is None else self._took(around)

    def _took(self, finding: Finding) -> Finding:
        self._taken.add(id(finding))
        return finding


class _FindingPlaces:
    """Where the findings of one rule stand, to find the first that holds a place.

    A heap over the findings in order: each node knows the furthest end below it.
    """

    def __init__(self, by_place: list[tuple[Span, Finding]]) -> None:
        by_place.sort(key=lambda one: one[0].start)
        self._starts = [place.start for place, _ in by_place]
        self._findings = [finding for _, finding in by_place]
        self._size = 1
        while self._size < len(by_place):
            self._size *= 2
        ends = [place.end for place, _ in by_place]
        self._furthest = [-1] * self._size + ends + [-1] * (self._size - len(ends))
        for node in range(self._size - 1, 0, -1):
            self._furthest[node] = max(self._furthest[2 * node : 2 * node + 2])

    def around(self, span: Span, taken: Set[int]) -> Finding | None:
        """The first finding around a place that is not taken."""
        while (at := self._first(bisect_right(self._starts, span.start), span.end)) is not None:
            if id(self._findings[at]) not in taken:
                return self._findings[at]
            self._forget(at)
        return None

    def _first(self, stop: int, end: int) -> int | None:
        """The first of the findings before number `stop` that reaches to an end."""
        if self._furthest[1] < end:
            return None
        node = 1
        while node < self._size:
            node *= 2
            node += self._furthest[node] < end
        at = node - self._size
        return at if at < stop else None

    def _forget(self, at: int) -> None:
        node = at + self._size
        self._furthest[node] = -1
        while node > 1:
            node //= 2
            self._furthest[node] = max(self._furthest[2 * node : 2 * node + 2])


def _alike(finding: Finding) -> Alike:
    return (finding.rule.id, finding.subject, finding.evidence)
