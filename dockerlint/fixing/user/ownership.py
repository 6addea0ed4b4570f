"""Which files and folders of a stage become those of the user it runs as, and between which steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from dockerlint.data import word_list
from dockerlint.model.dockerfile.appfolder import (
    absolute,
    is_code_folder,
    is_data_folder,
    is_shared,
    is_within,
    part_of,
)
from dockerlint.model.dockerfile.copying import Add, Copy
from dockerlint.model.dockerfile.folders import StageStep
from dockerlint.model.dockerfile.instruction import Arg, Env, Instruction, Volume
from dockerlint.model.dockerfile.running import Run
from dockerlint.model.dockerfile.stage import Stage
from dockerlint.model.dockerfile.written import SOMEWHERE, FileEffect, file_effects
from dockerlint.values import known

_WRITTEN: Final = word_list("systems", "written-folders")
"""Names of folders that are made so that a program writes there."""
_PROGRAMS: Final = word_list("systems", "program-folders")
"""Names of folders that programs lie in, which nobody should change as they run."""
_BASE_FOLDERS: Final = {"tomcat": "/usr/local/tomcat/webapps"}
"""A folder of the base image that its program unpacks into, and that is root's there."""


class Handover(NamedTuple):
    """A folder that becomes the user's: not before the step `first`, and before the step `last`."""

    path: str
    first: int
    last: int
    is_made: bool = False
    """It may have to be made."""
    is_whole: bool = False
    """With all that is in it."""


def owned_copies(
    steps: Sequence[StageStep], home: str | None, started: frozenset[str], since: int
) -> list[tuple[StageStep, str]]:
    """The COPY and ADD from step `since` on that put files of the program into its own folder, and where.

    `home` is the folder that the stage works in; `started` are paths that the start names: they are run, not
    written.
    """
    found: list[tuple[StageStep, str]] = []
    for step in steps[since:]:
        node = step.node
        if isinstance(node, Copy) and not _is_left_alone(node):
            path = absolute(step.folder, known(node.destination) or "/")
            if path is not None and path not in started and _is_of_program(node, path, home):
                found.append((step, path))
    return found


def _is_left_alone(node: Copy) -> bool:
    """It names an owner already, or unpacks, or stands in a layer of its own, where no names are known."""
    if node.owner is not None or any(flag.name == "link" for flag in node.flags):
        return True
    return isinstance(node, Add) and node.is_plain_copy is not True


def _is_of_program(node: Copy, path: str, home: str | None) -> bool:
    is_home = home is not None and home != "/" and is_within(path, home)
    return is_code_folder(path) and (is_home or _brings_folder(node))


def _brings_folder(node: Copy) -> bool:
    """What comes is a folder, by the way it is written; a file elsewhere is only read."""
    paths = [known(source.path) or "" for source in node.sources if source.origin in ("context", "stage")]
    names = [path.rstrip("/").rpartition("/")[2] for path in paths]
    written = known(node.destination) or ""
    is_folder = any(path.endswith("/") for path in paths) or bool({".", "..", "*", ""}.intersection(names))
    return is_folder or (written.endswith("/") and any("." not in name for name in names))


def handovers(
    stage: Stage, steps: Sequence[StageStep], owned: Sequence[tuple[StageStep, str]], end: int
) -> list[Handover]:
    """The folders that a RUN must give to the user; USER stands before the step with the number `end`."""
    effects_by_step = list(_left(stage, steps))
    taken = [effect.path for _, effect in effects_by_step if effect.kind == "taken"] + list(
        _missing(effects_by_step)
    )
    left = list(_still_there(effects_by_step))
    found: dict[str, Handover] = {}
    for one in _candidates(stage, steps, owned, left, end):
        if one.is_made or one.is_whole or not any(is_within(one.path, path) for path in taken):
            found[one.path] = _both(found.get(one.path, one), one)
    whole = [one for one in found.values() if one.is_whole]
    return [one for one in found.values() if not any(_covers(other, one) for other in whole)]


def _still_there(effects_by_step: Sequence[tuple[int, FileEffect]]) -> Iterator[tuple[int, FileEffect]]:
    """The traces without those of what a later command removed or moved away."""
    found: list[tuple[int, FileEffect]] = []
    gone: set[str] = set()
    for number, effect in reversed(effects_by_step):
        if effect.kind == "gone":
            gone.add(effect.path)
        elif not gone.intersection(_around(effect.path)):
            found.append((number, effect))
    return reversed(found)


def _missing(effects_by_step: Sequence[tuple[int, FileEffect]]) -> Iterator[str]:
    """What was removed or moved away, and not put back by a later command."""
    back: set[str] = set()
    for _, effect in reversed(effects_by_step):
        if effect.kind in ("made", "filled"):
            back.add(effect.path)
        elif effect.kind == "gone" and effect.path not in back:
            yield effect.path


def _around(path: str) -> Iterator[str]:
    """A path and the folders that it lies in."""
    parts = path.split("/")
    return ("/".join(parts[:length]) or "/" for length in range(1, len(parts) + 1))


def _both(one: Handover, other: Handover) -> Handover:
    """Two that are about the same folder as one."""
    is_made, is_whole = one.is_made or other.is_made, one.is_whole or other.is_whole
    first = max(one.first, other.first) if is_whole else min(one.first, other.first)
    if is_made:
        first = max(each.first for each in (one, other) if each.is_made)
    return Handover(one.path, first, min(one.last, other.last), is_made, is_whole)


