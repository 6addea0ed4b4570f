"""The command line: flags become one Options, and errors become one line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Final, NoReturn, TypeVar

from dockerlint import __version__
from dockerlint.config import NEVER, PROFILES
from dockerlint.findings import Confidence, Severity
from dockerlint.judge import internal_error
from dockerlint.output import Format
from dockerlint.parse.kinds import PLANNED, SUPPORTED
from dockerlint.report import FORMATS
from dockerlint.run import FAILED, INTERRUPTED, Options, run
from dockerlint.selection import Wishes

Level = TypeVar("Level", Severity, Confidence)
_SEVERITIES: Final = [str(level) for level in reversed(Severity)]
_CONFIDENCES: Final = [str(level) for level in reversed(Confidence)]


class UsageError(Exception):
    """Something on the command line that cannot be meant."""


class _Parser(argparse.ArgumentParser):
    """Tells what is wrong with a command line in one line, by an exception."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see {self.prog} --help")


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
    said = _parser().parse_args(arguments)
    if said.command == "check":
        return run(_options(said), sys.stdout, sys.stderr)
    if said.command == "version":
        print(f"dockerlint {__version__}")
        return 0
    from dockerlint import rulebook

    folders = tuple(said.rules or ())
    if said.command == "explain":
        return rulebook.explain(said.rule, folders, sys.stdout, sys.stderr)
    if said.what == "list":
        return rulebook.list_rules(folders, sys.stdout, sys.stderr)
    if said.what == "test":
        return rulebook.test_rules(folders, sys.stdout, sys.stderr)
    return rulebook.print_schema(sys.stdout)


def _parser() -> _Parser:
    parser = _Parser(
        prog="dockerlint",
        description="Find what makes containers insecure, in Dockerfiles and Compose files.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"dockerlint {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, prog=parser.prog)
    check = commands.add_parser("check", help="judge files", allow_abbrev=False, epilog=_EXIT_CODES)
    _add_check_options(check)
    explain = commands.add_parser("explain", help="print all that a rule says about itself")
    explain.add_argument("rule", metavar="RULE", help="an id, a name, or another tool's id")
    _add_rules_option(explain)
    rules = commands.add_parser("rules", help="list, test and describe rules")
    actions = rules.add_subparsers(dest="what", metavar="ACTION", required=True, prog=rules.prog)
    _add_rules_option(actions.add_parser("list", help="print one line a rule"))
    test = actions.add_parser("test", help="run the examples of the rules in some folders, or of ours")
    test.add_argument("rules", nargs="*", metavar="DIR")
    actions.add_parser("schema", help="print the JSON Schema of a rule file").set_defaults(rules=None)
    commands.add_parser("version", help="print the version")
    return parser


_EXIT_CODES: Final = "Exit code: 0 clean, 1 findings from --fail-on upwards, 2 could not do what was asked."


def _add_rules_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rules", metavar="DIR", action="append", help="a folder with rules of your own")


def _add_check_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "paths", nargs="*", metavar="PATH", help="files and folders; - is standard input; none is this folder"
    )
    formats = f"{', '.join(FORMATS)}, to the screen or a file; repeatable"
    add("--format", metavar="FMT[:FILE]", action="append", default=[], help=formats)
    add(
        "--fail-on", metavar="SEVERITY", help=f"exit 1 from here on: {', '.join(_SEVERITIES)}, {NEVER} (high)"
    )
    some = "ids, names, prefixes of ids, hadolint:DL3002, profiles, all"
    add("--select", metavar="RULES", action="append", help=f"judge by these only: {some}")
    add("--ignore", metavar="RULES", action="append", help="leave these rules out")
    add("--profile", metavar="NAME", help="default, or strict for what is noisy or taste too")
    add("--min-confidence", metavar="LEVEL", help=f"{', '.join(_CONFIDENCES)} (medium)")
    add("--config", metavar="FILE", help="use this config and look for no other")
    _add_rules_option(parser)
    add("--kind", metavar="KIND", help=f"read every file as {' or '.join(SUPPORTED)}")
    add("--stdin-filename", metavar="NAME", help="what standard input would be called as a file")
    add("-q", "--quiet", action="store_true", help="one line a finding")
    add("--no-color", action="store_true", help="no colour, even on a terminal")
    add("-j", "--jobs", metavar="N", type=int, default=0, help="processes for many files (one a core)")


def _options(said: argparse.Namespace) -> Options:
    if said.jobs < 0:
        raise UsageError("--jobs: less than no process is not possible")
    return Options(
        paths=tuple(said.paths or (".",)),
        formats=_formats(said.format),
        fail_on=NEVER if said.fail_on == NEVER else _level("--fail-on", said.fail_on, Severity, NEVER),
        wishes=Wishes(
            select=_listed(said.select),
            ignore=_listed(said.ignore),
            profile=_one_of("--profile", said.profile, PROFILES),
            min_confidence=_level("--min-confidence", said.min_confidence, Confidence),
        ),
        config=said.config,
        rules=tuple(said.rules or ()),
        kind=_kind(said.kind),
        stdin_filename=said.stdin_filename,
        quiet=said.quiet,
        colour=not said.no_color,
        jobs=said.jobs,
    )


def _formats(wanted: list[str]) -> tuple[Format, ...]:
    """The formats asked for; text goes to the screen where all others go to files."""
    formats = [Format(*one.partition(":")[::2]) for one in wanted]
    for format in formats:
        _one_of("--format", format.name, tuple(FORMATS))
    on_screen = [format for format in formats if not format.path]
    if len(on_screen) > 1:
        raise UsageError("--format: only one can go to the screen; write FMT:FILE for the others")
    return tuple(formats if on_screen else [Format("text"), *formats])


def _listed(values: list[str] | None) -> tuple[str, ...]:
    """Repeated and comma-separated values in one list."""
    return tuple(name.strip() for value in values or () for name in value.split(",") if name.strip())


def _kind(kind: str | None) -> str | None:
    if kind in PLANNED:
        raise UsageError(f"--kind: {kind} is not supported yet, only {' and '.join(SUPPORTED)}")
    return _one_of("--kind", kind, SUPPORTED)


def _level(flag: str, value: str | None, levels: type[Level], *others: str) -> Level | None:
    known: dict[str, Level] = {str(level): level for level in reversed(levels)}
    name = _one_of(flag, value, (*known, *others))
    return None if name is None else known[name]


def _one_of(flag: str, value: str | None, known: tuple[str, ...]) -> str | None:
    if value is None or value in known:
        return value
    from dockerlint.ruleset.check import suggestion

    raise UsageError(f"{flag}: {value!r} is none of {', '.join(known)}{suggestion(value, known)}")
