"""How well it is known that what a stage starts runs as a user without rights."""

from __future__ import annotations

from typing import Final

from dockerlint.data import word_list
from dockerlint.hardening.user.fitting import FittingUser
from dockerlint.model.command.command import Command
from dockerlint.model.dockerfile.stage import Stage
from dockerlint.model.dockerfile.startscript import find_script, script_word

_INTERPRETERS: Final = (
    word_list("commands", "program-runners")
    | word_list("privileges", "runners-of-known-users")
    | word_list("privileges", "plain-starters")
    | word_list("privileges", "known-scripts")
)


def is_proven(stage: Stage, user: FittingUser) -> bool:
    """Its base image is meant to run as the user, and so is what starts in it.

    That is the base's own program, or an interpreter with sources that say nothing else. What a copied
    program does, and whether a user that nobody has used can write what it writes, no text tells.
    """
    if not user.is_of_base:
        return False
    if stage.entrypoint is None and _interprets(stage):
        return True
    starts = [one for start in (stage.entrypoint, stage.cmd) if start for one in start.commands]
    return all(_is_interpreted(one, stage) for one in starts)


def _interprets(stage: Stage) -> bool:
    """The entrypoint of its base image is an interpreter."""
    name = None if stage.base is None else stage.base.name
    return isinstance(name, str) and name.startswith(tuple(word_list("images", "interpreting-images")))


def _is_interpreted(command: Command, stage: Stage) -> bool:
    """It starts an interpreter, or a script in sight that does."""
    if command.tool in _INTERPRETERS or command.program in _INTERPRETERS:
        return True
    word = script_word(command)
    script = find_script(stage, word) if word else None
    return script is not None and all(_is_plain(one) for one in script.commands)


def _is_plain(command: Command) -> bool:
    return command.tool in _INTERPRETERS or command.program in _INTERPRETERS
