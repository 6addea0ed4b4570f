"""Does a stage get by without the packages that npm is told are for development?"""

from __future__ import annotations

from typing import Final

from dockerlint.data import word_list
from dockerlint.model.command.command import Command
from dockerlint.model.dockerfile.instruction import Env, Instruction
from dockerlint.model.dockerfile.running import Run
from dockerlint.model.dockerfile.stage import Stage
from dockerlint.values import known

_BUILD_TOOLS: Final = word_list("systems", "node-build-tools")
_NODE_HOOKS: Final = word_list("systems", "node-hook-options")


def runs_without_dev_packages(stage: Stage) -> bool:
    """A stage that ships, starts node on a file and builds nothing with packages meant for development."""
    starts = [
        *(stage.entrypoint.commands if stage.entrypoint else ()),
        *(stage.cmd.commands if stage.cmd else ()),
    ]
    if not stage.is_final or not starts or any(start.tool != "node" for start in starts):
        return False
    if any(not _NODE_HOOKS.isdisjoint(start.options) for start in starts):
        return False
    if any(not word.text.endswith((".js", ".mjs", ".cjs")) for start in starts for word in start.words[1:]):
        return False
    return not any(_needs_dev_packages(one) for one in stage.all_instructions)


def _needs_dev_packages(instruction: Instruction) -> bool:
    if isinstance(instruction, Env):
        return any(
            one.name == "NODE_ENV" and known(one.value) != "production" for one in instruction.variables
        )
    if not isinstance(instruction, Run):
        return False
    return any(command.tool in _BUILD_TOOLS and not _installs(command) for command in instruction.commands)


def _installs(command: Command) -> bool:
    return command.step is not None and command.step.action in ("install", "clean")
