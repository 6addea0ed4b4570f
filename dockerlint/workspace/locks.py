"""What stands once for all files of a project: its lock, and where its repository was cloned from.

A config of git may hold logins. Of its text only the last two parts of one address leave this module.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from dockerlint.kinds import LOCK, ORIGIN
from dockerlint.regex import pattern
from dockerlint.text import decode
from dockerlint.workspace.config import ConfigError
from dockerlint.workspace.discovery import ignore_file
from dockerlint.workspace.door import Unreadable
from dockerlint.workspace.roots import Nearest, Roots, is_repository
from dockerlint.workspace.trees import Tree

_LARGEST: Final = 100_000
_ADDRESS: Final = pattern(r"url\s*=\s*\S*?([\w.-]{1,100})/([\w.-]{1,100}?)(?:\.git)?/?\Z")


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


class Origins:
    """Finds the origin of every file."""

    def __init__(self, roots: Roots, *, is_obeyed: bool) -> None:
        nothing: Mapping[str, str] = {}
        self._is_obeyed = is_obeyed
        self._nearest = Nearest(roots, _look, nothing)

    def of(self, path: str) -> Mapping[str, str]:
        """`OWNER/NAME` under the name that linters ask for, if it is known."""
        return self._nearest.of_folder(os.path.dirname(os.path.abspath(path))) if self._is_obeyed else {}


def _look(folder: str) -> Mapping[str, str] | None:
    if not is_repository(folder):
        return None
    data = ignore_file(os.path.join(folder, ".git", "config"))
    found = _origin_in(decode(data).text) if data is not None and len(data) <= _LARGEST else ""
    return {ORIGIN: found} if found else {}


def _origin_in(text: str) -> str:
    """`OWNER/NAME` of the remote `origin` in a config of git; "" where it has none."""
    is_in = False
    for line in text.splitlines():
        if line.lstrip().startswith("["):
            is_in = line.strip() == '[remote "origin"]'
        elif is_in and (found := _ADDRESS.match(line.strip().replace(":", "/"))):
            return f"{found[1]}/{found[2]}"
    return ""
