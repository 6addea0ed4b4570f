"""A script of the build context, read as commands."""

from __future__ import annotations

from typing import NamedTuple

from dockerlint.model.command.command import Command


class Script(NamedTuple):
    """A script of the build context."""

    path: str
    """From the folder of the Dockerfile."""
    commands: tuple[Command, ...]
    """None of a language that is no POSIX shell's."""
    text: str = ""
    """All of it."""


def no_script(path: str) -> Script | None:
    """For a stage whose build context nobody can look into."""
    return None
