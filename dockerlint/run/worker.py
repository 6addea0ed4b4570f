"""One process that lints files for another, and what the two say to each other.

A message is four bytes with its length, then so many bytes. This side never waits for the rest of one: the
process may be stopped, or dead, in the middle of it.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, Protocol, TypeVar

from dockerlint.report.results import FileReport, unlinted
from dockerlint.run.file import internal_error
from dockerlint.run.wire import Receiver, Sender

START = "fork" if sys.platform == "linux" else "spawn"
"""How a process is made: a fork has the rules already."""
_HEADER: Final = 4
_AT_ONCE: Final = 1 << 18
_SECONDS_TO_DIE: Final = 5.0
YOUNG_OBJECTS: Final = 10_000
"""New objects between two runs of the garbage collector, in a process that lints one file after another."""


class Job(Protocol):
    """A file to lint, from wherever its text comes."""

    @property
    def path(self) -> str:
        """As reports show it."""
        ...

    @property
    def kind(self) -> str | None:
        """What it is; None where the text has to tell."""
        ...


Work = TypeVar("Work", bound=Job, contravariant=True)


class Judge(Protocol[Work]):
    """What lints files one after another, in this process or in others that it is sent to."""

    time_limit: float
    """Seconds of the processor that one file may take."""

    def file(self, candidate: Work, /) -> FileReport:
        """The report on one file. Never raises."""
        ...

    def warm_up(self) -> None:
        """Load what all files share, so that none of them pays for it."""
        ...


class Lost(Exception):
    """A process that no more work can be given to; the text says what became of it."""


class Worker:
    """One process that lints."""

    def __init__(self, linter: Judge[Any], others: Sequence[Worker] = ()) -> None:
        """Start it; `others` are those whose pipes a fork must not hold open. Raises OSError."""
        context: Any = multiprocessing.get_context(START)
        self._receiver, self._unread = Receiver(), bytearray()
        self.pipe, theirs = socket.socketpair()
        with theirs:
            inherited = [self.pipe, *(one.pipe for one in others)] if START == "fork" else []
            self.process: Any = context.Process(
                target=_work, args=(linter, theirs, inherited, os.getcwd()), daemon=True
            )
            try:
                with _out_of_the_checkout():
                    _start_uninterrupted(self.process)
            except BaseException:
                self.pipe.close()
                raise

    def hand(self, files: Sequence[Job], first: int, seconds: float) -> None:
        """Give it files to lint, numbered from `first`, within so many seconds; raises Lost."""
        self.pipe.settimeout(seconds)
        try:
            self.pipe.sendall(_message(pickle.dumps((first, list(files)))))
        except OSError as error:
            raise Lost(self.fate()) from error

    def reports(self) -> Iterator[tuple[int, FileReport]]:
        """The reports that have come in whole, each with the number of its file; raises Lost."""
        self.pipe.settimeout(0)
        try:
            came = self.pipe.recv(_AT_ONCE)
        except BlockingIOError:
            return
        except OSError as error:
            raise Lost(self.fate()) from error
        if not came:
            raise Lost(self.fate())
        self._unread += came
        yield from map(self._unpacked, self._messages())

    def _messages(self) -> Iterator[bytes]:
        while len(self._unread) >= _HEADER:
            end = _HEADER + int.from_bytes(self._unread[:_HEADER], "big")
            if len(self._unread) < end:
                return
            body = bytes(self._unread[_HEADER:end])
            del self._unread[:end]
            yield body

    def _unpacked(self, body: bytes) -> tuple[int, FileReport]:
        try:
            number, report = self._receiver.unpack(body)
        except Exception as error:  # whatever is made of bytes that are none of its own
            raise Lost("sent an unreadable report") from error
        return number, report

    @property
    def is_stopped(self) -> bool:
        """Whether somebody stopped the process (SIGSTOP), so that it cannot answer."""
        if not hasattr(os, "waitid"):
            return False
        try:
            return os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:
            return False

    @property
    def is_dead(self) -> bool:
        """Whether the process has ended, even where something it started still holds its pipe."""
        return not self.process.is_alive()

    def kill(self) -> None:
        """End the process, whatever it is doing; `bury` waits for it."""
        self.pipe.close()
        self.process.kill()

    def bury(self) -> None:
        """Leave no zombie of a process that was killed."""
        self.process.join(_SECONDS_TO_DIE)

    def fate(self) -> str:
        """What became of a process that no longer answers."""
        self.process.join(_SECONDS_TO_DIE)
        code = self.process.exitcode
        if code is None:
            return "closed its pipe"
        if code >= 0:
            return f"ended with exit code {code}"
        return f"was killed by {_signal_name(-code)}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


@contextmanager
def _out_of_the_checkout() -> Iterator[None]:
    """A spawned Python looks for modules first where it is started, and there a stranger's files may lie."""
    if START == "fork":
        yield
        return
    here = os.getcwd()
    os.chdir(os.path.abspath(os.sep))
    try:
        yield
    finally:
        os.chdir(here)


def _start_uninterrupted(process: Any) -> None:
    """Start a process that sees no SIGINT before it ignores it; the terminal sends it to all of a run."""
    if not hasattr(signal, "pthread_sigmask"):
        process.start()
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _message(body: bytes) -> bytes:
    return len(body).to_bytes(_HEADER, "big") + body


def _work(linter: Judge[Any], pipe: socket.socket, inherited: Sequence[socket.socket], home: str) -> None:
    """What a process does in the folder `home` until the other end of its pipe is closed."""
    _own_signals()
    os.chdir(home)
    for one in inherited:
        one.close()
    linter.warm_up()
    _collect_soon()
    sender, incoming = Sender(), pipe.makefile("rb")
    try:
        while (header := incoming.read(_HEADER)) and (body := incoming.read(int.from_bytes(header, "big"))):
            first, files = pickle.loads(body)
            for number, candidate in enumerate(files, first):
                pipe.sendall(_message(_packed(sender, number, candidate.path, linter.file(candidate))))
    except OSError:
        return  # nobody is left to report to


def _collect_soon() -> None:
    """Let garbage go before it has become megabytes; what is there by now stays and need not be looked at."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 5, 5)


def _own_signals() -> None:
    """Leave interrupts to the process that started this one, and what it does on its own end to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _packed(sender: Sender, number: int, path: str, report: FileReport) -> bytes:
    try:
        return sender.pack(number, report)
    except Exception as error:  # a report that cannot be sent is the trouble of its file alone
        return sender.pack(number, unlinted(path, internal_error(error)))
