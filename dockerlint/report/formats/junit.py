"""A JUnit report, the one format that every service shows as tests (GitLab, Jenkins, Azure, CircleCI).

GitLab takes 30 MB at most, and tells tests of two runs apart by `classname` and `name`: no line number stands
in a name, and none is there twice.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from dockerlint.report import Style
from dockerlint.report.formats.allowance import Allowance
from dockerlint.report.formats.paths import relative
from dockerlint.report.formats.troubles import Trouble, mistake_trouble, troubles
from dockerlint.report.formats.xml import HEAD, attributes, lines
from dockerlint.report.prose import first_sentence, heading, told_alone
from dockerlint.report.results import Diagnostic, FileReport
from dockerlint.report.summary import Summary

LONGEST: Final = 25_000_000
"""Bytes of all suites, well below what GitLab takes."""
CLEAN: Final = "no findings"


class JunitReport:
    """A suite for each file: a finding is a test that fails, a suppressed one is skipped."""

    def __init__(self, style: Style) -> None:
        self._allowance = Allowance(LONGEST)
        self._suites: Counter[str] = Counter()

    def begin(self) -> str:
        return f'{HEAD}<testsuites name="dockerlint">\n'

    def add(self, report: FileReport) -> str:
        suite = _Suite(self._name(report.path))
        for one in report.findings:
            suite.add(_name(one), f"<failure{_failure(one)}</failure>", "failures")
        for one in report.suppressed:
            why = attributes(message=one.reason or f"suppressed by {one.by}")
            suite.add(_name(one), f"<skipped{why}/>", "skipped")
        for trouble in troubles(report):
            suite.add(trouble.told, _trouble(trouble), "errors")
        if not suite.cases:
            suite.add(CLEAN, "", "")
        return self._fitting(suite)

    def end(self, summary: Summary) -> str:
        suite = _Suite(self._name("dockerlint"))
        for trouble in map(mistake_trouble, summary.mistakes):
            suite.add(f"{trouble.path}: {trouble.told}", _trouble(trouble), "errors")
        if cut := self._allowance.cut:
            text = f"report too long: {cut} files are left out"
            suite.add("complete report", f"<error{attributes(message=text, type='cut')}/>", "errors")
        return f"{suite.text() if suite.cases else ''}</testsuites>\n"

    def _fitting(self, suite: _Suite) -> str:
        text = suite.text()
        return text if self._allowance.takes(text) else ""

    def _name(self, path: str) -> str:
        """A name that no other suite has, even where two files give the same path."""
        path = relative(path)
        self._suites[path] += 1
        return path if self._suites[path] == 1 else f"{path} ({self._suites[path]})"


class _Suite:
    """The tests of one file."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._totals: Counter[str] = Counter(failures=0, errors=0, skipped=0)
        self._names: Counter[str] = Counter()
        self.cases: list[str] = []

    def add(self, name: str, outcome: str, counted: str) -> None:
        self._names[name] += 1
        if self._names[name] > 1:
            name = f"{name} ({self._names[name]})"
        if counted:
            self._totals[counted] += 1
        told = attributes(classname=self._path, name=name, file=self._path, time="0")
        self.cases.append(f"<testcase{told}>{outcome}</testcase>\n")

    def text(self) -> str:
        told = attributes(name=self._path, tests=len(self.cases), **self._totals, time="0")
        return f"<testsuite{told}>\n{''.join(self.cases)}</testsuite>\n"


def _name(diagnostic: Diagnostic) -> str:
    finding = diagnostic.finding
    return f"{finding.rule.id} {finding.rule.name}: {heading(finding) or finding.kind}"


def _failure(diagnostic: Diagnostic) -> str:
    """Attributes and text of a failure."""
    finding, place = diagnostic.finding, diagnostic.place
    told = attributes(message=told_alone(finding), type=str(finding.severity))
    said = [f"{place.path}:{place.line}:{place.column}", place.excerpt]
    said += [f"{one.path}:{one.line} {text}" for one, text in diagnostic.related]
    docs = finding.rule.docs
    said += [
        f"{label}: {text}" for label in ("why", "instead") if (text := first_sentence(getattr(docs, label)))
    ]
    return f"{told}>{lines(chr(10).join(said))}"


def _trouble(trouble: Trouble) -> str:
    where = f"{trouble.path}:{trouble.line}"
    return f"<error{attributes(message=trouble.told, type=trouble.check)}>{lines(where)}</error>"
