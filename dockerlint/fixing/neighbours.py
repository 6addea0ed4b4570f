"""What the other files of a folder want, so that a file which is made there does them no harm.

A folder is read once for each state, because every fix in it asks about all of its files; what this run has
changed itself is read again alone.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from dockerlint.budget import spend
from dockerlint.findings import Refusal, Refused
from dockerlint.fixing.dockerfile.ignorefile import refusal_to_ignore
from dockerlint.fixing.overlays import ServicePart, part_of
from dockerlint.images.facts import Knowledge
from dockerlint.kinds import kind_of_name
from dockerlint.model.dockerfile.build import Build
from dockerlint.parse.compose.layout import COMPOSE
from dockerlint.parse.dockerfile.build import parse_dockerfile
from dockerlint.text import decode
from dockerlint.workspace.door import Unreadable, read_bytes
from dockerlint.workspace.roots import project_root
from dockerlint.yaml.nodes import Plain
from dockerlint.yaml.tree import load_plain

_MOST: Final = 1024
MOST_PROJECTS: Final = 5_000
"""Compose files of one folder that are read for the sake of a secret that is made there."""
_STEPS_PER_CHARACTER: Final = 20


class _Dependencies(NamedTuple):
    """What a Compose file takes from others."""

    extended: frozenset[str] = frozenset()
    """The names of the files whose services it extends."""
    completed: frozenset[str] = frozenset()
    """The variables that it sets on services of which it does not say what they run."""
    bases: frozenset[tuple[str, str]] = frozenset()
    """Names of files, and of services in them that it extends."""
    parts: Mapping[str, ServicePart] = MappingProxyType({})
    """What it says of its services, by their names."""
    error: Exception | None = None
    """Why it cannot be read."""


@dataclass(slots=True)
class Listing:
    """The files of one folder, and what its Compose files take from others."""

    folder: str
    state: int
    """When the folder was changed last."""
    names: set[str] = field(default_factory=set)
    by_kind: dict[str, list[str]] = field(default_factory=dict)
    """The names of Dockerfiles and Compose files, in order."""
    stranger: str | None = None
    """A name that is not like those of our secrets."""
    _dependencies: dict[str, _Dependencies] = field(default_factory=dict)
    _extending: dict[str, set[str]] = field(default_factory=dict)
    _completing: dict[str, set[str]] = field(default_factory=dict)
    _unreadable: dict[str, Exception] = field(default_factory=dict)
    _parts: dict[str, dict[str, ServicePart]] = field(default_factory=dict)
    """By service, then by file."""

    def add(self, name: str) -> None:
        """One more file."""
        self.names.add(name)
        if kind := kind_of_name(name):
            self.by_kind.setdefault(kind, []).append(name)
        if self.stranger is None and not name.endswith(".txt"):
            self.stranger = name

    def read(self) -> None:
        """Read the Compose files that were not read yet; raises Refused where there are too many."""
        if len(self.by_kind.get("compose", ())) > MOST_PROJECTS:
            raise Refused("there are so many Compose files here that one of them may extend this one")
        for name in self.by_kind.get("compose", ()):
            if name not in self._dependencies:
                self._read(name)

    def _read(self, name: str) -> None:
        path = os.path.join(self.folder, name)
        try:
            needs = _dependencies_of(path) if os.path.isfile(path) else _Dependencies()
        except (Unreadable, OSError) as error:
            needs = _Dependencies(error=error)
            self._unreadable[name] = error
        self._dependencies[name] = needs
        for other in needs.extended:
            self._extending.setdefault(other, set()).add(name)
        for variable in needs.completed:
            self._completing.setdefault(variable, set()).add(name)
        for service, part in needs.parts.items():
            self._parts.setdefault(service, {})[name] = part

    def parts(self, service: str) -> list[ServicePart]:
        """What the Compose files that can be read say of a service."""
        return list(self._parts.get(service, {}).values())

    def extending(self, name: str, service: str) -> str | None:
        """Another file that extends a service of the file called `name`."""
        files = sorted(self._extending.get(name, set()) - {name})
        return next((one for one in files if (name, service) in self._dependencies[one].bases), None)

    def forget(self, name: str) -> None:
        """A file has changed, or is new."""
        if name not in self.names:
            self.add(name)
        needs = self._dependencies.pop(name, _Dependencies())
        self._unreadable.pop(name, None)
        for other in needs.extended:
            self._extending[other].discard(name)
        for variable in needs.completed:
            self._completing[variable].discard(name)
        for service in needs.parts:
            self._parts[service].pop(name, None)

    def refusal(self, name: str, variable: str) -> Refusal | None:
        """The first file that a secret of the file called `name` stands in the way of, and why.

        Raises Unreadable and OSError where a file before it cannot be read.
        """
        extending, completing = self._extending.get(name, set()), self._completing.get(variable, set())
        first = min((*(extending | completing) - {name}, *self._unreadable.keys() - {name}), default="")
        if first in self._unreadable:
            raise self._unreadable[first]
        if first in extending:
            return Refusal(f"{first} extends a service of this file, and would lack the secret")
        return Refusal(f"{first} sets {variable} as well, and the image rejects both") if first else None


class Listings:
    """The folders that a run has listed, by path."""

    def __init__(self) -> None:
        self._found: dict[str, Listing] = {}

    def of(self, folder: str) -> Listing:
        """What a folder holds; raises OSError where it cannot be listed."""
        state = os.stat(folder).st_mtime_ns
        known = self._found.get(folder)
        if known is None or known.state != state:
            if len(self._found) >= _MOST:
                self._found.clear()
            known = self._found[folder] = _listed(folder, state)
        return known

    def refusal(self, folder: str, name: str, variable: str) -> Refusal | None:
        """Which Compose file a secret of the file called `name` stands in the way of, and why.

        Raises Refused, Unreadable and OSError where one cannot be read.
        """
        found = self.of(folder)
        found.read()
        return found.refusal(name, variable)

    def written(self, paths: Iterable[str]) -> None:
        """This run has written these files, so that nothing else in their folders has to be read again."""
        for path in paths:
            folder, name = os.path.split(os.path.abspath(path))
            if folder in self._found:
                self._found[folder].forget(name)
                self._found[folder].state = os.stat(folder).st_mtime_ns


def _listed(folder: str, state: int) -> Listing:
    listing = Listing(folder, state)
    for name in sorted(os.listdir(folder)):
        listing.add(name)
    return listing


def refusal_of_build(path: str, names: Sequence[str]) -> Refusal | None:
    """Why a Dockerfile must find one of these names in what it is built from; None where it need not.

    Raises Unreadable and OSError where it cannot be read.
    """
    if not os.path.isfile(path):
        return None
    build, text = _build(path, _state(path))
    return refusal_to_ignore(build, text, names)


def _state(path: str) -> tuple[int, int]:
    about = os.stat(path)
    return about.st_mtime_ns, about.st_size


def _text(path: str) -> str:
    return decode(read_bytes(path, project_root(os.path.realpath(os.path.dirname(path))))).text


@lru_cache(maxsize=_MOST)
def _build(path: str, state: tuple[int, int]) -> tuple[Build, str]:
    text = _text(path)
    return parse_dockerfile(text, Knowledge(date.min)), text


def _dependencies_of(path: str) -> _Dependencies:
    text = _text(path)
    spend(_STEPS_PER_CHARACTER * len(text), "the Compose files of its directory")
    plain = load_plain(text, COMPOSE)[0]
    services = plain.get("services") if isinstance(plain, dict) else None
    named = services.items() if isinstance(services, dict) else ()
    bodies = {str(name): body for name, body in named if isinstance(body, dict)}
    bases = frozenset(base for body in bodies.values() if (base := _base_of(body)) is not None)
    partial = [body for body in bodies.values() if not body.keys() & {"image", "build"}]
    return _Dependencies(
        extended=frozenset(file for file, _ in bases),
        completed=frozenset(name for body in partial for name in _set_by(body.get("environment"))),
        bases=bases,
        parts={name: part_of(posixpath.basename(path), body) for name, body in bodies.items()},
    )


def _base_of(body: Mapping[str, Plain]) -> tuple[str, str] | None:
    """The name of the file, and the service in it, that a service extends."""
    origin = body.get("extends")
    if not isinstance(origin, dict):
        return None
    return posixpath.basename(str(origin.get("file", ""))), str(origin.get("service", ""))


def _set_by(environment: Plain) -> set[str]:
    """The names of the variables that are set."""
    names = environment if isinstance(environment, (dict, list)) else ()
    return {str(name).partition("=")[0] for name in names}
