"""Whether git will leave files out of a repository, once its ignore files are as they are to be."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache

from dockerlint.workspace.discovery import ignore_file
from dockerlint.workspace.git import is_ignored
from dockerlint.workspace.ignorefiles import IgnoreFiles, ignore_files_above
from dockerlint.workspace.roots import repository_top


@lru_cache(maxsize=128)
def let_in(paths: tuple[str, ...], planned: tuple[tuple[str, bytes], ...]) -> str:
    """The first of some absolute paths that git would take into the repository; "" where there is none.

    `planned` has ignore files as they are to be, by absolute path. Git is asked; where it does not answer,
    our own reader is. Without a repository the ignore file of the folder counts.
    """
    texts, tops = dict(planned), [_top(path) for path in paths]
    said = {top: _as_git_says(top, paths, tops, texts) for top in dict.fromkeys(tops) if top is not None}
    for path, top in zip(paths, tops, strict=True):
        left_out = None if top is None else said[top]
        if not (_as_we_read(path, texts, top) if left_out is None else path in left_out):
            return path
    return ""


def _top(path: str) -> str | None:
    """The top of the repository that a path is to lie in."""
    return repository_top(os.path.realpath(_existing(os.path.dirname(path))))


def _existing(folder: str) -> str:
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return folder


def _as_git_says(
    top: str, paths: Sequence[str], tops: Sequence[str | None], texts: dict[str, bytes]
) -> frozenset[str] | None:
    """Those of the paths in one repository that git leaves out, asked at once; None where it does not say."""
    below = {_below(one, top): text for one, text in texts.items()}
    names = {path: _below(path, top) for path, other in zip(paths, tops, strict=True) if other == top}
    found = is_ignored(top, list(names.values()), below)
    return None if found is None else frozenset(path for path, name in names.items() if name in found)


def _below(path: str, top: str) -> str:
    folder, name = os.path.split(path)
    return os.path.relpath(os.path.join(os.path.realpath(folder), name), top).replace(os.sep, "/")


def _as_we_read(path: str, texts: dict[str, bytes], top: str | None) -> bool:
    folder = _existing(os.path.dirname(path))

    def read(one: str) -> bytes | None:
        return texts[one] if one in texts else ignore_file(one)

    if top is not None:
        names = _below(path, top).split("/")
        return _is_left_out(ignore_files_above(top, read), top, names)
    return _is_left_out(IgnoreFiles(read), folder, os.path.relpath(path, folder).split(os.sep))


def _is_left_out(files: IgnoreFiles, folder: str, names: Sequence[str]) -> bool:
    """Whether a file is left out, or a folder that it lies in, of which git looks at nothing then."""
    for name in names[:-1]:
        files = files.and_of(folder)
        if files.leaving_out(name, True):
            return True
        files, folder = files.inside(name), os.path.join(folder, name)
    return bool(files.and_of(folder).leaving_out(names[-1], False))
