"""The XML of Checkstyle, which Jenkins (Warnings), SonarQube and many review bots read."""

from __future__ import annotations

from typing import Final

from dockerlint.findings import Severity
from dockerlint.report import Style
from dockerlint.report.formats.troubles import Trouble, mistake_trouble, troubles
from dockerlint.report.formats.xml import HEAD, attributes
from dockerlint.report.prose import told_alone
from dockerlint.report.results import Diagnostic, FileReport
from dockerlint.report.summary import Summary

_LEVELS: Final = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "info",
    Severity.INFO: "info",
}


class CheckstyleReport:
    """One `file` for each path that something is said about, one `error` a finding."""

    def __init__(self, style: Style) -> None:
        pass

    def begin(self) -> str:
        return f'{HEAD}<checkstyle version="10.0">\n'

    def add(self, report: FileReport) -> str:
        by_path: dict[str, list[str]] = {}
        for one in report.findings:
            by_path.setdefault(one.place.path, []).append(_error(one))
        for trouble in troubles(report):
            by_path.setdefault(trouble.path, []).append(_trouble(trouble))
        return "".join(_file(path, errors) for path, errors in by_path.items())

    def end(self, summary: Summary) -> str:
        mistakes = [mistake_trouble(one) for one in summary.mistakes]
        return "".join(_file(one.path, [_trouble(one)]) for one in mistakes) + "</checkstyle>\n"


def _file(path: str, errors: list[str]) -> str:
    return f"<file{attributes(name=path)}>\n{''.join(errors)}</file>\n"


def _error(diagnostic: Diagnostic) -> str:
    finding, place = diagnostic.finding, diagnostic.place
    told = attributes(
        line=place.line,
        column=place.column,
        severity=_LEVELS[finding.severity],
        message=f"{finding.rule.id} {told_alone(finding)}",
        source=f"dockerlint.{finding.rule.id}",
    )
    return f"<error{told}/>\n"


def _trouble(trouble: Trouble) -> str:
    told = attributes(
        line=trouble.line,
        severity=_LEVELS[trouble.severity],
        message=trouble.told,
        source=f"dockerlint.{trouble.check}",
    )
    return f"<error{told}/>\n"
