"""How much of its host a container may use: what its text says, and what fixes write where that is silent."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from dockerlint.values import Located

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
    cpus: float = 0.0
    """For `cpus`, in processors; 0 where the project names no number."""
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
