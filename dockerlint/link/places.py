"""Paths that a text of a project names, seen from the folder of its first file."""

from __future__ import annotations

from posixpath import join, normpath
from typing import Final

from dockerlint.model.container.runtime import is_remote
from dockerlint.regex import pattern
from dockerlint.values import UNRESOLVED

_FROM_ELSEWHERE: Final = pattern(r"[/~\\]|[A-Za-z]:[\\/]")
"""How paths begin that do not begin in a folder of the project."""


def below(folder: str, path: str) -> str:
    """A path that begins in a folder; one that begins elsewhere, or cannot be known, as it is."""
    if (
        not folder
        or not path
        or _FROM_ELSEWHERE.match(path)
        or path.startswith(UNRESOLVED)
        or is_remote(path)
    ):
        return path
    return as_path(join(folder, path))


def as_path(path: str) -> str:
    """A path without detours that still looks like one: a name alone would be that of a volume."""
    found = normpath(path)
    return found if found.startswith(("/", "../")) or found in (".", "..") else f"./{found}"


def file_below(folder: str, path: str) -> str:
    """The same of a file that is asked for by its path."""
    return path if is_remote(path) else normpath(below(folder, path))
