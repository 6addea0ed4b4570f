"""The instructions of a stage, each with the folder it stands in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from dockerlint.model.dockerfile.appfolder import absolute
from dockerlint.model.dockerfile.instruction import Instruction, Workdir
from dockerlint.tuples import NamedTuple
from dockerlint.values import known

if TYPE_CHECKING:
    from dockerlint.model.dockerfile.stage import Stage

_BASE_WORKDIRS: Final = {
    **dict.fromkeys(("alpine", "debian", "node", "python", "ruby", "ubuntu"), "/"),
    "golang": "/go",
    "php": "/var/www/html",
    "tomcat": "/usr/local/tomcat",
}
"""The folder that a base image starts in."""


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
    return list(_placed(stage.instructions, folder))


def placed_below(stage: Stage) -> list[Placed]:
    """The same, behind those of the stages that it builds on."""
    parts = []
    at: Stage | None = stage
    while at is not None:
        parts.append(placed(at))
        at = at.parent
    return [step for part in reversed(parts) for step in part]


def _placed(nodes: Sequence[Instruction], folder: str | None) -> Iterator[Placed]:
    for number, node in enumerate(nodes):
        if isinstance(node, Workdir):
            path = known(node.path)
            folder = absolute(folder, path) if path else None
        yield Placed(number, node, folder)
