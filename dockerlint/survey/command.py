"""A run of a survey: the input in parts, those that are missing judged, and the tables of all."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple, TextIO

from dockerlint.report.screen import complaint, harmless, visible
from dockerlint.ruleset.stored.inforce import facts_in_force
from dockerlint.run.output import Progress
from dockerlint.survey.cluster import judge_on_cluster
from dockerlint.survey.extras import library
from dockerlint.survey.input import parts_of
from dockerlint.survey.judging import Task
from dockerlint.survey.local import Judged, judge_here
from dockerlint.survey.output import (
    OVERVIEW,
    VERSION,
    PartManifest,
    is_done,
    manifest_of,
    prepare,
    read_manifests,
    remove_part,
    write_json,
)
from dockerlint.survey.parts import SurveyPart
from dockerlint.survey.settings import SurveySettings, identity_of
from dockerlint.survey.tables import TABLES

FAILED: Final = 2
_NAMED: Final = 5
"""Parts whose trouble is told."""


class SurveyRequest(NamedTuple):
    """What the user asks for."""

    source: str
    folder: str
    settings: SurveySettings
    day: date | None = None
    """The day that the user named; None for that of an earlier run, or of the clock."""
    jobs: int = 0
    """Processes; 0 for one a core."""
    scheduler: str = ""
    """The address of a Dask scheduler; "" for this machine."""
    size: int = 0
    depth: int = 1


def run_survey(request: SurveyRequest, stdout: TextIO, stderr: TextIO) -> int:
    """Bring the tables up to date; the exit code is 0 where all parts are in them. Raises UserError."""
    began = time.perf_counter()
    library("pyarrow")  # before anything is made
    folder = os.path.realpath(request.folder)
    settings = request.settings._replace(day=_day(request, prepare(folder)))
    identity = identity_of(settings)
    told = {"version": VERSION, "day": str(settings.day), **identity._asdict()}
    write_json(os.path.join(folder, OVERVIEW), told)
    parts = list(parts_of(request.source, request.size, request.depth))
    done = read_manifests(folder)
    for gone in done.keys() - {part.id for part in parts}:
        remove_part(folder, gone)
    wanted = {part.id: manifest_of(part, identity, {}) for part in parts}
    missing = [part for part in parts if not is_done(folder, wanted[part.id], done.get(part.id))]
    for part in missing:
        remove_part(folder, part.id)
    tasks = [Task(part, settings, identity, folder) for part in missing]
    troubles = list(_judge(request, tasks, Progress(stderr), began))
    found = read_manifests(folder)
    for line in _troubles(troubles):
        stderr.write(complaint(line))
    if why := facts_in_force().trouble:
        stderr.write(complaint(why))
    stdout.write(harmless(visible(_summary(parts, missing, found, time.perf_counter() - began)) + "\n"))
    return FAILED if troubles else 0


def _day(request: SurveyRequest, before: dict[str, object]) -> date:
    """The day of the tables: an earlier run goes on with its own, unless the user names another."""
    if request.day is not None:
        return request.day
    return date.fromisoformat(str(before["day"])) if "day" in before else date.today()


def _judge(
    request: SurveyRequest, tasks: Sequence[Task], progress: Progress, began: float
) -> Iterator[Judged]:
    """Judge the parts; gives those that could not be."""
    files = 0
    for one in _judged(request, tasks, progress.interrupt) if tasks else ():
        if one.manifest is None:
            yield one
        else:
            files += one.manifest.rows["files"]
        progress.tell(files, time.perf_counter() - began)
    progress.clear()


def _judged(request: SurveyRequest, tasks: Sequence[Task], tell: Callable[[str], None]) -> Iterator[Judged]:
    if request.scheduler:
        return judge_on_cluster(tasks, request.scheduler, tell)
    return judge_here(tasks, request.jobs or os.cpu_count() or 1, tell)


def _troubles(troubles: Sequence[Judged]) -> Iterator[str]:
    for one in troubles[:_NAMED]:
        yield f"part {one.task.part.id}: {one.trouble}"
    if len(troubles) > _NAMED:
        yield f"and {len(troubles) - _NAMED} more parts"


def _summary(
    parts: Sequence[SurveyPart], missing: Sequence[SurveyPart], found: dict[str, PartManifest], seconds: float
) -> str:
    totals = {table: sum(one.rows[table] for one in found.values()) for table in TABLES}
    counts = ", ".join(f"{number:,} {table}" for table, number in totals.items())
    done = sum(part.id in found for part in missing)
    return (
        f"{counts} in {len(found):,} of {len(parts):,} parts, {done:,} of them judged now ({seconds:.1f} s)"
    )
