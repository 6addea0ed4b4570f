"""The Compose project that is proven, as dockerlint reads it: its files, and its services."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dockerlint.errors import UserError
from dockerlint.findings import Confidence, Severity
from dockerlint.linting.selection import SelectionFlags
from dockerlint.model.container.container import Container
from dockerlint.parse.compose.project import parse_project
from dockerlint.run.check import Options, linter_for
from dockerlint.run.file import FileLinter
from dockerlint.run.projects import DEFAULT_NAMES, Held
from dockerlint.workspace.discovery import shown

LAYERS: Final = ("DK222", "DK223", "DK225", "DK226", "DK228", "DK243")
"""The rules whose fixes write what is proven."""


class NoProject(UserError):
    """There is no Compose project where the user said."""


@dataclass(frozen=True)
class ProvenProject:
    """A project and what reads it."""

    linter: FileLinter
    held: Held
    containers: Mapping[str, Container]

    @property
    def folder(self) -> str:
        """Where its first file lies, and its receipts."""
        return self.held.folder

    @property
    def env_files(self) -> tuple[str, ...]:
        """Absolute paths of its files of variables that are there."""
        paths = (os.path.normpath(os.path.join(self.folder, one)) for one in self.held.files.env_files)
        return tuple(path for path in paths if os.path.isfile(path))

    def container(self, service: str) -> Container | None:
        """What the files say about a service."""
        return self.containers.get(service)


def find_project(path: str) -> ProvenProject:
    """The project of a Compose file, or of a folder; raises UserError without one."""
    file = _file(path)
    flags = SelectionFlags(select=LAYERS, min_confidence=Confidence.LOW)
    linter = linter_for(Options(paths=(file,), flags=flags, fail_on=Severity.CRITICAL))
    absolute = os.path.abspath(file)
    config = linter.configs.of(file)
    held = next(one for one in linter.projects.of(absolute, config) if absolute not in one.witness_for)
    setup = linter.members.setup_of(shown(held.first))
    with linter.within_budget():
        knowledge = setup.selection.everything.knowledge
        project, _ = parse_project(held.files, knowledge, setup.neighbours.text_of)
    return ProvenProject(linter, held, {str(one.name.known): one for one in project.containers})


def _file(path: str) -> str:
    """The file that Compose would take first."""
    if not os.path.isdir(path):
        return path
    names = (os.path.join(path, name) for name in DEFAULT_NAMES)
    found = next((name for name in names if os.path.isfile(name)), None)
    if found is None:
        raise NoProject(f"{path}: no compose.yaml; name the Compose file")
    return found
