"""Names that other Compose files of a repository declare: a file that uses them may be put upon these."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from dockerlint.linting.around.folders import folders_above, folders_below, names_of
from dockerlint.parse.compose.companions import DEFAULT_NAMES, documents_of, sections_of
from dockerlint.recent import Recent
from dockerlint.workspace.roots import Roots

KEPT: Final = 200
"""Files that are remembered."""
MOST_FILES: Final = 100
"""Files of YAML in one folder that are looked at."""
MOST_FOLDERS: Final = 100
"""Folders below the root that are."""
_ENDINGS: Final = (".yml", ".yaml")
_MARK: Final = "services:"
"""Stands in every file that declares a service."""


class DeclaredNames:
    """Finds them by the path of a file.

    What Compose reads by itself asks files in other folders alone, and none where it lies at the top.
    """

    def __init__(self, roots: Roots, text_at: Callable[[str], str | None]) -> None:
        """`text_at` gives texts by absolute paths."""
        self._roots = roots
        self._text_at = text_at
        self._known: Recent[str, tuple[str, ...]] = Recent(KEPT)

    def around(self, path: str) -> tuple[str, ...]:
        """`services db`, `volumes data` and so on, as other files declare them."""
        above = folders_above(os.path.abspath(path), self._roots)
        is_whole = os.path.basename(path) in DEFAULT_NAMES
        if not above or (is_whole and len(above) == 1):
            return ()
        below = islice(folders_below(above[-1]), MOST_FOLDERS)
        folders = dict.fromkeys((*above, *below))
        if is_whole:
            folders.pop(above[0])
        return tuple(name for folder in folders for file in _files(folder) for name in self._of(file))

    def _of(self, file: str) -> tuple[str, ...]:
        if file not in self._known:
            text = self._text_at(file) or ""
            self._known[file] = tuple(_declared(text)) if _MARK in text else ()
        return self._known[file]


def _files(folder: str) -> Iterator[str]:
    for name in names_of(folder, lambda name: name.lower().endswith(_ENDINGS), MOST_FILES):
        yield os.path.join(folder, name)


def _declared(text: str) -> Iterator[str]:
    for section, entries in sections_of(documents_of(text)).items():
        yield from (f"{section} {name}" for name in entries)
