"""A file that is to be: it appears whole, where the user said, or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from dockerlint.errors import UserError
from dockerlint.regex import pattern
from dockerlint.workspace.door import Project, Unreadable, first_link, named_parts, refuse_special
from dockerlint.workspace.openfolder import OpenFolder, refuse_link

_STREAMS: Final = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
_STREAM: Final = pattern(r"/(?:dev|proc/self)/fd/(\d{1,9})\Z")


class Unwritten(UserError):
    """A file that the user asked for and that could not be made; the text names it and says why."""


class Target:
    """What is written becomes the file with `put_in_place`; until then it stands beside it, named otherwise.

    Folders on its way are made. A pipe, a device and an open stream (`/dev/stdout`) are written as they are.
    `open` raises OSError, and Unreadable where a symbolic link leads out of the project that it stands in:
    whoever proposed the link would choose which file is replaced.
    """

    def __init__(self) -> None:
        self._folder: OpenFolder | None = None
        self._name = self._temporary = ""

    def open(self, path: str, project_of: Project, is_private: bool = False) -> int:
        """A descriptor to be written to, and closed by whoever does.

        A private file is one that the user alone may read; no pipe, device or stream is one.
        """
        if is_private and (_stream(path) is not None or not _is_file(path)):
            raise Unreadable("secrets are written to files only")
        if (stream := _stream(path)) is not None:
            return os.dup(stream)
        if first_link(path, project_of)[1] is None and _is_special(os.stat, path):
            return os.open(path, os.O_WRONLY)  # links to streams of other processes have no name to follow
        root, parts = named_parts(path, project_of)
        if not parts:
            refuse_special(stat.S_IFDIR)
        self._name = parts[-1]
        self._folder = folder = OpenFolder(root, parts[:-1], make=True)
        if not is_private and _is_special(folder.stat, self._name):
            return folder.open(self._name, os.O_WRONLY)
        self._temporary = f".{self._name[:40]}.{os.urandom(8).hex()}.tmp"
        return folder.open(
            self._temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if is_private else 0o666
        )

    def put_in_place(self) -> None:
        """Make the closed file the one that was meant; raises OSError."""
        if self._folder is not None and self._temporary:
            self._folder.replace(self._temporary, self._name)
            self._temporary = ""
        self.discard()

    def discard(self) -> None:
        """Leave nothing behind of what has not been put in place; may be called at any time, and twice."""
        if self._folder is None:
            return
        if self._temporary:
            with suppress(OSError):
                self._folder.unlink(self._temporary)
        self._temporary = ""
        self._folder.close()


def write_file(path: str, text: str, project_of: Project) -> None:
    """Put a whole text where the user said; raises Unwritten, and then the old file is untouched."""
    target = Target()
    try:
        with os.fdopen(target.open(path, project_of), "wb") as stream:
            stream.write(text.encode("utf-8", "backslashreplace"))
        target.put_in_place()
    except OSError as error:
        raise Unwritten(f"{path}: cannot be written: {(error.strerror or str(error)).lower()}") from error
    except (Unreadable, ValueError) as error:
        why = str(error) if isinstance(error, Unreadable) else "not a path"
        raise Unwritten(f"{path}: cannot be written: {why}") from error
    finally:
        target.discard()


def _stream(path: str) -> int | None:
    """The number of an open stream that a path stands for."""
    if os.name == "nt":
        return None
    named = _STREAM.match(path)
    return int(named[1]) if named else _STREAMS.get(path)


def _is_file(path: str) -> bool:
    """Whether there is a file already, or nothing yet."""
    return os.path.isfile(path) or not os.path.exists(path)


def _is_special(look: Callable[[str], os.stat_result], name: str) -> bool:
    """Whether there is a pipe or device, which keeps its place."""
    try:
        about = look(name)
    except FileNotFoundError:
        return False
    refuse_link(about)
    if stat.S_ISDIR(about.st_mode):
        refuse_special(about.st_mode)
    return not stat.S_ISREG(about.st_mode)
