"""Which lock is for which files, and how it is read and written."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from dockerlint.images.locked import LockedImage
from dockerlint.kinds import LOCK
from dockerlint.pin.images import ImageMention
from dockerlint.text import decode
from dockerlint.workspace.config import ConfigError
from dockerlint.workspace.discovery import shown
from dockerlint.workspace.door import Unreadable, is_below, read_bytes
from dockerlint.workspace.lock import LockError, lock_text, read_locked
from dockerlint.workspace.roots import Roots, project_root, upwards
from dockerlint.workspace.target import write_file


class LockFile(NamedTuple):
    """A lock that is there, or is to be."""

    path: str
    """Absolute."""
    text: str
    """"" where it is not there."""
    images: Mapping[str, LockedImage]

    @property
    def shown(self) -> str:
        """Its path as messages have it."""
        return shown(self.path)


@dataclass(frozen=True, slots=True)
class LockFiles:
    """Finds the lock of each file: the nearest at or above it, else a new one at the top of its project."""

    roots: Roots

    def of(self, path: str) -> str:
        """The absolute path of the lock for a file."""
        folder = self.roots.resolved(os.path.dirname(os.path.abspath(path)))
        top = folder
        for top in upwards(folder):
            found = os.path.join(top, LOCK)
            if os.path.lexists(found):
                return found
            if self.roots.end_at(top):
                break
        return os.path.join(top, LOCK)

    def grouped(self, mentions: Iterable[ImageMention]) -> dict[str, list[ImageMention]]:
        """The places that name images, by the lock that is for them."""
        found: dict[str, list[ImageMention]] = {}
        for one in mentions:
            found.setdefault(self.of(one.path), []).append(one)
        return found

    def is_whole(self, lock: str, paths: Iterable[str]) -> bool:
        """Whether a run over these paths went over all that a lock is for."""
        folder = os.path.dirname(lock)
        return any(is_below(folder, os.path.realpath(one)) for one in paths if os.path.isdir(one))


def read_lock_file(path: str) -> LockFile:
    """The lock at a path, empty where nothing is there; raises ConfigError for one that is bad."""
    if not os.path.lexists(path):
        return LockFile(path, "", {})
    try:
        text = decode(read_bytes(path, project_root(os.path.dirname(path))), path).text
        return LockFile(path, text, read_locked(text))
    except Unreadable as error:
        raise ConfigError(f"{shown(path)}: {error}") from error
    except LockError as error:
        raise ConfigError(f"{shown(path)}:{error}") from error


def write_lock_file(old: LockFile, images: Mapping[str, LockedImage]) -> None:
    """Put a lock with these images in the place of the old one; raises Unwritten."""
    write_file(old.path, lock_text(images), project_root)
