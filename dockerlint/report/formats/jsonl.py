"""JSON lines: one object a line, written as files come, for programs that read while a run goes on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dockerlint.report import Style
from dockerlint.report.json import (
    VERSION,
    encoded,
    finding_data,
    mistake_data,
    problems_of,
    summary_data,
    suppressed_data,
)
from dockerlint.report.results import FileReport
from dockerlint.report.summary import Summary


class JsonLinesReport:
    """The entries of the JSON report, each with its `type`; nothing is kept until the end.

    The first line is `start`, the last one `summary`: a run that was ended before has none.
    """

    def __init__(self, style: Style) -> None:
        pass

    def begin(self) -> str:
        return _line("start", {"version": VERSION})

    def add(self, report: FileReport) -> str:
        return "".join(_lines(report))

    def end(self, summary: Summary) -> Iterator[str]:
        for mistake in summary.mistakes:
            yield _line("problem", mistake_data(mistake))
        yield _line("summary", summary_data(summary))


def _lines(report: FileReport) -> Iterator[str]:
    """All of one file, and the file itself when all has been said."""
    for diagnostic in report.findings:
        yield _line("finding", finding_data(diagnostic, report))
    for diagnostic in report.suppressed:
        yield _line("suppressed", suppressed_data(diagnostic, report))
    for problem in problems_of(report):
        yield _line("problem", problem)
    yield _line("file", {"path": report.path, "kind": report.kind})


def _line(type: str, entry: dict[str, Any]) -> str:
    return encoded({"type": type} | entry) + "\n"
