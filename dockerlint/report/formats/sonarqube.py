"""Generic issues of SonarQube, in the form of version 10.3 and later: issues, and the rules they name.

Columns count from 0 in UTF-16 units, and a range that a line does not hold ends the whole analysis: they are
given for ranges within a line with nothing but ASCII before their ends, and lines alone for others. `type`
and `severity` of a rule are what a server in Standard Experience mode shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any, Final, NamedTuple

from dockerlint.findings import RuleInfo, Severity
from dockerlint.report import Style
from dockerlint.report.formats.paths import relative
from dockerlint.report.formats.troubles import TITLES, Trouble, mistake_trouble, troubles
from dockerlint.report.json import encoded, separated
from dockerlint.report.prose import told_alone
from dockerlint.report.results import Diagnostic, FileReport, Place
from dockerlint.report.summary import Summary

_ENGINE: Final = "dockerlint"


class _Level(NamedTuple):
    impact: str
    severity: str


_LEVELS: Final = {
    Severity.CRITICAL: _Level("HIGH", "BLOCKER"),
    Severity.HIGH: _Level("HIGH", "CRITICAL"),
    Severity.MEDIUM: _Level("MEDIUM", "MAJOR"),
    Severity.LOW: _Level("LOW", "MINOR"),
    Severity.INFO: _Level("LOW", "INFO"),
}


class SonarqubeReport:
    """Issues as they come; the rules follow at the end."""

    def __init__(self, style: Style) -> None:
        self._separator = "\n"
        self._rules: dict[str, dict[str, Any]] = {}

    def begin(self) -> str:
        return '{"issues": ['

    def add(self, report: FileReport) -> str:
        issues = [self._finding(one) for one in report.findings]
        issues += [self._trouble(one) for one in troubles(report)]
        return "".join(map(self._separated, issues))

    def end(self, summary: Summary) -> Iterator[str]:
        for mistake in summary.mistakes:
            yield self._separated(self._trouble(mistake_trouble(mistake)))
        yield '\n],\n"rules": ['
        yield from separated(map(encoded, self._rules.values()))
        yield "\n]}\n"

    def _separated(self, issue: dict[str, Any]) -> str:
        separator, self._separator = self._separator, ",\n"
        return separator + encoded(issue)

    def _finding(self, diagnostic: Diagnostic) -> dict[str, Any]:
        finding, place = diagnostic.finding, diagnostic.place
        rule = finding.rule
        if rule.id not in self._rules:
            self._rules[rule.id] = _rule(rule)
        related = [_location(one, text) for one, text in diagnostic.related]
        return {
            "ruleId": rule.id,
            "primaryLocation": _location(place, told_alone(finding)),
            **({"secondaryLocations": related} if related else {}),
        }

    def _trouble(self, trouble: Trouble) -> dict[str, Any]:
        level = _LEVELS[trouble.severity]
        title = TITLES[trouble.check]
        self._rules.setdefault(trouble.check, _described(trouble.check, title, title, level, False))
        path, lines = relative(trouble.path), {"startLine": trouble.line}
        location = {"message": trouble.told, "filePath": path, "textRange": lines}
        return {"ruleId": trouble.check, "primaryLocation": location}


def _location(place: Place, message: str) -> dict[str, Any]:
    lines = {"startLine": place.line, "endLine": place.end_line}
    within = place.line == place.end_line and place.column < place.end_column
    if within and place.byte_columns == (place.column, place.end_column):
        lines |= {"startColumn": place.column - 1, "endColumn": place.end_column - 1}
    return {"message": message, "filePath": relative(place.path), "textRange": lines}


def _rule(rule: RuleInfo) -> dict[str, Any]:
    docs = "\n\n".join(" ".join(text.split()) for text in (rule.docs.why, rule.docs.instead) if text)
    is_security = bool(rule.standards) or rule.severity >= Severity.MEDIUM
    return _described(rule.id, f"{rule.id} {rule.name}", docs, _LEVELS[rule.severity], is_security)


def _described(id: str, name: str, description: str, level: _Level, is_security: bool) -> dict[str, Any]:
    quality = "SECURITY" if is_security else "MAINTAINABILITY"
    return {
        "id": id,
        "name": name,
        "description": escape(description or name, quote=False),
        "engineId": _ENGINE,
        "cleanCodeAttribute": "TRUSTWORTHY" if is_security else "CONVENTIONAL",
        "type": "VULNERABILITY" if is_security else "CODE_SMELL",
        "severity": level.severity,
        "impacts": [{"softwareQuality": quality, "severity": level.impact}],
    }
