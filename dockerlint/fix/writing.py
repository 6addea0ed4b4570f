"""Put a fixed text in the place of the old one: whole or not at all, and never anywhere else."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress

from dockerlint.text import Source


class Unwritable(Exception):
    """A file that is left as it is; the text says why."""


def write(source: Source, text: str, data: bytes) -> None:
    """Replace the file of `source`, which was read as `data`, by `text` in its own encoding and mode.

    Raises Unwritable for a symbolic link, for a file with several names, for one that is read-only, was not
    valid UTF-8 or has changed since, and where the disk does not take it. Then the old file is untouched.
    """
    path = source.path
    if source.notes:
        raise Unwritable(source.notes[0])
    try:
        mode = _check(path, data)
        _replace(path, source.encode(text), mode)
    except OSError as error:
        raise Unwritable(f"cannot be written: {(error.strerror or str(error)).lower()}") from error


def _check(path: str, data: bytes) -> int:
    """The mode of the file, once nothing speaks against writing it."""
    about = os.lstat(path)
    if stat.S_ISLNK(about.st_mode):
        raise Unwritable("a symbolic link; fix the file it leads to")
    if not stat.S_ISREG(about.st_mode):
        raise Unwritable("not a regular file")
    if about.st_nlink > 1:
        raise Unwritable("the file has several names (hard links), which would part")
    if not about.st_mode & stat.S_IWUSR or not os.access(path, os.W_OK):
        raise Unwritable("the file is read-only")
    with open(path, "rb") as stream:
        if stream.read() != data:
            raise Unwritable("the file has changed since it was read")
    return stat.S_IMODE(about.st_mode)


def _replace(path: str, data: bytes, mode: int) -> None:
    """Write beside the file, then take its place in one step."""
    folder, name = os.path.split(os.path.abspath(path))
    handle, temporary = tempfile.mkstemp(prefix=f".{name}.", suffix=".tmp", dir=folder)
    try:
        with open(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
