"""Which builds of a project take in a file that lies beside it: in their context, and in their image."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from dockerlint.kinds import TextOf
from dockerlint.model.container.container import Container
from dockerlint.parse.compose.inline import dockerfile_of
from dockerlint.values import UNRESOLVED, known

if TYPE_CHECKING:  # most projects hold no file with a secret
    from dockerlint.model.dockerfile.copying import CopySource

_IGNORE: Final = ".dockerignore"


class Intake(NamedTuple):
    """The services whose builds are given a file."""

    sent: tuple[str, ...] = ()
    """The file lies in their build context, and nothing leaves it out."""
    copied: tuple[str, ...] = ()
    """And the stage that they run copies it."""


def intake_of(path: str, containers: Sequence[Container], text_of: TextOf) -> Intake:
    """The services that build from a folder which holds a file, named from the folder of the project."""
    sent: list[str] = []
    copied: list[str] = []
    for container in containers:
        below = _in_context(path, container)
        if below is None or _is_left_out(below, container, text_of):
            continue
        name = str(known(container.name))
        sent.append(name)
        if any(_takes(source, below) for source in _sources(container)):
            copied.append(name)
    return Intake(tuple(sent), tuple(copied))


def _in_context(path: str, container: Container) -> str | None:
    """The path of a file in the build context of a service; None where it does not lie there."""
    build = container.build
    folder = None if build is None else "." if build.context is None else known(build.context)
    if build is None or folder is None or build.is_remote is not False or UNRESOLVED in folder:
        return None
    if posixpath.isabs(folder) or posixpath.isabs(path):
        return None
    below = posixpath.relpath(path, folder)
    return None if below.startswith("../") else below


def _is_left_out(below: str, container: Container, text_of: TextOf) -> bool:
    from dockerlint.parse.dockerfile.dockerignore import is_ignored, parse_ignore_file

    build = container.build
    assert build is not None
    folder = "." if build.context is None else str(known(build.context))
    file = dockerfile_of(build) or "Dockerfile"
    own = text_of(f"{file}{_IGNORE}")  # BuildKit prefers Dockerfile.dockerignore
    text = text_of(posixpath.normpath(posixpath.join(folder, _IGNORE))) if own is None else own
    return text is not None and is_ignored(parse_ignore_file(text), below)


def _sources(container: Container) -> Iterator[CopySource]:
    """What the stage of a service, and those that it builds on, copy from the build context."""
    from dockerlint.model.dockerfile.copying import Copy

    stage = container.inherited.stage
    for one in () if stage is None else stage.all_instructions:
        if isinstance(one, Copy):
            yield from (source for source in one.sources if source.is_local)


def _takes(source: CopySource, below: str) -> bool:
    from fnmatch import fnmatchcase

    written = known(source.path)
    if source.is_whole_context is True:
        return True
    if written is None:
        return False
    path = posixpath.normpath(written.lstrip("/"))
    depth = path.count("/") + 1
    return fnmatchcase("/".join(below.split("/")[:depth]), path)
