"""The files that are linted again and again."""

from __future__ import annotations

from typing import Final

from dockerlint.linting.warm.file import WarmFile
from dockerlint.linting.warm.project import WarmProject
from dockerlint.recent import Recent
from dockerlint.text import Source

MOST: Final = 8
"""Files that are remembered: those that somebody goes back and forth between."""
LONGEST: Final = 50_000
"""Characters of such a file, whose model and findings take a hundred times as much."""


class WarmFiles:
    """What is remembered of the Dockerfiles and projects that were linted last."""

    def __init__(self) -> None:
        self._files: Recent[str, WarmFile] = Recent(MOST)
        self._projects: Recent[tuple[object, str], WarmProject] = Recent(MOST)

    def of(self, source: Source, kind: str) -> WarmFile | None:
        """What is remembered of a file; None for one of which nothing is."""
        if kind != "dockerfile" or len(source.text) > LONGEST:
            return None
        if source.path not in self._files:
            self._files[source.path] = WarmFile()
        return self._files[source.path]

    def of_project(self, project: object, own: str, text: str) -> WarmProject | None:
        """What is remembered of a project whose file `own` is edited; None where nothing is."""
        if len(text) > LONGEST:
            return None
        if (project, own) not in self._projects:
            self._projects[project, own] = WarmProject()
        return self._projects[project, own]
