"""What the other files of a folder want, so that a file which is made there does them no harm.

They are read once for each state, because every fix in a folder asks about all of them.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from dockerlint.fix.ignorefile import hindrance
from dockerlint.model.dockerfile import Build
from dockerlint.model.knowledge import Knowledge
from dockerlint.parse.dockerfile import parse_dockerfile
from dockerlint.parse.yamlnodes import Plain
from dockerlint.parse.yamltree import load_plain
from dockerlint.roots import project_root
from dockerlint.text import decode
from dockerlint.tuples import NamedTuple
from dockerlint.workspace.door import read_bytes

_MOST: Final = 1024


class _Project(NamedTuple):
    """What a Compose file takes from others."""

    extended: frozenset[str]
    """The names of the files whose services it extends."""
    completed: frozenset[str]
    """The variables that it sets on services of which it does not say what they run."""


def need(path: str, names: Sequence[str]) -> str:
    """Why a Dockerfile must find one of these names in what it is built from; "" where it need not.

    Raises Unreadable and OSError where it cannot be read.
    """
    if not os.path.isfile(path):
        return ""
    build, text = _build(path, _state(path))
    return hindrance(build, text, names)


def clash(path: str, name: str, variable: str) -> str:
    """What a Compose file does that a secret of the file called `name` stands in the way of; "" for nothing.

    Raises Unreadable and OSError where it cannot be read.
    """
    if not os.path.isfile(path):
        return ""
    project = _project(path, _state(path))
    if name in project.extended:
        return "extends a service of this file, and would lack the secret"
    return f"sets {variable} as well, and the image refuses both" if variable in project.completed else ""


def _state(path: str) -> tuple[int, int]:
    about = os.stat(path)
    return about.st_mtime_ns, about.st_size


def _text(path: str) -> str:
    return decode(read_bytes(path, project_root(os.path.realpath(os.path.dirname(path))))).text


@lru_cache(maxsize=_MOST)
def _build(path: str, state: tuple[int, int]) -> tuple[Build, str]:
    text = _text(path)
    return parse_dockerfile(text, Knowledge(date.min)), text


@lru_cache(maxsize=_MOST)
def _project(path: str, state: tuple[int, int]) -> _Project:
    plain = load_plain(_text(path))[0]
    services = plain.get("services") if isinstance(plain, dict) else None
    extended: set[str] = set()
    completed: set[str] = set()
    for service in services.values() if isinstance(services, dict) else ():
        if isinstance(service, dict):
            origin = service.get("extends")
            if isinstance(origin, dict):
                extended.add(posixpath.basename(str(origin.get("file", ""))))
            if not service.keys() & {"image", "build"}:
                completed |= _set_by(service.get("environment"))
    return _Project(frozenset(extended), frozenset(completed))


def _set_by(environment: Plain) -> set[str]:
    """The names of the variables that are set."""
    names = environment if isinstance(environment, (dict, list)) else ()
    return {str(name).partition("=")[0] for name in names}
