"""The instructions of a stage, each with the folder it stands in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from dockerlint.model.dockerfile.appfolder import absolute
from dockerlint.model.dockerfile.instruction import Instruction, Workdir
from dockerlint.values import UNKNOWN, Unknown, known

if TYPE_CHECKING:
    from dockerlint.model.dockerfile.stage import Stage


class StageStep(NamedTuple):
    """An instruction, its number in the stage, and the folder it stands in; None where that is not known."""

    number: int
    node: Instruction
    folder: str | None


def stage_steps(stage: Stage) -> list[StageStep]:
    """The instructions of a stage, each with the folder in force behind it."""
    return list(_placed(stage.instructions, _start(stage)))


def _start(stage: Stage) -> str | None:
    """The folder of its first instruction: that of the stage or the image which it builds on."""
    before = None if stage.parent is None else stage.parent.workdir
    if before is not None:
        return before.absolute or absolute(None, known(before.path) or "")
    folder = UNKNOWN if stage.base is None or stage.is_windows is not False else stage.base.workdir
    return None if isinstance(folder, Unknown) else folder


def steps_below(stage: Stage) -> list[StageStep]:
    """The same, behind those of the stages that it builds on."""
    parts = []
    at: Stage | None = stage
    while at is not None:
        parts.append(stage_steps(at))
        at = at.parent
    return [step for part in reversed(parts) for step in part]


def _placed(nodes: Sequence[Instruction], folder: str | None) -> Iterator[StageStep]:
    for number, node in enumerate(nodes):
        if isinstance(node, Workdir):
            path = known(node.path)
            folder = absolute(folder, path) if path else None
        yield StageStep(number, node, folder)
