"""Values that a text gives: known, absent, or there and not to be known.

``None`` says absent; ``UNKNOWN`` says that something is there and the text does not decide what: no operator
of the rule language but ``present`` holds on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Generic, TypeVar

from dockerlint.text import Span

T = TypeVar("T")


class Unknown(Enum):
    """The type of the single value UNKNOWN."""

    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        raise TypeError("UNKNOWN is neither true nor false; compare with `is`")

    def __str__(self) -> str:
        return "(unknown)"


UNKNOWN: Final = Unknown.UNKNOWN

UNRESOLVED: Final = "\ue000"
"""Stands for one variable that could not be resolved inside a value otherwise known: `node:${TAG}` is
handed on as `node:` + UNRESOLVED. Readers take a part that contains it as UNKNOWN; no rule ever sees it."""


@dataclass(frozen=True, slots=True)
class Located(Generic[T]):
    """A plain value and the text that set it. Rules see through it to the value."""

    value: T | Unknown
    span: Span = field(compare=False)

    @property
    def known(self) -> T | None:
        """The value, or None where it cannot be known."""
        return None if isinstance(self.value, Unknown) else self.value


def known(located: Located[T] | None) -> T | None:
    """The value of a field, or None where it is absent or cannot be known."""
    return None if located is None else located.known
