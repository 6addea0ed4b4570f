"""Where the files that steer a run are read: configs, rules, the lock and ignore files of a project."""

from __future__ import annotations

import os
from typing import Protocol

from dockerlint.files import ignore_file, shown
from dockerlint.records import dataclass
from dockerlint.roots import project_root
from dockerlint.workspace.door import read_bytes


class Tree(Protocol):
    """The files of a project as somebody trusted left them. Paths are absolute."""

    def read(self, path: str) -> bytes | None:
        """A file; None where nothing has this name. Raises Unreadable where it cannot be read."""

    def read_ignore_file(self, path: str) -> bytes | None:
        """As `read`, but None for what git does not obey either: a link, and what cannot be read."""

    def name(self, path: str) -> str:
        """A path as messages show it."""


@dataclass(frozen=True, slots=True)
class WorkingTree:
    """What lies on the disk."""

    def read(self, path: str) -> bytes | None:
        if not os.path.lexists(path):
            return None
        return read_bytes(path, project_root(os.path.realpath(os.path.dirname(path))))

    def read_ignore_file(self, path: str) -> bytes | None:
        return ignore_file(path)

    def name(self, path: str) -> str:
        return shown(path)


@dataclass(frozen=True, slots=True)
class NoTree:
    """Nothing: what a stranger left is not obeyed."""

    def read(self, path: str) -> bytes | None:
        return None

    def read_ignore_file(self, path: str) -> bytes | None:
        return None

    def name(self, path: str) -> str:
        return shown(path)
