"""The program in a process of its own that is forked from the tests: it has loaded all modules already.

A start from nothing takes half a second of a checkout, most of it to make classes. What only a start from
nothing shows (imports, closed streams, exit of the interpreter) is tested with `python -m dockerlint`.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Sequence
from typing import IO

import dockerlint
import dockerlint.cli.commands
import dockerlint.run.fix
from dockerlint.cli.main import main

CRASHED = 70
"""The exit code where the program does not end by itself."""


def warm_up() -> None:
    """Load what any run needs, which each fork would load again."""
    dockerlint.fix("FROM debian:13\nADD a b/\n", "dockerfile")
    dockerlint.fix("services:\n  a:\n    image: redis\n", "compose")


warm_up()


def program(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Its streams and its exit code; the working directory and the environment are those of the test."""
    if not hasattr(os, "fork"):
        command = [sys.executable, "-m", "dockerlint", *arguments]
        return subprocess.run(command, input=stdin, capture_output=True)
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
        files[0].write(stdin)
        for file in files:
            file.seek(0)
        child = os.fork()
        if not child:
            _become(arguments, files)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        shown = [_whole(file) for file in files[1:]]
    return subprocess.CompletedProcess(arguments, code, *shown)


def as_text(done: subprocess.CompletedProcess[bytes]) -> subprocess.CompletedProcess[str]:
    """The same with its streams decoded."""
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def _become(arguments: Sequence[str], files: Sequence[IO[bytes]]) -> None:
    """Be the program from here on: nothing of the tests is run again in this process."""
    code = CRASHED
    try:
        gc.freeze()
        for number, file in enumerate(files):
            os.dup2(file.fileno(), number)
        sys.stdin, sys.stdout, sys.stderr = (_stream(number) for number in range(3))
        sys.argv = ["dockerlint", *arguments]
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _stream(number: int) -> io.TextIOWrapper:
    """A standard stream as Python opens it."""
    binary = os.fdopen(number, "rb" if number == 0 else "wb", closefd=False)
    return io.TextIOWrapper(binary, encoding="utf-8", errors="strict", newline=None)


def _whole(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()
