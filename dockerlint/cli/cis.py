"""A `cis` line: the list of recommendations that is asked for, and the run that judges by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TextIO

from dockerlint.cli.arguments import CheckLine, UsageError, one_of, options_of
from dockerlint.cli.audit import asked_of_docker, given_lines
from dockerlint.linting.selection import SelectionFlags
from dockerlint.report.benchmark import BENCHMARKS, LEVELS, NEWEST, RENDERERS
from dockerlint.report.benchmark.recommendations import Benchmark, read_benchmark
from dockerlint.report.benchmark.result import BenchmarkReport
from dockerlint.report.summary import Summary
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.check import Options
from dockerlint.run.output import Output, style_for


def benchmark_of(version: str | None, level: str | None) -> Benchmark:
    """The list that a command line names; raises UsageError for one that there is not."""
    wanted = one_of("--benchmark", version, BENCHMARKS) or NEWEST
    least = one_of("--level", level, LEVELS) or LEVELS[-1]
    return read_benchmark(wanted, int(least), load_ruleset().infos.values())


def cis_options(
    written: CheckLine, benchmark: Benchmark, lines: Sequence[str] = (), asks_docker: bool = False
) -> Options:
    """What a run needs to know; raises UsageError for a format that there is not."""
    given = (*given_lines(lines), *(asked_of_docker() if asks_docker else ()))
    options = options_of(written)
    for format in options.formats:
        if format.name not in RENDERERS:
            raise UsageError(f"--format: {format.name!r} is not one of {', '.join(RENDERERS)}")
    return replace(
        options,
        paths=tuple(written.paths),
        given=given,
        flags=SelectionFlags(select=benchmark.rules, min_confidence=options.flags.min_confidence),
        verdicts=lambda format, style: BenchmarkReport(style, benchmark, format),
    )


def print_deciders(options: Options, stdout: TextIO) -> int:
    """Without inputs: the list, and what decides each recommendation."""
    assert options.verdicts is not None
    style = style_for(stdout, options.colour, options.quiet)
    with Output(options.formats, stdout, style, opened_by=options.verdicts) as output:
        output.begin()
        output.end(Summary())
    return 0
