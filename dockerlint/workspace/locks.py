"""Where the lock of a project stands: the nearest one at or above each file."""

from __future__ import annotations

import os
from collections.abc import Mapping

from dockerlint.kinds import LOCK
from dockerlint.text import decode
from dockerlint.workspace.config import ConfigError
from dockerlint.workspace.door import Unreadable
from dockerlint.workspace.roots import Nearest, Roots
from dockerlint.workspace.trees import Tree


class Locks:
    """Finds the lock of every file."""

    def __init__(self, roots: Roots, tree: Tree) -> None:
        self._tree = tree
        nothing: Mapping[str, str] = {}
        self._nearest = Nearest(roots, self._look, nothing)

    def of(self, path: str) -> Mapping[str, str]:
        """The text of the lock under its name, if there is one; raises ConfigError where it is bad."""
        return self._nearest.of_folder(os.path.dirname(os.path.abspath(path)))

    def _look(self, folder: str) -> Mapping[str, str] | None:
        path = os.path.join(folder, LOCK)
        try:
            data = self._tree.read(path)
        except Unreadable as error:
            raise ConfigError(f"{self._tree.name(path)}: {error}") from error
        return None if data is None else {LOCK: _checked(data, self._tree.name(path))}


def _checked(data: bytes, path: str) -> str:
    from dockerlint.workspace.lock import LockError, read_lock

    text = decode(data, path).text
    try:
        read_lock(text)
    except LockError as error:
        raise ConfigError(f"{path}:{error}") from error
    return text
