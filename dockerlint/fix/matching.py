"""Which finding of a changed text is which one of the old text."""

from __future__ import annotations

from collections.abc import Iterable, Set

from dockerlint.findings import Finding
from dockerlint.fix.untouched import Shift
from dockerlint.text import Span

Identity = tuple[str, int, int, str]
"""What a finding of one text is known by."""
Evidence = tuple[str, "str | None", str, int]


def evidence_of(finding: Finding) -> Evidence:
    """What a finding has in common with itself in the next round."""
    return (finding.rule.id, finding.subject, finding.evidence, finding.ordinal)


def identity_of(finding: Finding) -> Identity:
    """What no two findings of one text share."""
    return (finding.rule.id, finding.span.start, finding.span.end, finding.message)


class OldFindings:
    """The findings of the old text by rule, to find for each new one the one that it was."""

    def __init__(self, findings: Iterable[Finding], shift: Shift, fixed: Set[Identity]) -> None:
        self._by_rule: dict[str, list[tuple[Span, Finding]]] = {}
        self._by_place: dict[tuple[str, Span], list[Finding]] = {}
        self._taken: set[int] = set()
        self._fixed = fixed
        for finding in findings:
            place = finding.span
            if not place.source:
                place = Span(*shift.outer(place.start, place.end))
            self._by_rule.setdefault(finding.rule.id, []).append((place, finding))
            self._by_place.setdefault((finding.rule.id, place), []).append(finding)

    def take_same(self, finding: Finding) -> Finding | None:
        """The old finding of the same rule at the same place."""
        found = self._by_place.get((finding.rule.id, finding.span), ())
        return next((self._took(old) for old in found if id(old) not in self._taken), None)

    def take_alike(self, finding: Finding) -> Finding | None:
        """One around the place, else one with the same subject and evidence, those that stay first.

        To be asked once every finding that has the same place is taken.
        """
        left = [one for one in self._by_rule.get(finding.rule.id, ()) if id(one[1]) not in self._taken]
        around = next((old for place, old in left if _is_within(finding.span, place)), None)
        if around is not None:
            return self._took(around)
        alike = [old for _, old in left if _is_alike(old, finding)]
        alike.sort(key=lambda old: identity_of(old) in self._fixed)
        return self._took(alike[0]) if alike else None

    def _took(self, finding: Finding) -> Finding:
        self._taken.add(id(finding))
        return finding


def _is_within(inner: Span, outer: Span) -> bool:
    return inner.source == outer.source and outer.start <= inner.start and inner.end <= outer.end


def _is_alike(old: Finding, new: Finding) -> bool:
    return (old.subject, old.evidence) == (new.subject, new.evidence)
