"""What the reading of any text gives besides its meaning: problems and comments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from dockerlint.text import Span


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
    """What it says."""
    span: Span = field(compare=False)
    """The whole comment, `#` included, line break excluded."""
    owner: Span | None = field(default=None, compare=False)
    """What a suppression here covers: the instruction or YAML entry on its line or right below it."""
    block: Span | None = field(default=None, compare=False)
    """The stage or service that `owner` opens (comment above FROM or a service name), else None."""
