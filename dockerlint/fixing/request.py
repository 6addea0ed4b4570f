"""What an action is asked to do, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from dockerlint.findings import Edit, NewFile, Refusal, Tier
from dockerlint.fixing.shared import Answers, shared_by
from dockerlint.link.sources import moved
from dockerlint.model.node import Node
from dockerlint.text import Span


class Request(NamedTuple):
    """One action on one node."""

    action: str
    argument: Any
    """Text, or a small value, with every place in it filled."""
    anchor: str
    """`at`, `after` or `before`."""
    target: object
    """What the path of the anchor leads to: a node, a located value, a span."""
    span: Span
    """Where that stands in `text`."""
    node: Node
    scope: Mapping[str, Node]
    text: str
    """The whole file."""
    start: int = 0
    """Where the file begins among the texts in which the places of nodes count."""

    def here(self, span: Span) -> Span:
        """The place of a node as offsets into `text`."""
        return moved(span, -self.start) if self.start else span

    @property
    def written(self) -> str:
        """The text at the place."""
        return self.text[self.span.start : self.span.end]

    @property
    def shared(self) -> Answers:
        """Answers that other requests on the same text may ask for as well."""
        return shared_by(self.text)


class Change(NamedTuple):
    """What an action amounts to that needs more than edits."""

    edits: tuple[Edit, ...] = ()
    files: tuple[NewFile, ...] = ()
    caveat: str | None = None
    """Takes the place of the rule's, where the way it was done has one of its own."""
    more_notes: str | None = None
    """Told behind the caveat of the rule."""
    most: Tier | None = None
    """The most that it can promise here; None for what the rule promises."""


Outcome = tuple[Edit, ...] | Change | Refusal
