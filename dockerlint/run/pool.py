"""Many files over several processes: every one gets its report, in stable order and with bounded memory.

Files are handed out in batches. A process that dies, is stopped or no longer answers is replaced, and the
rest of its batch is handed to another one; a file at which two processes died is not linted, and says so.
"""

from __future__ import annotations

import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.connection import wait
from typing import Any, Final

from dockerlint.budget import WAITING
from dockerlint.report.results import FileReport, unlinted
from dockerlint.run.worker import Job, Judge, Lost, Work, Worker

CHUNK: Final = 8
"""Files handed to a process at once."""
MOST_TOGETHER: Final = 4 * CHUNK
"""Files of one project that are handed out together."""
AHEAD: Final = 8
"""Batches for every process that may wait for a slower one before them."""
PER_CORE: Final = 4
"""Processes for every core that can still be of use."""
TRIES: Final = 2
"""Processes that may die at a file until it is given up."""
LOOK: Final = 0.5
"""Seconds after which silent processes are looked at."""
STOPPED: Final = 3.0
"""Seconds that a process may be stopped until it is replaced."""
GRACE = 10.0
"""Seconds that a process may be silent beyond what its budget gives it on the wall; then it cannot act."""
TOLD: Final = 10
"""Mishaps of processes that are told of; the files they concern are all told of."""

Tell = Callable[[str], None]


@dataclass(slots=True)
class _Batch:
    """Some files in a row, and the reports on the first of them."""

    files: list[Job]
    reports: list[FileReport] = field(default_factory=list)
    deaths: int = 0
    """Processes that died at the first file without a report."""

    @property
    def rest(self) -> list[Job]:
        return self.files[len(self.reports) :]

    def take(self, report: FileReport) -> None:
        self.reports.append(report)
        self.deaths = 0

    def give_up(self, reason: str) -> None:
        """Report the first file without a report as not linted."""
        self.take(unlinted(self.rest[0].path, f"{reason}; please report it with the file"))


@dataclass(slots=True)
class _Post:
    """A process and the batch it is busy with."""

    worker: Worker
    batch: _Batch | None = None
    silent: float = 0.0
    """Seconds without a report, while this process was there to see it."""


def _are_together(one: Job, other: Job) -> bool:
    """Whether two files may be of one project."""
    return one.kind == other.kind == "compose" and os.path.dirname(one.path) == os.path.dirname(other.path)


def lint_many(
    linter: Judge[Work], files: Iterable[Work], jobs: int, tell: Tell | None = None
) -> Iterator[FileReport]:
    """One report for each file, in their order, from up to `jobs` processes.

    Where no process can be started, the files are linted in this one. `tell` is given a line for every mishap
    that is not the trouble of a single file.
    """
    most = min(jobs, PER_CORE * (os.cpu_count() or 1))
    pool = _Pool(linter, iter(files), most, tell or (lambda line: None))
    if most < jobs:
        pool.tell(f"--jobs {jobs}: only {most} are used, because more would not be faster")
    try:
        yield from pool.reports()
    finally:
        pool.close()


