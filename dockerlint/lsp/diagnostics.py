"""Reports as the protocol has them: each finding at its place, in the file that holds it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, Final

from lsprotocol import types
from pygls.uris import from_fs_path

from dockerlint.findings import Severity
from dockerlint.lsp.abilities import Abilities
from dockerlint.lsp.opened import OpenText
from dockerlint.lsp.positions import Point, TextPoints
from dockerlint.lsp.session import EditorSession
from dockerlint.report.prose import told_alone
from dockerlint.report.results import Diagnostic, FileReport, Place
from dockerlint.text import Source

SOURCE: Final = "dockerlint"
_LEVELS: Final = {
    Severity.CRITICAL: types.DiagnosticSeverity.Error,
    Severity.HIGH: types.DiagnosticSeverity.Error,
    Severity.MEDIUM: types.DiagnosticSeverity.Warning,
    Severity.LOW: types.DiagnosticSeverity.Information,
    Severity.INFO: types.DiagnosticSeverity.Hint,
}


def range_of(start: Point, end: Point) -> Any:
    """A range as the protocol has it."""
    return types.Range(types.Position(*start), types.Position(*end))


class FileDiagnostics:
    """The diagnostics of one report, by the URI of the file that holds them."""

    def __init__(
        self, session: EditorSession, one: OpenText, report: FileReport, abilities: Abilities
    ) -> None:
        self._session = session
        self._one = one
        self._report = report
        self._abilities = abilities
        self._files: dict[str, tuple[str, Source, TextPoints, int]] = {}

    def by_uri(self) -> dict[str, list[Any]]:
        """All that is told; the file itself is always there, so that what was told before goes."""
        found: dict[str, list[Any]] = {self._one.uri: list(self._told_of_file())}
        for diagnostic in self._report.findings:
            uri, told = self.of(diagnostic)
            found.setdefault(uri, []).append(told)
        for gap in self._report.gaps:
            place = Place(gap.line, gap.column, gap.line, gap.column, "", (0, 0), gap.path)
            uri, area = self._place(place)
            found.setdefault(uri, []).append(_told(area, f"not read: {gap.message}"))
        return found

    def _told_of_file(self) -> Iterator[Any]:
        report, top = self._report, range_of((0, 0), (0, 0))
        if report.obstacle:
            yield _told(top, f"not linted: {report.obstacle}", types.DiagnosticSeverity.Error)
        for failure in report.failures:
            yield _told(top, f"not evaluated: {failure}", types.DiagnosticSeverity.Warning)
        for mistake in report.mistakes:
            yield _told(top, str(mistake), types.DiagnosticSeverity.Warning)
        for note in report.notes:
            yield _told(top, note)

    def of(self, diagnostic: Diagnostic) -> tuple[str, Any]:
        """A finding as the protocol has it, and the file that holds it."""
        finding = diagnostic.finding
        uri, area = self._place(diagnostic.place)
        related = [
            types.DiagnosticRelatedInformation(types.Location(*self._place(place)), told)
            for place, told in (diagnostic.related if self._abilities.shows_related else ())
        ]
        return uri, types.Diagnostic(
            range=area,
            message=told_alone(finding),
            severity=_LEVELS[finding.severity],
            code=finding.rule.id,
            source=SOURCE,
            related_information=related or None,
        )

    def _place(self, place: Place) -> tuple[str, Any]:
        uri, source, points, lead = self._file(place.path)
        starts = source.line_starts
        start, end = (
            lead + starts[min(line, len(starts)) - 1] + column - 1
            for line, column in ((place.line, place.column), (place.end_line, place.end_column))
        )
        return uri, range_of(points.point(start), points.point(end))

    def _file(self, path: str) -> tuple[str, Source, TextPoints, int]:
        """The URI of a file, its text as it is linted and as the client counts it."""
        if path not in self._files:
            self._files[path] = self._read(path)
        return self._files[path]

    def _read(self, path: str) -> tuple[str, Source, TextPoints, int]:
        absolute = os.path.abspath(path)
        held = self._session.open.values()
        one = next((one for one in held if one.path == absolute), None)
        if path in (self._one.shown, self._report.path) or one is not None:
            one = one or self._one
            return one.uri, one.source, one.points, one.lead
        text = self._session.text_at(path)
        return from_fs_path(absolute), Source(path, text), TextPoints(text, self._one.encoding), 0


def _told(area: Any, message: str, severity: Any = None) -> Any:
    """Something about a file that is no finding."""
    level = types.DiagnosticSeverity.Information if severity is None else severity
    return types.Diagnostic(range=area, message=message, severity=level, source=SOURCE)
