"""Hold a survey on a Dask cluster, one worker of which is killed, to one in a single process.

    python benchmarks/survey_input.py ../dockerfiles fleet.parquet
    python benchmarks/survey_proof.py fleet.parquet --rows 90000

Prints files per second, the memory of the workers over time, and how many rows of each table differ; ends
with 1 where any does, or where a second run judges anything. Without a file the texts are the examples of
the rules, each many times with another comment. Needs dockerlint[survey-dask].
"""

from __future__ import annotations

import argparse
import io
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import date
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow.parquet
from distributed import Client, LocalCluster

from dockerlint.ruleset.bundle import load_examples
from dockerlint.survey.command import SurveyRequest, run_survey
from dockerlint.survey.output import MANIFESTS
from dockerlint.survey.settings import SurveySettings
from dockerlint.survey.tables import TABLES

DAY = date(2026, 11, 30)


def survey(source: Path, folder: Path, profile: str, size: int, **more: object) -> tuple[str, float]:
    """What a run says, and the seconds it took."""
    settings = SurveySettings(DAY, profile=profile)
    request = SurveyRequest(str(source), str(folder), settings, DAY, size=size)._replace(**more)  # type: ignore[arg-type]
    out, err, began = io.StringIO(), io.StringIO(), time.perf_counter()
    code = run_survey(request, out, err)
    said = out.getvalue() + err.getvalue()
    if code:
        raise SystemExit(f"exit code {code}: {said}")
    return said, time.perf_counter() - began


def resident(pid: int) -> int:
    """Megabytes of a process that are in memory; 0 for one that is gone."""
    try:
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text("ascii"))
    except OSError:
        return 0
    return int(found[1]) // 1024 if found else 0


def watch(pids: Callable[[], list[int]], done: Callable[[], int], parts: int, memory: list[int]) -> None:
    """Note the memory of the largest worker, and kill one of them once a third of the parts is there."""
    is_killed = False
    while done() < parts:
        time.sleep(0.5)
        there = pids()
        memory.append(max(map(resident, there), default=0))
        if not is_killed and done() * 3 >= parts and there:
            print(f"killing worker {there[0]} with {done()} of {parts} parts done")
            os.kill(there[0], signal.SIGKILL)
            is_killed = True


def examples(rows: int) -> pyarrow.Table:
    """Texts of the rules' own examples, no two of them the same."""
    names = {"dockerfile": "Dockerfile", "compose": "compose.yaml"}
    texts = [
        (f"rules/{rule}", names[one["kind"]], one["bad"] if "bad" in one else one["good"])
        for rule, given in load_examples().items()
        for one in given
        if one.get("kind") in names and isinstance(one.get("bad", one.get("good")), str)
    ]
    chosen = [
        (f"{name}-{number}", path, f"{text}\n# {number}\n".encode())
        for number, (name, path, text) in zip(range(rows), cycle(texts), strict=False)
    ]
    columns = dict(zip(("repository", "path", "content"), zip(*chosen, strict=True), strict=True))
    return pyarrow.table({name: list(column) for name, column in columns.items()})


def differences(one: Path, other: Path) -> dict[str, tuple[int, int]]:
    """For each table its rows, and how many are in one of the two only."""
    connection = duckdb.connect()
    found = {}
    for table in TABLES:
        here, there = (f"SELECT * FROM read_parquet('{each / table}/*.parquet')" for each in (one, other))
        apart = f"({here} EXCEPT ALL {there}) UNION ALL ({there} EXCEPT ALL {here})"
        rows, differing = (
            connection.execute(f"SELECT count(*) FROM ({query})").fetchall()[0][0] for query in (here, apart)
        )
        found[table] = (rows, differing)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, nargs="?")
    parser.add_argument("--rows", type=int, default=90_000)
    parser.add_argument("--profile", default="default")
    parser.add_argument("--part-size", type=int, default=2_000)
    parser.add_argument("--workers", type=int, default=3)
    told = parser.parse_args()
    with TemporaryDirectory() as made:
        folder = Path(made)
        table = pyarrow.parquet.read_table(told.source) if told.source else examples(told.rows)
        table = table.slice(0, told.rows)
        source, rows = folder / "input.parquet", table.num_rows
        pyarrow.parquet.write_table(table, source, row_group_size=5 * told.part_size)
        parts = -(-rows // told.part_size)
        del table
        print(f"{rows:,} files in {parts} parts")
        said, seconds = survey(source, folder / "alone", told.profile, told.part_size, jobs=1)
        print(f"one process: {rows / seconds:.0f} files/s: {said.strip()}")
        with (
            LocalCluster(told.workers, threads_per_worker=1, dashboard_address=None) as cluster,
            Client(cluster) as client,
        ):
            known: list[int] = list(client.run(os.getpid).values())

            def done() -> int:
                return len(list((folder / "cluster" / MANIFESTS).glob("*.json")))

            memory: list[int] = []
            arguments = (lambda: [pid for pid in known if resident(pid)], done, parts, memory)
            watcher = threading.Thread(target=watch, args=arguments, daemon=True)
            watcher.start()
            address = cluster.scheduler_address
            said, seconds = survey(
                source, folder / "cluster", told.profile, told.part_size, scheduler=address
            )
            print(f"{told.workers} workers, one killed: {rows / seconds:.0f} files/s: {said.strip()}")
            alive = sum(resident(pid) > 0 for pid in known)
            print(f"workers of the beginning that are still there: {alive} of {told.workers}")
            half = memory[len(memory) // 2 :]
            print(f"memory of the largest: {max(memory[: len(memory) // 2])} MB, then {max(half)} MB")
            again, seconds = survey(
                source, folder / "cluster", told.profile, told.part_size, scheduler=address
            )
            print(f"second run ({seconds:.1f} s): {again.strip()}")
        found = differences(folder / "alone", folder / "cluster")
        for name, (count, differing) in found.items():
            print(f"{name}: {count:,} rows, {differing} differ")
    is_wrong = any(differing for _, differing in found.values()) or ", 0 of them judged now" not in again
    sys.exit(is_wrong)


if __name__ == "__main__":
    main()
