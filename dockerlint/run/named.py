"""The project that a command line names."""

from __future__ import annotations

from typing import NamedTuple


class NamedProject(NamedTuple):
    """The project that the command line names, by paths from the working directory."""

    files: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()
