"""How much of its host a container may use: what its text says, and what fixes write where that is silent."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from dockerlint.records import dataclass
from dockerlint.values import UNKNOWN, Located, Unknown

if TYPE_CHECKING:
    from dockerlint.model.container import Container
    from dockerlint.model.knowledge import ImageFacts

TRIED_MEMORY, TRIED_PIDS = "512m", 200
"""What was enough for the images that were run under these bounds."""
WALL_MEMORY, WALL_PIDS = "2g", 1000
"""For all others: a wall against a leak or a fork bomb, which few programs reach by themselves."""
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


LEAST_MEMORY = 6 << 20
"""Bytes; the engine refuses less."""


@lru_cache(maxsize=64)
def amount(text: str) -> int:
    """Bytes of `512m`, `2g`, `64mb` or `1024`; zero where it is none of that."""
    unit = text.lower().removesuffix("b")
    digits = unit.rstrip("kmg")
    if len(unit) - len(digits) > 1 or not digits.isdecimal() or not digits.isascii():
        return 0
    return int(digits) * _FACTORS[unit[len(digits) :] or "b"]


def memory_bound(container: Container) -> str | Unknown:
    """The project's bound, else one that fits the image, or what that is known to need where it is more.

    UNKNOWN where that is known to be a lot, but not how much.
    """
    bounds, facts = container.bounds, _facts(container)
    if bounds.is_for_service:
        return bounds.memory
    least = "" if facts is None else facts.least_memory
    if least == "depends":
        return UNKNOWN
    bound = bounds.memory or (TRIED_MEMORY if _is_tried(container) else WALL_MEMORY)
    return least if amount(least) > amount(bound) else bound


def pids_bound(container: Container) -> int:
    """The same for processes and threads; a program that needs much memory starts many threads."""
    bounds, facts = container.bounds, _facts(container)
    if bounds.is_for_service and bounds.pids:
        return bounds.pids
    least = 0 if facts is None else facts.least_processes
    bound = bounds.pids or (TRIED_PIDS if _is_tried(container) else WALL_PIDS)
    return max(bound, least, WALL_PIDS if _needs_much(container) else 0)


def _needs_much(container: Container) -> bool:
    """Its image is known to need more memory than any other is given."""
    facts = _facts(container)
    least = "" if facts is None else facts.least_memory
    return least == "depends" or amount(least) > amount(container.bounds.memory or TRIED_MEMORY)


def _is_tried(container: Container) -> bool:
    """What its image needs was found by running that, with the bounds that fixes write."""
    facts = _facts(container)
    return facts is not None and facts.needs is not None and facts.needs.is_tested


def _facts(container: Container) -> ImageFacts | None:
    return None if container.image is None else container.image.facts
