"""An `audit` line: what is looked at, and the report that tells what passed as well."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dockerlint.cli.arguments import CheckLine, UsageError, options_of
from dockerlint.findings import Confidence
from dockerlint.linting.selection import SelectionFlags
from dockerlint.run.check import Given, Options
from dockerlint.run.host.docker import inspected, program
from dockerlint.run.named import NamedProject
from dockerlint.workspace.config import PROFILES

_NOTHING: Final = (
    "nothing to audit, and no docker program here: give the output of `docker inspect $(docker ps -aq)`, "
    "daemon.json or a Compose file as FILE or on standard input (-), or a line as --run 'docker run …'"
)


def audit_options(
    written: CheckLine,
    lines: Sequence[str],
    against: Sequence[str] = (),
    record: str | None = None,
    all_clear: bool = False,
) -> Options:
    """What a run needs to know; raises UsageError where there is nothing to look at."""
    given = given_lines(lines)
    if not written.paths and not given:
        given = asked_of_docker()
    options = replace(options_of(written), record=_record(record), all_clear=all_clear)
    if all_clear:
        options = replace(options, flags=_of_clearance(written))
    formats = options.formats
    if not options.quiet:
        formats = tuple(replace(one, name="checklist") if one.name == "text" else one for one in formats)
    project = NamedProject(_existing(against), tuple(written.env_file))
    return replace(options, paths=tuple(written.paths), given=given, formats=formats, against=project)


def _record(path: str | None) -> str | None:
    """The file of a record; raises UsageError for the one that is written beside it."""
    if path is not None and path.endswith(".json"):
        raise UsageError("--record: name a Markdown file (FILE.md); the data are written next to it as .json")
    return path


def _of_clearance(written: CheckLine) -> SelectionFlags:
    """All rules of all-clear, whatever the config ignores, and what they find at any confidence."""
    for flag in ("select", "ignore", "min_confidence"):
        if getattr(written, flag):
            raise UsageError(f"--all-clear: cannot be combined with --{flag.replace('_', '-')}")
    from dockerlint.review.clearance import clearance_rules

    profile = written.profile or PROFILES[0]
    return SelectionFlags(select=(profile, *clearance_rules()), min_confidence=Confidence.LOW)


def _existing(paths: Sequence[str]) -> tuple[str, ...]:
    """The files of a project; raises UsageError for one that is not there."""
    for path in paths:
        if not os.path.isfile(path):
            raise UsageError(f"--against: {path}: no such file")
    return tuple(paths)


def given_lines(lines: Sequence[str]) -> tuple[Given, ...]:
    """What `--run` says."""
    return tuple(Given("<run>", "run", one.encode("utf-8", "surrogateescape")) for one in lines)


def asked_of_docker() -> tuple[Given, ...]:
    """What the docker program of this host tells; raises UsageError where there is none, and DockerError."""
    docker = program()
    if docker is None:
        raise UsageError(_NOTHING)
    return (Given("<docker>", "inspect", inspected(docker)),)
