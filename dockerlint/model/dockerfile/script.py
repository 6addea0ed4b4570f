"""A script of the build context, read as commands, and what starts one."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from dockerlint.model.command.command import Command
from dockerlint.shell.wrappers import SHELLS


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


def script_word(command: Command) -> str:
    """The file that a command runs: its program, or what a shell is given; "" for neither."""
    words = [word.text for word in command.words]
    if command.program in SHELLS:
        word = next((word for word in words[1:] if not word.startswith("-")), "") if "-c" not in words else ""
        return word if "/" in word or not word else f"./{word}"
    return words[0] if words else ""


def is_script(command: Command) -> bool:
    """The file that a command runs is a script, as its name tells."""
    name = posixpath.basename(script_word(command))
    return name.endswith((".sh", ".bash")) or "entrypoint" in name
