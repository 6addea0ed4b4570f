"""Folders of a container: which ones a program may call its own, and which the system keeps."""

from __future__ import annotations

import posixpath
from typing import Final

from dockerlint.data import ordered_words, word_list

_SYSTEM: Final = word_list("folders", "system-roots")
_CODE_BELOW: Final = ordered_words("folders", "code-roots")
_OF_LOCAL: Final = word_list("folders", "shared-local-folders")
_SHARED: Final = word_list("folders", "shared-folders")
"""Folders that hold one folder for each program."""
_DATA_BELOW: Final = ordered_words("folders", "data-roots")
_OF_THE_SYSTEM: Final = word_list("folders", "system-data-folders")


def absolute(folder: str | None, path: str) -> str | None:
    """A path as it stands in the container, seen from `folder`; None where that is not known."""
    if path.startswith("/"):
        return "/" + posixpath.normpath(path).lstrip("/")
    return None if folder is None else "/" + posixpath.normpath(posixpath.join(folder, path)).lstrip("/")


def is_code_folder(path: str) -> bool:
    """A program's own: /app, /srv/x, /usr/src/x, /var/www/x; nothing that the system keeps."""
    if any(is_within(path, one) for one in _CODE_BELOW) or _is_own_tree(path):
        return True
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return bool(first) and first not in _SYSTEM


def _is_own_tree(path: str) -> bool:
    """/usr/local/x, where x is a program's and not one of the folders that all share."""
    parts = path.split("/")
    return parts[:3] == ["", "usr", "local"] and len(parts) > 3 and parts[3] not in _OF_LOCAL


def is_data_folder(path: str) -> bool:
    """Where a program keeps what it writes: its own folders, its part of /var/lib, /var/log and the like."""
    if path in _OF_THE_SYSTEM or any(path.startswith(one + "/") for one in _OF_THE_SYSTEM):
        return False
    return is_code_folder(path) or path.startswith(_DATA_BELOW)


def is_within(path: str, folder: str) -> bool:
    """Whether a path is a folder or below it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def is_shared(folder: str) -> bool:
    """It holds one folder for each program, and is there in most images."""
    return folder in _SHARED


def part_of(folder: str, path: str) -> str | None:
    """The part of a folder around a path that is the program's: /opt/x for /opt/x/bin; None for /opt."""
    if folder not in _SHARED:
        return folder
    if path == folder:
        return None
    return "/".join([folder.rstrip("/"), path[len(folder.rstrip("/")) + 1 :].split("/")[0]])


def is_of_root(path: str) -> bool:
    """In the home of root, which is closed to everybody else."""
    return is_within(path, "/root") or path.startswith(("~/", "$HOME", "${HOME}")) or path == "~"
