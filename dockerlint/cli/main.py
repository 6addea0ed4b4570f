"""The door: what the command line says is done, and errors become one line."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import Final, NoReturn

from dockerlint.errors import UserError
from dockerlint.termination import Terminated, die_of, raise_when_terminated

FAILED: Final = 2
INTERRUPTED: Final = 130
YOUNG_OBJECTS: Final = 50_000
"""New objects between two runs of the garbage collector. Nearly everything a run makes stays (classes, rules)
or goes by itself (models), so that Python's own 700 would cost a quarter of a short run."""


_NEED_AN_END: Final = ("multiprocessing", "subprocess", "threading")
"""Modules of what a run may have begun that Python ends when it leaves: other processes and threads."""


def program() -> NoReturn:
    """What the command `dockerlint` starts: `main`, which leaves at once where nothing is left to end.

    Python would take apart all that a run made before it leaves, a thirtieth of a short run, for nothing.
    """
    try:
        main()
    except SystemExit as end:
        if isinstance(end.code, int) and not any(name in sys.modules for name in _NEED_AN_END):
            os._exit(end.code)
        raise


def main() -> NoReturn:
    """Run the command line and leave with its exit code; never with a traceback."""
    gc.set_threshold(YOUNG_OBJECTS, 20, 20)
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")
    raise_when_terminated()
    try:
        code = _dispatch(sys.argv[1:])
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = _refuse("interrupted", INTERRUPTED)
    except Terminated as end:
        die_of(end.number)
        code = FAILED
    except Exception as error:
        if isinstance(error, BrokenPipeError) and _silence_closed_outputs():
            sys.exit(FAILED)
        if os.environ.get("DOCKERLINT_DEBUG"):
            raise
        code = _refuse(_unforeseen(error))
    _give_up_what_cannot_be_written()
    gc.freeze()  # the interpreter collects once more when it ends: a tenth of a short run, and for nothing
    sys.exit(code)


def _give_up_what_cannot_be_written() -> None:
    """Leave nothing that the interpreter would try to write again when it ends: it would end with 120."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _silence_closed_outputs() -> bool:
    """Send the outputs that nobody reads any more nowhere; False where there is none.

    Any other pipe that broke, such as that of another process, is an error like others.
    """
    closed = [stream for stream in (sys.stdout, sys.stderr) if _has_no_reader(stream.fileno())]
    for stream in closed:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return bool(closed)


def _has_no_reader(descriptor: int) -> bool:
    """Whether an output is a pipe whose other end is closed."""
    import select

    if not hasattr(select, "poll"):
        return True
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))


def _open_closed_streams() -> None:
    """Whoever closes an output wants to see nothing; Python leaves None there.

    A closed input stays None, but its number is taken, so that no file that is opened gets it.
    """
    if sys.stdin is None:
        os.open(os.devnull, os.O_RDONLY)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))


def _dispatch(arguments: Sequence[str]) -> int:
    """Do what the command line says. The program is imported here: the collector has been told to wait."""
    if arguments in (["--version"], ["version"]):  # scripts ask for it all day, and no option goes with it
        return _tell_version()
    from dockerlint.cli.arguments import options_of
    from dockerlint.cli.fixline import work_of
    from dockerlint.cli.plain import plain_check, plain_fix

    try:
        fixed = plain_fix(arguments)
        if fixed is not None:
            return work_of(fixed)()
        written = plain_check(arguments)
        if written is None:
            from dockerlint.cli.commands import invoke

            return invoke(arguments)
        from dockerlint.run.check import run

        return run(options_of(written), sys.stdout, sys.stderr)
    except UserError as error:
        return _refuse(str(error))


def _tell_version() -> int:
    from datetime import date

    from dockerlint.cli.storedfacts import print_version

    return print_version(date.today(), sys.stdout)


def _unforeseen(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'output'}: {error.strerror}"
    from dockerlint.run.file import internal_error

    return internal_error(error)


def _refuse(message: str, code: int = FAILED) -> int:
    from dockerlint.report.screen import complaint

    sys.stderr.write(complaint(message))
    return code
