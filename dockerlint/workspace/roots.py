"""Up to which folder a search upwards goes: the top of the git repository, else what the user named.

Nothing above it belongs to the project: `/tmp/.dockerlint.yaml` is anybody's.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Final, Generic, TypeVar

from dockerlint.recent import Recent

Found = TypeVar("Found")
_ROOT_USER: Final = 0
_LONGEST_GITFILE: Final = 4096
MOST_NAMES: Final = 4096
"""Names beside a file that are looked at to learn what it is for."""
KEPT: Final = 500
"""Folders that are remembered: a walk goes through one after another, and comes back to those above them."""


class Roots:
    """The roots of the projects of a run, resolved once."""

    def __init__(self, paths: Iterable[str] = ()) -> None:
        folders = {_folder_of(path) for path in paths}
        self.given = frozenset(project_root(folder) for folder in folders)
        """Those of the paths that the user named."""
        self._known = set(self.given)
        self._real: Recent[str, str] = Recent(KEPT)
        self._ends: Recent[str, bool] = Recent(KEPT)

    def resolved(self, folder: str) -> str:
        """Where an absolute folder is, through whatever links; it lies below a root from then on."""
        if folder not in self._real:
            above, name = os.path.split(folder)
            is_plain = above in self._real and not os.path.islink(folder)
            real = os.path.join(self._real[above], name) if is_plain else os.path.realpath(folder)
            self._real[folder] = real
            if self._known.isdisjoint(upwards(real)):
                self._known.add(project_root(real))
        return self._real[folder]

    def end_at(self, folder: str) -> bool:
        """Whether a search upwards ends in this folder, which is absolute and resolved."""
        if folder not in self._ends:
            self._ends[folder] = is_repository(folder)
        return folder in self._known or self._ends[folder]

    def holding(self, path: str) -> str | None:
        """The root that a path lies below, by its name or where it leads; None where it lies outside."""
        above = [*upwards(os.path.abspath(path)), *upwards(os.path.realpath(path))]
        return next((folder for folder in above if folder in self._known), None)


class Nearest(Generic[Found]):
    """What the nearest folder at or above each file has; each folder is looked at once."""

    def __init__(self, roots: Roots, look: Callable[[str], Found | None], nothing: Found) -> None:
        self._roots = roots
        self._look = look
        self._nothing = nothing
        self._found: Recent[str, Found] = Recent(KEPT)

    def of_folder(self, folder: str) -> Found:
        """What holds in a folder."""
        if folder not in self._found:
            self._found[folder] = self._upwards(self._roots.resolved(folder))
        return self._found[folder]

    def _upwards(self, folder: str) -> Found:
        passed: list[str] = []
        found: Found | None = None
        for one in upwards(folder):
            found = self._found[one] if one in self._found else self._look(one)
            passed.append(one)
            if found is not None or self._roots.end_at(one):
                break
        found = self._nothing if found is None else found
        for one in passed:
            self._found[one] = found
        return found


def project_root(folder: str) -> str:
    """The top of the repository that a resolved folder lies in, or the folder itself."""
    return repository_top(folder) or folder


def repository_top(folder: str) -> str | None:
    """The nearest folder at or above a resolved one that is a repository of git, or None.

    One that another user made, in /tmp say, does not count. Where there is none, the highest folder with a
    folder `.git` counts, whatever that holds: so no project ends where something pretends to be a repository.
    """
    owners = {_owner(folder), _ROOT_USER, getattr(os, "geteuid", int)()}
    pretended = None
    for one in upwards(folder):
        path = os.path.join(one, ".git")
        if _owner(path) in owners:
            if is_repository(one):
                return one
            pretended = one if os.path.isdir(path) else pretended
    return pretended


def upwards(folder: str) -> Iterator[str]:
    """An absolute path and every folder above it."""
    while True:
        yield folder
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above


def is_repository(folder: str) -> bool:
    """Whether `.git` in a folder is a repository, or the file of a submodule that leads to one."""
    path = os.path.join(folder, ".git")
    return os.path.lexists(os.path.join(path, "HEAD")) or (os.path.isfile(path) and _leads_to_one(path))


def _leads_to_one(path: str) -> bool:
    try:
        with open(path, "rb") as stream:
            key, _, place = stream.read(_LONGEST_GITFILE).partition(b": ")
    except OSError:
        return False
    target = os.path.join(os.path.dirname(path), os.fsdecode(place.strip()))
    return key == b"gitdir" and b"\0" not in place and os.path.lexists(os.path.join(target, "HEAD"))


def _owner(path: str) -> int | None:
    """The user who owns a file or folder; None where there is none."""
    try:
        return os.lstat(path).st_uid
    except OSError:
        return None


def _folder_of(path: str) -> str:
    real = os.path.realpath(path)
    return real if os.path.isdir(real) else os.path.dirname(real)


def names_in_folder(folder: str) -> frozenset[str]:
    """The names in a folder, some thousand at most; none where it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return frozenset(entry.name for entry in islice(entries, MOST_NAMES))
    except OSError:
        return frozenset()
