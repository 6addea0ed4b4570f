"""What lines of logs and changed files say about the capability or the folder that was missing."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from typing import Final

from dockerlint.data import records
from dockerlint.hardening.conditions import is_below
from dockerlint.prove.host.observing import Changed, refusals_in
from dockerlint.regex import pattern

_HINTS: Final = tuple(
    (pattern(row["pattern"]), tuple(row["add"])) for row in records("prove", "capability-hints")
)
_PATH: Final = pattern(r"(?<![\w./-])(/[\w.+@%~-]+(?:/[\w.+@%~-]+)*)")
_READ_ONLY: Final = (
    "read-only file system",
    "erofs",
    "not writable",
    "no such file",
    "denied",
    "not permitted",
)
_NEVER: Final = ("/proc", "/sys", "/dev")


def capabilities_in(lines: Sequence[str]) -> tuple[str, ...]:
    """The capabilities that refusals in these lines ask for, each once."""
    found: dict[str, None] = {}
    for line in refusals_in(lines):
        added = next((names for expression, names in _HINTS if expression.search(line)), ())
        found.update(dict.fromkeys(added))
    return tuple(found)


def written_folders(changes: Iterable[Changed]) -> tuple[str, ...]:
    """The uppermost folders in which new files were made, in order; such a folder may itself be new."""
    new = {one.path for one in changes if one.is_new}
    inner = {posixpath.dirname(path) for path in new}
    found = {_above(folder, new) for folder in inner}
    return _uppermost(found)


def changed_folders(changes: Sequence[Changed]) -> tuple[str, ...]:
    """The folders in which files of the image were changed or removed."""
    folders = {posixpath.dirname(one.path) for one in changes}
    return _uppermost(
        posixpath.dirname(one.path) for one in changes if not one.is_new and one.path not in folders
    )


def folders_in(lines: Sequence[str]) -> tuple[str, ...]:
    """The folders of the paths that lines name which tell of a refused write."""
    told = (line for line in lines if any(sign in line.lower() for sign in _READ_ONLY))
    return _uppermost(posixpath.dirname(found[1]) for line in told for found in _PATH.finditer(line))


def _above(folder: str, new: set[str]) -> str:
    """The folder, or the one above it in which it was made."""
    while folder in new and posixpath.dirname(folder) != "/":
        folder = posixpath.dirname(folder)
    return folder


def _uppermost(folders: Iterable[str]) -> tuple[str, ...]:
    """Folders that lie in no other one; the root, and what the kernel shows, are none."""
    found = sorted(
        {one for one in folders if one not in ("", "/") and not any(is_below(one, n) for n in _NEVER)}
    )
    return tuple(one for one in found if not any(one != other and is_below(one, other) for other in found))
