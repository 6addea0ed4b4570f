"""What the other files of a folder want, so that a file which is made there does them no harm.

A folder is listed once for each state, because every fix in it asks about all of its files.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final

from dockerlint.findings import Refusal
from dockerlint.fixing.dockerfile.ignorefile import refusal_to_ignore
from dockerlint.images.facts import Knowledge
from dockerlint.kinds import kind_of_name
from dockerlint.model.dockerfile.build import Build
from dockerlint.parse.dockerfile.build import parse_dockerfile
from dockerlint.text import decode
from dockerlint.workspace.door import read_bytes
from dockerlint.workspace.neighbours import Neighbours
from dockerlint.workspace.roots import project_root

_MOST: Final = 1024


@dataclass(slots=True)
class Listing:
    """The files of one folder."""

    folder: str
    state: int
    """When the folder was changed last."""
    names: set[str] = field(default_factory=set)
    by_kind: dict[str, list[str]] = field(default_factory=dict)
    """The names of Dockerfiles and Compose files, in order."""
    stranger: str | None = None
    """A name that is not like those of our secrets."""

    def add(self, name: str) -> None:
        """One more file."""
        self.names.add(name)
        if kind := kind_of_name(name):
            self.by_kind.setdefault(kind, []).append(name)
        if self.stranger is None and not name.endswith(".txt"):
            self.stranger = name

    def forget(self, name: str) -> None:
        """A file has changed, or is new."""
        if name not in self.names:
            self.add(name)


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
    # What its steps run may need the names, too.
    beside = Neighbours(os.path.dirname(path), {})
    return parse_dockerfile(text, Knowledge(date.min), beside.text_of), text
