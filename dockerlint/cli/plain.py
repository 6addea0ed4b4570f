"""The `check` lines that hooks and editors write, read without typer.

Importing typer costs more than linting a file, and hooks start a process for every commit. So a line of
known options is read here, and everything else (help, mistakes, other commands) by `commands.py`. A test
holds the two to each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from dockerlint.cli.arguments import CheckLine

_MANY: Final = {
    "--format": "format",
    "--select": "select",
    "--ignore": "ignore",
    "--rules": "rules",
    "--scan-report": "scan_report",
    "--compose-file": "compose_file",
    "--env-file": "env_file",
}
_ONE: Final = {
    "--fail-on": "fail_on",
    "--profile": "profile",
    "--min-confidence": "min_confidence",
    "--config": "config",
    "--kind": "kind",
    "--stdin-filename": "stdin_filename",
    "--time-limit": "time_limit",
    "--today": "today",
    "--baseline": "baseline",
    "--since": "since",
}
_FLAGS: Final = {
    "--quiet": "quiet",
    "-q": "quiet",
    "--no-color": "no_color",
    "--no-config": "no_config",
    "--no-gitignore": "no_gitignore",
    "--no-inline": "no_inline",
    "--no-default-excludes": "no_default_excludes",
    "--require-files": "require_files",
    "--require-complete": "require_complete",
    "--only-failing": "only_failing",
    "--statistics": "statistics",
    "--show-secrets": "show_secrets",
    "--shellcheck": "shellcheck",
    "--suggest-scan": "suggest_scan",
}
_UNTRUSTED: Final = "--untrusted"
"""An option that may be joined to a value, and never takes the next word for it."""


def plain_check(arguments: Sequence[str]) -> CheckLine | None:
    """What a `check` line says, or None where it holds anything that typer should see."""
    if not arguments or arguments[0] != "check":
        return None
    said: dict[str, Any] = {name: [] for name in ("paths", *_MANY.values())}
    waiting = iter(arguments[1:])
    for argument in waiting:
        if argument == "--":
            said["paths"] += waiting
        elif argument == "-" or not argument.startswith("-"):
            said["paths"].append(argument)
        elif argument in _FLAGS:
            said[_FLAGS[argument]] = True
        elif argument == _UNTRUSTED:
            said["untrusted"] = ""
        elif not _take_value(argument, waiting, said):
            return None
    return CheckLine(**said)


def _take_value(argument: str, waiting: Iterator[str], said: dict[str, Any]) -> bool:
    """Put the value of an option where it belongs; False for what is no such option or lacks its value."""
    option, joined, value = argument.partition("=")
    if option == _UNTRUSTED and value:
        said["untrusted"] = value
        return True
    if option not in _MANY and option not in _ONE:
        return False
    if not joined:
        value = next(waiting, "-")
        if value.startswith("-"):
            return False
    if option in _MANY:
        said[_MANY[option]].append(value)
    else:
        said[_ONE[option]] = value
    return True
