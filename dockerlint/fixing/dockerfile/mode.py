"""A file mode that lets everybody write, narrowed where nobody but its owner has to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from dockerlint.findings import Edit, Refusal
from dockerlint.fixing.request import Outcome, Request
from dockerlint.fixing.shared import Answers
from dockerlint.hardening.user.base_server import why_base_stays
from dockerlint.hardening.user.choice import fitting_user
from dockerlint.hardening.user.fitting import FittingUser
from dockerlint.hardening.user.new import made_users
from dockerlint.model.command.command import Command
from dockerlint.model.dockerfile.appfolder import absolute, is_code_folder, is_within
from dockerlint.model.dockerfile.build import Build
from dockerlint.model.dockerfile.copying import Add, Copy
from dockerlint.model.dockerfile.folders import StageStep, stage_steps
from dockerlint.model.dockerfile.instruction import Instruction, User
from dockerlint.model.dockerfile.running import Run
from dockerlint.model.dockerfile.stage import Stage
from dockerlint.regex import pattern
from dockerlint.values import known

_SWITCHERS: Final = frozenset(("su", "sudo", "gosu", "su-exec", "runuser", "setpriv"))
_PROGRAM = pattern(r".*\.(?:sh|bash|py|pl|rb|php|js|jar|exe|bin|run|so)\Z|(?:/usr(?:/local)?)?/s?bin/[^/]+\Z")
"""Files that are run, not written to."""
_DATA = pattern(r".*\.(?:db|sqlite3?|log|json|lock|pid|sock|txt|csv|dat|data)\Z")


def narrow(request: Request) -> Outcome:
    """Take the right to write from others, unless one of them may need it."""
    command, run, stage, build = (
        request.node,
        *(request.scope.get(kind) for kind in ("run", "stage", "build")),
    )
    if not isinstance(command, Command) or not isinstance(run, Run):
        return Refusal("it is not part of a RUN")
    mode = known(command.opens_to_all) or ""
    if not mode.isdecimal():
        return Refusal("its mode is not written as a number")
    if not isinstance(stage, Stage) or not isinstance(build, Build):
        return Refusal("it is not part of a RUN")
    if mode.lstrip("0") in request.shared.answer(_comments, request.text):
        return Refusal(f"a comment mentions mode {mode}")
    step = request.shared.answer(_steps, stage).get(id(run))
    paths = _paths(command, mode, step.folder if step is not None else None)
    if not paths or None in paths:
        return Refusal("the path it applies to is not known")
    known_paths = [path or "" for path in paths]
    are_programs = _are_programs(command, mode, known_paths, request.shared.answer(_brought, stage), step)
    if not are_programs and (refusal := _why_needed(request, stage, build, run, known_paths)):
        return refusal
    return (Edit(request.span, request.written.replace(mode, str(request.argument), 1)),)


def _comments(text: str) -> str:
    """What comments say; a mode that one of them names was chosen by somebody."""
    return "\n".join(line.partition("#")[2] for line in text.split("\n") if "#" in line)


def _steps(stage: Stage) -> dict[int, StageStep]:
    """The steps of a stage by the identity of their instruction."""
    return {id(step.node): step for step in stage_steps(stage)}


def _paths(command: Command, mode: str, folder: str | None) -> list[str | None]:
    """The paths that get the mode; None for one that is not known."""
    words = [word.text for word in command.words[1:] if not word.text.startswith("-") and word.text != mode]
    if command.tool == "install":
        words = words[-1:]
    return [None if set(word) & {"$", "`"} else absolute(folder, word) for word in words]


def _are_programs(
    command: Command, mode: str, paths: Sequence[str], brought: Mapping[str, int], step: StageStep | None
) -> bool:
    """Files that others run and do not change: scripts, and single files that COPY brought."""
    if not int(mode[-1], 8) & 1 or command.tool != "chmod" or {"-R", "--recursive"} & set(command.options):
        return False
    number = -1 if step is None else step.number
    return all(
        _PROGRAM.match(path) or (brought.get(path, number) < number and not _DATA.match(path))
        for path in paths
    )


def _brought(stage: Stage) -> dict[str, int]:
    """Where single files lie, and the first step that brings each: of a folder, COPY brings what is in it."""
    found: dict[str, int] = {}
    for step in stage_steps(stage):
        for path in _files_of(step):
            found.setdefault(path, step.number)
    return found


def _files_of(step: StageStep) -> Iterator[str]:
    """Where the single files lie that a COPY into a folder brings."""
    node = step.node
    if isinstance(node, Copy) and not (isinstance(node, Add) and node.is_plain_copy is not True):
        target = known(node.destination) or ""
        folder = absolute(step.folder, target)
        if folder is not None and (target.endswith("/") or target in (".", "..")):
            for source in node.sources:
                name = (known(source.path) or "").rpartition("/")[2]
                yield absolute(folder, name) or ""


class _Need(NamedTuple):
    """Who else than the owner may have to write when a stage runs."""

    refusal: Refusal
    folder: str | None = None
    """Within it nobody else has to; None where no such folder is known."""

    def of(self, paths: Sequence[str]) -> Refusal | None:
        """The refusal as far as it holds for these paths."""
        is_own = self.folder is not None and all(is_within(path, self.folder) for path in paths)
        return None if is_own else self.refusal


def _why_needed(
    request: Request, stage: Stage, build: Build, run: Run, paths: Sequence[str]
) -> Refusal | None:
    """Who else than the owner may have to write there when the stage runs; None for nobody."""
    switch = next((one.tool for one in run.commands if one.tool in _SWITCHERS), None)
    if switch is not None:
        return Refusal(f"{switch} switches to another user in the same step")
    user = stage.user
    if user is not None and user.is_root is not True:
        own = _need_of(user, request.shared.answer(_users, stage).get(id(run)))
    else:
        own = request.shared.answer(_need, stage, build, request.shared)
    above = request.shared.answer(_needs_above, build, request.shared).get(id(stage), ())
    refusals = (need.of(paths) for need in (own, *above) if need is not None)
    return next(filter(None, refusals), None)


def _need_of(user: User, opener: str | None) -> _Need | None:
    """What the user of a stage needs of what somebody opened: nothing where that was the same one."""
    if opener == known(user.text):
        return None
    return _Need(Refusal(f"user {user.name} may need to write there"))


def _needs_above(build: Build, shared: Answers) -> dict[int, dict[_Need, int]]:
    """What the stages need that are built on another one, up to the first that is sure to.

    By the identity of that one, in the order of the stages; each need with the number of the first of them.
    """
    found: dict[int, dict[_Need, int]] = {}
    waiting: dict[int, list[dict[_Need, int]]] = {}
    for at in range(len(build.stages) - 1, -1, -1):
        stage = build.stages[at]
        found[id(stage)] = _first_of_each(waiting.pop(id(stage), ()))
        if stage.parent is not None:
            need = shared.answer(_need, stage, build, shared)
            own = {need: at} if need is not None else {}
            waiting.setdefault(id(stage.parent), []).extend((own, found[id(stage)]))
    return found


def _first_of_each(every: Iterable[Mapping[_Need, int]]) -> dict[_Need, int]:
    found: dict[_Need, int] = {}
    for need, at in sorted((one for needs in every for one in needs.items()), key=lambda one: one[1]):
        found.setdefault(need, at)
        if need.folder is None:
            break
    return found


def _need(stage: Stage, build: Build, shared: Answers) -> _Need | None:
    """Who else has to write when the stage runs, wherever a step before it opened something."""
    user = stage.user
    if user is not None and user.is_root is not True:
        return _need_of(user, _last_user(stage.instructions))
    commands = [one for each in stage.instructions if isinstance(each, Run) for one in each.commands]
    if made_users(commands) != ():
        return _Need(Refusal("the user created in this file may need to write there"))
    if not {stage.lower_name, str(stage.index)}.isdisjoint(shared.answer(_origins, build)):
        return _Need(
            Refusal("another stage copies from this one, so the users that write there are not known")
        )
    if stage.cmd is None and stage.entrypoint is None:
        is_plain = stage.base is not None and not why_base_stays(stage.base)
        is_root = is_plain and stage.base_runs_as_root is True
        return None if is_root else _Need(Refusal("which users write there depends on its base image"))
    home, fitting = stage.workdir, fitting_user(stage)
    folder = (known(home.path) or "") if home is not None else ""
    is_own = isinstance(fitting, FittingUser) and fitting.owns_files and is_code_folder(folder)
    return _Need(Refusal("its program may write there as another user"), folder if is_own else None)


def _users(stage: Stage) -> dict[int, str | None]:
    """The user who carries out each step, as far as the stage itself says, by the identity of the step."""
    name: str | None = None
    found: dict[int, str | None] = {}
    for each in stage.instructions:
        found[id(each)] = name
        name = known(each.text) if isinstance(each, User) else name
    return found


def _last_user(instructions: Sequence[Instruction]) -> str | None:
    users = (each for each in reversed(instructions) if isinstance(each, User))
    last = next(users, None)
    return None if last is None else known(last.text)


def _origins(build: Build) -> frozenset[str]:
    """What instructions of the file copy from, in lower case."""
    copies = (each for one in build.stages for each in one.instructions if isinstance(each, Copy))
    return frozenset((known(one.copies_from) or "").lower() for one in copies if one.copies_from)
