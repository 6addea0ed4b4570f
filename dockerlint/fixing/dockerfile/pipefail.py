"""A step fails where any part of a pipe does: `set -o pipefail` in this RUN, or SHELL above the first one.

The shells of Alpine, of Fedora and its relatives and of new Debian know pipefail, so one RUN changes. The
dash of Debian 12 and Ubuntu 24.04 does not, so bash has to run the step, and the later ones with it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from dockerlint.findings import Edit, Refusal
from dockerlint.fixing.dockerfile.chain import body_of, chain_of
from dockerlint.fixing.dockerfile.lines import insertion, line_before
from dockerlint.fixing.dockerfile.shellchange import broken_by_pipefail, differs_in_bash
from dockerlint.fixing.request import Change, Outcome, Request
from dockerlint.fixing.shared import Answers
from dockerlint.model.dockerfile.build import Build
from dockerlint.model.dockerfile.instruction import Instruction
from dockerlint.model.dockerfile.running import Healthcheck, Run, Shell, Start
from dockerlint.model.dockerfile.stage import Stage
from dockerlint.model.dockerfile.systemshell import knows_pipefail, shell_by_manager, system_shell
from dockerlint.regex import pattern
from dockerlint.shell.wrappers import WITH_PIPEFAIL

OPTION: Final = "set -o pipefail"
BASH: Final = 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]'
BACK: Final = 'SHELL ["/bin/sh", "-c"]'
_IN_BASH: Final = "a pipe that used to fail unnoticed now stops the build, and later steps run in bash too"
_BEFORE_COMMANDS = pattern(r"(?:\s|\\(?=\s*\n)|#[^\n]*\n)*")


def guard_pipes(request: Request) -> Outcome:
    """Make the RUN of a request fail where a part of a pipe does."""
    run, stage, build = (request.scope.get(kind) for kind in ("run", "stage", "build"))
    if not (isinstance(run, Run) and isinstance(stage, Stage) and isinstance(build, Build)):
        return Refusal("it is not part of a RUN")
    if run.shell is None:
        return Refusal("the RUN is in exec form")
    name = run.shell.name
    is_system = run.shell.is_default or name == "sh"
    if is_system:
        name = system_shell(stage.base) or request.shared.answer(_told_by_managers, build)[id(stage)] or ""
    if name in WITH_PIPEFAIL or (is_system and knows_pipefail(stage.base)):
        return _at_start(request, run)
    if name != "dash" or not run.shell.is_default:
        return Refusal("it is not known whether the shell of this image supports pipefail")
    home = request.shared.answer(_homes, build)[id(stage)]
    return request.shared.answer(_in_bash, home, build, request.text, request.shared)


def _told_by_managers(build: Build) -> dict[int, str | None]:
    """The shell that the package managers of each stage tell, or of those it builds on; by identity."""
    found: dict[int, str | None] = {}
    for stage in build.stages:
        runs = (one for one in stage.instructions if isinstance(one, Run))
        own = shell_by_manager(command for run in runs for command in run.commands)
        found[id(stage)] = found.get(id(stage.parent)) if own is None else own
    return found


def _at_start(request: Request, run: Run) -> Outcome:
    """`set -o pipefail` in front of the commands, or among the options that the RUN sets already."""
    if refusal := next(filter(None, map(broken_by_pipefail, run.commands)), None):
        return refusal
    chain = chain_of(request)
    if isinstance(chain, Refusal):
        return chain
    first, body = chain.outer[0], body_of(run, request.text)
    if first.program == "set" and all(word.text[:1] == "-" for word in first.words[1:]):
        return (insertion(first.words[-1].span.end, OPTION.removeprefix("set")),)
    found = _BEFORE_COMMANDS.match(request.text, body.span.start, body.span.end)
    start = found.end() if found else body.span.start
    if body.is_heredoc:
        line = line_before(request.text, start, OPTION)
        if isinstance(line, Refusal):
            return Refusal("the script does not start on a line of its own")
        return (line,)
    return (insertion(start, OPTION + (chain.line_joint or " && ")),)


class _Reach(NamedTuple):
    """What SHELL in front of a step changes."""

    steps: list[Run]
    checks: list[Healthcheck]
    """Health checks in shell form, which the last SHELL of a stage runs, wherever it stands."""
    starts: list[Start]
    """CMD and ENTRYPOINT in shell form."""
    others: list[Instruction]
    """CMD and ENTRYPOINT in shell form of a stage that is built on this one; SHELL instructions."""


def _in_bash(home: Stage, build: Build, text: str, shared: Answers) -> Outcome:
    """SHELL above the first step that has such a pipe, for its stage and all that are built on it."""
    if build.problems:
        return Refusal("Docker cannot parse all of this file, so SHELL may affect more than it seems")
    first = next((one for one in home.instructions if _is_unguarded(one)), None)
    if first is None:
        return Refusal("no pipe of the stage hides a failure")
    reach = _reach(shared.answer(_families, build, shared)[id(home)], first)
    if refusal := _refusal(reach, text):
        return refusal
    edits: list[Edit] = []
    back = [(one.span.start, BACK) for one in reach.starts[:1]]
    for start, line in ((first.span.start, BASH), *back):
        edit = line_before(text, start, line)
        if isinstance(edit, Refusal):
            return edit
        edits.append(edit)
    return Change(tuple(edits), caveat=_IN_BASH)


def _homes(build: Build) -> dict[int, Stage]:
    """For each stage the lowest that it builds on and that needs SHELL too, else itself; by identity."""
    homes: dict[int, Stage] = {}
    needing: dict[int, Stage] = {}
    for stage in build.stages:
        below = needing.get(id(stage.parent))
        homes[id(stage)] = below or stage
        if below is not None or any(map(_is_unguarded, stage.instructions)):
            needing[id(stage)] = below or stage
    return homes


def _families(build: Build, shared: Answers) -> dict[int, list[Stage]]:
    """The stages that have one home, which comes first; by its identity."""
    homes, found = shared.answer(_homes, build), dict[int, list[Stage]]()
    for stage in build.stages:
        found.setdefault(id(homes[id(stage)]), []).append(stage)
    return found


def _is_unguarded(instruction: Instruction) -> bool:
    return isinstance(instruction, Run) and instruction.unguarded_pipe is not None


def _reach(family: list[Stage], first: Instruction) -> _Reach:
    reach, home = _Reach([], [], [], []), family[0]
    for stage in family:
        if stage.healthcheck is not None and stage.healthcheck.form == "shell":
            reach.checks.append(stage.healthcheck)
        for one in stage.instructions:
            if stage is home and one.span.start < first.span.start:
                continue
            if isinstance(one, Run) and one.form == "shell":
                reach.steps.append(one)
            elif isinstance(one, Shell):
                reach.others.append(one)
            elif isinstance(one, Start) and _is_in_shell(one):
                (reach.starts if stage is home else reach.others).append(one)
    return reach


def _is_in_shell(start: Start) -> bool:
    """A shell runs it, unless it is forgotten or a list that was only meant to be one."""
    return (
        start.form == "shell" and bool(start.commands) and not start.is_repeated and start.fixed_json is None
    )


def _refusal(reach: _Reach, text: str) -> Refusal | None:
    """Why SHELL would change more than it should; None where it would not."""
    if reach.others:
        return Refusal("SHELL would affect other stages, or conflict with another SHELL")
    if reach.starts and reach.steps[-1].span.start > reach.starts[0].span.start:
        return Refusal("SHELL would also apply to a CMD or ENTRYPOINT in shell form above later steps")
    if any(command.reader is not None for check in reach.checks for command in check.commands):
        return Refusal("SHELL would also apply to the health check, which has a pipe")
    commands = [command for step in reach.steps for command in step.commands]
    commands += [command for check in reach.checks for command in check.commands]
    if refusal := next(filter(None, map(broken_by_pipefail, commands)), None):
        return refusal
    other = next(filter(None, (differs_in_bash(one, text) for one in commands)), None)
    return other and Refusal(f"bash would also run other steps, and {other.reason}")
