"""A process that runs Python's regular expressions for this one, and is ended where one takes too long."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from subprocess import Popen

SECONDS: Final = 1.0
"""Of the processor, for one search."""
_WAITING: Final = 30.0
"""Seconds on the wall after which a process that does not answer is given up: it was stopped."""
_SERVER: Final = os.path.join(os.path.dirname(os.path.abspath(__file__)), "regexserver.py")


class TooSlow(Exception):
    """A search that was ended."""


class NoAnswer(Exception):
    """The process cannot be started, or somebody else ended it; the text says which."""


class RegexProcess:
    """Starts with the first question, and anew with the first one after its end."""

    def __init__(self) -> None:
        self._process: Popen[bytes] | None = None
        self._owner = 0

    def search(self, expression: str, text: str) -> tuple[bool, float]:
        """Whether the text holds the expression, and the seconds that took; raises TooSlow or NoAnswer."""
        question = json.dumps([expression, text]).encode() + b"\n"
        for _ in range(2):  # it may have been killed since the last question
            try:
                answer = self._ask(question)
            except BaseException:
                self.end()  # else its answer would be taken for that to the next question
                raise
            if answer.endswith(b"\n"):
                found, seconds = json.loads(answer)
                return bool(found), float(seconds)
            if self.end() in _OUT_OF_TIME:
                raise TooSlow
        raise NoAnswer("the process for regular expressions was terminated from outside")

    def end(self) -> int | None:
        """Kill it, if this process started it; gives the code that it ended with."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return None
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        with suppress(OSError):
            process.kill()
        return process.wait()

    def _ask(self, question: bytes) -> bytes:
        """The line that it answers; cut short or empty where it ends before."""
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(question)
            process.stdin.flush()
        except BrokenPipeError:
            return b""
        if os.name == "posix":  # elsewhere the process itself looks at the clock
            import select

            if not select.select([process.stdout], [], [], _WAITING)[0]:
                raise TooSlow
        answer = process.stdout.readline()
        if not answer:
            process.wait()  # so that what ended it is known, and not that we did
        return answer

    def _started(self) -> Popen[bytes]:
        if self._process is not None and self._owner == os.getpid():
            return self._process
        import atexit
        import subprocess

        command = [sys.executable, "-I", "-S", _SERVER, str(SECONDS)]
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            raise NoAnswer(f"no process for regular expressions can be started: {error.strerror}") from error
        self._owner = os.getpid()
        atexit.unregister(self.end)
        atexit.register(self.end)
        return self._process


def _codes_of_time() -> tuple[int, ...]:
    import signal

    number = getattr(signal, "SIGVTALRM", None)
    return (1,) if number is None else (-int(number),)


_OUT_OF_TIME: Final = _codes_of_time()
"""What a server ends with that ended itself."""
