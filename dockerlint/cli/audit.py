"""An `audit` line: what is looked at, and the report that tells what passed as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dockerlint.cli.arguments import CheckLine, UsageError, options_of
from dockerlint.run.check import Given, Options
from dockerlint.run.host.docker import inspected, program

_NOTHING: Final = (
    "nothing to audit, and no docker program here: give the output of `docker inspect $(docker ps -aq)`, "
    "daemon.json or a Compose file as FILE or on standard input (-), or a line as --run 'docker run …'"
)


def audit_options(written: CheckLine, lines: Sequence[str]) -> Options:
    """What a run needs to know; raises UsageError where there is nothing to look at."""
    given = tuple(Given("<run>", "run", one.encode("utf-8", "surrogateescape")) for one in lines)
    if not written.paths and not given:
        docker = program()
        if docker is None:
            raise UsageError(_NOTHING)
        given = (Given("<docker>", "inspect", inspected(docker)),)
    options = options_of(written)
    formats = options.formats
    if not options.quiet:
        formats = tuple(replace(one, name="checklist") if one.name == "text" else one for one in formats)
    return replace(options, paths=tuple(written.paths), given=given, formats=formats)
