"""The docker or podman program: each command with its time limit, in a process group of its own."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from dockerlint.errors import UserError
from dockerlint.run.host.docker import program

if TYPE_CHECKING:  # imported with the first command, as it is needed for nothing else
    import subprocess

PROGRAMS: Final = ("docker", "podman")
LARGEST: Final = 4_000_000
"""Characters of an answer that are kept: the last ones, as logs tell the cause at their end."""
TIMED_OUT: Final = 124
_SECONDS: Final = 30.0


class EngineError(UserError):
    """The engine did not do what it was asked; the text has what it said."""


class Reply(NamedTuple):
    """What a command said."""

    code: int
    """Its exit code; 124 where it took too long."""
    out: str
    said: str
    """What it wrote to standard error."""

    @property
    def works(self) -> bool:
        """It exited with 0."""
        return self.code == 0

    @property
    def last_line(self) -> str:
        """The last line of what it said, for a message."""
        lines = [line.strip() for line in f"{self.out}\n{self.said}".splitlines() if line.strip()]
        return lines[-1] if lines else f"exit code {self.code}"


class Engine:
    """The engine that the program on this host reaches."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.name = os.path.basename(path).partition(".")[0]

    def ask(self, *words: str, seconds: float = _SECONDS, given: str | None = None) -> Reply:
        """Run a command, with `given` on its standard input.

        It has a process group of its own: Ctrl-C ends this program, which then ends the command with all that
        it has started. Raises EngineError where the program cannot be run.
        """
        import subprocess

        environment = {**os.environ, "COMPOSE_ANSI": "never", "COMPOSE_PROGRESS": "quiet"}
        try:
            process = subprocess.Popen(
                [self.path, *words],
                stdin=subprocess.DEVNULL if given is None else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            raise EngineError(f"{self.path}: cannot be run: {error.strerror}") from error
        with process:
            try:
                out, said = process.communicate(None if given is None else given.encode(), seconds)
            except subprocess.TimeoutExpired:
                _end(process)
                return Reply(TIMED_OUT, "", f"no answer within {seconds:.0f} s")
            except BaseException:
                _end(process)
                raise
        return Reply(process.returncode, _text(out), _text(said))

    def must(self, *words: str, seconds: float = _SECONDS, given: str | None = None) -> str:
        """What a command prints; raises EngineError where it fails."""
        answer = self.ask(*words, seconds=seconds, given=given)
        if not answer.works:
            raise EngineError(f"{self.name} {' '.join(words[:2])}: {answer.last_line[:500]}")
        return answer.out

    def version(self) -> str:
        """`Docker Engine 26.1.5`; raises EngineError where no engine answers, or Compose is missing."""
        said = self.must("version", "--format", "{{.Server.Version}}").strip()
        self.must("compose", "version")
        return f"{'Docker Engine' if self.name == 'docker' else self.name} {said}"[:60]


def find_engine() -> Engine:
    """The program that is there, docker before podman; raises EngineError without one."""
    for name in PROGRAMS:
        if (path := program(name)) is not None:
            return Engine(path)
    raise EngineError("prove needs docker or podman, and neither is in PATH")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a command and what it started: the Compose plugin is a process of its own."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")[-LARGEST:]
