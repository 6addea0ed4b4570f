"""An `audit` line: what is looked at, and the report that tells what passed as well."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dockerlint.cli.arguments import CheckLine, UsageError, options_of
from dockerlint.run.check import Given, Options
from dockerlint.run.host.docker import inspected, program
from dockerlint.run.named import NamedProject

_NOTHING: Final = (
    "nothing to audit, and no docker program here: give the output of `docker inspect $(docker ps -aq)`, "
    "daemon.json or a Compose file as FILE or on standard input (-), or a line as --run 'docker run …'"
)


def audit_options(written: CheckLine, lines: Sequence[str], against: Sequence[str] = ()) -> Options:
    """What a run needs to know; raises UsageError where there is nothing to look at."""
    given = given_lines(lines)
    if not written.paths and not given:
        given = asked_of_docker()
    options = options_of(written)
    formats = options.formats
    if not options.quiet:
        formats = tuple(replace(one, name="checklist") if one.name == "text" else one for one in formats)
    project = NamedProject(_existing(against), tuple(written.env_file))
    return replace(options, paths=tuple(written.paths), given=given, formats=formats, against=project)


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
