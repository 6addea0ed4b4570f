"""All that is told about a list of recommendations once a run is over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from typing import NamedTuple

from dockerlint.report import Style
from dockerlint.report.benchmark import RENDERERS
from dockerlint.report.benchmark.recommendations import HOST, JUDGEMENT, RULE, Benchmark
from dockerlint.report.benchmark.verdicts import Status, Verdict, Verdicts
from dockerlint.report.results import FileReport
from dockerlint.report.summary import Summary


class BenchmarkResult(NamedTuple):
    """A list, and what a run came to; without inputs, what would decide."""

    benchmark: Benchmark
    verdicts: tuple[Verdict, ...]
    files: tuple[tuple[str, str], ...]
    """Path and kind of every input."""
    troubles: tuple[str, ...]
    """What is missing from the verdicts."""
    summary: Summary

    @property
    def is_judged(self) -> bool:
        """There was something to judge."""
        return bool(self.files)

    @property
    def exit_code(self) -> int:
        """That of the run; 0 for a list alone."""
        return self.summary.exit_code if self.is_judged else 0

    @property
    def statuses(self) -> Mapping[str, int]:
        """Every status with the number of recommendations that came to it."""
        counts = {one.value: 0 for one in Status}
        for verdict in self.verdicts:
            counts[verdict.status.value] += 1
        return counts

    @property
    def deciders(self) -> Mapping[str, int]:
        """How many recommendations rules decide, a person, and the state of the host."""
        found = [one.by for one in self.benchmark.recommendations]
        return {by: found.count(by) for by in (RULE, JUDGEMENT, HOST)}

    @property
    def totals(self) -> str:
        """The denominator, its parts, and where the exit code becomes 1."""
        counts = self.statuses if self.is_judged else {_told(by): n for by, n in self.deciders.items()}
        parts = ", ".join(f"{number} {said}" for said, number in counts.items() if number)
        whole = f"{len(self.benchmark.recommendations)} recommendations: {parts}"
        if not self.is_judged:
            return whole
        fail_on = self.summary.fail_on
        return f"{whole}   {'never failing' if fail_on is None else f'failing at {fail_on}'}"


def _told(by: str) -> str:
    return {HOST: "host state", RULE: "decided by rules"}.get(by, by)


class BenchmarkReport:
    """One format: the verdicts are known at the end, so everything is written then."""

    def __init__(self, style: Style, benchmark: Benchmark, format: str) -> None:
        self._style = style
        self._benchmark = benchmark
        self._render = _renderer(format)
        self._verdicts = Verdicts(benchmark.recommendations)
        self._files: list[tuple[str, str]] = []
        self._troubles: list[str] = []

    def begin(self) -> str:
        return ""

    def add(self, report: FileReport) -> str:
        self._files.append((report.path, report.kind))
        self._verdicts.add(report)
        self._troubles += _troubles(report)
        return ""

    def end(self, summary: Summary) -> Iterable[str]:
        told = (*self._troubles, *map(str, summary.mistakes))
        result = BenchmarkResult(
            self._benchmark, tuple(self._verdicts), tuple(self._files), tuple(told), summary
        )
        return self._render(result, self._style)


def _renderer(format: str) -> Callable[[BenchmarkResult, Style], Iterable[str]]:
    module, _, name = RENDERERS[format].partition(":")
    found: Callable[[BenchmarkResult, Style], Iterable[str]] = getattr(import_module(module), name)
    return found


def _troubles(report: FileReport) -> Iterator[str]:
    told = [f"not evaluated: {failure}" for failure in report.failures]
    told += [f"not read: {gap.message}" for gap in report.gaps]
    if report.obstacle is not None:
        told.append(f"not linted: {report.obstacle}")
    return (f"{report.path}: {one}" for one in told)
