"""A line for each recommendation, and what speaks against it below."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from dockerlint.report import Style
from dockerlint.report.benchmark.result import BenchmarkResult
from dockerlint.report.benchmark.verdicts import Status, Verdict
from dockerlint.report.benchmark.wording import accepted, decider, place, said, status
from dockerlint.report.screen import Paint, harmless, visible

_MARKS: Final = {
    Status.PASS: ("✔", "+"),
    Status.FAIL: ("✘", "x"),
    Status.NOT_APPLICABLE: ("·", "-"),
    Status.UNKNOWN: ("?", "?"),
    Status.HOST: ("·", "-"),
}
"""How a status looks, and how it does in ASCII."""
_SHOWN: Final = 5
"""Findings that are told for one recommendation."""


def lines(result: BenchmarkResult, style: Style) -> Iterator[str]:
    """The whole report."""
    page = _BenchmarkPage(result, style)
    yield from (harmless(f"{line.rstrip()}\n") for line in page.lines())


class _BenchmarkPage:
    def __init__(self, result: BenchmarkResult, style: Style) -> None:
        self._result = result
        self._style = style
        self._paint = Paint(style.colour)
        self._margin = max(len(one.recommendation.id) for one in result.verdicts) + 2

    def lines(self) -> Iterator[str]:
        yield self._paint.bold(self._result.benchmark.name)
        for section, members in groupby(self._result.verdicts, lambda one: one.recommendation.section):
            yield self._paint.bold(section)
            for verdict in members:
                yield from self._judged(verdict) if self._result.is_judged else self._listed(verdict)
        yield from map(self._clean, self._result.troubles)
        yield self._result.totals

    def _listed(self, verdict: Verdict) -> Iterator[str]:
        one = verdict.recommendation
        grade = f"level {one.level}" if one.level else one.severity
        yield f"  {one.id:{self._margin}}{self._clean(f'{one.title} ({grade}; {decider(one)})')}"

    def _judged(self, verdict: Verdict) -> Iterator[str]:
        one, severity = verdict.recommendation, verdict.severity
        graded = "" if severity is None else str(severity)
        mark = f"{_MARKS[verdict.status][self._style.ascii]} {graded:8}"
        if severity is not None:
            mark = self._paint.severity(mark, severity)
        is_plain = verdict.status in (Status.PASS, Status.FAIL)
        title = one.title if is_plain else f"{one.title} ({status(verdict)})"
        yield f"  {mark}  {one.id:{self._margin}}{self._clean(title)}"
        if not self._style.quiet:
            indent = " " * (self._margin + 14)
            yield from (f"{indent}{line}" for line in self._evidence(verdict))

    def _evidence(self, verdict: Verdict) -> Iterator[str]:
        for one in verdict.failed[:_SHOWN]:
            yield self._clean(f"{place(one)}  {said(one)}")
        if len(verdict.failed) > _SHOWN:
            yield f"and {len(verdict.failed) - _SHOWN} more"
        for one in verdict.accepted[:_SHOWN]:
            yield self._paint.dim(self._clean(f"{place(one)}  {accepted(one)}"))

    def _clean(self, text: str) -> str:
        return visible(text, self._style.ascii)
