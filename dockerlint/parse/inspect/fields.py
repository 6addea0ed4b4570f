"""Fields of the JSON of an engine: by path, with their places, absent where they say nothing."""

from __future__ import annotations

from collections.abc import Iterator

from dockerlint.text import Span
from dockerlint.values import Located
from dockerlint.yaml.nodes import DROPPED, Entry, Node, Scalar, Sequence, as_mapping


def found_at(node: Node | None, *path: str) -> Entry | None:
    """The entry at a path of keys; None for null, an empty text, list or object, and what is not there."""
    found: Entry | None = None
    for key in path:
        found = as_mapping(node).entries.get(key)
        if found is None:
            return None
        node = found.value
    return None if found is None or is_empty(found.value) else found


def is_empty(node: Node) -> bool:
    """Null, an empty text, list or object, or a value that could not be read."""
    if isinstance(node, Scalar):
        return not node.text or node.tag == DROPPED or (node.text == "null" and not node.style)
    return not (node.items if isinstance(node, Sequence) else node.entries)


def text_at(node: Node | None, *path: str) -> Located[str] | None:
    """The text at a path, an empty one included; None for anything else."""
    for key in path[:-1]:
        node = as_mapping(node).get(key)
    found = as_mapping(node).entries.get(path[-1])
    if found is None or not isinstance(found.value, Scalar) or not found.value.style:
        return None
    return Located(found.value.text, inner(found.value))


def number_at(node: Node | None, *path: str) -> Located[int] | None:
    """The whole number at a path."""
    found = found_at(node, *path)
    value = found.value.value if found is not None and isinstance(found.value, Scalar) else None
    if found is None or not isinstance(value, int) or isinstance(value, bool):
        return None
    return Located(value, found.value.span)


def flag_at(node: Node | None, *path: str) -> Located[bool] | None:
    """The boolean at a path; labels of networks hold them as text."""
    found = found_at(node, *path)
    if found is None or not isinstance(found.value, Scalar) or found.value.text not in ("true", "false"):
        return None
    return Located(found.value.text == "true", inner(found.value))


def items_of(entry: Entry | None) -> Iterator[Node]:
    """The items of a list."""
    yield from entry.value.items if entry is not None and isinstance(entry.value, Sequence) else ()


def entries_of(entry: Entry | None) -> Iterator[Entry]:
    """The entries of an object."""
    yield from as_mapping(None if entry is None else entry.value).entries.values()


def inner(node: Scalar) -> Span:
    """The place of a value without its quotes, which are all there is of an empty one."""
    if not node.style or not node.text:
        return node.span
    return Span(node.span.start + 1, max(node.span.start + 1, node.span.end - 1))
