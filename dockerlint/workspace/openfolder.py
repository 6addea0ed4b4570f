"""A folder that is held open, so that what is done in it is done there, whatever becomes of its name."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Final

NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0)
CAN_HOLD: Final = {
    os.access,
    os.mkdir,
    os.open,
    os.rename,
    os.stat,
    os.unlink,
} <= os.supports_dir_fd and NO_LINK != 0
"""Whether the system opens files from a folder; where not, names are compared before and after."""
_FOLDER: Final = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0)
_ALWAYS: Final = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0) | NO_LINK


class OpenFolder:
    """The folder that some names lead to from a root, none of them a link; the root may be reached by some.

    Every method takes the name of an entry, and raises OSError. With `make`, missing folders are made.
    """

    def __init__(self, root: str, parts: Sequence[str] = (), *, make: bool = False) -> None:
        self.path = os.path.join(root, *parts)
        if make and not CAN_HOLD:
            os.makedirs(self.path, exist_ok=True)
        self._handle = _descend(root, parts, make) if CAN_HOLD else None
        if not CAN_HOLD and not _is_same(self.path, os.path.join(os.path.realpath(root), *parts)):
            raise _link()

    def __enter__(self) -> OpenFolder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the folder; may be called twice."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def stat(self, name: str) -> os.stat_result:
        """About the entry itself, be it a link."""
        return os.stat(self._at(name), dir_fd=self._handle, follow_symlinks=False)

    def open(self, name: str, flags: int, mode: int = 0o666) -> int:
        """Open an entry that is no link."""
        handle = os.open(self._at(name), flags | _ALWAYS, mode, dir_fd=self._handle)
        if not NO_LINK and not os.path.samestat(os.fstat(handle), self.stat(name)):
            os.close(handle)
            raise _link()
        return handle

    def may_write(self, name: str) -> bool:
        """Whether the user may write an entry, going by its mode."""
        return os.access(self._at(name), os.W_OK, dir_fd=self._handle)

    def replace(self, old: str, new: str) -> None:
        """Give an entry the name of another one, in its place; a link is replaced and not followed."""
        os.replace(self._at(old), self._at(new), src_dir_fd=self._handle, dst_dir_fd=self._handle)

    def unlink(self, name: str) -> None:
        """Remove an entry that is no folder."""
        os.unlink(self._at(name), dir_fd=self._handle)

    def _at(self, name: str) -> str:
        return name if self._handle is not None else os.path.join(self.path, name)


def _descend(root: str, parts: Sequence[str], make: bool) -> int:
    handle = os.open(root, _FOLDER)
    try:
        for part in parts:
            if make:
                with suppress(FileExistsError):
                    os.mkdir(part, dir_fd=handle)
            inner = os.open(part, _FOLDER | NO_LINK, dir_fd=handle)
            os.close(handle)
            handle = inner
    except BaseException:
        os.close(handle)
        raise
    return handle


def _is_same(path: str, real: str) -> bool:
    return os.path.normcase(os.path.realpath(path)) == os.path.normcase(real)


def _link() -> OSError:
    return OSError(errno.ELOOP, os.strerror(errno.ELOOP))


def refuse_link(about: os.stat_result) -> None:
    """Raise the OSError that a system gives for a link which it is not to follow."""
    if stat.S_ISLNK(about.st_mode):
        raise _link()
