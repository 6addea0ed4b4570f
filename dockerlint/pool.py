"""Many files over several processes: in stable order, with bounded memory, and each on its own.

A process that dies, or that is busy with one file for too long, is replaced; that file alone is in trouble.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Final

from dockerlint.files import Candidate
from dockerlint.judge import Judge
from dockerlint.records import dataclass, field
from dockerlint.verdict import FileReport, unjudged
from dockerlint.wire import Receiver, Sender

CHUNK: Final = 8
"""Files handed to a process at once."""
AHEAD: Final = 8
"""Chunks for every process that may wait for a slower one before them."""
LONGEST: Final = 10.0
"""Seconds that one file may take."""


@dataclass(slots=True)
class _Chunk:
    """Some files in a row, and the reports on the first of them."""

    files: list[Candidate]
    reports: list[FileReport] = field(default_factory=list)

    @property
    def rest(self) -> list[Candidate]:
        return self.files[len(self.reports) :]


@dataclass(slots=True)
class _Worker:
    """One process and what it is busy with."""

    judge: Judge
    chunk: _Chunk | None = None
    since: float = 0.0
    pipe: Connection = field(init=False)
    process: BaseProcess = field(init=False)
    receiver: Receiver = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        is_fork = sys.platform == "linux"
        context: Any = multiprocessing.get_context("fork" if is_fork else "spawn")
        self.pipe, theirs = context.Pipe()
        inherited = self.pipe if is_fork else None
        self.receiver = Receiver()
        self.process = context.Process(target=_work, args=(self.judge, theirs, inherited), daemon=True)
        self.process.start()
        theirs.close()

    def take(self, chunk: _Chunk) -> None:
        self.chunk, self.since = chunk, time.monotonic()
        self.pipe.send(chunk.rest)

    def receive(self) -> None:
        """Take one report; a process that died gives its file as trouble and is replaced."""
        assert self.chunk is not None
        try:
            report = self.receiver.unpack(self.pipe.recv_bytes())
        except (EOFError, OSError):
            self.replace("the process that judged it died; please report it with the file")
            return
        self.chunk.reports.append(report)
        self.since = time.monotonic()

    def replace(self, trouble: str) -> None:
        """Give up on the current file and let a new process go on with the rest."""
        assert self.chunk is not None
        self.stop()
        self.chunk.reports.append(unjudged(self.chunk.rest[0].path, trouble))
        self.start()
        if self.chunk.rest:
            self.take(self.chunk)

    def stop(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.join()


def judge_many(judge: Judge, files: Iterable[Candidate], jobs: int) -> Iterator[FileReport]:
    """The reports on some files, in their order."""
    waiting = iter(files)
    workers = [_Worker(judge) for _ in range(jobs)]
    under_way: deque[_Chunk] = deque()
    try:
        while True:
            _hand_out(workers, waiting, under_way)
            while under_way and not under_way[0].rest:
                yield from under_way.popleft().reports
            if not under_way:
                return
            _collect([worker for worker in workers if worker.chunk])
    finally:
        for worker in workers:
            worker.stop()


def _hand_out(workers: list[_Worker], waiting: Iterator[Candidate], under_way: deque[_Chunk]) -> None:
    for worker in workers:
        if worker.chunk is not None and not worker.chunk.rest:
            worker.chunk = None
        if worker.chunk is None and len(under_way) < AHEAD * len(workers):
            files = list(islice(waiting, CHUNK))
            if files:
                chunk = _Chunk(files)
                under_way.append(chunk)
                worker.take(chunk)


def _collect(busy: list[_Worker]) -> None:
    """Wait for reports, but not longer than one file may take."""
    overdue = min(worker.since for worker in busy) + LONGEST - time.monotonic()
    ready = wait([worker.pipe for worker in busy], max(overdue, 0.0))
    for worker in busy:
        if worker.pipe in ready:
            worker.receive()
        elif time.monotonic() - worker.since > LONGEST:
            worker.replace(f"given up after {LONGEST:.0f} s; please report it with the file")


def _work(judge: Judge, pipe: Connection, inherited: Connection | None) -> None:
    """What a process does until the other end of its pipe is closed, of which a fork holds a copy."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if inherited is not None:
        inherited.close()
    sender = Sender()
    try:
        while True:
            for candidate in pipe.recv():
                pipe.send_bytes(sender.pack(judge.file(candidate)))
    except (EOFError, OSError):
        return
