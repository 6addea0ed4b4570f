"""A bracket of a JSON text that is not closed yet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from dockerlint.text import Span
from dockerlint.yaml.nodes import Entry, Mapping, Node, Scalar, Sequence

MAX_DEPTH: Final = 100
"""Brackets inside brackets; what Docker prints and reads stays below 20."""


@dataclass(slots=True)
class Bracket:
    """Where one opens, and what was read behind it."""

    start: int
    is_object: bool
    entry: re.Pattern[str]
    """What is read at once where it is an object."""
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    key: Scalar | None = None
    """A key that waits for its value."""
    has_colon: bool = False
    is_full: bool = False
    """A value stands there, and a comma or the end must follow."""
    comma: int = -1
    """Where the last comma stands, when nothing followed yet."""
    is_partial: bool = False

    def node(self, end: int) -> Node:
        """The value that is closed at `end`."""
        span = Span(self.start, end)
        if self.is_object:
            return Mapping(self.entries, span, True, "", self.is_partial)
        return Sequence(tuple(self.items), span, True)
