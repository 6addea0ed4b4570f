"""Which services build a Dockerfile: those of the Compose files in its folder, in the ones above it, and in
folders near these, such as `deploy/`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Final

from dockerlint.held import names_in
from dockerlint.kinds import may_be_compose
from dockerlint.linting.around.folders import folders_below
from dockerlint.model.dockerfile.builder import BuildingService
from dockerlint.recent import Recent
from dockerlint.workspace.roots import Roots, upwards

KEPT: Final = 200
"""Folders that are remembered, each with the paths of a few Compose files."""
KEPT_FILES: Final = 50
"""Compose files whose builds are remembered."""
MOST_FILES: Final = 100
"""Compose files of one folder that are asked what they build."""
MOST_FOLDERS: Final = 100
"""Folders below each of those above a Dockerfile that are looked into."""
_WORD: Final = "build"
_ANY: Final = "*"
_UPWARDS: Final = ".."
"""Stands in every file that builds something which does not lie in its own folder or below it."""

BuiltFiles = Mapping[str, tuple[BuildingService, ...]]
"""The services that build each Dockerfile, by its absolute path; `*` in it is what a variable brings."""


class Builders:
    """Finds the services that build a Dockerfile; where no Compose file builds anything, none is parsed."""

    def __init__(
        self, roots: Roots, text_at: Callable[[str], str | None], builds_of: Callable[[str], BuiltFiles]
    ) -> None:
        """`text_at` gives texts by absolute paths, `builds_of` what the projects of a Compose file build."""
        self._roots = roots
        self._text_at = text_at
        self._builds_of = builds_of
        self._in_folder: Recent[str, tuple[str, ...]] = Recent(KEPT)
        self._near: Recent[str, tuple[str, ...]] = Recent(KEPT)
        self._built: Recent[str, BuiltFiles] = Recent(KEPT_FILES)

    def of(self, path: str) -> tuple[BuildingService, ...]:
        """The services that build the Dockerfile at a path, in the order of the Compose files."""
        path = os.path.abspath(path)
        found = (one for file in self._files(os.path.dirname(path)) for one in self._built_by(file, path))
        return tuple(dict.fromkeys(found))

    def _built_by(self, file: str, path: str) -> tuple[BuildingService, ...]:
        if file not in self._built:
            self._built[file] = self._builds_of(file)
        built = self._built[file]
        return (
            *built.get(path, ()),
            *(one for other, found in built.items() if _may_be(path, other) for one in found),
        )

    def _files(self, folder: str) -> Iterator[str]:
        """The Compose files that build something, up to the root of the repository; then those near them."""
        above = []
        for one in upwards(folder):
            above.append(one)
            yield from self._of(one)
            if self._roots.end_at(self._roots.resolved(one)):
                break
        else:
            return
        for one in above:
            if one not in self._near:
                self._near[one] = tuple(self._reaching_up(one))
            yield from (file for file in self._near[one] if os.path.dirname(file) not in above)

    def _of(self, folder: str) -> tuple[str, ...]:
        if folder not in self._in_folder:
            self._in_folder[folder] = tuple(self._building(folder))
        return self._in_folder[folder]

    def _reaching_up(self, folder: str) -> Iterator[str]:
        """The Compose files in folders below one that build something which may lie elsewhere."""
        for below in islice(folders_below(folder), MOST_FOLDERS):
            for file in self._of(below):
                if _UPWARDS in (self._text_at(file) or ""):
                    yield file

    def _building(self, folder: str) -> Iterator[str]:
        try:
            every = {*os.listdir(folder), *names_in(folder)}
        except OSError:
            return
        names = sorted(filter(may_be_compose, every))
        for name in names[:MOST_FILES]:
            path = os.path.join(folder, name)
            if _WORD in (self._text_at(path) or ""):
                yield path


def _may_be(path: str, pattern: str) -> bool:
    """Whether a path with parts that variables bring may be this one; a variable is no more than a name."""
    if _ANY not in pattern:
        return False
    names, parts = path.split(os.sep), pattern.split(os.sep)
    return len(names) == len(parts) and all(map(_fits, names, parts))


def _fits(name: str, part: str) -> bool:
    start, star, end = part.partition(_ANY)
    return name.startswith(start) and name.endswith(end.rpartition(_ANY)[2]) if star else name == part
