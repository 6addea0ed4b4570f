#!/usr/bin/env python3
"""Measure how the time of check and fix grows with each shape of input, and what the largest cost.

    python benchmarks/growth.py                      every shape at n and 2n: fails above 2.6 times the time
    python benchmarks/growth.py --limits             every shape at 900 kB, and hostile files: time and memory
    python benchmarks/growth.py --only "RUNs" --fix  one shape (a part of its name), fix alone
    python benchmarks/growth.py --size 100000        n such that the larger input has so many bytes

Times are processor time of a whole process without what a start costs; a suspicious row is measured again.
Exit code 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from shapes import HOSTILE, SHAPES, Files, Shape

MOST_PER_DOUBLING = 2.6
LEAST_SECONDS = 0.2
"""What the larger input costs at least, above a start, for a growth to be told from noise."""
STARTS_OF_PYTHON = 150
"""A file of LARGE bytes costs at most so many starts of `python -c pass`."""
LARGE = 900_000
LARGE_MEGABYTES = 400
HOSTILE_SECONDS = 1.0
HOSTILE_MEGABYTES = 200
STUCK_SECONDS = 60
"""Processor time after which a process is stopped."""

STUCK_KILOBYTES = 6_000_000
"""Address space after which it gets no more."""

COMMANDS = {"check": ["check", "--fail-on", "never"], "fix": ["fix", "--harden", "--fail-on", "never"]}
EVERY_RULE = ["--profile", "strict"]
"""More findings, so that what is done for each of them is measured too."""


class Cost(NamedTuple):
    """What one process used."""

    seconds: float
    """Processor time."""
    megabytes: float
    """Largest resident size."""
    exit_code: int
    """Negative where a signal ended it."""


class Row(NamedTuple):
    """One measurement held to its bar."""

    shape: str
    command: str
    told: str
    is_kept: bool


def main() -> int:
    arguments = _arguments()
    commands = [name for name in COMMANDS if getattr(arguments, name)] or list(COMMANDS)
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(Path(scratch))
        measured = _limits if arguments.limits else _growth
        missed = 0
        for row in measured(bench, arguments, commands):
            missed += not row.is_kept
            mark = "" if row.is_kept else "  MISSED"
            print(f"{row.shape:42} {row.command:6} {row.told}{mark}", flush=True)
    print(f"{missed} missed")
    return 1 if missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", metavar="NAME", default="", help="shapes whose name holds this")
    parser.add_argument("--check", action="store_true", help="measure check alone")
    parser.add_argument("--fix", action="store_true", help="measure fix alone")
    parser.add_argument("--size", type=int, metavar="BYTES", help="of the larger input")
    parser.add_argument("--limits", action="store_true", help="hold large and hostile files to their bars")
    return parser.parse_args()


class Bench:
    """Runs dockerlint on projects in a scratch folder."""

    def __init__(self, scratch: Path) -> None:
        self.project = scratch / "project"
        self.output = scratch / "output"
        self.start_of_python = median(self._run([sys.executable, "-c", "pass"]).seconds for _ in range(15))
        self._starts: dict[tuple[str, ...], float] = {}

    def cost(self, files: Files, command: str, options: Sequence[str] = ()) -> Cost:
        """Of one run over the files."""
        shutil.rmtree(self.project, ignore_errors=True)
        for path, text in files.items():
            target = self.project / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        return self._run([*_dockerlint(), *COMMANDS[command], *options, str(self.project)])

    def above_start(self, files: Files, command: str, small: Files) -> Cost:
        """The same by every rule, without what a run over small files costs."""
        key = (command, *small)
        if key not in self._starts:
            self._starts[key] = min(self.cost(small, command, EVERY_RULE).seconds for _ in range(3))
        cost = self.cost(files, command, EVERY_RULE)
        return cost._replace(seconds=cost.seconds - self._starts[key])

    def _run(self, words: list[str]) -> Cost:
        with open(self.output, "wb") as output:
            process = subprocess.Popen(
                [
                    "/bin/sh",
                    "-c",
                    f'ulimit -t {STUCK_SECONDS}; ulimit -v {STUCK_KILOBYTES}; exec "$@"',
                    "sh",
                    *words,
                ],
                stdout=output,
                stderr=output,
                cwd=self.output.parent,
            )
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode)


def _dockerlint() -> list[str]:
    return [sys.executable, "-m", "dockerlint"]


def _growth(bench: Bench, arguments: argparse.Namespace, commands: list[str]) -> Iterator[Row]:
    for shape in _chosen(arguments.only):
        for command in commands:
            yield _grown(bench, shape, command, arguments.size)


def _chosen(part: str) -> list[Shape]:
    return [shape for shape in SHAPES if part in shape.name]


def _grown(bench: Bench, shape: Shape, command: str, size: int | None) -> Row:
    small = shape.make(1)
    length = size or _telling_size(bench, shape, command)
    short, long = shape.sized(length // 2), shape.sized(length)
    ratio = first = second = 0.0
    for _ in range(3):
        first = bench.above_start(short, command, small).seconds
        cost = bench.above_start(long, command, small)
        second = cost.seconds
        ratio = second / max(first, 0.01)
        is_kept = cost.exit_code in (0, 2) and (ratio <= MOST_PER_DOUBLING or second < LEAST_SECONDS / 2)
        if is_kept:
            break
    told = f"{length:9,} B {first:7.2f} → {second:6.2f} s  × {ratio:4.1f}  {cost.megabytes:5.0f} MB"
    return Row(shape.name, command, f"{told}  exit {cost.exit_code}", is_kept)


def _telling_size(bench: Bench, shape: Shape, command: str) -> int:
    """The smallest of a row of sizes whose time can be told from noise; the largest where none can."""
    length = 14_000
    while length < LARGE:
        cost = bench.above_start(shape.sized(length), command, shape.make(1))
        if cost.seconds > 2 * LEAST_SECONDS:
            return length
        length *= 2
    return LARGE


def _limits(bench: Bench, arguments: argparse.Namespace, commands: list[str]) -> Iterator[Row]:
    size = arguments.size or LARGE
    for command in commands:
        for shape in _chosen(arguments.only):
            cost = bench.cost(shape.sized(size), command)
            starts = cost.seconds / bench.start_of_python
            is_kept = starts <= STARTS_OF_PYTHON and cost.megabytes <= LARGE_MEGABYTES
            yield _held(shape.name, command, cost, f"{starts:.0f} starts", is_kept)
        for name, files in HOSTILE.items():
            if arguments.only in name:
                cost = bench.cost(files, command)
                is_kept = cost.seconds <= HOSTILE_SECONDS and cost.megabytes <= HOSTILE_MEGABYTES
                yield _held(name, command, cost, "hostile", is_kept)


def _held(name: str, command: str, cost: Cost, measure: str, is_kept: bool) -> Row:
    told = f"{cost.seconds:6.2f} s {measure:>14} {cost.megabytes:6.0f} MB  exit {cost.exit_code}"
    return Row(name, command, told, is_kept and cost.exit_code in (0, 2))


if __name__ == "__main__":
    sys.exit(main())
