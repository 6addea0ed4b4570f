"""Reports on their way from one process to another: flat rows of plain values, and each rule once.

The prose of a rule is longer than a finding of it, and a run finds the same few rules thousands of times.
What a report rarely has is pickled. A value that is not plain raises ValueError: no field is forgotten here.
"""

from __future__ import annotations

import marshal
import pickle
from collections.abc import Iterable
from operator import attrgetter
from typing import Any, Final

from dockerlint.findings import Confidence, Edit, Finding, Fix, NewFile, Refusal, RuleInfo, Severity, Tier
from dockerlint.report.results import Diagnostic, FileReport, Place, Region
from dockerlint.text import Span

Row = list[Any]

_SEVERITIES: Final = {int(one): one for one in Severity}
_CONFIDENCES: Final = {int(one): one for one in Confidence}
_TIERS: Final = {int(one): one for one in Tier}
_values_of_finding: Final = attrgetter(*Finding.__match_args__)
_RULE, _SPAN, _SEVERITY, _CONFIDENCE, _FIX, _UNFIXED, _CHAIN, _PARTS = map(
    Finding.__match_args__.index,
    ("rule", "span", "severity", "confidence", "fix", "unfixed", "chain", "parts"),
)
_values_of_fix: Final = attrgetter(*Fix.__match_args__)
_TIER, _EDITS, _KEYS, _FILES = map(Fix.__match_args__.index, ("tier", "edits", "keys", "files"))
_values_of_file: Final = attrgetter(*NewFile.__match_args__)


class Sender:
    """Turns numbered reports into bytes for one receiver."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._known: list[RuleInfo] = []
        self._sent = 0

    def pack(self, number: int, report: FileReport) -> bytes:
        """The bytes of a report, with the rules in it that have not been sent before."""
        row = self._report(report)
        fresh = self._known[self._sent :]
        packed = marshal.dumps((number, row, pickle.dumps(fresh) if fresh else b""))
        # Only now: what a report held that could not be packed has not been sent.
        self._sent = len(self._known)
        return packed

    def _report(self, report: FileReport) -> Row:
        bare = report._replace(findings=(), suppressed=(), revealed=None)
        return [
            report.path,
            report.kind,
            [self._diagnostic(one) for one in report.findings],
            [self._diagnostic(one) for one in report.suppressed],
            b"" if bare == FileReport(report.path, report.kind) else pickle.dumps(bare),
            None if report.revealed is None else self._report(report.revealed),
        ]

    def _diagnostic(self, one: Diagnostic) -> Row:
        finding = one.finding
        values = list(_values_of_finding(finding))
        values[_RULE] = self._number_of(finding.rule)
        values[_SPAN] = tuple(finding.span)
        values[_SEVERITY], values[_CONFIDENCE] = int(finding.severity), int(finding.confidence)
        if finding.fix is not None:
            values[_FIX] = _row_of_fix(finding.fix)
        if finding.unfixed is not None:
            values[_UNFIXED] = finding.unfixed.reason
        values[_CHAIN] = [tuple(span) for span in finding.chain]
        values[_PARTS] = [tuple(span) for span in finding.parts]
        others = [[tuple(row) for row in rows] for rows in (one.chain, one.parts, one.regions)]
        return [values, tuple(one.place), one.reason, one.by, one.until, one.accepted_by, *others]

    def _number_of(self, rule: RuleInfo) -> int:
        number = self._numbers.setdefault(id(rule), len(self._known))
        if number == len(self._known):
            self._known.append(rule)  # kept, so that no other object can get its id
        return number


def _row_of_fix(fix: Fix) -> Row:
    values = list(_values_of_fix(fix))
    values[_TIER] = int(fix.tier)
    values[_EDITS] = [(tuple(edit.span), edit.text) for edit in fix.edits]
    values[_KEYS] = dict(fix.keys)
    values[_FILES] = list(map(_values_of_file, fix.files))
    return values


class Receiver:
    """Turns the bytes of one sender back, in their order."""

    def __init__(self) -> None:
        self._rules: list[RuleInfo] = []

    def unpack(self, data: bytes) -> tuple[int, FileReport]:
        """The number and the report that were packed."""
        number, row, fresh = marshal.loads(data)
        if fresh:
            self._rules += pickle.loads(fresh)
        return number, self._report(row)

    def _report(self, row: Row) -> FileReport:
        path, kind, findings, suppressed, rest, revealed = row
        bare = pickle.loads(rest) if rest else FileReport(path, kind)
        return bare._replace(
            findings=self._diagnostics(findings),
            suppressed=self._diagnostics(suppressed),
            revealed=None if revealed is None else self._report(revealed),
        )

    def _diagnostics(self, rows: Iterable[Row]) -> tuple[Diagnostic, ...]:
        return tuple([self._diagnostic(*row) for row in rows])

    def _diagnostic(
        self,
        values: Row,
        place: tuple[Any, ...],
        reason: str,
        by: str,
        until: str,
        who: str,
        *others: list[Row],
    ) -> Diagnostic:
        values[_RULE] = self._rules[values[_RULE]]
        values[_SPAN] = Span(*values[_SPAN])
        values[_SEVERITY] = _SEVERITIES[values[_SEVERITY]]
        values[_CONFIDENCE] = _CONFIDENCES[values[_CONFIDENCE]]
        if values[_FIX] is not None:
            values[_FIX] = _fix(values[_FIX])
        if values[_UNFIXED] is not None:
            values[_UNFIXED] = Refusal(values[_UNFIXED])
        values[_CHAIN] = tuple([Span(*span) for span in values[_CHAIN]])
        values[_PARTS] = tuple([Span(*span) for span in values[_PARTS]])
        chain, parts, edited = others
        declared, more = (tuple([Place(*one) for one in places]) for places in (chain, parts))
        regions = tuple([Region(*one) for one in edited])
        return Diagnostic(Finding(*values), Place(*place), reason, by, declared, more, regions, until, who)


def _fix(values: Row) -> Fix:
    values[_TIER] = _TIERS[values[_TIER]]
    values[_EDITS] = tuple([Edit(Span(*span), text) for span, text in values[_EDITS]])
    values[_FILES] = tuple([NewFile(*file) for file in values[_FILES]])
    return Fix(*values)
