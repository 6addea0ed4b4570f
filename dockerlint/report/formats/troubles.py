"""What a run says beside its findings, as rows for formats that know findings only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from dockerlint.findings import Severity
from dockerlint.report.results import FileReport
from dockerlint.ruleset.rule import RuleMistake

NOT_LINTED: Final = "not-linted"
NOT_EVALUATED: Final = "not-evaluated"
NOT_READ: Final = "not-read"
NOTE: Final = "note"
TITLES: Final = {
    NOT_LINTED: "File not linted",
    NOT_EVALUATED: "Rule not evaluated",
    NOT_READ: "File or service not read",
    NOTE: "Assumption about a file",
}


class Trouble(NamedTuple):
    """Something that is missing from the findings, and where."""

    check: str
    """One of `TITLES`."""
    severity: Severity
    path: str
    line: int
    """1-based; 1 for a whole file."""
    message: str

    @property
    def told(self) -> str:
        """What is missing, and why."""
        return self.message if self.check == NOTE else f"{self.check.replace('-', ' ')}: {self.message}"


def troubles(report: FileReport) -> Iterator[Trouble]:
    """All that is said about a file and is no finding."""
    if report.obstacle is not None:
        yield Trouble(NOT_LINTED, Severity.CRITICAL, report.path, 1, report.obstacle)
    for failure in report.failures:
        yield Trouble(NOT_EVALUATED, Severity.CRITICAL, report.path, 1, failure)
    for gap in report.gaps:
        yield Trouble(NOT_READ, Severity.MEDIUM, gap.path, gap.line, gap.message)
    for note in report.notes:
        yield Trouble(NOTE, Severity.INFO, report.path, 1, note)


def mistake_trouble(mistake: RuleMistake) -> Trouble:
    """Why a rule of a user is not used."""
    return Trouble(NOT_EVALUATED, Severity.CRITICAL, mistake.path, mistake.line, mistake.message)
