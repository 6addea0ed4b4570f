"""The Dockerfile that a service is built from, where it lies below the Compose file or inside of it."""

from __future__ import annotations

import posixpath
from functools import cache
from typing import TYPE_CHECKING

from dockerlint.images.facts import Knowledge
from dockerlint.kinds import TextOf
from dockerlint.model.container.built import Built
from dockerlint.model.container.runtime import ServiceBuild
from dockerlint.values import UNRESOLVED, Located, known

if TYPE_CHECKING:
    from dockerlint.model.dockerfile.build import Build


def read_built(
    build: ServiceBuild | None,
    inline: Located[str] | None,
    knowledge: Knowledge,
    text_of: TextOf,
) -> Built | None:
    """What a service builds, to be read when it is needed; None where it builds nothing we could read."""
    if build is None or (build.target is not None and known(build.target) is None):
        return None
    path = None if inline is not None else _path(build)
    if inline is None and path is None:
        return None

    def read() -> Build | None:
        text = known(inline) if path is None else text_of(path)
        return None if text is None else _read(text, knowledge)

    # One inside of the file is linted too, and is read once for both.
    return Built(
        cache(read) if path is None else read, known(build.target), has_arguments=bool(build.arguments)
    )


def _read(text: str, knowledge: Knowledge) -> Build:
    from dockerlint.parse.dockerfile.build import parse_dockerfile

    return parse_dockerfile(text, knowledge)


def _path(build: ServiceBuild) -> str | None:
    """From the folder of the Compose file; None for what is not below it."""
    context = "." if build.context is None else known(build.context)
    name = "Dockerfile" if build.dockerfile is None else known(build.dockerfile)
    if context is None or name is None or build.is_remote is not False or UNRESOLVED in context + name:
        return None
    path = posixpath.normpath(posixpath.join(context, name))
    return None if path.startswith(("/", "../")) else path
