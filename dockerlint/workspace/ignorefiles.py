"""The ignore files of git that hold in a folder: whether one of them leaves an entry out, and which."""

from __future__ import annotations

import os
from codecs import BOM_UTF8
from collections.abc import Callable
from typing import Final, NamedTuple

from dockerlint.patterns import Pattern, last_match, parse_patterns
from dockerlint.workspace.roots import repository_top

NAME: Final = ".gitignore"
Read = Callable[[str], "bytes | None"]
"""The content of an ignore file by its absolute path; None where there is none that counts."""


class IgnoreFile(NamedTuple):
    """One that holds at least one pattern."""

    path: str
    """Absolute."""
    depth: int
    """The number of folders between the top of the repository and the folder that it speaks about."""
    patterns: tuple[Pattern, ...]


class IgnoreFiles(NamedTuple):
    """Those that hold in a folder, the outermost first."""

    read: Read
    parts: tuple[str, ...] = ()
    """The folder from the top of its repository, or from the root of the walk where there is none."""
    files: tuple[IgnoreFile, ...] = ()

    def leaving_out(self, name: str, is_folder: bool) -> str:
        """The path of the file that leaves out an entry of the folder; "" where none does."""
        parts = (*self.parts, name)
        for file in reversed(self.files):
            said = last_match(file.patterns, parts[file.depth :], is_folder)
            if said is not None:
                return file.path if said else ""
        return ""

    def inside(self, name: str) -> IgnoreFiles:
        """Those that hold in a folder of the folder, but for its own."""
        return self._replace(parts=(*self.parts, name))

    def and_of(self, folder: str) -> IgnoreFiles:
        """The same with the one that stands in the folder itself, which is at this path."""
        return self._and(os.path.join(folder, NAME), len(self.parts))

    def _and(self, path: str, depth: int) -> IgnoreFiles:
        data = self.read(os.path.abspath(path))
        # Git compares bytes, whatever a mark at their beginning says; one of UTF-8 it leaves out.
        text = data.removeprefix(BOM_UTF8).decode("utf-8", "surrogateescape") if data else ""
        patterns = parse_patterns(text)
        return self._replace(files=(*self.files, IgnoreFile(path, depth, patterns))) if patterns else self


def ignore_files_above(folder: str, read: Read) -> IgnoreFiles:
    """Those between a folder and the top of its repository, and `.git/info/exclude`."""
    real = os.path.realpath(folder)
    top = repository_top(real)
    if top is None:
        return IgnoreFiles(read)
    below = os.path.relpath(real, top)
    parts = () if below == os.curdir else tuple(below.split(os.sep))
    found = IgnoreFiles(read, parts)._and(os.path.join(top, ".git", "info", "exclude"), 0)
    for depth in range(len(parts)):
        found = found._and(os.path.join(top, *parts[:depth], NAME), depth)
    return found
