"""Put a fixed text in the place of the old one: whole or not at all, and never anywhere else."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from dockerlint.fix.newfiles import Planned
from dockerlint.text import Source, decode

SECRET_FOLDER = 0o700
SECRET_FILE = 0o644
"""Compose mounts the file as it is, and whoever the container runs as must be able to read it. On the host
the folder keeps others out; inside the container it is not looked at."""


class Unwritable(Exception):
    """A file that is left as it is; the text says why."""


def write(source: Source, text: str, data: bytes) -> None:
    """Replace the file of `source`, which was read as `data`, by `text` in its own encoding and mode.

    Raises Unwritable for a symbolic link, for a file with several names, for one that is read-only, was not
    valid UTF-8 or has changed since, and where the disk does not take it. Then the old file is untouched.
    """
    try:
        _replace(source.path, source.encode(text), check(source, data))
    except OSError as error:
        raise Unwritable(f"cannot be written: {(error.strerror or str(error)).lower()}") from error


def write_all(source: Source, text: str, data: bytes, files: Sequence[Planned]) -> None:
    """Make and complete other files, then replace the file of `source` as `write` does; all of it or nothing.

    Raises Unwritable as `write` does; then the other files are taken back.
    """
    check(source, data)
    done: list[Callable[[], None]] = []
    try:
        for file in files:
            _put(file, done)
        if text != source.text:
            write(source, text, data)
    except BaseException:
        for undo in reversed(done):
            with suppress(OSError, Unwritable):
                undo()
        raise


def _put(file: Planned, done: list[Callable[[], None]]) -> None:
    """Make or complete one file; `done` gets what takes that back."""
    try:
        if file.source is None:
            _make(file, done)
        else:
            write(file.source, file.text, file.data)
            fixed, old = decode(file.source.encode(file.text), file.path), file.source.text
            done.append(lambda: write(fixed, old, fixed.encode(fixed.text)))
    except (OSError, Unwritable) as error:
        why = str(error) if isinstance(error, Unwritable) else (error.strerror or str(error)).lower()
        raise Unwritable(f"{file.shown} cannot be written: {why}") from error


def _make(file: Planned, done: list[Callable[[], None]]) -> None:
    """Make a file that must not be there, and the folders above it."""
    _refuse_outside(file.path)
    _make_folders(os.path.dirname(file.path), SECRET_FOLDER if file.is_secret else 0o777, done)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(file.path, flags, SECRET_FILE if file.is_secret else 0o666)
    done.append(lambda: os.unlink(file.path))
    with open(handle, "wb") as stream:
        stream.write(file.text.encode("utf-8"))
        stream.flush()
        os.fsync(stream.fileno())
    if file.is_secret:
        os.chmod(file.path, SECRET_FILE)


def _make_folders(path: str, mode: int, done: list[Callable[[], None]]) -> None:
    """Make the folders that are missing, none of them by way of a link."""
    missing = []
    while not os.path.lexists(path):
        missing.append(path)
        path = os.path.dirname(path)
    for folder in reversed(missing):
        os.mkdir(folder, mode)
        done.append(partial(os.rmdir, folder))


def check(source: Source, data: bytes) -> int:
    """The mode of the file that was read as `data`, once nothing speaks against writing it.

    Raises Unwritable where something does.
    """
    if source.notes:
        raise Unwritable(source.notes[0])
    try:
        return _mode(source.path, data)
    except OSError as error:
        raise Unwritable(f"cannot be written: {(error.strerror or str(error)).lower()}") from error


def _mode(path: str, data: bytes) -> int:
    about = os.lstat(path)
    if stat.S_ISLNK(about.st_mode):
        raise Unwritable("a symbolic link; fix the file it leads to")
    if not stat.S_ISREG(about.st_mode):
        raise Unwritable("not a regular file")
    if about.st_nlink > 1:
        raise Unwritable("the file has several names (hard links), which would part")
    if not about.st_mode & stat.S_IWUSR or not os.access(path, os.W_OK):
        raise Unwritable("the file is read-only")
    _refuse_outside(path)
    with open(path, "rb") as stream:
        if stream.read() != data:
            raise Unwritable("the file has changed since it was read")
    return stat.S_IMODE(about.st_mode)


def _refuse_outside(path: str) -> None:
    """Raise Unwritable where a link among the folders leads out of the project.

    That is the working directory for what lies below it, else the repository.
    """
    folder = os.path.dirname(os.path.abspath(path))
    root = _root(folder)
    if root and not _is_below(os.path.realpath(folder), os.path.realpath(root)):
        raise Unwritable("a linked folder leads out of the project")


def _root(folder: str) -> str:
    """The folder that nothing may lead out of; "" where none is known."""
    here = os.getcwd()
    if _is_below(folder, here):
        return here
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return ""
        folder = above
    return folder


def _is_below(path: str, folder: str) -> bool:
    try:
        return os.path.commonpath((path, folder)) == folder
    except ValueError:  # another drive
        return False


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
