"""Lines as compilers write them, which editors and logs of services can follow.

`file:line:column: severity: message` is the form of the GNU Coding Standards, section 4.4, with the three
severities of gcc.
"""

from __future__ import annotations

from typing import Final

from dockerlint.findings import Severity
from dockerlint.report import Style
from dockerlint.report.formats.troubles import Trouble, mistake_trouble, troubles
from dockerlint.report.lacking import once_a_service
from dockerlint.report.prose import told_alone
from dockerlint.report.results import Diagnostic, FileReport
from dockerlint.report.screen import harmless, visible
from dockerlint.report.summary import Summary

_LEVELS: Final = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}


class GnuReport:
    """One line a finding, in the order of the text."""

    def __init__(self, style: Style) -> None:
        self._ascii = style.ascii

    def begin(self) -> str:
        return ""

    def add(self, report: FileReport) -> str:
        lines = [self._finding(one) for one in once_a_service(report.findings)]
        lines += [self._trouble(one) for one in troubles(report)]
        return harmless("".join(lines))

    def end(self, summary: Summary) -> str:
        return harmless("".join(self._trouble(mistake_trouble(one)) for one in summary.mistakes))

    def _finding(self, diagnostic: Diagnostic) -> str:
        finding, place = diagnostic.finding, diagnostic.place
        rule = f"[{finding.rule.id} {finding.rule.name}]"
        where = f"{place.path}:{place.line}:{place.column}"
        return self._line(f"{where}: {_LEVELS[finding.severity]}: {told_alone(finding)} {rule}")

    def _trouble(self, trouble: Trouble) -> str:
        return self._line(f"{trouble.path}:{trouble.line}: {_LEVELS[trouble.severity]}: {trouble.told}")

    def _line(self, text: str) -> str:
        return f"{visible(text, self._ascii)}\n"
