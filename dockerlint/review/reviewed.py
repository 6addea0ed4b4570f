"""What a review found, in the form in which a record keeps it."""

from __future__ import annotations

from typing import NamedTuple

from dockerlint.report.results import Diagnostic

NEW, OPEN, REOPENED = "new", "still there", "no longer accepted"
"""What became of a finding since the last record."""


class Reviewed(NamedTuple):
    """One finding; nothing in it is secret."""

    fingerprint: str
    rule: str
    name: str
    severity: str
    path: str
    line: int
    subject: str
    """The service, container or stage; "" for a whole file."""
    message: str
    state: str = NEW
    reason: str = ""
    """Why it is accepted, for one that is."""
    by: str = ""
    """What says so: a comment, the config, the baseline and whoever is named there."""
    until: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What it is looked up by."""
        return self.path, self.fingerprint


_HIDERS = {"inline": "comment at the place", "config": "override in the config", "baseline": "baseline"}


def reviewed(one: Diagnostic) -> Reviewed:
    """A finding as it is kept; of an accepted one also who accepts it."""
    finding = one.finding
    return Reviewed(
        finding.fingerprint,
        finding.rule.id,
        finding.rule.name,
        str(finding.severity),
        one.place.path,
        one.place.line,
        finding.subject or "",
        finding.message,
        reason=one.reason,
        by=", ".join(filter(None, (_HIDERS.get(one.by, one.by), one.accepted_by))),
        until=one.until,
    )
