"""Whether git will leave files out of a repository, once its ignore files are as they are to be."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache

from dockerlint.files import ignore_file
from dockerlint.ignorefiles import IgnoreFiles, ignore_files_above
from dockerlint.roots import repository_top
from dockerlint.workspace.git import is_ignored


@lru_cache(maxsize=128)
def let_in(paths: tuple[str, ...], planned: tuple[tuple[str, bytes], ...]) -> str:
    """The first of some absolute paths that git would take into the repository; "" where there is none.

    `planned` has ignore files as they are to be, by absolute path. Git is asked; where it does not answer,
    our own reader is. Without a repository the ignore file of the folder counts.
    """
    texts = dict(planned)
    for path in paths:
        folder = os.path.realpath(_existing(os.path.dirname(path)))
        top = repository_top(folder)
        said = None if top is None else _as_git_says(top, path, texts)
        if not (_as_we_read(path, texts, top) if said is None else said):
            return path
    return ""


def _existing(folder: str) -> str:
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return folder


def _as_git_says(top: str, path: str, texts: dict[str, bytes]) -> bool | None:
    below = {_below(one, top): text for one, text in texts.items()}
    name = _below(path, top)
    found = is_ignored(top, [name], below)
    return None if found is None else name in found


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
