"""What people have said about findings: which are known and accepted, which belong to a change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from dockerlint.report import Style
from dockerlint.report.results import FileReport


class Review(Protocol):
    """What a report goes through between linting and the formats."""

    def see(self, report: FileReport) -> FileReport:
        """The report with what is to be shown; asked once for every file of a run, in order."""
        ...

    def end(self, style: Style) -> Iterable[str]:
        """What is written behind the report on the screen."""
        ...
