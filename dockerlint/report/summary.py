"""The totals of a run, counted file by file so that none has to be kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from dockerlint.findings import Severity, Tier
from dockerlint.report.results import FileReport
from dockerlint.ruleset.rule import RuleMistake
from dockerlint.workspace.omissions import Omissions, OmissionTally


class Summary(NamedTuple):
    """The totals of a run."""

    files: int = 0
    counts: Mapping[Severity, int] = {}
    """Findings by severity, suppressed ones left out."""
    suppressed: int = 0
    obstacles: int = 0
    """Files that could not be linted."""
    fixes: Mapping[Tier, int] = {}
    """Findings that carry a fix, by its tier."""
    seconds: float = 0.0
    fail_on: Severity | None = Severity.HIGH
    """The threshold; None for never."""
    taken: int = 0
    """Files that the run took up; each is linted, or reported with the reason why it is not."""
    omissions: Omissions = Omissions()
    """What was excluded and hidden, and the settings in force."""
    failures: int = 0
    """Rules that could not be evaluated on a file, counted for each file."""
    mistakes: tuple[RuleMistake, ...] = ()
    """Rules of users that cannot be used."""
    gaps: int = 0
    """What files name and was not read."""
    requires_complete: bool = False
    """A gap is an error."""

    @property
    def rule_errors(self) -> int:
        """How many rules were left out, one that failed counted for each file."""
        return self.failures + len(self.mistakes)

    @property
    def linted(self) -> int:
        """Files whose findings are in the report."""
        return self.files - self.obstacles

    @property
    def unlinted(self) -> int:
        """Files that were taken up and not linted, reported or not."""
        return max(self.taken, self.files) - self.linted

    @property
    def failing(self) -> int:
        """How many findings are at or above the threshold."""
        if self.fail_on is None:
            return 0
        return sum(count for severity, count in self.counts.items() if severity >= self.fail_on)

    @property
    def exit_code(self) -> int:
        """2 when a file or a rule was left out, or a gap where none may be; 1 when findings reach the
        threshold.
        """
        if self.unlinted or self.rule_errors or (self.requires_complete and self.gaps):
            return 2
        return 1 if self.failing else 0


class Tally:
    """Counts file reports as they pass, so that none has to be kept."""

    def __init__(self) -> None:
        self.files = 0
        self.counts: dict[Severity, int] = {}
        self.suppressed = 0
        self.obstacles = 0
        self.fixes: dict[Tier, int] = {}
        self.omissions = OmissionTally()
        self.failures = 0
        self.mistakes: dict[RuleMistake, None] = {}
        self.gaps = 0
        self.requires_complete = False

    def add(self, report: FileReport) -> None:
        """Count one file."""
        self.files += 1
        self.suppressed += len(report.suppressed)
        self.obstacles += report.obstacle is not None
        self.omissions.add(report.omissions)
        self.failures += len(report.failures)
        self.mistakes |= dict.fromkeys(report.mistakes)
        self.gaps += len(report.gaps)
        for diagnostic in report.findings:
            finding = diagnostic.finding
            self.counts[finding.severity] = self.counts.get(finding.severity, 0) + 1
            if finding.fix is not None:
                self.fixes[finding.fix.tier] = self.fixes.get(finding.fix.tier, 0) + 1

    def summary(self, seconds: float, fail_on: Severity | None, taken: int | None = None) -> Summary:
        """The totals so far, of a run that took up so many files; None for as many as were counted."""
        return Summary(
            self.files,
            dict(self.counts),
            self.suppressed,
            self.obstacles,
            dict(self.fixes),
            seconds,
            fail_on,
            self.files if taken is None else taken,
            self.omissions.total(),
            self.failures,
            tuple(self.mistakes),
            self.gaps,
            self.requires_complete,
        )
