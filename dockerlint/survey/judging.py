"""One part, judged by one process: its files one after another, then its tables.

While it goes on, a note says at which file it is. A process that finds a note knows that another one died
there; a file at which two died is given up, so that no file keeps a part from being done.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from types import TracebackType
from typing import Final, NamedTuple

from dockerlint.report.results import FileReport, unlinted
from dockerlint.survey.files import SurveyLinter
from dockerlint.survey.input import files_of
from dockerlint.survey.output import ATTEMPTS, PartManifest, manifest_of, write_part
from dockerlint.survey.parts import SurveyError, SurveyPart
from dockerlint.survey.settings import Identity, SurveySettings, identity_of
from dockerlint.survey.tables import TABLES, Rows, rows_of

TRIES: Final = 2
"""Processes that may die at a file until it is given up."""
_DIED: Final = f"its process died {TRIES} times; please report it with the file"
_ONE_AT_A_TIME: Final = threading.Lock()
"""A worker of Dask may have threads; the budget of a file is that of its process."""


class Task(NamedTuple):
    """A part to judge, with all that a process elsewhere needs to know."""

    part: SurveyPart
    settings: SurveySettings
    identity: Identity
    folder: str
    """Where the tables are, by an absolute path that every process can write to."""


class TableRows:
    """The rows of a part, file by file."""

    def __init__(self, strict: frozenset[str]) -> None:
        self._strict = strict
        self.rows: Rows = {name: [] for name in TABLES}

    def add(self, repository: str, path: str, report: FileReport) -> None:
        """Take what a file adds."""
        for name, more in rows_of(repository, path, report, self._strict).items():
            self.rows[name] += more

    def write(self, task: Task) -> PartManifest:
        """Put the tables of the part in place."""
        counts = {name: len(rows) for name, rows in self.rows.items()}
        manifest = manifest_of(task.part, task.identity, counts)
        write_part(task.folder, manifest, self.rows)
        return manifest


def judge_part(task: Task) -> PartManifest:
    """Judge a part and write its tables; doing it twice does no harm. Raises SurveyError."""
    if identity_of(task.settings) != task.identity:
        raise SurveyError("this worker has another release, other rules or other facts than the client")
    with _ONE_AT_A_TIME, _PartNote(task) as attempt:
        linter = linter_of(task.settings, task.part.source if task.part.found else "")
        table = TableRows(linter.strict_rules())
        for number, one in enumerate(files_of(task.part)):
            is_given_up = attempt.begins(number)
            report = unlinted(one.path, _DIED) if is_given_up else linter.file(one)
            table.add(one.repository, one.path, report)
        return table.write(task)


@lru_cache(maxsize=2)
def linter_of(settings: SurveySettings, folder: str) -> SurveyLinter:
    """What lints the files of parts; loaded once in a process."""
    linter = SurveyLinter(settings, folder)
    linter.warm_up()
    return linter


class _PartNote:
    """The note on a part under way: the numbers of files at which processes died, and where this one is."""

    def __init__(self, task: Task) -> None:
        self._path = os.path.join(task.folder, ATTEMPTS, task.part.id)

    def __enter__(self) -> _PartNote:
        self._deaths = list(self._read())
        self._stream = open(self._path, "w", encoding="utf-8", buffering=1)
        self._stream.write("".join(f"{number}\n" for number in self._deaths))
        self._start = self._stream.tell()
        return self

    def begins(self, number: int) -> bool:
        """Note which file comes now; True where too many processes died at it."""
        self._stream.seek(self._start)
        self._stream.write(f"{number:<20}\n")
        return self._deaths.count(number) >= TRIES

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()
        with suppress(OSError):
            os.unlink(self._path)

    def _read(self) -> Iterator[int]:
        try:
            with open(self._path, encoding="utf-8") as stream:
                yield from (int(line) for line in stream.read(100_000).split())
        except (OSError, ValueError):
            return
