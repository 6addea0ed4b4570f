"""Paths as services want them that join them to the top of a repository."""

from __future__ import annotations

import os
import posixpath
import re
from typing import Final

_DRIVE: Final = re.compile(r"[A-Za-z]:[\\/]")


def relative(path: str) -> str:
    """The path from the folder the check was started in, with slashes; one outside stays as it is."""
    if _DRIVE.match(path) or ("\\" in path and "/" not in path):
        path = path.replace("\\", "/")
    path = posixpath.normpath(path)
    here = os.getcwd().replace(os.sep, "/").rstrip("/")
    return path.removeprefix(f"{here}/")
