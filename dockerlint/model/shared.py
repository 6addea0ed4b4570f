"""What every part of the model is made of.

A node is a frozen dataclass with slots that has

* ``span``: where it stands (never part of equality, so that a moved node is the same node);
* ``KINDS``: the names under which rules select it (``each: stage``), the most general first;
* ``CHILDREN``: the attributes that hold the nodes below it, each a node, a tuple of nodes, or None.

References to nodes that live elsewhere in the tree (the stage another one builds on) are plain fields
that ``CHILDREN`` does not name.

Facts are typed properties or fields. ``None`` says absent; ``UNKNOWN`` says that something is there and
the text does not decide what: no operator of the rule language but ``present`` holds on it.
"""

from __future__ import annotations

from enum import Enum
from typing import ClassVar, Final, Generic, Protocol, TypeVar

from dockerlint.records import dataclass, field
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


class Node(Protocol):
    """What the engine needs of a node."""

    @property
    def KINDS(self) -> tuple[str, ...]: ...
    @property
    def CHILDREN(self) -> tuple[str, ...]: ...
    @property
    def span(self) -> Span: ...


@dataclass(frozen=True, slots=True)
class Problem:
    """A place that does not parse, or that Docker itself would refuse."""

    KINDS: ClassVar[tuple[str, ...]] = ("problem",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    code: str
    """Short stable name: `unknown-instruction`, `duplicate-key` …"""
    message: str
    """What is wrong, without a full stop."""
    hint: str
    """What to do about it; may be empty."""
    is_fatal: bool
    """Docker refuses the file because of it."""
    span: Span = field(compare=False)

    @property
    def summary(self) -> str:
        """What is wrong, and what to do about it where that is known."""
        # A message is a statement; a question mark in one stands for a value that is missing.
        return f"{self.message}; {self.hint.rstrip('?')}" if self.hint else self.message


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment, without its `#` and the blanks around it."""

    text: str
    span: Span = field(compare=False)
    """The whole comment, `#` included, line break excluded."""
    owner: Span | None = field(default=None, compare=False)
    """What a suppression here covers: the instruction or YAML entry on its line or right below it."""
    block: Span | None = field(default=None, compare=False)
    """The stage or service that `owner` opens (comment above FROM or a service name), else None."""
