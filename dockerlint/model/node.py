"""What every node of the model is.

A node is a frozen dataclass with slots that has

* ``span``: where it stands (never part of equality, so that a moved node is the same node);
* ``KINDS``: the names under which rules select it (``each: stage``), the most general first;
* ``CHILDREN``: the attributes that hold the nodes below it, each a node, a tuple of nodes, or None.

References to nodes that live elsewhere in the tree (the stage another one builds on) are plain fields
that ``CHILDREN`` does not name. Facts are typed properties or fields.
"""

from __future__ import annotations

from typing import Protocol

from dockerlint.text import Span


class Node(Protocol):
    """What the engine needs of a node."""

    @property
    def KINDS(self) -> tuple[str, ...]: ...
    @property
    def CHILDREN(self) -> tuple[str, ...]: ...
    @property
    def span(self) -> Span: ...
