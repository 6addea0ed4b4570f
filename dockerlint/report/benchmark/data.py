"""The verdicts on a list of recommendations for programs: one JSON object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dockerlint.report import Style
from dockerlint.report.benchmark.result import BenchmarkResult
from dockerlint.report.benchmark.verdicts import Evidence, Verdict
from dockerlint.report.json import encoded, separated

VERSION: Final = 1
"""Rises when a program that read the last version could no longer read this one."""


def document(result: BenchmarkResult, style: Style) -> Iterator[str]:
    """The whole object, a recommendation a line."""
    named = {"name": result.benchmark.name, "version": result.benchmark.version}
    yield f'{{"version": {VERSION},\n"benchmark": {encoded(named)},\n"recommendations": ['
    yield from separated(encoded(_row(one, result.is_judged)) for one in result.verdicts)
    files = [{"path": path, "kind": kind} for path, kind in result.files]
    yield f'\n],\n"files": {encoded(files)},\n"problems": {encoded(list(result.troubles))},\n'
    yield f'"summary": {encoded(_summary(result))}}}\n'


def _row(verdict: Verdict, is_judged: bool) -> dict[str, Any]:
    one = verdict.recommendation
    told: dict[str, Any] = {
        "id": one.id,
        "section": one.section,
        "title": one.title,
        **({"level": one.level} if one.level else {"severity": one.severity}),
        "decided_by": one.by,
        "rules": sorted(one.rules),
    }
    if not is_judged:
        return told
    return told | {
        "status": verdict.status.value,
        "why": verdict.why,
        "passed": verdict.passed,
        "evidence": [_finding(each) for each in verdict.failed],
        "accepted": [_finding(each) | {"reason": each.diagnostic.reason} for each in verdict.accepted],
        "undecided": list(verdict.unknown),
    }


def _finding(one: Evidence) -> dict[str, Any]:
    finding, place = one.diagnostic.finding, one.diagnostic.place
    return {
        "rule": finding.rule.id,
        "severity": str(finding.severity),
        "message": finding.message,
        "subject": finding.subject,
        "path": place.path,
        "line": place.line,
        "column": place.column,
    }


def _summary(result: BenchmarkResult) -> dict[str, Any]:
    fail_on = result.summary.fail_on
    return {
        "recommendations": len(result.verdicts),
        "decided_by": dict(result.deciders),
        **({"statuses": dict(result.statuses)} if result.is_judged else {}),
        "fail_on": "never" if fail_on is None else str(fail_on),
        "exit_code": result.exit_code,
    }
