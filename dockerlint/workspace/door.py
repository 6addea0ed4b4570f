"""The one door through which the files of a user are read.

A path that the user names is trusted as a name. Everything else lies below a root, the project, and so does
what a link leads to: neither leaves the root nor enters what version control keeps for itself. Whoever
proposes a change to a repository chooses the names in it and where its links lead.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Sequence
from typing import Final

from dockerlint.errors import UserError
from dockerlint.held import HELD
from dockerlint.workspace.openfolder import OpenFolder, refuse_link
from dockerlint.workspace.roots import repository_top

LARGEST: Final = 1_000_000
"""Bytes. The largest of 1,274 public files has 20,311; from here on a hostile one would take seconds."""
LARGEST_RECORD: Final = 10_000_000
"""Bytes of what a container engine printed, which tells some 5,000 of each container."""
TOO_LARGE: Final = f"too large: more than {LARGEST // 1_000_000} MB"
_PRIVATE: Final = frozenset((".bzr", ".git", ".hg", ".jj", ".svn"))
"""Folders of version control: their settings hold logins, on build servers nearly always."""
_PIECE: Final = 1 << 16
_MOST_ENTRIES: Final = 2_000
_DEEPEST: Final = 8
_NULL: Final = "not a path: it contains a null character"
_OUTSIDE: Final = "a symbolic link out of the project; name its target"
_INSIDE_GIT: Final = "it is in a version control directory"

_READ: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)
_MAYBE_A_LINK: Final = (errno.ELOOP, errno.ENOTDIR, getattr(errno, "EMLINK", errno.ELOOP))
"""What the systems say where they were told not to follow a link."""


Project = Callable[[str], "str | None"]
"""Finds the project that a real folder belongs to."""


class Unreadable(UserError):
    """A file that cannot be read; the text says why and, where there is one, the way out."""


def read_bytes(path: str, root: str = "", largest: int = LARGEST) -> bytes:
    """The content of a regular file that lies below `root`; with no root, of one that the user named.

    A root is absolute, and is itself reached through whatever links lead there. In a repository a named path
    leads out of it through no link: a hook names all that somebody else wrote. Raises Unreadable for what
    lies elsewhere, for all but regular files (and never waits for a pipe), and for more than `largest` bytes.
    """
    try:
        if HELD and (held := _held(path, root)) is not None:
            return _within(held, largest)
        handle = _open_below(path, root) if root else _open_named(path)
        try:
            return _content(handle, largest)
        finally:
            os.close(handle)
    except OSError as error:
        raise Unreadable(reason_of(error)) from error
    except ValueError as error:
        raise Unreadable(_NULL) from error


def too_large(largest: int) -> str:
    """What is said of a file of more bytes."""
    size = f"{largest // 1_000_000} MB" if largest >= LARGEST else f"{largest // 1000} kB"
    return f"too large: more than {size}"


def _held(path: str, root: str) -> bytes | None:
    """The text that an editor holds of a file; raises Unreadable where the file must not be read."""
    held = HELD.get(os.path.abspath(path))
    if held is not None and root:
        checked_parts(os.path.realpath(path), os.path.realpath(root))
    return held


def refuse_elsewhere(folder: str) -> None:
    """Raise Unreadable where a folder that the user named leads out of its repository through a link."""
    absolute, top = first_link(folder)
    if top is not None:
        checked_parts(os.path.realpath(absolute), top)


def is_below(path: str, folder: str) -> bool:
    """Whether an absolute path is a folder or lies in it, going by the names."""
    return _parts(path, folder) is not None


def leads_inside(path: str, root: str) -> bool:
    """Whether a path, through whatever links, leads to a place below a root that may be read."""
    try:
        checked_parts(os.path.realpath(path), os.path.realpath(root))
    except (Unreadable, ValueError):
        return False
    return True


def list_files(folder: str, endings: tuple[str, ...]) -> list[str]:
    """The files below a folder whose names end so, in stable order; links to folders are not followed.

    Raises Unreadable where there is more to look at than rules are kept in.
    """
    found: list[str] = []
    entries = 0
    for inner, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not is_private((name,))]
        entries += len(folders) + len(names)
        if entries > _MOST_ENTRIES or len(_parts(inner, folder) or ()) > _DEEPEST:
            raise Unreadable(f"more than {_MOST_ENTRIES} files, or {_DEEPEST} nested directories")
        found += [os.path.join(inner, name) for name in names if name.endswith(endings)]
    return sorted(found)


def checked_parts(real: str, root: str) -> list[str]:
    """The names that lead from a real root to a real path; raises Unreadable for a place not to be read."""
    parts = _parts(real, root)
    if parts is None:
        raise Unreadable(_OUTSIDE)
    if is_private(parts):
        raise Unreadable(_INSIDE_GIT)
    return parts


def refuse_special(mode: int) -> None:
    """Raise Unreadable for the mode of anything but a regular file."""
    if stat.S_ISDIR(mode):
        raise Unreadable("this is a directory, not a file")
    if not stat.S_ISREG(mode):
        raise Unreadable("not a regular file (a pipe, socket or device); use - for standard input")


def reason_of(error: OSError) -> str:
    """What a user is told of an error of the system."""
    if isinstance(error, FileNotFoundError):
        return "no such file or directory"
    return f"cannot be read: {(error.strerror or str(error)).lower()}"


def _with_those_above(folder: str) -> list[str]:
    """A folder and all above it, the outermost first."""
    found = [folder]
    while (above := os.path.dirname(folder)) != folder:
        folder = above
        found.append(folder)
    return found[::-1]


def first_link(path: str, project_of: Project = repository_top) -> tuple[str, str | None]:
    """A path that the user named, made absolute, and the project in which a link first stands in its way.

    `project_of` finds the project of a real folder. Links outside of all are replaced by what they lead to;
    None is for a path without one inside.
    """
    absolute = os.path.abspath(path)
    for one in _with_those_above(absolute):
        if os.path.islink(one):
            top = project_of(os.path.dirname(one))
            real = os.path.realpath(one)
            is_free = top is None and not os.path.islink(real)
            return first_link(real + absolute[len(one) :], project_of) if is_free else (absolute, top)
    return absolute, None


def named_parts(path: str, project_of: Project = repository_top) -> tuple[str, list[str]]:
    """A root, and the names that lead from there to a path that the user named, none of them a link so far.

    Raises Unreadable where a link leads out of the project it stands in.
    """
    absolute, top = first_link(path, project_of)
    if top is not None:
        return top, checked_parts(os.path.realpath(absolute), top)
    folder = os.path.dirname(absolute)
    root = project_of(folder) or _nearest_folder(folder)
    return root, _parts(absolute, root) or []


def _nearest_folder(folder: str) -> str:
    """A folder, or the nearest above it that is there: what is missing below can be no link."""
    while not os.path.lexists(folder) and (above := os.path.dirname(folder)) != folder:
        folder = above
    return folder


def _open_named(path: str) -> int:
    return _open_at(*named_parts(path))


def _open_below(path: str, root: str) -> int:
    """Open a file by the names that lead to it from a root; where a link is among them, by the real ones.

    The second way follows no link either, so that nobody can put one in between.
    """
    parts = _parts(os.path.abspath(path), root)
    if parts is not None and not is_private(parts):
        try:
            return _open_at(root, parts)
        except OSError as error:
            if error.errno not in _MAYBE_A_LINK:
                raise
    real_root = os.path.realpath(root)
    return _open_at(real_root, checked_parts(os.path.realpath(path), real_root))


def _parts(path: str, root: str) -> list[str] | None:
    """The names that lead from a folder to a path below it, both absolute; None where it lies elsewhere."""
    if path == root:
        return []
    start = os.path.join(root, "")
    is_there = os.path.normcase(path).startswith(os.path.normcase(start))
    return path[len(start) :].split(os.sep) if is_there else None


def is_private(parts: Sequence[str]) -> bool:
    """Whether names lead into a folder of version control, in any spelling that file systems take."""
    return any(_plainly(part) in _PRIVATE for part in parts)


def _plainly(name: str) -> str:
    if name.isascii() and not name.startswith((".", "g", "G")):
        return name
    # HFS+ looks past characters that nobody sees, and Windows past what ends a name or makes it short.
    plain = "".join(filter(str.isprintable, name)).casefold().partition(":")[0].rstrip(". ")
    return ".git" if plain == "git~1" else plain


def _open_at(root: str, parts: Sequence[str]) -> int:
    """Open a regular file by names that are no links; raises OSError where one is.

    It is a regular file before it is opened, so that no device notices, and afterwards.
    """
    if not parts:
        refuse_special(stat.S_IFDIR)
    with OpenFolder(root, parts[:-1]) as folder:
        about = folder.stat(parts[-1])
        refuse_link(about)
        refuse_special(about.st_mode)
        handle = folder.open(parts[-1], _READ)
    try:
        refuse_special(os.fstat(handle).st_mode)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _content(handle: int, largest: int) -> bytes:
    """All bytes of a file, whatever its size was said to be."""
    found: list[bytes] = []
    left = largest + 1
    while left > 0 and (piece := os.read(handle, min(left, _PIECE))):
        found.append(piece)
        left -= len(piece)
    return _within(b"".join(found), largest)


def _within(data: bytes, largest: int) -> bytes:
    """The bytes, unless there are more of them; raises Unreadable."""
    if len(data) > largest:
        raise Unreadable(too_large(largest))
    return data
