"""Which files a run judges, and how they are read without trusting them."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from dockerlint.parse.kinds import SUPPORTED, kind_of_name, kind_of_template
from dockerlint.patterns import Pattern, parse_patterns, verdict
from dockerlint.records import dataclass, field
from dockerlint.text import decode

LARGEST: Final = 1_000_000
"""Bytes. The largest of 1,274 public files has 20,311; from here on a hostile one would take seconds."""
TOO_LARGE: Final = f"too large: more than {LARGEST // 1_000_000} MB"
SKIPPED: Final = frozenset(
    {".bzr", ".git", ".hg", ".jj", ".svn", ".tox", ".venv", "CVS", "__pycache__", "node_modules"}
)
"""Folders that a walk never enters; other hidden folders are walked."""
STDIN: Final = "-"
_NULL: Final = "this is no path: it holds a null character"


class Unreadable(Exception):
    """A file that cannot be judged; the text says why and, where there is one, the way out."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file to judge, or a path that cannot be judged."""

    path: str
    """As shown: from the working directory, with forward slashes."""
    kind: str | None = None
    """Told by the user or by the name; None where the text has to tell."""
    trouble: str = ""
    """Why it cannot be judged; "" where nothing is known against it."""


Excluded = Callable[[str, bool], bool]
"""Whether the config leaves out a path (as shown); True as second argument for a folder."""


def discover(paths: Sequence[str], kind: str | None, is_excluded: Excluded) -> Iterator[Candidate]:
    """Every file to judge, each once: named ones always, those of a folder by name, `.gitignore` and config.

    With `kind` every regular file below a folder counts.
    """
    seen: set[str] = set()
    for path in paths:
        yield from (one for one in _named(path, kind, is_excluded) if _is_new(one, seen))


def read_bytes(path: str) -> bytes:
    """The content of a regular file; raises Unreadable for all else, and never waits for a pipe."""
    try:
        with open(path, "rb", opener=_open_at_once) as stream:
            _refuse_special(os.fstat(stream.fileno()).st_mode)
            data = stream.read(LARGEST + 1)
    except OSError as error:
        raise Unreadable(_why(error)) from error
    except ValueError as error:
        raise Unreadable(_NULL) from error
    if len(data) > LARGEST:
        raise Unreadable(TOO_LARGE)
    return data


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def read_beside(path: str, kind: str) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """The files next to `path` that change its meaning, by name, and notes on those that cannot be read.

    Docker prefers `<Dockerfile name>.dockerignore` to `.dockerignore`; both are given under the latter name.
    """
    folder, name = os.path.split(os.path.abspath(path))
    if kind == "compose":
        return _beside(folder, (".env",), ".env")
    return _beside(folder, (f"{name}.dockerignore", ".dockerignore"), ".dockerignore")


def forget() -> None:
    """Read the files next to others anew, because some were written."""
    _beside.cache_clear()


@lru_cache(maxsize=32)
def _beside(folder: str, names: tuple[str, ...], key: str) -> tuple[Mapping[str, str], tuple[str, ...]]:
    for name in names:
        path = os.path.join(folder, name)
        if not os.path.lexists(path):
            continue
        try:
            return {key: decode(read_bytes(path)).text}, ()
        except Unreadable as error:
            return {}, (f"{name} beside it was not taken into account: {error}",)
    return {}, ()


def shown(path: str) -> str:
    """A path as the reports show it: from the working directory where it lies below it, else as given."""
    if os.path.isabs(path):
        below = (
            os.path.relpath(path)
            if os.path.splitdrive(path)[0] == os.path.splitdrive(os.getcwd())[0]
            else path
        )
        path = path if below.startswith(os.pardir) else below
    return os.path.normpath(path).replace(os.sep, "/")


def _named(path: str, kind: str | None, is_excluded: Excluded) -> Iterator[Candidate]:
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            yield from _Walk(path, kind, is_excluded).files()
            return
        _refuse_special(mode)
    except OSError as error:
        yield Candidate(shown(path), None, _why(error))
    except Unreadable as error:
        yield Candidate(shown(path), None, str(error))
    except ValueError:
        yield Candidate(path, None, _NULL)
    else:
        name = os.path.basename(path)
        yield Candidate(shown(path), kind or kind_of_name(name) or kind_of_template(name))


def _is_new(candidate: Candidate, seen: set[str]) -> bool:
    if candidate.trouble:
        return True
    real = os.path.realpath(candidate.path)
    is_new = real not in seen
    seen.add(real)
    return is_new


