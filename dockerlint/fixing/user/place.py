"""Between which steps of a stage USER stands: before the start, and behind the last step that needs root."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dockerlint.data import word_list
from dockerlint.hardening.user.fitting import FittingUser
from dockerlint.model.command.command import Command
from dockerlint.model.dockerfile.appfolder import absolute, is_code_folder, is_within
from dockerlint.model.dockerfile.copying import Copy
from dockerlint.model.dockerfile.folders import StageStep
from dockerlint.model.dockerfile.instruction import User, Workdir
from dockerlint.model.dockerfile.running import Run
from dockerlint.model.dockerfile.stage import Stage
from dockerlint.values import known

_NODE_BASES: Final = ("node", "oven/bun")
_NODE_TOOLS: Final = word_list("systems", "node-package-tools")
_NODE_SYSTEM: Final = frozenset(("-g", "--global", "global", "link", "config", "set"))
_BESIDE: Final = frozenset(("apt-get", "apt", "apk", "corepack", "rm"))
"""What root may do before packages of Node.js are installed without leaving files among them."""


def user_place(
    stage: Stage, steps: Sequence[StageStep], user: FittingUser, owned: Sequence[tuple[StageStep, str]]
) -> int:
    """The number of the instruction that USER stands before; one past the last for the end of the stage.

    Packages of Node.js are installed by the user of the base image, which the folder is given to for that, as
    its publishers tell (docs/BestPractices.md of nodejs/docker-node).
    """
    start = stage.own_start
    end = next((step.number for step in steps if step.node is start), len(steps))
    base = stage.base.name if stage.base is not None else ""
    if not user.is_built_in or base not in _NODE_BASES or stage.parent is not None:
        return end
    return _before_packages(steps, end, {step.number for step, _ in owned})


def _before_packages(steps: Sequence[StageStep], end: int, owned: set[int]) -> int:
    home = steps[-1].folder
    if home is None or not is_code_folder(home):
        return end
    place = end
    for number, node, folder in reversed(steps[:end]):
        if isinstance(node, Workdir):
            break
        if isinstance(node, User) or (
            isinstance(node, Copy) and _stays_foreign(node, number, folder, home, owned)
        ):
            return end
        if isinstance(node, Run):
            if folder == home and needs_no_root(node):
                place = number
            elif not all(_is_beside(one) for one in node.commands):
                return end
    return place


def _stays_foreign(node: Copy, number: int, folder: str | None, home: str, owned: set[int]) -> bool:
    """Files of the program that the user could not change."""
    path = absolute(folder, known(node.destination) or "/")
    return number not in owned and node.owner is None and (path is None or is_within(path, home))


def needs_no_root(run: Run) -> bool:
    """It installs or builds packages of Node.js in its folder, and nothing else."""
    if not run.commands or any(mount.type != "bind" for mount in run.mounts):
        return False
    return all(_cleans_up(one) or (one.tool in _NODE_TOOLS and not _reaches_out(one)) for one in run.commands)


def _cleans_up(command: Command) -> bool:
    """`rm -rf` of a cache, which the user does not fill."""
    is_forced = command.tool == "rm" and any("f" in option for option in command.options)
    return is_forced and all("cache" in path or path.startswith("/tmp/") for path in command.arguments)


def _reaches_out(command: Command) -> bool:
    return bool(command.redirections) or any(word.text in _NODE_SYSTEM for word in command.words)


def _is_beside(command: Command) -> bool:
    is_global = command.tool in _NODE_TOOLS and any(
        word.text in ("-g", "--global", "global") for word in command.words
    )
    return is_global or command.tool in _BESIDE
