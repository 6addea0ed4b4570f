"""A folder of repositories in parts that hardly change when a repository comes or goes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from dockerlint.run.file import largest_of
from dockerlint.survey.files import SurveyedFile
from dockerlint.survey.parts import FoundFile, SurveyPart, part_id
from dockerlint.workspace.discovery import Candidate, discover, shown
from dockerlint.workspace.door import Unreadable, read_bytes

_NAMES: Final = ".parquet"
_MOST: Final = 4
"""Times the size that a part of one repository may have."""


def parquet_files_in(folder: str) -> list[str]:
    """The Parquet files that lie in a folder, in order."""
    with os.scandir(folder) as entries:
        return sorted(one.path for one in entries if one.name.endswith(_NAMES) and one.is_file())


def parts_of_folder(folder: str, size: int, depth: int) -> Iterator[SurveyPart]:
    """The files that a search of the folder finds, cut where a repository begins.

    Whether a part ends before a repository depends on its name alone, once there are files enough: so one
    that is added changes the part that it comes into, and no other.
    """
    waiting: list[FoundFile] = []
    for repository, found in groupby(_found(folder), lambda one: repository_of(one.path, depth)):
        is_cut = len(waiting) >= size // 2 and (len(waiting) >= 2 * size or _cuts(repository, size))
        if waiting and is_cut:
            yield _part(folder, waiting, depth)
            waiting = []
        for one in found:
            if len(waiting) >= _MOST * size:
                yield _part(folder, waiting, depth)
                waiting = []
            waiting.append(one)
    if waiting:
        yield _part(folder, waiting, depth)


def files_of_folder(part: SurveyPart) -> Iterator[SurveyedFile]:
    """The files of a part, found by name already."""
    for one in part.found:
        repository = repository_of(one.path, part.depth)
        below = one.path[len(repository) + 1 :] if repository else one.path
        path, root = os.path.join(part.source, one.path), os.path.join(part.source, repository)
        candidate = Candidate(shown(path), one.kind, one.obstacle, root)
        yield SurveyedFile(below, one.kind, repository, None, candidate)


def repository_of(path: str, depth: int) -> str:
    """The folders that name the repository of a file; "" for a file that lies above all of them."""
    return "/".join(path.split("/")[:-1][:depth])


def _found(folder: str) -> Iterator[FoundFile]:
    for one in discover([folder], None, lambda path, is_folder: ""):
        path = os.path.relpath(os.path.abspath(one.path), folder).replace(os.sep, "/")
        yield FoundFile(path, one.kind, one.obstacle)


def _cuts(repository: str, size: int) -> bool:
    """True for one name of about a quarter of the size, always the same ones."""
    number = int.from_bytes(hashlib.sha256(repository.encode("utf-8", "surrogateescape")).digest()[:4], "big")
    return number % max(size // 4, 1) == 0


def _part(folder: str, found: list[FoundFile], depth: int) -> SurveyPart:
    digest = hashlib.sha256()
    for one in found:
        digest.update(
            "\0".join((one.path, one.kind or "", one.obstacle, "")).encode("utf-8", "surrogateescape")
        )
        digest.update(_content(os.path.join(folder, one.path)))
    id = part_id(found[0].path)
    return SurveyPart(id, folder, digest.hexdigest(), length=len(found), found=tuple(found), depth=depth)


def _content(path: str) -> bytes:
    """SHA-256 of a file, and of what lies beside it by names and times: it may be read with it."""
    try:
        text = read_bytes(path, largest=largest_of(Candidate(path)))
    except Unreadable as error:
        text = str(error).encode()
    return hashlib.sha256(text).digest() + _beside(os.path.dirname(path))


def _beside(folder: str) -> bytes:
    try:
        with os.scandir(folder) as entries:
            told = sorted((one.name, one.stat(follow_symlinks=False)) for one in entries if not one.is_dir())
    except OSError:
        return b""
    return "".join(f"{name} {about.st_size} {about.st_mtime_ns}\n" for name, about in told).encode(
        "utf-8", "surrogateescape"
    )
