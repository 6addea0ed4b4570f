"""The nodes of a tree, each with what stands around it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from dockerlint.model.node import Node
from dockerlint.ruleset.rule import MEMORY, Scope
from dockerlint.text import Span


def walk(
    root: Node, around: Scope | None = None, is_closed: Callable[[Node], bool] | None = None
) -> Iterator[tuple[Node, Scope]]:
    """Every node of a tree with the nodes around it (and itself) by kind, in order of the text.

    `around` is what stands around the root, where that is not all there is; what lies below a closed node is
    left out.
    """
    outermost: Mapping[str, Any] = {MEMORY: {}} if around is None else around
    waiting: list[tuple[Node, Mapping[str, Any]]] = [(root, outermost)]
    while waiting:
        node, above = waiting.pop()
        scope = {**above, **dict.fromkeys(node.KINDS, node)}
        yield node, scope
        if is_closed is not None and is_closed(node):
            continue
        for name in reversed(node.CHILDREN):
            children: Any = getattr(node, name)
            if children is None:
                continue
            for child in reversed(children) if isinstance(children, tuple) else (children,):
                waiting.append((child, scope))


def noting_secrets(nodes: Iterable[tuple[Node, Scope]], secrets: set[Span]) -> Iterator[tuple[Node, Scope]]:
    """The same nodes; adds what no report may show of them."""
    for node, scope in nodes:
        secrets.update(getattr(node, "secret_spans", ()))
        yield node, scope
