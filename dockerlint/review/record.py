"""A review on record: what was looked at and found, and what became of what the last record says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from dockerlint.report import Style
from dockerlint.report.results import FileReport
from dockerlint.report.screen import harmless, visible
from dockerlint.review import Review
from dockerlint.review.recordfile import LookedAt, Record
from dockerlint.review.reviewed import NEW, OPEN, REOPENED, Reviewed, reviewed
from dockerlint.workspace.omissions import Hider

_TOLD: Final = ("inline", "overrides", "baseline")
"""What hides findings one by one, which are told as accepted."""
_MOST_UNKNOWN: Final = 12
"""Facts of one subject that are told as unknown."""


@dataclass(slots=True)
class Recorder(Review):
    """Collects what goes past, and hands the record on at the end."""

    date: str
    about: str
    previous: Record | None
    write: Callable[[Record], None]
    """Puts the record where the user wants it; raises UserError."""
    path: str = ""
    """As shown."""
    _looked_at: list[LookedAt] = field(default_factory=list)
    _findings: list[Reviewed] = field(default_factory=list)
    _accepted: list[Reviewed] = field(default_factory=list)
    _not_seen: list[str] = field(default_factory=list)
    _hidden: Counter[Hider] = field(default_factory=Counter)
    _subjects: set[tuple[str, str]] = field(default_factory=set)

    def see(self, report: FileReport) -> FileReport:
        """The report as it is."""
        if report.obstacle is None:
            names = [f"{one.subject_kind} {one.subject}".strip() for one in report.checked if one.subject]
            self._looked_at.append(LookedAt(report.path, report.kind, tuple(names)))
            self._subjects |= {(report.path, ""), *((report.path, one.subject) for one in report.checked)}
        self._findings += map(reviewed, report.findings)
        self._accepted += map(reviewed, report.suppressed)
        self._not_seen += (f"{report.path}: {one}" for one in _not_seen(report))
        self._hidden.update(
            {hider: count for hider, count in report.omissions.hidden.items() if hider.by not in _TOLD}
        )
        return report

    def end(self, style: Style) -> Iterable[str]:
        """Write it, and say what it comes to."""
        record = self.record()
        self.write(record)
        yield harmless(f"{visible(f'{self.path}: {record.line}', style.ascii)}\n")

    def record(self) -> Record:
        """What was collected, compared with the last record."""
        hidden = [f"{count} findings hidden by {one.by} {one.where}" for one, count in self._hidden.items()]
        now = Record(
            self.date,
            self.about,
            tuple(self._looked_at),
            tuple(self._findings),
            tuple(self._accepted),
            (*self._not_seen, *hidden),
        )
        return now if self.previous is None else self._compared(now, self.previous)

    def _compared(self, now: Record, before: Record) -> Record:
        open_before, accepted_before = _LastFindings(before.findings), _LastFindings(before.accepted)
        findings = tuple(
            one._replace(
                state=OPEN if open_before.take(one) else REOPENED if accepted_before.take(one) else NEW
            )
            for one in now.findings
        )
        for one in now.accepted:
            open_before.take(one)
        rest = list(open_before.left())
        again = [one for one in rest if {(one.path, one.subject), (one.path, "")} & self._subjects]
        fixed = [one for one in again if not one.subject or (one.path, one.subject) in self._known()]
        left = [one for one in rest if one not in fixed]
        return replace(now, findings=findings, previous=before.date, fixed=tuple(fixed), left=tuple(left))

    def _known(self) -> set[tuple[str, str]]:
        """The subjects that were looked at, also those that only findings name."""
        named = {(one.path, one.subject) for one in (*self._findings, *self._accepted)}
        return self._subjects | named


class _LastFindings:
    """Findings of the last record that none of today was found to be."""

    def __init__(self, findings: Iterable[Reviewed]) -> None:
        self._by_key = {one.key: one for one in findings}
        self._by_print: dict[str, list[Reviewed]] = {}
        for one in self._by_key.values():
            self._by_print.setdefault(one.fingerprint, []).append(one)

    def take(self, one: Reviewed) -> bool:
        """Whether a finding of today was there: at its place, else in a file that has moved."""
        found = self._by_key.pop(one.key, None)
        if found is None:
            others = (other for other in self._by_print.get(one.fingerprint, ()) if other.key in self._by_key)
            found = next(others, None)
            if found is None:
                return False
            del self._by_key[found.key]
        return True

    def left(self) -> Iterator[Reviewed]:
        yield from self._by_key.values()


def _not_seen(report: FileReport) -> Iterator[str]:
    if report.obstacle is not None:
        yield f"not linted: {report.obstacle}"
    yield from (f"not evaluated: {one}" for one in report.failures)
    yield from (f"not read: {one.message}" for one in report.gaps)
    yield from report.notes
    for one in report.checked:
        if one.unknown:
            told = ", ".join(one.unknown[:_MOST_UNKNOWN])
            yield f"{one.subject_kind} {one.subject}: not known: {told}"