def _refuse_special(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise Unreadable("this is a folder, not a file")
    if not stat.S_ISREG(mode):
        raise Unreadable("not a regular file (a pipe, socket or device); to lint standard input, name it -")


def _why(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file or folder"
    return f"cannot be read: {(error.strerror or str(error)).lower()}"


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder to enter."""

    path: str
    parts: tuple[str, ...]
    """From the top of the repository, or from the root of the walk where there is none."""
    ignores: tuple[tuple[int, tuple[Pattern, ...]], ...]
    """The ignore files that hold here, the outermost first, each with the number of parts above it."""

    def ignored(self, name: str, is_folder: bool) -> bool:
        parts = (*self.parts, name)
        for depth, patterns in reversed(self.ignores):
            said = verdict(patterns, parts[depth:], is_folder)
            if said is not None:
                return said
        return False


@dataclass(slots=True)
class _Walk:
    """One folder and all below it; symbolic links are followed to files inside it only."""

    root: str
    kind: str | None
    is_excluded: Excluded
    _real_root: str = field(init=False)

    def __post_init__(self) -> None:
        self._real_root = os.path.join(os.path.realpath(self.root), "")

    def files(self) -> Iterator[Candidate]:
        waiting = [_root_folder(self.root)]
        while waiting:
            folder = waiting.pop()
            try:
                with os.scandir(folder.path) as listing:
                    entries = sorted(listing, key=lambda entry: entry.name)
            except OSError as error:
                yield Candidate(shown(folder.path), None, _why(error))
                continue
            folder = _with_ignore_file(folder, entries)
            yield from self._files_of(folder, entries)
            waiting += reversed([inner for entry in entries if (inner := self._inner(folder, entry))])

    def _files_of(self, folder: _Folder, entries: Sequence[os.DirEntry[str]]) -> Iterator[Candidate]:
        for entry in entries:
            kind = self.kind or kind_of_name(entry.name)
            if kind not in SUPPORTED or not self._is_inside(entry) or folder.ignored(entry.name, False):
                continue
            path = shown(os.path.join(folder.path, entry.name))
            if not self.is_excluded(path, False):
                yield Candidate(path, kind)

    def _is_inside(self, entry: os.DirEntry[str]) -> bool:
        """Whether it is a regular file of this tree, be it through a link."""
        if entry.is_file(follow_symlinks=False):
            return True
        if not entry.is_symlink():
            return False
        try:
            is_file = entry.is_file()
        except OSError:
            return False
        return is_file and os.path.realpath(entry.path).startswith(self._real_root)

    def _inner(self, folder: _Folder, entry: os.DirEntry[str]) -> _Folder | None:
        if entry.name in SKIPPED or not entry.is_dir(follow_symlinks=False):
            return None
        if folder.ignored(entry.name, True) or self.is_excluded(shown(entry.path), True):
            return None
        return _Folder(entry.path, (*folder.parts, entry.name), folder.ignores)


def _root_folder(path: str) -> _Folder:
    """The folder a walk starts in, with the ignore files between it and the top of its repository."""
    real = os.path.realpath(path)
    top = repository_top(real)
    if top is None:
        return _Folder(path, (), ())
    below = os.path.relpath(real, top)
    parts = () if below == os.curdir else tuple(below.split(os.sep))
    above = [os.path.join(top, *parts[:depth]) for depth in range(len(parts))]
    files = [(0, os.path.join(top, ".git", "info", "exclude"))]
    files += [(depth, os.path.join(folder, ".gitignore")) for depth, folder in enumerate(above)]
    return _Folder(path, parts, tuple((depth, found) for depth, file in files if (found := _patterns(file))))


def repository_top(folder: str) -> str | None:
    """The nearest folder at or above an absolute one that holds `.git`, or None."""
    while not os.path.exists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return folder


def _with_ignore_file(folder: _Folder, entries: Sequence[os.DirEntry[str]]) -> _Folder:
    for entry in entries:
        if entry.name == ".gitignore" and entry.is_file(follow_symlinks=False):
            patterns = _patterns(entry.path)
            return _Folder(folder.path, folder.parts, (*folder.ignores, (len(folder.parts), patterns)))
    return folder


def _patterns(path: str) -> tuple[Pattern, ...]:
    try:
        return parse_patterns(decode(read_bytes(path)).text)
    except Unreadable:
        return ()
