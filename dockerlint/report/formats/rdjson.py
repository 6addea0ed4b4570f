"""The Reviewdog Diagnostic Format, whose suggestions a reviewer takes over with a click.

Columns count bytes of UTF-8 from 1, and a range ends before its end. A fix comes whole or not at all: one
that makes files, that changes another file or whose edits may not be shown is left out.
"""

from __future__ import annotations

from typing import Any, Final

from dockerlint.findings import Severity
from dockerlint.report import Style
from dockerlint.report.formats.paths import relative
from dockerlint.report.formats.troubles import Trouble, mistake_trouble, troubles
from dockerlint.report.json import encoded
from dockerlint.report.lacking import once_a_service
from dockerlint.report.prose import first_sentence, told_alone
from dockerlint.report.results import Diagnostic, FileReport, Place, Region
from dockerlint.report.summary import Summary

_LEVELS: Final = {
    Severity.CRITICAL: "ERROR",
    Severity.HIGH: "ERROR",
    Severity.MEDIUM: "WARNING",
    Severity.LOW: "INFO",
    Severity.INFO: "INFO",
}


class RdjsonReport:
    """Diagnostics as they come; what one service lacks is one of them, because people read them."""

    def __init__(self, style: Style) -> None:
        self._separator = "\n"

    def begin(self) -> str:
        return '{"source": {"name": "dockerlint"},\n"diagnostics": ['

    def add(self, report: FileReport) -> str:
        entries = [_diagnostic(one) for one in once_a_service(report.findings)]
        entries += [_trouble(one) for one in troubles(report)]
        return "".join(map(self._separated, entries))

    def end(self, summary: Summary) -> str:
        mistakes = [self._separated(_trouble(mistake_trouble(one))) for one in summary.mistakes]
        return f"{''.join(mistakes)}\n]}}\n"

    def _separated(self, entry: dict[str, Any]) -> str:
        separator, self._separator = self._separator, ",\n"
        return separator + encoded(entry)


def _diagnostic(diagnostic: Diagnostic) -> dict[str, Any]:
    finding, place = diagnostic.finding, diagnostic.place
    instead = first_sentence(finding.rule.docs.instead)
    told: dict[str, Any] = {
        "message": told_alone(finding) + (f"\n{instead}" if instead else ""),
        "location": _location(place),
        "severity": _LEVELS[finding.severity],
        "code": {"value": f"{finding.rule.id} {finding.rule.name}"},
    }
    if related := diagnostic.related:
        told["related_locations"] = [{"message": text, "location": _location(one)} for one, text in related]
    if suggestions := _suggestions(diagnostic):
        told["suggestions"] = suggestions
    return told


def _suggestions(diagnostic: Diagnostic) -> list[dict[str, Any]]:
    fix = diagnostic.finding.fix
    if fix is None or fix.files or len(diagnostic.regions) != len(fix.edits):
        return []
    if any(edit.span.source != diagnostic.finding.span.source for edit in fix.edits):
        return []
    edits = zip(diagnostic.regions, fix.edits, strict=True)
    return [{"range": _range(region), "text": edit.text} for region, edit in edits]


def _location(place: Place) -> dict[str, Any]:
    start, end = place.byte_columns
    return {"path": relative(place.path), "range": _range(Region(place.line, start, place.end_line, end))}


def _range(region: Region) -> dict[str, Any]:
    return {
        "start": {"line": region.line, "column": region.column},
        "end": {"line": region.end_line, "column": region.end_column},
    }


def _trouble(trouble: Trouble) -> dict[str, Any]:
    return {
        "message": trouble.told,
        "location": {"path": relative(trouble.path), "range": {"start": {"line": trouble.line}}},
        "severity": _LEVELS[trouble.severity],
        "code": {"value": trouble.check},
    }
