"""Put a fixed text in the place of the old one: whole or not at all, and never anywhere else."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from dockerlint.errors import UserError
from dockerlint.text import Source, decode
from dockerlint.workspace.door import is_below, is_private
from dockerlint.workspace.newfiles import Planned
from dockerlint.workspace.openfolder import OpenFolder
from dockerlint.workspace.roots import repository_top

SECRET_FOLDER = 0o700
SECRET_FILE = 0o644
"""Compose mounts the file as it is, and whoever the container runs as must be able to read it. On the host
the folder keeps others out; inside the container it is not looked at."""


class Unwritable(UserError):
    """A file that is left as it is; the text says why."""


def write(source: Source, text: str, data: bytes) -> None:
    """Replace the file of `source`, which was read as `data`, by `text` in its own encoding and mode.

    Owner, group and extended attributes are kept where the user may; a file that runs as its owner is left.
    Raises Unwritable for a symbolic link, for a file with several names, for one that is read-only, was not
    valid UTF-8 or has changed since, and where the disk does not take it. Then the old file is untouched.
    """
    try:
        check(source, data)
        _replace(source.path, source.encode(text), data)
    except OSError as error:
        raise Unwritable(f"cannot be written: {(error.strerror or str(error)).lower()}") from error


def create(path: str, text: str) -> None:
    """Make a file that is not there yet, whole or not at all; raises Unwritable."""
    file = Planned(os.path.abspath(path), path, None, b"", text)
    done: list[Callable[[], None]] = []
    try:
        _put(file, done)
    except BaseException:
        for undo in reversed(done):
            with suppress(OSError):
                undo()
        raise


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
    above, name = os.path.split(file.path)
    with OpenFolder(above) as folder:
        mode = SECRET_FILE if file.is_secret else 0o666
        handle = folder.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        done.append(lambda: os.unlink(file.path))
    with os.fdopen(handle, "wb") as stream:
        if file.is_secret and hasattr(os, "fchmod"):
            os.fchmod(handle, SECRET_FILE)
        stream.write(file.text.encode("utf-8"))
        stream.flush()
        os.fsync(handle)


def _make_folders(path: str, mode: int, done: list[Callable[[], None]]) -> None:
    """Make the folders that are missing, none of them by way of a link."""
    missing = []
    while not os.path.lexists(path):
        missing.append(path)
        path = os.path.dirname(path)
    for folder in reversed(missing):
        os.mkdir(folder, mode)
        done.append(partial(os.rmdir, folder))


def check(source: Source, data: bytes) -> None:
    """Raise Unwritable where something speaks against writing a file that was read as `data`."""
    if source.notes:
        raise Unwritable(source.notes[0])
    try:
        _refuse_outside(source.path)
        folder, name = os.path.split(os.path.abspath(source.path))
        with OpenFolder(folder) as there:
            _unchanged(there, name, data)
    except OSError as error:
        raise Unwritable(f"cannot be written: {(error.strerror or str(error)).lower()}") from error


def _unchanged(folder: OpenFolder, name: str, data: bytes) -> os.stat_result:
    """About a file that may be written and still holds `data`; raises Unwritable and OSError."""
    about = folder.stat(name)
    if stat.S_ISLNK(about.st_mode):
        raise Unwritable("a symbolic link; fix its target instead")
    if not stat.S_ISREG(about.st_mode):
        raise Unwritable("not a regular file")
    if about.st_nlink > 1:
        raise Unwritable("the file has hard links, which would be separated")
    if not about.st_mode & stat.S_IWUSR or not folder.may_write(name):
        raise Unwritable("the file is read-only")
    with os.fdopen(folder.open(name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as stream:
        same = os.path.samestat(os.fstat(stream.fileno()), about)
        if not same or stream.read(len(data) + 1) != data:
            raise Unwritable("the file has changed since it was read")
    return about


def _refuse_outside(path: str) -> None:
    """Raise Unwritable where a link among the folders leads out of the project, and for what git keeps.

    The project is the working directory for what lies below it, else the repository.
    """
    folder = os.path.dirname(os.path.abspath(path))
    real = os.path.realpath(folder)
    here = os.getcwd()
    root = here if is_below(folder, here) else repository_top(folder)
    if root and not is_below(real, os.path.realpath(root)):
        raise Unwritable("a directory on its path is a link out of the project")
    top = repository_top(real)
    if top and is_private(os.path.relpath(real, top).split(os.sep)):
        raise Unwritable("the file is in a version control directory")


def _replace(path: str, text: bytes, data: bytes) -> None:
    """Write beside the file, then take its place in one step, if it still holds `data`."""
    above, name = os.path.split(os.path.abspath(path))
    temporary = f".{name[:40]}.{os.urandom(8).hex()}.tmp"
    with OpenFolder(above) as folder:
        about = _unchanged(folder, name, data)
        try:
            handle = folder.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as stream:
                stream.write(text)
                _take_over(handle, about, folder, name)
                stream.flush()
                os.fsync(handle)
            _unchanged(folder, name, data)
            folder.replace(temporary, name)
        except BaseException:
            with suppress(OSError):
                folder.unlink(temporary)
            raise


def _take_over(handle: int, about: os.stat_result, folder: OpenFolder, name: str) -> None:
    """Give a new file the owner, the group, the mode and what else stands by the old one."""
    if hasattr(os, "fchown"):
        _keep_owner(handle, about)
    if hasattr(os, "listxattr"):
        with suppress(OSError), os.fdopen(folder.open(name, os.O_RDONLY), "rb") as old:
            _copy_attributes(old.fileno(), handle)
    if hasattr(os, "fchmod"):
        os.fchmod(handle, stat.S_IMODE(about.st_mode))


def _keep_owner(handle: int, about: os.stat_result) -> None:
    """Raise Unwritable where the file would run as somebody else."""
    new = os.fstat(handle)
    for wanted in ((about.st_uid, about.st_gid), (-1, about.st_gid)):
        if (new.st_uid, new.st_gid) == (about.st_uid, about.st_gid):
            return
        with suppress(OSError):
            os.fchown(handle, *wanted)
        new = os.fstat(handle)
    if about.st_mode & (stat.S_ISUID | stat.S_ISGID):
        raise Unwritable("the file belongs to another user and is set-user-ID or set-group-ID")


def _copy_attributes(old: int, new: int) -> None:
    """Copy the extended attributes that the user may set; the access control list is among them."""
    for attribute in os.listxattr(old):
        with suppress(OSError):
            os.setxattr(new, attribute, os.getxattr(old, attribute))