def _covers(outer: Handover, inner: Handover) -> bool:
    """Whether the one folder is given away with the other, and no earlier."""
    return inner.path != outer.path and is_within(inner.path, outer.path) and inner.last >= outer.last


def _candidates(
    stage: Stage,
    steps: Sequence[StageStep],
    owned: Sequence[tuple[StageStep, str]],
    left: Sequence[tuple[int, FileEffect]],
    end: int,
) -> Iterator[Handover]:
    home = steps[-1].folder if stage.workdir is not None else None
    home = home if home is not None and is_code_folder(home) else None
    since = next((step.number for step in steps if step.folder == home), 0)
    if home is not None and since < end and not _is_copied(home, since, owned, left, end):
        yield Handover(home, since + 1, end)
    yield from _of_effects(stage, steps, home, left, end)
    for number, node, _ in steps:
        paths = [one.path.known or "" for one in node.paths] if isinstance(node, Volume) else ()
        for path in paths:
            if is_data_folder(path):
                yield Handover(path, _behind_mkdir(steps, path), min(number, end), True)
    folder = _BASE_FOLDERS.get(str(stage.base.name) if stage.base is not None else "")
    if folder is not None:
        yield Handover(folder, 1, end)


def _behind_mkdir(steps: Sequence[StageStep], path: str) -> int:
    """The first step before which a folder may be made: `mkdir` without `-p` fails where one is there."""
    found = 1
    for number, node, folder in steps:
        for command in node.commands if isinstance(node, Run) else ():
            if command.tool != "mkdir" or command.option("-p", "--parents") is not None:
                continue
            made = (absolute(folder, word) for word in command.arguments)
            if any(one is not None and is_within(path, one) for one in made):
                found = number + 1
    return found


def _is_copied(
    home: str,
    since: int,
    owned: Sequence[tuple[StageStep, str]],
    left: Sequence[tuple[int, FileEffect]],
    end: int,
) -> bool:
    """A COPY with an owner makes the folder that the stage works in, before anything else does."""
    made = next((number for number, one in left if one.kind == "made" and is_within(one.path, home)), end)
    first = min(since, made)
    return not is_shared(home) and any(step.number < first and is_within(path, home) for step, path in owned)


def _of_effects(
    stage: Stage,
    steps: Sequence[StageStep],
    home: str | None,
    left: Sequence[tuple[int, FileEffect]],
    end: int,
) -> Iterator[Handover]:
    """The folders that RUNs before the step `end` made, put something into or filled for the program."""
    since = next((step.number for step in steps if step.folder == home), 0)
    named = _named(stage, steps)
    foreign = [effect.path for _, effect in left if effect.kind == "taken"]
    run = set(_words(stage))
    made: list[str] = []
    for number, (kind, path) in left:
        if number >= end:
            continue
        if kind == "made" and _is_written(path, home, named):
            made.append(path)
            yield Handover(path, number + 1, end)
        elif kind == "put" and not any(is_within(path, one) for one in foreign):
            full = (one for one in made if path not in run and is_within(path, one) and not is_shared(one))
            yield from (Handover(one, number + 1, end, is_whole=True) for one in full)
        elif kind == "filled":
            for filled in _filled(path, home, named):
                first = max(number, since) if filled == home else number
                yield Handover(filled, first + 1, end, is_whole=True)


def _named(stage: Stage, steps: Sequence[StageStep]) -> list[str]:
    """Paths that the start names, or a variable that the container gets."""
    words = _words(stage)
    for step in steps:
        if isinstance(step.node, Env):
            words += [known(variable.value) or "" for variable in step.node.variables]
    pieces = (piece.partition("=")[2] or piece for word in words for piece in word.split(":"))
    return [path for piece in pieces if piece.startswith("/") and (path := absolute(None, piece))]


def _words(stage: Stage) -> list[str]:
    """The words of what the stage starts: its programs, and files that these read."""
    starts = (start for start in (stage.entrypoint, stage.cmd) if start is not None)
    return [word.text for start in starts for one in start.commands for word in one.words]


def _is_written(path: str, home: str | None, named: Sequence[str]) -> bool:
    """A folder that was made for the program: by its name, by its place, or because the start names it."""
    if not is_data_folder(path) or path.rpartition("/")[2] in _PROGRAMS:
        return False
    if path.rpartition("/")[2] in _WRITTEN or not is_code_folder(path):
        return True
    return (home not in (None, "/") and is_within(path, str(home))) or any(
        is_within(one, path) for one in named
    )


def _filled(path: str, home: str | None, named: Sequence[str]) -> Iterator[str]:
    """The folders of the program among what a step fills: it lies there, or is started there."""
    if path == SOMEWHERE:
        yield from [home] if home is not None else []
        return
    around = [one for one in (home, *named) if one is not None and is_within(one, path) and path != "/"]
    found = [part for one in around if (part := part_of(path, one)) is not None]
    if not found and home is not None and is_within(path, home):
        found = [path]
    yield from (folder for folder in found if is_code_folder(folder))


def _left(stage: Stage, steps: Sequence[StageStep]) -> Iterator[tuple[int, FileEffect]]:
    """What each RUN does to folders, with its number."""
    variables = dict(_values(stage.parent.instructions if stage.parent is not None else ()))
    for number, node, folder in steps:
        variables.update(_values([node]))
        if isinstance(node, Run):
            yield from ((number, effect) for effect in file_effects(node, folder, variables))


def _values(nodes: Iterable[Instruction]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        for variable in node.variables if isinstance(node, (Env, Arg)) else ():
            value = known(variable.value)
            if value is not None:
                yield variable.name, value
