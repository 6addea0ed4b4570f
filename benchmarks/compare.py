#!/usr/bin/env python3
"""Compare dockerlint with hadolint and compose-lint over any two folders, in one run on this machine.

usage: compare.py [options] DOCKERFILES COMPOSE

Every regular file of the first folder is read as a Dockerfile, every one of the second as a Compose file.
What counts are ratios: start-up is told in starts of `python -c pass` of this interpreter, throughput in
files a second of the other linter, growth in time of a file a tenth as long. A linter that is not installed
is left out. Exit status 1 when a budget is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import NamedTuple

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
BATCH_BYTES = 100_000
"""Length of the arguments of one process; POSIX promises 4,096, Linux and macOS take much more."""
DOCKERFILE = """\
FROM node:22-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci
COPY src/ src/
RUN npm run build

FROM node:22-bookworm-slim
ENV NODE_ENV=production \\
    PORT=8080
RUN apt-get update && \\
    apt-get install -y --no-install-recommends tini curl && \\
    rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /src/dist ./dist
COPY --from=build /src/node_modules ./node_modules
USER node
EXPOSE 8080
ENTRYPOINT ["tini", "--"]
CMD ["node", "dist/server.js"]
"""
SERVICE = """\
  app{number}:
    image: ghcr.io/example/app:1.4
    restart: unless-stopped
    environment:
      LOG_LEVEL: info
      DATABASE: postgres://db{number}/app
    ports:
      - "127.0.0.1:{port}:8080"
    volumes:
      - data:/var/lib/app
