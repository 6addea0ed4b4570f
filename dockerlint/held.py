"""The texts that an editor holds and has not saved: they stand in for what the disk has.

A held text goes through the same door as a file: whoever may not read the file does not get the text.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

_HELD: Final[dict[str, bytes]] = {}
"""By absolute path, and by where that leads."""

HELD: Final[Mapping[str, bytes]] = _HELD
"""The same, for those who only look."""


def hold(path: str, data: bytes) -> None:
    """Let bytes stand in for a file, by its absolute path."""
    for one in {path, os.path.realpath(path)}:
        _HELD[one] = data


def let_go(path: str) -> None:
    """The disk counts again."""
    for one in {path, os.path.realpath(path)}:
        _HELD.pop(one, None)


def is_there(path: str) -> bool:
    """Whether a file is on the disk or held, by its absolute path; so is a link that leads nowhere."""
    return path in _HELD or os.path.lexists(path)


def names_in(folder: str) -> list[str]:
    """The names of the held files in an absolute folder."""
    return [os.path.basename(path) for path in _HELD if os.path.dirname(path) == folder]
