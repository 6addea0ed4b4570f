"""What people have said about findings: which are known and accepted, which belong to a change."""

from __future__ import annotations

from collections.abc import Iterable

from dockerlint.report import Style
from dockerlint.report.results import FileReport


class Review:
    """What the reports of a run go through between linting and the formats."""

    __slots__ = ()

    def see(self, report: FileReport) -> FileReport:
        """The report with what is to be shown; asked once for every file of a run, in order."""
        return report

    def end(self, style: Style) -> Iterable[str]:
        """What people are told behind the reports; raises UserError where something cannot be written."""
        return ()

    def code(self, usual: int) -> int:
        """The exit code of the run, which would else be the usual one."""
        return usual
