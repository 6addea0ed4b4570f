"""Where the lock of a project stands: the nearest one at or above each file."""

from __future__ import annotations

import os
from collections.abc import Mapping

from dockerlint.config import ConfigError
from dockerlint.files import Unreadable, read_bytes, shown
from dockerlint.lint import LOCK
from dockerlint.records import dataclass, field
from dockerlint.text import decode


@dataclass(slots=True)
class Locks:
    """Finds the lock of every file; each folder is looked at once."""

    _found: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, path: str) -> Mapping[str, str]:
        """The text of the lock under its name, if there is one; raises ConfigError where it is bad."""
        return self._of_folder(os.path.dirname(os.path.abspath(path)))

    def _of_folder(self, folder: str) -> Mapping[str, str]:
        """From an absolute folder up to the top of its repository."""
        if folder not in self._found:
            path = os.path.join(folder, LOCK)
            above = os.path.dirname(folder)
            if os.path.lexists(path):
                self._found[folder] = {LOCK: _checked(shown(path))}
            elif above == folder or os.path.exists(os.path.join(folder, ".git")):
                self._found[folder] = {}
            else:
                self._found[folder] = self._of_folder(above)
        return self._found[folder]


def _checked(path: str) -> str:
    from dockerlint.lock import LockError, read_lock

    try:
        text = decode(read_bytes(path), path).text
        read_lock(text)
    except Unreadable as error:
        raise ConfigError(f"{path}: {error}") from error
    except LockError as error:
        raise ConfigError(f"{path}:{error}") from error
    return text
