"""The `check` and `fix` lines that hooks and editors write, read without typer.

Importing typer costs more than linting a file, and hooks start a process for every commit. So a line of
known options is read here, and everything else (help, mistakes, other commands) by `commands.py`. A test
holds the two to each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from dockerlint.cli.arguments import CheckLine
from dockerlint.cli.fixline import FixLine


class _Grammar(NamedTuple):
    """The options that a command takes, and the names of their values."""

    many: Mapping[str, str]
    """Options that are repeatable."""
    one: Mapping[str, str]
    """Options of which the last one counts."""
    flags: Mapping[str, str]


_FIX: Final = _Grammar(
    many={
        "--select": "select",
        "--ignore": "ignore",
        "--rules": "rules",
        "--compose-file": "compose_file",
        "--env-file": "env_file",
    },
    one={
        "--fail-on": "fail_on",
        "--profile": "profile",
        "--min-confidence": "min_confidence",
        "--config": "config",
        "--kind": "kind",
        "--stdin-filename": "stdin_filename",
        "--time-limit": "time_limit",
    },
    flags={
        "--no-config": "no_config",
        "--no-gitignore": "no_gitignore",
        "--no-inline": "no_inline",
        "--no-default-excludes": "no_default_excludes",
        "--require-files": "require_files",
        "--require-complete": "require_complete",
        "--quiet": "quiet",
        "-q": "quiet",
    },
)
_CHECK: Final = _Grammar(
    many={**_FIX.many, "--format": "format", "--scan-report": "scan_report"},
    one={**_FIX.one, "--today": "today", "--baseline": "baseline", "--since": "since"},
    flags={
        **_FIX.flags,
        "--no-color": "no_color",
        "--only-failing": "only_failing",
        "--statistics": "statistics",
        "--show-secrets": "show_secrets",
        "--shellcheck": "shellcheck",
        "--suggest-scan": "suggest_scan",
    },
)
_OF_FIX_ALONE: Final = ("harden", "unproven", "verbose", "diff")
_UNTRUSTED: Final = "--untrusted"
"""An option that may be joined to a value, and never takes the next word for it."""


def plain_check(arguments: Sequence[str]) -> CheckLine | None:
    """What a `check` line says, or None where it holds anything that typer should see."""
    said = _read(arguments[1:], _CHECK) if arguments[:1] == ["check"] else None
    return None if said is None else CheckLine(**said)


def plain_fix(arguments: Sequence[str]) -> FixLine | None:
    """What a `fix` line says, or None where it holds anything that typer should see."""
    own = {f"--{name}": name for name in _OF_FIX_ALONE}
    grammar = _FIX._replace(flags={**_FIX.flags, **own})
    said = _read(arguments[1:], grammar) if arguments[:1] == ["fix"] else None
    if said is None:
        return None
    wishes = {name: said.pop(name, False) for name in _OF_FIX_ALONE}
    return FixLine(CheckLine(**said), **wishes)


def _read(arguments: Sequence[str], grammar: _Grammar) -> dict[str, Any] | None:
    """The values by their names; None where an argument is none that is known here."""
    said: dict[str, Any] = {name: [] for name in ("paths", *grammar.many.values())}
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            said["paths"] += waiting
        elif argument == "-" or not argument.startswith("-"):
            said["paths"].append(argument)
        elif argument in grammar.flags:
            said[grammar.flags[argument]] = True
        elif argument == _UNTRUSTED:
            said["untrusted"] = ""
        elif not _take_value(argument, waiting, grammar, said):
            return None
    return said


def _take_value(argument: str, waiting: Iterator[str], grammar: _Grammar, said: dict[str, Any]) -> bool:
    """Put the value of an option where it belongs; False for what is no such option or lacks its value."""
    option, joined, value = argument.partition("=")
    if option == _UNTRUSTED and value:
        said["untrusted"] = value
        return True
    if option not in grammar.many and option not in grammar.one:
        return False
    if not joined:
        value = next(waiting, "-")
        if value.startswith("-"):
            return False
    if option in grammar.many:
        said[grammar.many[option]].append(value)
    else:
        said[grammar.one[option]] = value
    return True
