"""Where what runs differs from the project that should have made it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from dockerlint.text import Span
from dockerlint.values import Located


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One thing that a container has, or lacks, and the service that made it says otherwise."""

    KINDS: ClassVar[tuple[str, ...]] = ("drift",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    aspect: str
    """`image`, `user`, `ports`, `mounts`, `capabilities`, `limits`, `security`, `network`, `environment`,
    `command`, `restart`, `devices`, `healthcheck`, or `service` where no service made it.
    """
    service: str
    """The service; "" where there is none."""
    found: str
    """What the container has or does, as the end of a sentence about it."""
    wanted: str
    """What the service says or does, in the same way."""
    weakens: bool = False
    """The container may do more, or more can reach it, than the project says."""
    declared: Span | None = field(default=None, compare=False)
    """Where the project says it, in another file."""
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingContainer:
    """A service of the project that no container belongs to."""

    KINDS: ClassVar[tuple[str, ...]] = ("missing_container",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    name: Located[str]
    """The service."""
    span: Span = field(compare=False)
    """Its name, in a file of the project."""
