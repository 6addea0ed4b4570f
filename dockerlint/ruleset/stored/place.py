"""Where facts are stored: a folder of the user's own, of no project."""

from __future__ import annotations

import os
import sys
from typing import Final

from dockerlint.workspace.roots import repository_top

PROGRAM: Final = "dockerlint"
NAME: Final = "facts"
"""The one file that is stored."""


def stored_path() -> str | None:
    """The absolute path of stored facts, whether there are any or not; None for a user without a folder.

    XDG_DATA_HOME counts on every system, if it is absolute (XDG Base Directory Specification 0.8). Otherwise
    the folder is what the system has for data of programs.
    """
    folder = _data_folder()
    return os.path.join(folder, PROGRAM, NAME) if os.path.isabs(folder) else None


def checkout_around(path: str) -> str | None:
    """The repository that a path lies in, through whatever links; None outside of all.

    What lies in one may come from whoever proposes a change to it.
    """
    return repository_top(os.path.dirname(os.path.realpath(path)))


def _data_folder() -> str:
    wanted = os.environ.get("XDG_DATA_HOME", "")
    if os.path.isabs(wanted):
        return wanted
    if sys.platform == "win32":
        return os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Application Support")
    return os.path.expanduser("~/.local/share")
