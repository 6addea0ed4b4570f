"""How much of its host a container may use: what its text says, and what fixes write where it says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dockerlint.model.shared import UNKNOWN, Located, Unknown
from dockerlint.records import dataclass

if TYPE_CHECKING:
    from dockerlint.model.container import Container
    from dockerlint.model.knowledge import ImageFacts

_MANY_THREADS = 1000
_FACTORS = {"b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of the host a container may use; each None when the text does not say.

    The span is that of the value; `mem_limit` and `deploy.resources.limits.memory` are one.
    """

    memory: Located[int] | None = None
    """Bytes."""
    cpus: Located[float] | None = None
    """Processors."""
    pids: Located[int] | None = None
    """Processes; zero and below mean no limit."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a fix writes where there is no bound; a project may name others in its config."""

    memory: str = ""
    """A number and a unit as Docker reads them: `512m`, `2g`; "" where the project names none."""
    cpus: float = 1.0
    pids: int = 0
    """Processes and threads; 0 where the project names no number."""
    is_for_service: bool = False
    """The memory was chosen for this very service, so that nothing known about its image counts more."""


TRIED_MEMORY, TRIED_PIDS = "512m", 200
"""What was enough for every image that was run under these bounds."""
WALL_MEMORY, WALL_PIDS = "2g", 1000
"""For all others: a wall against a leak or a fork bomb, which hardly any program reaches by itself."""
LEAST_MEMORY = 6 << 20
"""Bytes; the engine refuses less."""


def amount(text: str) -> int:
    """Bytes of `512m`, `2g`, `64mb` or `1024`; zero where it is none of that."""
    unit = text.lower().removesuffix("b")
    digits = unit.rstrip("kmg")
    if len(unit) - len(digits) > 1 or not digits.isdecimal() or not digits.isascii():
        return 0
    return int(digits) * _FACTORS[unit[len(digits) :] or "b"]


def memory_bound(container: Container) -> str | Unknown:
    """The project's bound, or what the image is known to need where that is more.

    UNKNOWN where that is known to be a lot, but not how much.
    """
    bounds, facts = container.bounds, _facts(container)
    if bounds.is_for_service:
        return bounds.memory
    least = "" if facts is None else facts.least_memory
    if least == "depends":
        return UNKNOWN
    return least if amount(least) > amount(bounds.memory) else bounds.memory


def pids_bound(container: Container) -> int:
    """The same for processes and threads; a program that needs much memory starts many threads."""
    bounds, facts = container.bounds, _facts(container)
    if bounds.is_for_service:
        return bounds.pids
    least = 0 if facts is None else facts.least_processes
    is_large = memory_bound(container) != bounds.memory
    return max(bounds.pids, least, _MANY_THREADS if is_large else 0)


def _facts(container: Container) -> ImageFacts | None:
    return None if container.image is None else container.image.facts
