"""A page of GitHub's Markdown for the summary of a job or a comment.

GitHub drops a summary above 1 MiB altogether, so findings are cut before, the mildest first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dockerlint.findings import Severity
from dockerlint.regex import pattern
from dockerlint.report import Style
from dockerlint.report.alike import once_a_file
from dockerlint.report.formats.allowance import Allowance
from dockerlint.report.formats.troubles import Trouble, mistake_trouble, troubles
from dockerlint.report.omitted import omission_line
from dockerlint.report.prose import told_alone
from dockerlint.report.results import Diagnostic, FileReport
from dockerlint.report.screen import harmless, visible
from dockerlint.report.spool import Spool
from dockerlint.report.summary import Summary

LONGEST: Final = 900_000
"""Bytes of all rows."""
_MARKS: Final = pattern(r"[\\`*_\[\]~#$|]")
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_HEAD: Final = "| severity | rule | place | finding |\n|---|---|---|---|\n"


class MarkdownReport:
    """The totals, what was not judged, and a table with the worst findings first."""

    def __init__(self, style: Style) -> None:
        self._ascii = style.ascii
        self._allowance = Allowance(LONGEST)
        self._troubles = Spool()
        self._findings = {severity: Spool() for severity in sorted(Severity, reverse=True)}

    def begin(self) -> str:
        return ""

    def add(self, report: FileReport) -> str:
        for one in once_a_file(report.findings):
            self._findings[one.finding.severity].add(self._row(one))
        for trouble in troubles(report):
            self._troubles.add(self._item(trouble))
        return ""

    def end(self, summary: Summary) -> Iterator[str]:
        for mistake in summary.mistakes:
            self._troubles.add(self._item(mistake_trouble(mistake)))
        yield f"## dockerlint: {_verdict(summary)}\n"
        yield from self._section("\n", self._troubles)
        head = f"\n{_HEAD}"
        for spool in self._findings.values():
            for row in self._section(head, spool):
                head = ""
                yield row
        if cut := self._allowance.cut:
            yield f"\n{cut} further rows are left out, because the page would be too long.\n"
        yield from (f"\n{self._text(line)}\n" for line in self._closing(summary))

    def _section(self, head: str, spool: Spool) -> Iterator[str]:
        """The lines that still fit, behind their head."""
        for line in spool:
            if self._allowance.takes(line):
                yield f"{head}{line}\n"
                head = ""

    def _closing(self, summary: Summary) -> Iterator[str]:
        fixes = [f"{number} {tier}" for tier, number in sorted(summary.fixes.items(), reverse=True)]
        if fixes:
            yield f"fixes: {', '.join(fixes)}"
        if line := omission_line(summary.omissions):
            yield line

    def _row(self, diagnostic: Diagnostic) -> str:
        finding, place = diagnostic.finding, diagnostic.place
        said = self._text(told_alone(finding))
        if related := diagnostic.related:
            places = [f"{self._code(f'{one.path}:{one.line}')} {self._text(text)}" for one, text in related]
            said += f" ({', '.join(places)})"
        rule = self._text(f"{finding.rule.id} {finding.rule.name}")
        return f"| {finding.severity} | {rule} | {self._code(f'{place.path}:{place.line}')} | {said} |"

    def _item(self, trouble: Trouble) -> str:
        return f"* {self._code(f'{trouble.path}:{trouble.line}')} {self._text(trouble.told)}"

    def _code(self, text: str) -> str:
        return f"<code>{self._text(text)}</code>"

    def _text(self, text: str) -> str:
        return escaped(visible(text, self._ascii))


def escaped(text: str) -> str:
    """Text that Markdown shows as it is: no markup, no link, nobody mentioned, no command to a service."""
    text = re.sub(r"[&<>]", lambda found: _ENTITIES[found[0]], text)
    text = _MARKS.sub(lambda found: f"\\{found[0]}", text)
    # The tables of links and mentions are read behind the marks, so a backslash does not stop them.
    text = text.replace("://", "&#58;//").replace("www.", "www&#46;").replace("@", "@<!-- -->")
    return harmless(text.replace("::", "&#58;:"))


def _verdict(summary: Summary) -> str:
    counts = [
        f"{number} {severity}"
        for severity in sorted(Severity, reverse=True)
        if (number := summary.counts.get(severity, 0))
    ]
    files = "1 file" if summary.files == 1 else f"{summary.files} files"
    told = [f"{', '.join(counts) or 'nothing found'} in {files}"]
    told += [f"{summary.unlinted} not linted"] if summary.unlinted else []
    told += [f"{summary.gaps} not read"] if summary.gaps else []
    return ", ".join(told)
