"""What an instruction changes for those below it."""

from __future__ import annotations

import posixpath
from typing import Final

from dockerlint.budget import spend
from dockerlint.model.dockerfile.copying import Copy
from dockerlint.model.dockerfile.expose import Expose
from dockerlint.model.dockerfile.instruction import Arg, Env, Instruction, User, Workdir
from dockerlint.model.dockerfile.running import WINDOWS_SHELLS, Cmd, Entrypoint, Healthcheck, Run, Shell
from dockerlint.model.variable import Variable
from dockerlint.parse.dockerfile.context import StageState
from dockerlint.parse.dockerfile.dockerignore import LONGEST_PATH
from dockerlint.values import UNRESOLVED, Unknown

MOST_PORTS: Final = 100
"""How many ports a stage remembers."""


def advance(stage: StageState, node: Instruction) -> None:
    """What an instruction changes for those below it."""
    stage.previous = node
    if isinstance(node, Env):
        for variable in node.variables:
            stage.scope.set_env(variable.name, _value(variable))
    elif isinstance(node, Arg):
        for variable in node.variables:
            stage.scope.declare(variable.name, _default(variable, stage))
    elif isinstance(node, User):
        stage.user = node
    elif isinstance(node, Workdir):
        stage.workdir = node
        stage.has_absolute_workdir |= node.is_relative is False
        stage.directory = node.absolute
    elif isinstance(node, Shell):
        if node.program is not None:
            stage.shell = node.program
            stage.shell_words = tuple(word.known or "" for word in node.words)
            if node.program.name in WINDOWS_SHELLS:
                stage.is_windows = True
    elif isinstance(node, Healthcheck):
        stage.healthcheck = node
    elif isinstance(node, Cmd):
        stage.cmd = node
    elif isinstance(node, Entrypoint):
        # Docker forgets the CMD of the base image, not one of this file that comes later.
        stage.entrypoint = node
    elif isinstance(node, Copy):
        stage.sees_whole_context |= node.brings_whole_context
        stage.has_npm_lock |= node.brings_npm_lock
        stage.has_step_down |= node.brings_step_down
    elif isinstance(node, Run):
        stage.has_step_down |= node.brings_step_down
        stage.keeps_archives |= node.lets_apt_keep
    elif isinstance(node, Expose):
        stage.ports += node.ports[: MOST_PORTS - len(stage.ports)]


def directory_of(stage: StageState, path: str) -> str | None:
    """Where a WORKDIR leads at this point of a stage; None where the text does not decide that.

    None as well where it is longer than a path can be. Raises OverBudget where relative paths, of which each
    is the one before and more, come to too much.
    """
    if stage.is_windows is not False or UNRESOLVED in path:
        return None
    whole = path if path.startswith("/") else _below(stage, path)
    if whole is None or len(whole) > LONGEST_PATH:
        return None
    spend(max(len(whole) - len(path), 0), "relative paths")
    return posixpath.normpath(whole)


def _below(stage: StageState, path: str) -> str | None:
    start = stage.directory
    if start is None and stage.workdir is None and stage.base is not None:
        folder = stage.base.workdir
        start = None if isinstance(folder, Unknown) else folder
    return None if start is None else posixpath.join(start, path)


def _value(variable: Variable) -> str:
    value = variable.value.known if variable.value else ""
    return UNRESOLVED if value is None else value


def _default(variable: Variable, stage: StageState) -> str | Unknown | None:
    if variable.value is not None:
        return variable.value.value
    return stage.globals.values.get(variable.name)
