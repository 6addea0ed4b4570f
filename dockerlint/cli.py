"""The command line: flags become one Options, and errors become one line."""

from __future__ import annotations

import os
import sys
from typing import Annotated, Final, NoReturn, TypeVar

import typer

from dockerlint import __version__
from dockerlint.config import NEVER, PROFILES
from dockerlint.findings import Confidence, Severity
from dockerlint.judge import internal_error
from dockerlint.output import Format
from dockerlint.parse.kinds import PLANNED, SUPPORTED
from dockerlint.report import FORMATS
from dockerlint.run import FAILED, INTERRUPTED, Options, run
from dockerlint.selection import Wishes

app = typer.Typer(
    name="dockerlint",
    help="Find what makes containers insecure, in Dockerfiles and Compose files.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
rules_app = typer.Typer(help="List, test and describe rules.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(rules_app, name="rules")


class UsageError(Exception):
    """Something on the command line that cannot be meant."""


Level = TypeVar("Level", Severity, Confidence)
_SEVERITIES: Final = [str(level) for level in reversed(Severity)]
_CONFIDENCES: Final = [str(level) for level in reversed(Confidence)]

Directories = Annotated[
    list[str] | None,
    typer.Option("--rules", metavar="DIR", help="A folder with rules of your own."),
]


def main() -> NoReturn:
    """Run the command line and leave with its exit code; never with a traceback."""
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = _refuse("interrupted", INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = FAILED
    except Exception as error:
        if os.environ.get("DOCKERLINT_DEBUG"):
            raise
        code = _refuse(_message(error))
    sys.exit(code)


def _refuse(message: str, code: int = FAILED) -> int:
    sys.stderr.write(f"dockerlint: {message}\n")
    return code


def _message(error: Exception) -> str:
    """What to say about an error; those of the option parser know it themselves."""
    tell = getattr(error, "format_message", None)
    if tell is not None:
        return str(tell()).strip() or "see dockerlint --help"
    return (
        f"{error.filename or 'output'}: {error.strerror}"
        if isinstance(error, OSError)
        else internal_error(error)
    )


@app.command()
def check(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Files and folders; - is standard input. [.]"),
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="FMT[:FILE]",
            help=f"{', '.join(FORMATS)}, to standard output or a file; repeatable.",
        ),
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(
            metavar="SEVERITY", help=f"Exit 1 from there on: {', '.join(_SEVERITIES)}, never. [high]"
        ),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(metavar="RULES", help="Only these: ids, names, prefixes, hadolint:DL3002, all."),
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="RULES", help="Leave these rules out.")] = None,
    profile: Annotated[
        str | None, typer.Option(metavar="PROFILE", help="default, or strict for what is noisy or taste.")
    ] = None,
    min_confidence: Annotated[
        str | None, typer.Option(metavar="LEVEL", help=f"{', '.join(_CONFIDENCES)}. [medium]")
    ] = None,
    config: Annotated[
        str | None, typer.Option(metavar="FILE", help="Use this config and look for no other.")
    ] = None,
    rules: Directories = None,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help=f"Read every file as {' or '.join(SUPPORTED)}.")
    ] = None,
    stdin_filename: Annotated[
        str | None, typer.Option(metavar="NAME", help="What standard input would be called as a file.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="One line a finding.")] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="No colour, even on a terminal.")] = False,
    jobs: Annotated[
        int,
        typer.Option(
            "--jobs",
            "-j",
            min=0,
            metavar="N",
            show_default=False,
            help="Processes for many files. [one a core]",
        ),
    ] = 0,
) -> int:
    """Judge files. Exit code: 0 clean, 1 findings, 2 could not do what was asked."""
    wishes = Wishes(
        select=_listed(select),
        ignore=_listed(ignore),
        profile=_one_of("--profile", profile, PROFILES),
        min_confidence=_level("--min-confidence", min_confidence, Confidence),
    )
    options = Options(
        paths=tuple(paths or (".",)),
        formats=_formats(formats or []),
        fail_on=NEVER if fail_on == NEVER else _level("--fail-on", fail_on, Severity, NEVER),
        wishes=wishes,
        config=config,
        rules=tuple(rules or ()),
        kind=_kind(kind),
        stdin_filename=stdin_filename,
        quiet=quiet,
        colour=not no_color,
        jobs=jobs,
    )
    return run(options, sys.stdout, sys.stderr)


@app.command()
def explain(rule: str, rules: Directories = None) -> int:
    """Print all that a rule says about itself; RULE is an id, a name or another tool's id."""
    from dockerlint import rulebook

    return rulebook.explain(rule, tuple(rules or ()), sys.stdout, sys.stderr)


@app.command()
def version() -> int:
    """Print the version."""
    print(f"dockerlint {__version__}")
    return 0


@rules_app.command("list")
def list_rules(rules: Directories = None) -> int:
    """Print one line a rule."""
    from dockerlint import rulebook

    return rulebook.list_rules(tuple(rules or ()), sys.stdout, sys.stderr)


@rules_app.command("test")
def run_examples(directories: Annotated[list[str] | None, typer.Argument(metavar="DIR")] = None) -> int:
    """Run the examples of the rules in some folders, or of our own."""
    from dockerlint import rulebook

    return rulebook.test_rules(tuple(directories or ()), sys.stdout, sys.stderr)


@rules_app.command("schema")
def print_schema() -> int:
    """Print the JSON Schema of a rule file, for editors."""
    from dockerlint import rulebook

    return rulebook.print_schema(sys.stdout)


def _formats(wanted: list[str]) -> tuple[Format, ...]:
    """The formats asked for; text goes to standard output where all others go to files."""
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