"""
LAYER = """\
RUN apt-get update && apt-get install -y --no-install-recommends curl={number}.* \\
    && rm -rf /var/lib/apt/lists/*
ENV STEP_{number}=done
COPY part{number}/ /srv/part{number}/
"""


class Linter(NamedTuple):
    """Another linter and how to start it on files."""

    name: str
    command: list[str]


class Row(NamedTuple):
    """One measured line and the budget it is held to, if any."""

    what: str
    value: str
    ratio: float
    budget: Callable[[float], bool] | None
    promise: str


def main() -> int:
    arguments = _arguments()
    dockerlint = arguments.dockerlint.split() if arguments.dockerlint else _installed_dockerlint()
    peers = {"dockerfile": _peer("hadolint", ["--no-fail"]), "compose": _peer("compose-lint", ["check"])}
    folders = {"dockerfile": arguments.dockerfiles, "compose": arguments.compose}
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        rows += _starts(dockerlint, peers, root, arguments.runs)
        for kind, folder in folders.items():
            rows += _throughput(dockerlint, peers[kind], kind, _copies(folder, kind, root, arguments.limit))
        rows += _growth(dockerlint, root)
    return _print(rows)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("dockerfiles", type=Path, metavar="DOCKERFILES")
    parser.add_argument("compose", type=Path, metavar="COMPOSE")
    parser.add_argument("--dockerlint", help="command to start dockerlint with, split at blanks")
    parser.add_argument("--runs", type=int, default=15, help="starts to take the median of (default 15)")
    parser.add_argument("--limit", type=int, help="files to take from each folder (default all)")
    arguments = parser.parse_args()
    for folder in (arguments.dockerfiles, arguments.compose):
        if not folder.is_dir():
            parser.error(f"{folder} is not a folder")
    return arguments


def _installed_dockerlint() -> list[str]:
    """The command beside this interpreter, as users start it, else the package by name."""
    script = shutil.which("dockerlint", path=str(Path(sys.executable).parent))
    return [script] if script else [sys.executable, "-m", "dockerlint"]


def _peer(name: str, options: list[str]) -> Linter | None:
    search = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    found = shutil.which(name, path=search)
    if found is None:
        print(f"{name} is not installed: left out", file=sys.stderr)
    return Linter(name, [found, *options]) if found else None


def _starts(dockerlint: list[str], peers: dict[str, Linter | None], root: Path, runs: int) -> Iterator[Row]:
    """Whole processes on one short file, taken in turns so that a busy moment hits all alike."""
    short = {
        "dockerfile": _file(root / "Dockerfile", DOCKERFILE),
        "compose": _file(root / "compose.yaml", _services(3)),
    }
    budgets = {"dockerfile": 8.0, "compose": 11.0}
    commands = {"python -c pass": [sys.executable, "-c", "pass"]}
    commands |= {f"dockerlint, one {kind}": [*dockerlint, "check", str(path)] for kind, path in short.items()}
    for kind, peer in peers.items():
        if peer:
            commands[f"{peer.name}, one {kind}"] = [*peer.command, str(short[kind])]
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs + 1):
        for name, command in commands.items():
            times[name].append(_seconds(command))
    bare = median(times["python -c pass"][1:])
    for name, taken in times.items():
        ratio = median(taken[1:]) / bare
        limit = budgets[name.rpartition(" ")[2]] if name.startswith("dockerlint") else None
        yield _at_most(f"start: {name}", f"{ratio * bare * 1000:.1f} ms", ratio, limit)


def _throughput(dockerlint: list[str], peer: Linter | None, kind: str, folder: Path) -> Iterator[Row]:
    """Whole runs over the folder, best of three, on all cores; a peer that uses one gets a process a core."""
    files = sorted(str(path) for path in folder.iterdir())
    if not files:
        return
    options = ["check", "--kind", kind, "--fail-on", "never", "--format", "json", str(folder)]
    _check_that_all_are_judged([*dockerlint, *options], len(files))
    ours = len(files) / min(_seconds([*dockerlint, *options]) for _ in range(3))
    theirs = len(files) / min(_seconds_in_batches(peer.command, files) for _ in range(3)) if peer else None
    wanted = 5.0 if kind == "dockerfile" else 2.0
    yield Row(
        f"folder: dockerlint, {len(files)} {kind} files",
        f"{ours:.0f} files/s",
        ours / theirs if theirs else 0.0,
        (lambda ratio: ratio >= wanted) if theirs else None,
        f"≥ {wanted:g} × {peer.name}" if peer else "",
    )
    if peer and theirs:
        yield Row(f"folder: {peer.name}, {len(files)} {kind} files", f"{theirs:.0f} files/s", 1.0, None, "")


def _check_that_all_are_judged(command: list[str], count: int) -> None:
    """A linter that gives up early is not fast."""
    done = subprocess.run(command, capture_output=True, check=False)
    try:
        summary = json.loads(done.stdout)["summary"]
    except ValueError:
        sys.exit(f"no report from {' '.join(command)}: {done.stderr.decode(errors='replace')[-500:]}")
    if (summary["files"], summary["troubles"]) != (count, 0):
        print(
            f"of {count} files {summary['files']} were read, {summary['troubles']} not judged",
            file=sys.stderr,
        )


def _growth(dockerlint: list[str], root: Path) -> Iterator[Row]:
    """A file and one ten times as long, start-up taken off both."""
    makers: dict[str, Callable[[int], str]] = {"dockerfile": _layers, "compose": _services}
    for kind, make in makers.items():
        times = []
        for count in (1, 300, 3_000):
            path = _file(root / f"growth-{count}-{kind}", make(count))
            command = [
                *dockerlint,
                "check",
                "--kind",
                kind,
                "--fail-on",
                "never",
                "--format",
                "json",
                str(path),
            ]
            times.append(min(_seconds(command) for _ in range(3)))
        start, short, long = times
        ratio = (long - start) / max(short - start, 0.001)
        yield _at_most(f"growth: {kind} of 10 × the length", f"{short:.2f} → {long:.2f} s", ratio, 12.0)


def _at_most(what: str, value: str, ratio: float, limit: float | None) -> Row:
    if limit is None:
        return Row(what, value, ratio, None, "")
    return Row(what, value, ratio, lambda measured: measured <= limit, f"≤ {limit:g} ×")


def _layers(count: int) -> str:
    return "FROM debian:bookworm-slim\n" + "".join(LAYER.format(number=number) for number in range(count))


def _services(count: int) -> str:
    services = (SERVICE.format(number=number, port=10_000 + number) for number in range(count))
    return "services:\n" + "".join(services) + "volumes:\n  data:\n"


def _file(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _copies(folder: Path, kind: str, root: Path, limit: int | None) -> Path:
    """Copies under plain names, so that no linter chooses by name or reads what lies beside."""
    target = root / f"{kind}-files"
    target.mkdir()
    ending = "yaml" if kind == "compose" else "dockerfile"
    regular = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    for number, path in enumerate(regular[:limit]):
        shutil.copyfile(path, target / f"{number:06}.{ending}")
    return target


def _seconds_in_batches(command: list[str], files: list[str]) -> float:
    batches = _batches(files)
    start = time.perf_counter()
    with ThreadPoolExecutor(CORES) as pool:
        list(pool.map(lambda batch: _seconds([*command, *batch]), batches))
    return time.perf_counter() - start


def _batches(files: list[str]) -> list[list[str]]:
    """At least one batch a core, none with more arguments than a process takes."""
    batches: list[list[str]] = [[]]
    share, size = -(-len(files) // CORES), 0
    for name in files:
        if len(batches[-1]) == share or size + len(name) + 1 > BATCH_BYTES:
            batches.append([])
            size = 0
        batches[-1].append(name)
        size += len(name) + 1
    return batches


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def _print(rows: list[Row]) -> int:
    missed = 0
    print(f"{CORES} cores, Python {sys.version.split()[0]}")
    for row in rows:
        kept = row.budget is None or row.budget(row.ratio)
        missed += not kept
        verdict = "" if row.budget is None else "kept" if kept else "MISSED"
        print(f"{row.what:48} {row.value:>18} {row.ratio:7.1f} ×   {row.promise:18} {verdict}".rstrip())
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
