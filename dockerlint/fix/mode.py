"""A file mode that lets everybody write, narrowed where nobody but its owner has to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from dockerlint.expressions import pattern
from dockerlint.findings import Edit
from dockerlint.fix.order import Order, Outcome, Refusal
from dockerlint.model.appfolder import absolute, is_code_folder, is_within
from dockerlint.model.baseserver import why_base_stays
from dockerlint.model.command import Command
from dockerlint.model.copying import Add, Copy
from dockerlint.model.dockerfile import Build
from dockerlint.model.instruction import Instruction, User
from dockerlint.model.newuser import made_users
from dockerlint.model.placed import placed
from dockerlint.model.running import Run
from dockerlint.model.shared import known
from dockerlint.model.stage import Stage

_SWITCHERS: Final = frozenset(("su", "sudo", "gosu", "su-exec", "runuser", "setpriv"))
_PROGRAM = pattern(r".*\.(?:sh|bash|py|pl|rb|php|js|jar|exe|bin|run|so)\Z|(?:/usr(?:/local)?)?/s?bin/[^/]+\Z")
"""Files that are run, not written to."""
_DATA = pattern(r".*\.(?:db|sqlite3?|log|json|lock|pid|sock|txt|csv|dat|data)\Z")


def narrow(order: Order) -> Outcome:
    """Take the right to write from others, unless one of them may need it."""
    command, run, stage, build = (order.node, *(order.scope.get(kind) for kind in ("run", "stage", "build")))
    if not isinstance(command, Command) or not isinstance(run, Run):
        return Refusal("it is no step of a build")
    mode = known(command.opens_to_all) or ""
    if not isinstance(stage, Stage) or not isinstance(build, Build):
        return Refusal("it is no step of a build")
    if _is_spoken_of(order, mode):
        return Refusal(f"a comment speaks of the mode {mode}")
    paths = _paths(command, mode, next((one.folder for one in placed(stage) if one.node is run), None))
    if not paths or None in paths:
        return Refusal("which path it opens is not known")
    if not _are_programs(command, mode, [path or "" for path in paths], stage, run):
        for one in (stage, *build.built_on(stage)):
            if reason := _why_needed(one, run, build, [path or "" for path in paths]):
                return Refusal(reason)
    return (Edit(order.span, order.written.replace(mode, str(order.argument), 1)),)


def _is_spoken_of(order: Order, mode: str) -> bool:
    """A comment names the mode, so somebody chose it."""
    word = mode.lstrip("0")
    lines = order.text.split("\n")
    return any("#" in line and word in line.partition("#")[2] for line in lines)


def _paths(command: Command, mode: str, folder: str | None) -> list[str | None]:
    """The paths that get the mode; None for one that is not known."""
    words = [word.text for word in command.words[1:] if not word.text.startswith("-") and word.text != mode]
    if command.tool == "install":
        words = words[-1:]
    return [None if set(word) & {"$", "`"} else absolute(folder, word) for word in words]


def _are_programs(command: Command, mode: str, paths: Sequence[str], stage: Stage, run: Run) -> bool:
    """Files that others run and do not change: scripts, and single files that COPY brought."""
    if not int(mode[-1], 8) & 1 or command.tool != "chmod" or {"-R", "--recursive"} & set(command.options):
        return False
    brought = set(_brought(stage, run))
    return all(_PROGRAM.match(path) or (path in brought and not _DATA.match(path)) for path in paths)


def _brought(stage: Stage, run: Run) -> Iterator[str]:
    """Where single files lie that came before the step: of a folder, COPY brings what is in it."""
    for step in placed(stage):
        if step.node is run:
            return
        node = step.node
        if isinstance(node, Copy) and not (isinstance(node, Add) and node.is_plain_copy is not True):
            target = known(node.destination) or ""
            folder = absolute(step.folder, target)
            if folder is not None and (target.endswith("/") or target in (".", "..")):
                for source in node.sources:
                    name = (known(source.path) or "").rpartition("/")[2]
                    yield absolute(folder, name) or ""


def _why_needed(stage: Stage, run: Run, build: Build, paths: Sequence[str]) -> str:
    """Who else than the owner may have to write there when the stage runs; "" for nobody."""
    switch = next((one.tool for one in run.commands if one.tool in _SWITCHERS), "")
    if switch:
        return f"{switch} goes on as another user in the same step"
    user = stage.user
    if user is not None and user.is_root is not True:
        is_same = _in_force(stage.instructions, run) == known(user.text)
        return "" if is_same else f"the user {user.name} may have to write there"
    commands = [one for each in stage.instructions if isinstance(each, Run) for one in each.commands]
    if made_users(commands) != ():
        return "the user that the file makes may have to write there"
    if _is_copied_from(stage, build):
        return "another stage copies from this one, and who writes there is not known"
    if stage.cmd is None and stage.entrypoint is None:
        is_plain = stage.base is not None and not why_base_stays(stage.base)
        return "" if is_plain and stage.base_runs_as_root is True else "who writes there is up to its base"
    home, fitting = stage.workdir, stage.fitting_user
    folder = (known(home.path) or "") if home is not None else ""
    is_own = fitting.is_found and fitting.owns_files and is_code_folder(folder)
    if is_own and all(is_within(path, folder) for path in paths):
        return ""
    return "what it starts may write there as another user"


def _in_force(instructions: Sequence[Instruction], run: Run) -> str | None:
    """The user who carries out a step, as far as the stage itself says."""
    name = None
    for each in instructions:
        if each is run:
            break
        if isinstance(each, User):
            name = known(each.text)
    return name


def _is_copied_from(stage: Stage, build: Build) -> bool:
    names = {stage.lower_name, str(stage.index)}
    copies = (each for one in build.stages for each in one.instructions if isinstance(each, Copy))
    return any((known(one.copies_from) or "").lower() in names for one in copies if one.copies_from)
