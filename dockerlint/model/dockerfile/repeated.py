"""What a stage says twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dockerlint.model.dockerfile.expose import ExposedPort
from dockerlint.model.dockerfile.instruction import Instruction, Label
from dockerlint.model.dockerfile.running import Run
from dockerlint.model.variable import Variable
from dockerlint.values import Unknown


def with_repeated(ports: Iterable[ExposedPort], earlier: Iterable[ExposedPort]) -> tuple[ExposedPort, ...]:
    """The ports of an EXPOSE, those marked that it or an earlier one of the stage has named before."""
    seen = {_key(port) for port in earlier}
    found: list[ExposedPort] = []
    for port in ports:
        key = _key(port)
        known = not any(isinstance(part, Unknown) for part in key)
        found.append(replace(port, is_repeated=True) if known and key in seen else port)
        seen.add(key)
    return tuple(found)


def _key(port: ExposedPort) -> tuple[object, ...]:
    return port.first, port.last, port.protocol


def repeated_step(runs: Iterable[Run]) -> Run | None:
    """The first that does what an earlier one does; updates of package lists do not count."""
    seen: set[object] = set()
    for run in runs:
        if run.lone_update is None and run.deeds in seen:
            return run
        if run.lone_update is None and run.commands:
            seen.add(run.deeds)
    return None


def overridden_label(instructions: Sequence[Instruction]) -> Variable | None:
    """The first label that a later one of the stage gives another value."""
    labels = [one for each in instructions if isinstance(each, Label) for one in each.variables]
    last = {one.name: one for one in labels}
    return next((one for one in labels if _differ(one, last[one.name])), None)


def _differ(one: Variable, last: Variable) -> bool:
    return one is not last and one.value != last.value
