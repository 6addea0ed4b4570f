"""Variables and labels, wherever they are set, and whether they hold a secret."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from dockerlint.model.shared import Located
from dockerlint.text import Span


@dataclass(frozen=True, slots=True)
class Variable:
    """A name and its value."""

    KINDS: ClassVar = ("variable",)
    CHILDREN: ClassVar = ()

    name: str
    value: Located[str] | None
    """None when the name is declared without a value (`ARG TOKEN`, `- PASS_THROUGH`)."""
    origin: str
    """Where it is set: `env`, `arg`, `label`, `environment`, `build-arg`."""
    name_span: Span = field(compare=False)
    span: Span = field(compare=False)
    """Name and value together."""
