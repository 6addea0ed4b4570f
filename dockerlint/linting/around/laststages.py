"""How the last stages of the other Dockerfiles in a folder are called.

A file that ends with a named stage is often the beginning of others, with which a script joins it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final

from dockerlint.kinds import kind_of_name, kind_of_wide_name
from dockerlint.linting.around.folders import names_of
from dockerlint.parse.dockerfile.statements import read_statements
from dockerlint.recent import Recent

KEPT: Final = 200
"""Files that are remembered."""
MOST_FILES: Final = 30
"""Dockerfiles of a folder that are read."""


class LastStages:
    """Finds the names by the path of a Dockerfile."""

    def __init__(self, text_at: Callable[[str], str | None]) -> None:
        """`text_at` gives texts by absolute paths."""
        self._text_at = text_at
        self._known: Recent[str, str] = Recent(KEPT)

    def beside(self, path: str) -> tuple[str, ...]:
        """The names in the other files of its folder."""
        folder, own = os.path.split(os.path.abspath(path))
        names = names_of(folder, _is_dockerfile, MOST_FILES)
        return tuple(
            found for name in names if name != own and (found := self._of(os.path.join(folder, name)))
        )

    def _of(self, file: str) -> str:
        if file not in self._known:
            self._known[file] = _last_stage(self._text_at(file) or "")
        return self._known[file]


def _is_dockerfile(name: str) -> bool:
    return "dockerfile" in (kind_of_name(name), kind_of_wide_name(name))


def _last_stage(text: str) -> str:
    lines = [one.text.split() for one in read_statements(text).statements if one.keyword == "FROM"]
    words = lines[-1] if lines else []
    return words[-1] if len(words) > 3 and words[-2].upper() == "AS" else ""
