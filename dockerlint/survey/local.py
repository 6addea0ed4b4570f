"""Parts judged on this machine: files go through the pool of `check`, and this process writes the tables."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from dockerlint.errors import UserError
from dockerlint.run.pool import lint_many
from dockerlint.survey.files import SurveyedFile, SurveyLinter
from dockerlint.survey.input import files_of
from dockerlint.survey.judging import TableRows, Task, judge_part, linter_of
from dockerlint.survey.output import PartManifest


class Judged(NamedTuple):
    """What became of a part."""

    task: Task
    manifest: PartManifest | None
    """None where it could not be judged."""
    trouble: str = ""
    """Why not."""


def judge_here(tasks: Sequence[Task], jobs: int, tell: Callable[[str], None]) -> Iterator[Judged]:
    """Judge parts in up to so many processes, in their order; with one, in this one."""
    if jobs == 1:
        yield from map(_judged, tasks)
        return
    for source in dict.fromkeys(task.part.source for task in tasks):
        run = [task for task in tasks if task.part.source == source]
        linter = linter_of(run[0].settings, source if run[0].part.found else "")
        yield from _FileStream(linter, run).judged(jobs, tell)


def _judged(task: Task) -> Judged:
    try:
        return Judged(task, judge_part(task))
    except (UserError, OSError) as error:
        return Judged(task, None, str(error))


class _HandedOut(NamedTuple):
    """A file that was handed out, or None behind the last one of a part."""

    task: Task
    file: SurveyedFile | None


class _FileStream:
    """The files of all parts in a row, and the tables that their reports go to.

    What waits between the two is what the pool has under way, so that it stays small.
    """

    def __init__(self, linter: SurveyLinter, tasks: Sequence[Task]) -> None:
        self._linter, self._tasks = linter, tasks
        self._waiting: deque[_HandedOut] = deque()
        self._troubles: dict[str, str] = {}
        self._strict = linter.strict_rules()
        self._table = TableRows(self._strict)

    def judged(self, jobs: int, tell: Callable[[str], None]) -> Iterator[Judged]:
        for report in lint_many(self._linter, self._files(), jobs, tell):
            yield from self._ended()
            file = self._waiting.popleft().file
            assert file is not None
            self._table.add(file.repository, file.path, report)
            yield from self._ended()
        yield from self._ended()

    def _files(self) -> Iterator[SurveyedFile]:
        for task in self._tasks:
            try:
                for one in files_of(task.part):
                    self._waiting.append(_HandedOut(task, one))
                    yield one
            except UserError as error:
                self._troubles[task.part.id] = str(error)
            self._waiting.append(_HandedOut(task, None))

    def _ended(self) -> Iterator[Judged]:
        """The parts whose last file has been judged."""
        while self._waiting and self._waiting[0].file is None:
            task = self._waiting.popleft().task
            table, self._table = self._table, TableRows(self._strict)
            trouble = self._troubles.get(task.part.id, "")
            try:
                yield Judged(task, None if trouble else table.write(task), trouble)
            except OSError as error:
                yield Judged(task, None, f"{task.folder}: {error.strerror or error}")