@dataclass(slots=True)
class _Pool:
    linter: Judge[Any]
    waiting: Iterator[Job]
    most: int
    tell: Tell
    posts: list[_Post] = field(default_factory=list)
    under_way: deque[_Batch] = field(default_factory=deque)
    """Batches that were taken up, in order; the reports on the first are the next to come out."""
    returned: deque[_Batch] = field(default_factory=deque)
    """Batches among them whose process was lost."""
    mishaps: int = 0
    ahead: Job | None = None
    """The file that the next batch begins with."""

    @property
    def patience(self) -> float:
        """Seconds of silence until a process is killed."""
        return self.linter.time_limit * WAITING + GRACE

    def reports(self) -> Iterator[FileReport]:
        while True:
            self._hand_out()
            if not self.under_way:
                return
            if self.posts:
                self._listen()
            else:
                self._judge_here()
            while self.under_way and not self.under_way[0].rest:
                yield from self.under_way.popleft().reports

    def close(self) -> None:
        """End all processes."""
        for post in self.posts:
            post.worker.kill()
        for post in self.posts:
            post.worker.bury()

    def _hand_out(self) -> None:
        """Give every free process a batch, and start more while there are batches for them."""
        while (post := self._free()) is not None or len(self.posts) < self.most:
            batch = self._next_batch()
            if batch is None:
                return
            post = post or self._started()
            if post is None:
                self.returned.appendleft(batch)
                return
            self._give(post, batch)
        if not self.posts and not self.returned and (batch := self._next_batch()):
            self.returned.append(batch)

    def _free(self) -> _Post | None:
        return next((post for post in self.posts if post.batch is None), None)

    def _next_batch(self) -> _Batch | None:
        """The next batch to be linted; None where there is none, or where the first has to end before."""
        if self.returned:
            return self.returned.popleft()
        if len(self.under_way) >= AHEAD * max(self.most, 1):
            return None
        files = self._next_files()
        if not files:
            return None
        self.under_way.append(_Batch(files))
        return self.under_way[-1]

    def _next_files(self) -> list[Job]:
        """Some files in a row; the Compose files of a folder go to one process, which reads them once."""
        files: list[Job] = [] if self.ahead is None else [self.ahead]
        files += islice(self.waiting, CHUNK - len(files))
        self.ahead = next(self.waiting, None)
        while self.ahead is not None and len(files) < MOST_TOGETHER and _are_together(files[-1], self.ahead):
            files.append(self.ahead)
            self.ahead = next(self.waiting, None)
        return files

    def _started(self) -> _Post | None:
        """A new process; None where the system has none to give, and then no more are asked for."""
        for stream in (sys.stdout, sys.stderr):
            stream.flush()  # a fork would write it once more, and that it fails is not the process's trouble
        try:
            worker = Worker(self.linter, [post.worker for post in self.posts])
        except OSError as error:
            self.most = len(self.posts)
            going_on = f"continuing with {self.most}" if self.most else "continuing in this one"
            self.tell(f"no more processes can be started: {error.strerror or error}; {going_on}")
            return None
        self.posts.append(_Post(worker))
        return self.posts[-1]

    def _give(self, post: _Post, batch: _Batch) -> None:
        post.batch, post.silent = batch, 0.0
        try:
            post.worker.hand(batch.rest, len(batch.reports), STOPPED)
        except Lost as lost:
            self._lose(post, str(lost))

    def _listen(self) -> None:
        """Take what comes in, and look after processes that are silent.

        Silence is counted in steps of this process: while it is itself stopped or waits for whoever reads its
        reports, no other grows old.
        """
        began = time.monotonic()
        ready = wait([post.worker.pipe for post in self.posts], LOOK)
        passed = min(time.monotonic() - began, LOOK)
        for post in list(self.posts):
            if post.worker.pipe in ready:
                self._receive(post)
            elif post.batch is not None:
                post.silent += passed
                self._look_after(post)

    def _receive(self, post: _Post) -> None:
        try:
            for number, report in post.worker.reports():
                if post.batch is None or number != len(post.batch.reports):
                    raise Lost("sent an unexpected report")
                post.batch.take(report)
                post.silent = 0.0
                if not post.batch.rest:
                    post.batch = None
        except Lost as lost:
            self._lose(post, str(lost))

    def _look_after(self, post: _Post) -> None:
        if post.silent < STOPPED:
            return
        if post.worker.is_dead:
            self._receive(post)
            if post in self.posts:  # something that it started still holds its pipe
                self._lose(post, post.worker.fate())
        elif post.worker.is_stopped:
            self._lose(post, "was stopped")
        elif post.silent > self.patience and post.batch is not None:
            post.batch.give_up(f"stopped after {self.patience:.0f} s")
            self._lose(post, "no longer answered", is_blamed=False)

    def _lose(self, post: _Post, fate: str, is_blamed: bool = True) -> None:
        """Replace a process; the file it was busy with is tried again, or given up."""
        self.posts.remove(post)
        post.worker.kill()
        post.worker.bury()
        self._tell_mishap(f"a process {fate}")
        batch = post.batch
        if batch is None or not batch.rest:
            return
        batch.deaths += is_blamed
        if batch.deaths >= TRIES:
            batch.give_up(f"its process died {TRIES} times, the last one {fate}")
        if batch.rest:
            self.returned.append(batch)

    def _tell_mishap(self, line: str) -> None:
        self.mishaps += 1
        if self.mishaps <= TOLD:
            more = "" if self.mishaps < TOLD else ", and others may too"
            self.tell(f"{line}{more}; it is replaced")

    def _judge_here(self) -> None:
        """Lint the next file in this process, unless one has died at it."""
        batch = self.returned[0]
        if batch.deaths:
            batch.give_up("its process died, and no other can be started")
        else:
            batch.take(self.linter.file(batch.rest[0]))
        if not batch.rest:
            self.returned.popleft()
