"""What was written on a `check` line, and the Options it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeVar

from dockerlint.budget import SECONDS
from dockerlint.errors import UserError
from dockerlint.findings import Confidence, Severity
from dockerlint.kinds import SUPPORTED
from dockerlint.linting.selection import SelectionFlags
from dockerlint.report import FORMATS
from dockerlint.run.check import Options
from dockerlint.run.named import NamedProject
from dockerlint.run.output import Format
from dockerlint.workspace.config import NEVER, PROFILES
from dockerlint.workspace.trust import UNTRUSTED, Trust, untrusted_but

LONGEST: Final = 86_400
"""Seconds that a user may give one file: a day."""
STATISTICS: Final = "statistics"
"""The format that `--statistics` stands for."""
Level = TypeVar("Level", Severity, Confidence)
LEVELS: Final = [str(level) for level in reversed(Severity)]
CONFIDENCES: Final = [str(level) for level in reversed(Confidence)]


class UsageError(UserError):
    """Something on the command line that cannot be meant."""


@dataclass(frozen=True, slots=True)
class CheckLine:
    """The values of a `check` line as written; the names are those of its options."""

    paths: Sequence[str] = ()
    format: Sequence[str] = ()
    fail_on: str | None = None
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    profile: str | None = None
    min_confidence: str | None = None
    config: str | None = None
    rules: Sequence[str] = ()
    kind: str | None = None
    stdin_filename: str | None = None
    quiet: bool = False
    no_color: bool = False
    jobs: int = 0
    no_config: bool = False
    no_gitignore: bool = False
    no_inline: bool = False
    no_default_excludes: bool = False
    require_files: bool = False
    require_complete: bool = False
    compose_file: Sequence[str] = ()
    env_file: Sequence[str] = ()
    only_failing: bool = False
    statistics: bool = False
    untrusted: str | None = None
    """A revision of git that is trusted, or "" where none is named; None for a trusted checkout."""
    show_secrets: bool = False
    shellcheck: bool = False
    time_limit: str | None = None
    today: str | None = None
    baseline: str | None = None
    since: str | None = None
    scan_report: Sequence[str] = ()
    suggest_scan: bool = False


def options_of(written: CheckLine) -> Options:
    """What a run needs to know; raises UsageError where a value is none that is known."""
    if written.jobs < 0:
        raise UsageError("--jobs: must be 0 or more")
    formats = _formats([*written.format, *([STATISTICS] if written.statistics else [])])
    if written.show_secrets:
        _refuse_to_show(written, formats)
    if written.shellcheck and written.untrusted is not None:
        raise UsageError("--shellcheck: cannot be combined with --untrusted, which starts no other program")
    fail_on = written.fail_on
    return Options(
        paths=tuple(written.paths or written.compose_file or (".",)),
        formats=formats,
        fail_on=NEVER if fail_on == NEVER else _level("--fail-on", fail_on, Severity, NEVER),
        flags=SelectionFlags(
            select=listed(written.select),
            ignore=listed(written.ignore),
            profile=one_of("--profile", written.profile, PROFILES),
            min_confidence=_level("--min-confidence", written.min_confidence, Confidence),
        ),
        config=written.config,
        rules=tuple(written.rules),
        kind=_kind(written.kind),
        stdin_filename=written.stdin_filename,
        quiet=written.quiet,
        colour=not written.no_color,
        jobs=written.jobs,
        trust=_trust(written),
        reveal=written.show_secrets,
        shellcheck=written.shellcheck,
        time_limit=seconds_of("--time-limit", written.time_limit, SECONDS),
        today=day_of("--today", written.today),
        require_files=written.require_files,
        require_complete=written.require_complete or written.untrusted is not None,
        project=NamedProject(tuple(written.compose_file), tuple(written.env_file)),
        only_failing=written.only_failing,
        baseline=written.baseline,
        scan_reports=tuple(written.scan_report),
        suggest_scan=written.suggest_scan,
        since=_revision("--since", written.since),
    )


def _refuse_to_show(written: CheckLine, formats: Sequence[Format]) -> None:
    """Raise UsageError where nobody could be told the secrets but those who must not know them."""
    if written.untrusted is not None:
        raise UsageError("--show-secrets: cannot be combined with --untrusted")
    if not any(format.path for format in formats):
        raise UsageError("--show-secrets: not to the screen; write to a file, as in --format text:FILE")


def _revision(flag: str, revision: str | None) -> str | None:
    """What may be asked of git, which would take what begins with a dash for an option."""
    if revision is not None and (not revision or revision.startswith("-") or not revision.isprintable()):
        raise UsageError(f"{flag}: {revision!r} is not a git revision")
    return revision


def _trust(written: CheckLine) -> Trust:
    """What the four switches leave of the trust in a checkout."""
    revision = written.untrusted
    if revision is None:
        trust = Trust()
    elif revision == "":
        trust = UNTRUSTED
    else:
        trust = untrusted_but(_revision("--untrusted", revision) or "")
    return replace(
        trust,
        config=trust.config and not written.no_config,
        gitignore=trust.gitignore and not written.no_gitignore,
        inline=trust.inline and not written.no_inline,
        default_excludes=trust.default_excludes and not written.no_default_excludes,
    )


def _formats(wanted: Sequence[str]) -> tuple[Format, ...]:
    """The formats asked for; text goes to the screen where all others go to files."""
    formats = [Format(*one.partition(":")[::2]) for one in wanted]
    for format in formats:
        one_of("--format", format.name, tuple(FORMATS))
    on_screen = [format for format in formats if not format.path]
    if len(on_screen) > 1:
        raise UsageError("--format: only one can go to the screen; write FMT:FILE for the others")
    return tuple(formats if on_screen else [Format("text"), *formats])


def listed(values: Sequence[str]) -> tuple[str, ...]:
    """Repeated and comma-separated values in one list."""
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())


def seconds_of(flag: str, value: str | None, otherwise: float) -> float:
    """A number of seconds above 0, or what holds where nothing was said; raises UsageError."""
    if value is None:
        return otherwise
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= LONGEST:
        raise UsageError(f"{flag}: {value!r} is not a number of seconds between 0 and {LONGEST:,}")
    return seconds


def day_of(flag: str, day: str | None) -> date | None:
    """A day; None where none is named."""
    if day is None:
        return None
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise UsageError(f"{flag}: {day!r} is not a date such as 2026-08-22") from None


def _kind(kind: str | None) -> str | None:
    return one_of("--kind", kind, SUPPORTED)


def _level(flag: str, value: str | None, levels: type[Level], *others: str) -> Level | None:
    known: dict[str, Level] = {str(level): level for level in reversed(levels)}
    name = one_of(flag, value, (*known, *others))
    return None if name is None else known[name]


def some_of(flag: str, values: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Repeated and comma-separated values, each of which is known; raises UsageError."""
    for name in (found := listed(values)):
        one_of(flag, name, known)
    return found


def one_of(flag: str, value: str | None, known: Sequence[str]) -> str | None:
    """A value that is known, or None where there is none; raises UsageError."""
    if value is None or value in known:
        return value
    from dockerlint.quoting import suggestion

    raise UsageError(f"{flag}: {value!r} is not one of {', '.join(known)}{suggestion(value, known)}")
