"""The verdicts on a list of recommendations as a page of Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from dockerlint.report import Style
from dockerlint.report.benchmark.result import BenchmarkResult
from dockerlint.report.benchmark.verdicts import Verdict
from dockerlint.report.benchmark.wording import accepted, decider, place, said, status
from dockerlint.report.formats.markdown import escaped
from dockerlint.report.screen import visible

_JUDGED: Final = "| number | status | recommendation | evidence |\n|---|---|---|---|\n"
_LISTED: Final = "| number | decided by | recommendation |\n|---|---|---|\n"
_SHOWN: Final = 20
"""Findings that are told for one recommendation."""


def page(result: BenchmarkResult, style: Style) -> Iterator[str]:
    """A table for each section below the totals."""
    yield f"## {_text(result.benchmark.name)}\n\n{_text(result.totals)}\n"
    yield from (f"\n* {_text(one)}" for one in result.troubles)
    for section, members in groupby(result.verdicts, lambda one: one.recommendation.section):
        yield f"\n### {_text(section)}\n\n{_JUDGED if result.is_judged else _LISTED}"
        for verdict in members:
            yield _judged(verdict) if result.is_judged else _listed(verdict)


def _listed(verdict: Verdict) -> str:
    one = verdict.recommendation
    return f"| {one.id} | {_text(decider(one))} | {_text(one.title)} |\n"


def _judged(verdict: Verdict) -> str:
    one, severity = verdict.recommendation, verdict.severity
    graded = status(verdict) if severity is None else f"{status(verdict)} ({severity})"
    told = [f"<code>{_text(place(each))}</code> {_text(said(each))}" for each in verdict.failed[:_SHOWN]]
    if len(verdict.failed) > _SHOWN:
        told.append(f"and {len(verdict.failed) - _SHOWN} more")
    told += (_text(accepted(each)) for each in verdict.accepted[:_SHOWN])
    return f"| {one.id} | {_text(graded)} | {_text(one.title)} | {'<br>'.join(told)} |\n"


def _text(text: str) -> str:
    return escaped(visible(text))
