"""The door: what the command line says is done, and errors become one line."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from dockerlint.arguments import UsageError, options_of
from dockerlint.judge import internal_error
from dockerlint.plain import plain_check
from dockerlint.run import FAILED, INTERRUPTED, run


def main() -> NoReturn:
    """Run the command line and leave with its exit code; never with a traceback."""
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")
    try:
        code = _dispatch(sys.argv[1:])
        sys.stdout.flush()
    except UsageError as error:
        code = _refuse(str(error))
    except KeyboardInterrupt:
        code = _refuse("interrupted", INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = FAILED
    except Exception as error:
        if os.environ.get("DOCKERLINT_DEBUG"):
            raise
        code = _refuse(_unforeseen(error))
    sys.exit(code)


def _unforeseen(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'output'}: {error.strerror}"
    return internal_error(error)


def _refuse(message: str, code: int = FAILED) -> int:
    sys.stderr.write(f"dockerlint: {message}\n")
    return code


def _dispatch(arguments: Sequence[str]) -> int:
    """Do what the command line says."""
    written = plain_check(arguments)
    if written is not None:
        return run(options_of(written), sys.stdout, sys.stderr)
    from dockerlint.commands import invoke

    return invoke(arguments)
