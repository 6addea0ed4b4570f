"""How much of its host a container is given that asks for nothing."""

from __future__ import annotations

from dockerlint.records import dataclass

_FACTORS = {"b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a fix writes where there is no bound; a project may name others in its config."""

    memory: str = "512m"
    """A number and a unit as Docker reads them: `512m`, `2g`."""
    cpus: float = 1.0
    pids: int = 200
    """Processes and threads."""
    is_for_service: bool = False
    """The memory was chosen for this very service, so that nothing known about its image counts more."""


LEAST_MEMORY = 6 << 20
"""Bytes; the engine refuses less."""


def amount(text: str) -> int:
    """Bytes of `512m`, `2g`, `64mb` or `1024`; zero where it is none of that."""
    unit = text.lower().removesuffix("b")
    digits = unit.rstrip("kmg")
    if len(unit) - len(digits) > 1 or not digits.isdecimal() or not digits.isascii():
        return 0
    return int(digits) * _FACTORS[unit[len(digits) :] or "b"]
