"""Which services build a Dockerfile: those of the Compose files in its folder and in the ones above it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from dockerlint.kinds import kind_of_name
from dockerlint.model.dockerfile.builder import BuildingService
from dockerlint.recent import Recent
from dockerlint.workspace.roots import Roots, upwards

KEPT: Final = 200
"""Folders that are remembered, each with the paths of a few Compose files."""
KEPT_FILES: Final = 50
"""Compose files whose builds are remembered."""
MOST_FILES: Final = 100
"""Compose files of one folder that are asked what they build."""
_WORD: Final = "build"

BuiltFiles = Mapping[str, tuple[BuildingService, ...]]
"""The services that build each Dockerfile, by its absolute path."""


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
        self._built: Recent[str, BuiltFiles] = Recent(KEPT_FILES)

    def of(self, path: str) -> tuple[BuildingService, ...]:
        """The services that build the Dockerfile at a path, in the order of the Compose files."""
        path = os.path.abspath(path)
        found = (one for file in self._files(os.path.dirname(path)) for one in self._built_by(file, path))
        return tuple(dict.fromkeys(found))

    def _built_by(self, file: str, path: str) -> tuple[BuildingService, ...]:
        if file not in self._built:
            self._built[file] = self._builds_of(file)
        return self._built[file].get(path, ())

    def _files(self, folder: str) -> Iterator[str]:
        """The Compose files that build something, up to the root of the repository."""
        for one in upwards(folder):
            if one not in self._in_folder:
                self._in_folder[one] = tuple(self._building(one))
            yield from self._in_folder[one]
            if self._roots.end_at(self._roots.resolved(one)):
                return

    def _building(self, folder: str) -> Iterator[str]:
        try:
            names = sorted(name for name in os.listdir(folder) if kind_of_name(name) == "compose")
        except OSError:
            return
        for name in names[:MOST_FILES]:
            path = os.path.join(folder, name)
            if _WORD in (self._text_at(path) or ""):
                yield path
