"""Annotations of a GitHub Actions run.

The escaping is that of the Actions toolkit (packages/core/src/command.ts in actions/toolkit).
"""

from __future__ import annotations

from dockerlint.findings import Severity
from dockerlint.report import Style
from dockerlint.report.lacking import once_a_service
from dockerlint.report.prose import first_sentence, told_alone
from dockerlint.report.results import Diagnostic, FileReport, Unread
from dockerlint.report.screen import visible
from dockerlint.report.summary import Summary
from dockerlint.ruleset.rule import RuleMistake

_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.INFO: "notice",
}


class GithubReport:
    """One workflow command a finding."""

    def __init__(self, style: Style) -> None:
        self._ascii = style.ascii

    def begin(self) -> str:
        return ""

    def add(self, report: FileReport) -> str:
        commands = [self._annotation(diagnostic) for diagnostic in once_a_service(report.findings)]
        if report.obstacle is not None:
            commands.append(self._notice("error", report.path, f"not linted: {report.obstacle}"))
        commands += [self._notice("error", report.path, f"not evaluated: {one}") for one in report.failures]
        commands += [self._gap(gap) for gap in report.gaps]
        commands += [self._notice("notice", report.path, note) for note in report.notes]
        return "".join(f"{command}\n" for command in commands)

    def end(self, summary: Summary) -> str:
        commands = [self._mistake(mistake) for mistake in summary.mistakes]
        if not summary.omissions.is_usual:
            from dockerlint.report.omitted import omission_line

            line = omission_line(summary.omissions)
            commands.append(self._command("notice", {"title": "dockerlint"}, line))
        return "".join(f"{command}\n" for command in commands)

    def _gap(self, gap: Unread) -> str:
        place = {"file": _slashes(gap.path), "line": str(gap.line), "title": "dockerlint"}
        return self._command("warning", place, gap.message)

    def _mistake(self, mistake: RuleMistake) -> str:
        place = {"file": _slashes(mistake.path), "line": str(mistake.line), "title": "dockerlint"}
        return self._command("error", place, mistake.message)

    def _annotation(self, diagnostic: Diagnostic) -> str:
        finding, place = diagnostic.finding, diagnostic.place
        rule = finding.rule
        properties = {"file": _slashes(place.path), "line": str(place.line), "endLine": str(place.end_line)}
        # Columns are only understood within one line.
        if place.line == place.end_line:
            properties |= {"col": str(place.column), "endColumn": str(place.end_column)}
        properties["title"] = f"{rule.id} {rule.name}"
        instead = first_sentence(rule.docs.instead)
        message = told_alone(finding) + (f"\n{instead}" if instead else "")
        return self._command(_LEVELS[finding.severity], properties, message)

    def _notice(self, level: str, path: str, message: str) -> str:
        return self._command(level, {"file": _slashes(path), "title": "dockerlint"}, message)

    def _command(self, name: str, properties: dict[str, str], message: str) -> str:
        listed = ",".join(f"{key}={_property(self._clean(value))}" for key, value in properties.items())
        lines = "\n".join(self._clean(line) for line in message.split("\n"))
        return f"::{name} {listed}::{_data(lines)}"

    def _clean(self, text: str) -> str:
        return visible(text, self._ascii)


def _slashes(path: str) -> str:
    return path.replace("\\", "/") if "/" not in path else path


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
