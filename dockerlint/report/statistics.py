"""How often each rule fires, and in how many files; the findings themselves are left out."""

from __future__ import annotations

from dockerlint.findings import RuleInfo, Severity, rule_order
from dockerlint.report import Style
from dockerlint.report.results import FileReport
from dockerlint.report.screen import Paint, harmless, visible
from dockerlint.report.summary import Summary


class StatisticsReport:
    """One line a rule, the one with most findings first."""

    def __init__(self, style: Style) -> None:
        self._paint = Paint(style.colour)
        self._ascii = style.ascii
        self._rules: dict[str, RuleInfo] = {}
        self._findings: dict[str, int] = {}
        self._files: dict[str, int] = {}
        self._worst: dict[str, Severity] = {}

    def begin(self) -> str:
        return ""

    def add(self, report: FileReport) -> str:
        found = [one.finding for one in report.findings]
        for one in found:
            id = one.rule.id
            self._rules[id] = one.rule
            self._findings[id] = self._findings.get(id, 0) + 1
            self._worst[id] = max(self._worst.get(id, one.severity), one.severity)
        for id in {one.rule.id for one in found}:
            self._files[id] = self._files.get(id, 0) + 1
        told = [f"not evaluated: {failure}" for failure in report.failures]
        told += [f"not read: {gap.message}" for gap in report.gaps]
        if report.obstacle is not None:
            told.append(f"not linted: {report.obstacle}")
        return harmless("".join(f"{visible(f'{report.path}: {one}', self._ascii)}\n" for one in told))

    def end(self, summary: Summary) -> str:
        ids = sorted(self._findings, key=lambda id: (-self._findings[id], rule_order(id)))
        width = max((len(str(self._findings[id])) for id in ids), default=0)
        lines = [f"{self._findings[id]:>{width}}  {self._rule(id)}\n" for id in ids]
        lines += [f"{visible(f'not evaluated: {one}', self._ascii)}\n" for one in summary.mistakes]
        return harmless("".join(lines))

    def _rule(self, id: str) -> str:
        rule, files = self._rules[id], self._files[id]
        severity = self._paint.severity(f"{self._worst[id]!s:8}", self._worst[id])
        of = "1 file" if files == 1 else f"{files} files"
        return (
            f"{severity}  {id} {visible(rule.name, self._ascii)}   {visible(rule.title, self._ascii)} ({of})"
        )
