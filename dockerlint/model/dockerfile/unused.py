"""Which stages of a file nothing uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dockerlint.model.dockerfile.copying import Copy
from dockerlint.model.dockerfile.running import Run
from dockerlint.model.dockerfile.stage import Stage
from dockerlint.values import known


def unused_stage(stages: Sequence[Stage]) -> Stage | None:
    """The first stage that no service builds, and no later stage builds on or takes files from."""
    used = {name for stage in stages for name in _names(stage)}
    if "" in used:
        return None
    parents = {id(stage.parent) for stage in stages}
    waiting = (one for one in stages if not (one.is_final or one.builders) and id(one) not in parents)
    return next((one for one in waiting if not _calls(one) & used), None)


def _calls(stage: Stage) -> set[str]:
    """The texts that mean it: its number and its name."""
    name = None if stage.name is None else stage.name.known
    return {str(stage.index)} if name is None else {str(stage.index), name.lower()}


def _names(stage: Stage) -> Iterator[str]:
    """What its instructions take files from, lower case; "" for a variable, which may mean any stage."""
    if stage.from_line is not None:
        yield known(stage.from_line.base) or ""
    for instruction in stage.instructions:
        if isinstance(instruction, Copy) and instruction.copies_from is not None:
            yield (known(instruction.copies_from) or "").lower()
        elif isinstance(instruction, Run):
            yield from (mount.origin.lower() for mount in instruction.mounts if mount.origin is not None)
