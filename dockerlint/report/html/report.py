"""One page for a browser: charts, how each service stands, and all findings with what a fix would write.

The page loads nothing: style and script stand in it, and its policy names their hashes, so that no name or
text of a linted file can become either. Findings come the worst first; a page has a bound, so the mildest are
cut.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from dockerlint import __version__
from dockerlint.errors import UserError
from dockerlint.findings import Severity
from dockerlint.report import Style
from dockerlint.report.formats.allowance import Allowance
from dockerlint.report.formats.troubles import mistake_trouble, troubles
from dockerlint.report.html.changes import changes
from dockerlint.report.html.posture import Postures, Tallies
from dockerlint.report.lacking import once_a_service
from dockerlint.report.omitted import omission_line
from dockerlint.report.prose import cis_ids, heading
from dockerlint.report.results import Diagnostic, FileReport
from dockerlint.report.screen import visible
from dockerlint.report.spool import Spool
from dockerlint.report.summary import Summary

if TYPE_CHECKING:  # an extra
    from jinja2 import Environment

LONGEST: Final = 25_000_000
"""Bytes of all findings; a browser opens twice as much, slowly."""
MOST_SUBJECTS: Final = 1_000
"""Services, stages and containers in the table of how each stands."""
MOST_CHOICES: Final = 2_000
"""Names in a list to choose from."""


class HtmlReport:
    """What stands first is known last, so everything is written at the end."""

    def __init__(self, style: Style) -> None:
        self._templates = environment("dockerlint.report.html")
        self._finding = self._templates.get_template("finding.html")
        self._allowance = Allowance(LONGEST)
        self._rows = {severity: Spool() for severity in sorted(Severity, reverse=True)}
        self._troubles = Spool()
        self._postures, self._tallies = Postures(MOST_SUBJECTS), Tallies()
        self._files: Counter[str] = Counter()
        self._subjects: Counter[str] = Counter()

    def begin(self) -> str:
        return ""

    def add(self, report: FileReport) -> str:
        findings = once_a_service(report.findings)
        self._postures.add(report, findings)
        for one in report.findings:
            self._tallies.add(one)
        for one in findings:
            self._files[visible(one.place.path)] += 1
            self._subjects[visible(heading(one.finding))] += 1
            self._rows[one.finding.severity].add(self._row(one))
        for trouble in troubles(report):
            self._troubles.add(visible(f"{trouble.path}:{trouble.line}: {trouble.told}"))
        return ""

    def end(self, summary: Summary) -> Iterator[str]:
        for trouble in map(mistake_trouble, summary.mistakes):
            self._troubles.add(visible(f"{trouble.path}:{trouble.line}: {trouble.told}"))
        page = self._templates.get_template("page.html")
        yield from page.generate(**self._around(summary), rows=self._fitting(), allowance=self._allowance)

    def _around(self, summary: Summary) -> dict[str, Any]:
        style, script = (self._source(name) for name in ("page.css", "page.js"))
        return {
            "version": __version__,
            "style": style,
            "script": script,
            "policy": f"default-src 'none'; style-src {policy_hash(style)}; "
            f"script-src {policy_hash(script)}; base-uri 'none'; form-action 'none'",
            "summary": summary,
            "severities": [(one, summary.counts.get(one, 0)) for one in sorted(Severity, reverse=True)],
            "fixes": sorted(summary.fixes.items(), reverse=True),
            "omitted": omission_line(summary.omissions),
            "troubles": self._troubles,
            "postures": self._postures,
            "rules": self._tallies.rules(),
            "recommendations": self._tallies.cis(),
            "files": sorted(self._files)[:MOST_CHOICES],
            "subjects": sorted(filter(None, self._subjects))[:MOST_CHOICES],
        }

    def _row(self, diagnostic: Diagnostic) -> str:
        text = self._finding.render(
            one=diagnostic,
            finding=diagnostic.finding,
            place=diagnostic.place,
            heading=heading(diagnostic.finding),
            cis=cis_ids(diagnostic.finding.rule),
            changes=changes(diagnostic),
        )
        return " ".join(text.split("\n"))

    def _fitting(self) -> Iterator[str]:
        """The findings that the page has room for."""
        return (row for spool in self._rows.values() for row in spool if self._allowance.takes(row))

    def _source(self, name: str) -> str:
        """A file of the page as it is."""
        loader = self._templates.loader
        assert loader is not None
        return loader.get_source(self._templates, name)[0]


def environment(package: str) -> Environment:
    """What makes pages of the templates of a package, every value escaped.

    Raises UserError without jinja2.
    """
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ModuleNotFoundError as error:
        if error.name != "jinja2":
            raise
        raise UserError("format html: jinja2 is not installed; install dockerlint[html]") from None
    made = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"visible": visible, "bars": _bars}
    return made


def policy_hash(text: str) -> str:
    """What a content security policy calls a text that stands in the page."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _bars(numbers: Iterable[int], width: int) -> list[tuple[float, float]]:
    """Start and length of each part of a bar of that width, in their order."""
    parts = list(numbers)
    total, start, found = sum(parts) or 1, 0.0, []
    for one in parts:
        length = round(one * width / total, 2)
        found.append((round(start, 2), length))
        start += length
    return found
