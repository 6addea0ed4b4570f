"""What belongs to a file and is not linted with it, so that nobody takes its silence for a clean bill.

Sources: moby/buildkit frontend/dockerfile/parser/directives.go; the reference of Compose on `include`,
`extends` and `build`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from dockerlint.kinds import kind_of_name, kind_of_wide_name
from dockerlint.regex import pattern
from dockerlint.values import UNRESOLVED, known

if TYPE_CHECKING:
    from dockerlint.model.container.container import Container
    from dockerlint.model.container.project import Project
    from dockerlint.model.dockerfile.build import Build

# Directives end at the first line that is none; a line `#!` may stand before them.
_SYNTAX: Final = pattern(
    r"(?:#![^\n]*\n)?(?:#[ \t]*(?!syntax[ \t]*=)[a-z][a-z0-9]*[ \t]*=[^\n]*\n)*"
    r"#[ \t]*syntax[ \t]*=[ \t]*(\S+)",
    re.IGNORECASE,
)
_OURS: Final = pattern(r"(?:docker\.io/)?docker/dockerfile(?:-upstream)?(?:[:@]\S*)?\Z")
_ARGUMENT: Final = "BUILDKIT_SYNTAX"
"""The build argument that names a frontend, too."""
_WHY: Final = "because its name is not that of a Dockerfile or Compose file"


def unread_of_dockerfile(build: Build, text: str) -> tuple[str, ...]:
    """Notes on what is not linted of a Dockerfile."""
    return tuple(_about(name) for name in _frontend(text))


def unread_of_compose(project: Project, text: str) -> tuple[str, ...]:
    """Notes on what is not linted of a Compose file."""
    frontends = dict.fromkeys(name for one in project.containers for name in _frontends(one))
    others = {name for name in _other_files(project) if _kind(posixpath.basename(name)) is None}
    return (
        *map(_about, frontends),
        *(f"{name}: not linted unless named, {_WHY}" for name in sorted(others)),
    )


def unread_of_nothing(document: object, text: str) -> tuple[str, ...]:
    """A file that names no other that would be linted."""
    return ()


def _kind(name: str) -> str | None:
    return kind_of_name(name) or kind_of_wide_name(name)


def _other_files(project: Project) -> Iterator[str]:
    builds = [one.build for one in project.containers if one.build and one.inline_dockerfile is None]
    paths = (one.dockerfile for one in builds if one.dockerfile)
    yield from (name for path in paths if (name := known(path)) and UNRESOLVED not in name)


def _frontends(container: Container) -> Iterator[str]:
    yield from _frontend(known(container.inline_dockerfile) or "")
    for argument in container.build.arguments if container.build else ():
        if argument.name == _ARGUMENT and argument.value is not None:
            name = (known(argument.value) or "unknown").replace(UNRESOLVED, "…")
            yield from () if _OURS.match(name) else (name,)


def _frontend(text: str) -> Iterator[str]:
    """The program that reads a Dockerfile in place of Docker's own, if one does."""
    if text[:1] != "#" or "syntax" not in text.casefold():  # as most files, and quicker
        return
    found = _SYNTAX.match(text)
    if found is not None and not _OURS.match(found[1]):
        yield found[1]


def _about(frontend: str) -> str:
    return f"uses a frontend other than Docker's, which may interpret the file differently: {frontend}"
