"""Findings that are known: they are hidden, counted, and found again where a file has moved.

A finding is the same one where its fingerprint is, in the file that the baseline names. Where that file is
gone, the same finding in another file is taken for it, so that moving a file brings back none.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from dockerlint.report.results import Diagnostic, FileReport
from dockerlint.review import Review
from dockerlint.review.baselinefile import Known
from dockerlint.workspace.config import PROFILES
from dockerlint.workspace.omissions import Hider

BASELINE: Final = "baseline"
"""What is said to hide a finding."""
DEFAULT_NAME: Final = "dockerlint-baseline.json"
Key = tuple[str, str]


@dataclass(slots=True)
class Baseline(Review):
    """The known findings of a project, and which of them a run has met."""

    path: str
    """As shown."""
    folder: str
    """Absolute; what its paths count from."""
    today: date
    known: dict[Key, Known] = field(default_factory=dict)
    profile: str = PROFILES[0]
    """The one that it was written with."""
    met: dict[Key, Known] = field(default_factory=dict)
    """What was met by the key in the baseline, as it would be written now: with the path of today."""
    expired: list[Diagnostic] = field(default_factory=list)
    """What was met and is no longer accepted."""
    fresh: dict[Key, Known] = field(default_factory=dict)
    """What was met and is not known."""
    looked_at: set[str] = field(default_factory=set)
    """The files whose findings were seen, by their paths from the folder."""
    _homeless: dict[str, list[Known]] | None = None
    _taken_by: dict[Key, str] = field(default_factory=dict)
    """The path of the file that a known finding of a file that is gone has moved to."""

    def see(self, report: FileReport) -> FileReport:
        """The report without the findings that are known; they are among its suppressed ones."""
        if report.obstacle is None:
            self.looked_at.add(self.place_of(report.path))
        matches = [self._match(one) for one in report.findings]
        if not any(matches):
            return report
        return _parted(report, matches, Hider(BASELINE, self.path))

    def _match(self, diagnostic: Diagnostic) -> Known | None:
        """The entry that hides a finding; None where there is none, or its time is over."""
        path, fingerprint = self.place_of(diagnostic.place.path), diagnostic.finding.fingerprint
        self.looked_at.add(path)
        entry = self.known.get((path, fingerprint)) or self._moved(path, fingerprint)
        now = _now(diagnostic, path, fingerprint)
        if entry is None:
            self.fresh[now.key] = now
            return None
        self.met[entry.key] = now._replace(reason=entry.reason, by=entry.by, until=entry.until)
        if entry.until is not None and self.today > entry.until:
            self.expired.append(diagnostic)
            return None
        return entry

    def _moved(self, path: str, fingerprint: str) -> Known | None:
        """An entry of a file that is gone, unless the same finding of yet another file was taken for it."""
        if self._homeless is None:
            self._homeless = {}
            for one in self.known.values():
                if not os.path.lexists(os.path.join(self.folder, one.path)):
                    self._homeless.setdefault(one.fingerprint, []).append(one)
        waiting = self._homeless.get(fingerprint, ())
        return next((one for one in waiting if self._taken_by.setdefault(one.key, path) == path), None)

    def place_of(self, path: str) -> str:
        """A path as shown, from the folder of the baseline; what is no file keeps its name."""
        if path.startswith("<"):
            return path
        return os.path.relpath(os.path.abspath(path), self.folder).replace(os.sep, "/")

    def gone(self, rules: Collection[str], is_covered: Callable[[str], bool]) -> Iterator[Known]:
        """Entries that fit nothing any more: their file was looked at, or is not there where it would be.

        `rules` are the ids that were asked for, `is_covered` says of an absolute path whether the run went
        over the folder it would lie in.
        """
        for key, entry in self.known.items():
            if key in self.met or entry.rule not in rules:
                continue
            path = os.path.join(self.folder, entry.path)
            if entry.path in self.looked_at or (not os.path.lexists(path) and is_covered(path)):
                yield entry

    def kept(self, gone: Iterable[Known]) -> dict[Key, Known]:
        """What stays of it, by the paths of today."""
        left = self.known.keys() - {one.key for one in gone}
        stays = (self.met.get(key, self.known[key]) for key in left)
        return {one.key: one for one in stays}


def _now(diagnostic: Diagnostic, path: str, fingerprint: str) -> Known:
    finding = diagnostic.finding
    return Known(finding.rule.id, path, finding.subject or "", fingerprint)


def _parted(report: FileReport, matches: list[Known | None], hider: Hider) -> FileReport:
    """A report whose findings with a match are suppressed."""
    pairs = list(zip(report.findings, matches, strict=True))
    known = [
        one._replace(reason=entry.reason, by=BASELINE, until=str(entry.until or ""), accepted_by=entry.by)
        for one, entry in pairs
        if entry is not None
    ]
    hidden = {**report.omissions.hidden, hider: len(known)}
    revealed = report.revealed
    return report._replace(
        findings=tuple(one for one, entry in pairs if entry is None),
        suppressed=(*report.suppressed, *known),
        omissions=report.omissions._replace(hidden=hidden),
        # The same findings in the same order, with nothing masked.
        revealed=None if revealed is None else _parted(revealed, matches, hider),
    )
