"""Which files and folders of a stage become those of the user it runs as, and between which steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from dockerlint.model.appfolder import absolute, is_code_folder, is_data_folder, is_within
from dockerlint.model.copying import Add, Copy
from dockerlint.model.dockerfile import Stage
from dockerlint.model.instruction import Instruction, Volume, Workdir
from dockerlint.model.running import Run
from dockerlint.model.shared import known

_WRITTEN: Final = frozenset(
    (
        *("backup", "backups", "cache", "data", "database", "db", "downloads", "log", "logs", "media"),
        *("run", "state", "storage", "tmp", "uploads", "var"),
    )
)
"""Names of folders that are made so that a program writes there."""
_BASE_FOLDERS: Final = {"tomcat": "/usr/local/tomcat/webapps"}
"""A folder of the base image that its program unpacks into, and that is root's there."""
_BASE_WORKDIRS: Final = {
    **dict.fromkeys(("alpine", "debian", "node", "python", "ruby", "ubuntu"), "/"),
    "golang": "/go",
    "php": "/var/www/html",
    "tomcat": "/usr/local/tomcat",
}


class Handover(NamedTuple):
    """A folder that becomes the user's: not before the step `first`, and before the step `last`."""

    path: str
    first: int
    last: int
    is_made: bool = False
    """It may have to be made."""


class Placed(NamedTuple):
    """An instruction, its number in the stage, and the folder it stands in; None where that is not known."""

    number: int
    node: Instruction
    folder: str | None


def placed(stage: Stage) -> list[Placed]:
    """The instructions of a stage, each with the folder in force behind it."""
    folder = _BASE_WORKDIRS.get(str(stage.base.name) if stage.base is not None else "")
    if stage.parent is not None and stage.parent.workdir is not None:
        folder = absolute(None, known(stage.parent.workdir.path) or "")
    found: list[Placed] = []
    for number, node in enumerate(stage.instructions):
        if isinstance(node, Workdir):
            path = known(node.path)
            folder = absolute(folder, path) if path else None
        found.append(Placed(number, node, folder))
    return found


def owned_copies(steps: Sequence[Placed], started: frozenset[str], since: int) -> list[tuple[Placed, str]]:
    """The COPY and ADD from step `since` on that put files of the program into a folder of its own, and where.

    `started` are the paths of the programs that are started: they are run, not written.
    """
    home = steps[-1].folder if steps else None
    found: list[tuple[Placed, str]] = []
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
    """What comes is a folder, by the way it is written; a file outside of the program's folder is only read."""
    paths = [known(source.path) or "" for source in node.sources if source.origin in ("context", "stage")]
    names = [path.rstrip("/").rpartition("/")[2] for path in paths]
    written = known(node.destination) or ""
    is_folder = any(path.endswith("/") or name in (".", "..", "*", "") for path, name in zip(paths, names))
    return is_folder or (written.endswith("/") and any("." not in name for name in names))


def handovers(
    stage: Stage, steps: Sequence[Placed], owned: Sequence[tuple[Placed, str]], end: int
) -> list[Handover]:
    """The folders that a RUN must give to the user; `end` is the number of the step that USER stands before."""
    removed = list(_removed(steps))
    found: dict[str, Handover] = {}
    for one in _candidates(stage, steps, owned, end):
        if not any(is_within(one.path, path) for path in removed):
            former = found.get(one.path, one)
            is_made = former.is_made or one.is_made
            first = 1 if is_made else min(former.first, one.first)
            found[one.path] = Handover(one.path, first, min(former.last, one.last), is_made)
    return list(found.values())


def _candidates(
    stage: Stage, steps: Sequence[Placed], owned: Sequence[tuple[Placed, str]], end: int
) -> Iterator[Handover]:
    home = steps[-1].folder if steps else None
    if home is not None and is_code_folder(home):
        since = next((step.number for step in steps if step.folder == home), 0)
        is_copied = any(step.number < since and is_within(path, home) for step, path in owned)
        if since < end and not is_copied:
            yield Handover(home, since + 1, end)
    for number, node, folder in steps:
        if isinstance(node, Run) and number < end:
            yield from (Handover(path, number + 1, end) for path in _made(node, folder))
        elif isinstance(node, Volume):
            paths = (one.path.known or "" for one in node.paths)
            yield from (Handover(path, 1, min(number, end), True) for path in paths if is_data_folder(path))
    folder = _BASE_FOLDERS.get(str(stage.base.name) if stage.base is not None else "")
    if folder is not None:
        yield Handover(folder, 1, end)


def _made(run: Run, folder: str | None) -> Iterator[str]:
    """Folders with a telling name that mkdir makes."""
    for command in run.commands:
        if command.tool == "cd":
            folder = None
        elif command.tool == "mkdir":
            for word in command.words[1:]:
                path = None if word.text[:1] in "-" or set(word.text) & set("$*{}~") else word.text
                path = None if path is None else absolute(folder, path)
                if path is not None and is_data_folder(path) and path.rpartition("/")[2] in _WRITTEN:
                    yield path


def _removed(steps: Iterable[Placed]) -> Iterator[str]:
    """Paths that a step takes away again, or gives to somebody by itself."""
    for _, node, folder in steps:
        for command in node.commands if isinstance(node, Run) else ():
            if command.tool in ("rm", "mv", "chown", "rmdir"):
                paths = (absolute(folder, word.text) for word in command.words[1:])
                yield from (path for path in paths if path is not None and path != "/")
