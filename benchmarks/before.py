#!/usr/bin/env python3
"""Compare dockerlint with an earlier build of itself, in one run: it must not get slower by more than 3 %.

usage: before.py --before 'COMMAND' [--now 'COMMAND'] FOLDER

The two commands take turns, so that a machine that slows down slows both; what counts is the median of the
ratios pair by pair, of processor time and not of the clock. Exit status 1 when one is above the bound.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from compare import DOCKERFILE, SERVICE

BOUND = 1.03


def main() -> int:
    arguments = _arguments()
    before, now = arguments.before.split(), arguments.now.split()
    is_slower = False
    with tempfile.TemporaryDirectory() as scratch:
        for what, paths, runs in _works(Path(scratch), arguments.folder, arguments.runs):
            command = ["check", "--quiet", "--fail-on", "never", *paths]
            ratios = sorted(_pairs([*before, *command], [*now, *command], runs))
            ratio = median(ratios)
            is_slower = is_slower or ratio > BOUND
            print(f"{what:30} {ratio:6.3f} × before   ({ratios[0]:.3f} to {ratios[-1]:.3f}, {runs} pairs)")
    return int(is_slower)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="many Dockerfiles and Compose files")
    parser.add_argument("--before", required=True, help="command of the earlier build, split at blanks")
    parser.add_argument("--now", default=f"{sys.executable} -m dockerlint", help="command of this build")
    parser.add_argument("--runs", type=int, default=40, help="pairs of starts (default 40)")
    return parser.parse_args()


def _works(scratch: Path, folder: Path, runs: int) -> Iterator[tuple[str, Sequence[str], int]]:
    """What is measured: its name, the paths to check, and how many pairs of runs."""
    dockerfile, compose = scratch / "Dockerfile", scratch / "compose.yaml"
    dockerfile.write_text(DOCKERFILE)
    compose.write_text("services:\n" + SERVICE.format(number=1, port=8001) + "volumes:\n  data:\n")
    yield "start, one Dockerfile", [str(dockerfile)], runs
    yield "start, one Compose file", [str(compose)], runs
    yield "a folder", [str(folder)], max(runs // 8, 3)


def _pairs(before: Sequence[str], now: Sequence[str], runs: int) -> Iterator[float]:
    for command in (before, now):
        _seconds(command)
    for _ in range(runs):
        earlier = _seconds(before)
        yield _seconds(now) / earlier


def _seconds(command: Sequence[str]) -> float:
    """Processor time of a process and of those that it started; `os.times` counts in hundredths only."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, stdout=subprocess.DEVNULL, env=environment)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:3])} … ended with {done.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
