"""A Code Quality report of GitLab: one array of findings.

The fields are those that "Code Quality report format" in GitLab's documentation asks for. Of two equal
fingerprints GitLab shows the first alone.
"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import Any, Final

from dockerlint.findings import Severity
from dockerlint.report import Style
from dockerlint.report.formats.allowance import Allowance
from dockerlint.report.formats.paths import relative
from dockerlint.report.formats.troubles import Trouble, mistake_trouble, troubles
from dockerlint.report.json import encoded
from dockerlint.report.prose import first_sentence, told_alone
from dockerlint.report.results import Diagnostic, FileReport
from dockerlint.report.summary import Summary

LONGEST: Final = 50_000_000
"""Bytes of all entries; GitLab takes artifacts of 100 MB by default."""
_LEVELS: Final = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
    Severity.INFO: "info",
}


class GitlabReport:
    """Entries as they come; the last one says how many were cut, if any."""

    def __init__(self, style: Style) -> None:
        self._separator = "\n"
        self._allowance = Allowance(LONGEST)
        self._fingerprints: Counter[str] = Counter()

    def begin(self) -> str:
        return "["

    def add(self, report: FileReport) -> str:
        entries = [self._finding(one) for one in report.findings]
        entries += [self._trouble(one) for one in troubles(report)]
        return "".join(map(self._written, entries))

    def end(self, summary: Summary) -> str:
        mistakes = [self._written(self._trouble(mistake_trouble(one))) for one in summary.mistakes]
        if cut := self._allowance.cut:
            told = Trouble("cut", Severity.CRITICAL, ".", 1, f"report too long: {cut} entries are left out")
            mistakes.append(f"{self._separator}{encoded(self._trouble(told))}")
        return f"{''.join(mistakes)}\n]\n"

    def _written(self, entry: dict[str, Any]) -> str:
        text = encoded(entry)
        if not self._allowance.takes(text):
            return ""
        separator, self._separator = self._separator, ",\n"
        return separator + text

    def _finding(self, diagnostic: Diagnostic) -> dict[str, Any]:
        finding, place = diagnostic.finding, diagnostic.place
        instead = first_sentence(finding.rule.docs.instead)
        related = [_location(one.path, one.line, one.end_line) for one, _ in diagnostic.related]
        return {
            "description": told_alone(finding),
            "check_name": f"{finding.rule.id} {finding.rule.name}",
            "fingerprint": self._unique(_hashed(finding.fingerprint, place.path)),
            "severity": _LEVELS[finding.severity],
            "categories": ["Security"],
            "location": _location(place.path, place.line, place.end_line),
            **({"other_locations": related} if related else {}),
            **({"content": {"body": instead}} if instead else {}),
        }

    def _trouble(self, trouble: Trouble) -> dict[str, Any]:
        return {
            "description": trouble.told,
            "check_name": trouble.check,
            "fingerprint": self._unique(_hashed(trouble.check, trouble.path, trouble.message)),
            "severity": _LEVELS[trouble.severity],
            "location": _location(trouble.path, trouble.line, trouble.line),
        }

    def _unique(self, fingerprint: str) -> str:
        """The fingerprint; of a repeated one the hash with its number, the same in every run."""
        self._fingerprints[fingerprint] += 1
        number = self._fingerprints[fingerprint]
        if number == 1:
            return fingerprint
        return _hashed(fingerprint, str(number))


def _hashed(*parts: str) -> str:
    """What stands for some texts in the place of a fingerprint."""
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _location(path: str, begin: int, end: int) -> dict[str, Any]:
    return {"path": relative(path), "lines": {"begin": begin, "end": end}}
