"""Short forms of Compose as the long ones that they stand for; every part keeps the place that wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dockerlint.link.interpolation import parted
from dockerlint.link.space import Settings
from dockerlint.text import Span
from dockerlint.yaml.nodes import DROPPED, Entry, Mapping, Node, Scalar, Sequence

TEXT: Final = "tag:yaml.org,2002:str"
"""The tag of a value that is text, however it looks: the right side of `NAME=1`."""


def listed(node: Node) -> Node:
    """A single value as the list that holds it."""
    return Sequence((node,), node.span) if isinstance(node, Scalar) else node


def named(node: Node) -> Node:
    """A list of names as a mapping of these names to nothing."""
    if not isinstance(node, Sequence):
        return node
    items = (item for item in node.items if isinstance(item, Scalar) and item.tag != DROPPED)
    return _mapping(node, {item.text: Entry(item, _nothing(item), item.span) for item in items})


def dependencies(node: Node) -> Node:
    """A list of services as `depends_on` in its long form, with what the short one means."""
    if not isinstance(node, Sequence):
        return node
    entries = {
        item.text: Entry(item, _started(item), item.span)
        for item in node.items
        if isinstance(item, Scalar) and item.tag != DROPPED
    }
    return _mapping(node, entries)


def build(node: Node) -> Node:
    """A folder as the `build` whose context it is."""
    if not isinstance(node, Scalar):
        return node
    return _mapping(node, {"context": _entry("context", node)})


def has_other_driver(base: Node, over: Node) -> bool:
    """Both sides of `logging` name a driver, and not the same: options of one are none of the other."""
    drivers = [
        one.get("driver") if isinstance(one, Mapping) and one.get("driver") is not None else None
        for one in (base, over)
    ]
    first, second = (one.text if isinstance(one, Scalar) else None for one in drivers)
    return first is not None and second is not None and first != second


def hosts(node: Node) -> Node:
    """Hosts by their names as the list of `NAME=ADDRESS` that Compose makes of them; one may have several."""
    if not isinstance(node, Mapping):
        return node
    items = (one for entry in node.entries.values() for one in _addresses(entry))
    return Sequence(tuple(items), node.span, tag=node.tag)


def _addresses(entry: Entry) -> Iterator[Node]:
    value = entry.value
    for one in value.items if isinstance(value, Sequence) else (value,):
        if isinstance(one, Scalar):
            yield Scalar(
                f"{entry.key.text}={one.text}", entry.span, tag=one.tag if one.tag == DROPPED else TEXT
            )
        else:
            yield one


def pairs(node: Sequence, settings: Settings) -> Mapping:
    """A list of `NAME=value` as the mapping that it stands for, which has variables in values alone."""
    entries = {}
    for item in node.items:
        if isinstance(item, Scalar) and item.tag != DROPPED:
            entry = _pair(item, settings)
            entries[entry.key.text] = entry
    return _mapping(node, entries)


def _pair(item: Scalar, settings: Settings) -> Entry:
    name, equals, value = parted(item.text)
    quote = 1 if item.style and item.style in "'\"" else 0
    is_exact = item.span.end - item.span.start == len(item.text) + 2 * quote
    start = item.span.start + quote
    middle = start + len(name) + len(equals)
    place = Span(start, start + len(name)) if is_exact else item.span
    filled, is_given, given = settings.name(item, name).partition("=")
    key = Scalar(filled, place)
    if is_given:  # a variable gives the value as well; a dollar sign in that is none of a variable
        nowhere = Span(item.span.end, item.span.end)
        return Entry(key, Scalar(given.replace("$", "$$") + equals + value, nowhere, tag=TEXT), item.span)
    if not equals:
        return Entry(key, Scalar("", Span(item.span.end, item.span.end)), item.span)
    place = Span(middle, middle + len(value)) if is_exact else item.span
    return Entry(key, Scalar(value, place, tag=TEXT), item.span)


def _mapping(node: Node, entries: dict[str, Entry]) -> Mapping:
    return Mapping(entries, node.span, tag=node.tag)


def _entry(key: str, value: Node) -> Entry:
    return Entry(Scalar(key, value.span), value, value.span)


def _nothing(item: Scalar) -> Scalar:
    return Scalar("", Span(item.span.end, item.span.end))


def _started(item: Scalar) -> Mapping:
    condition = _entry("condition", Scalar("service_started", item.span))
    required = _entry("required", Scalar("true", item.span))
    return Mapping({"condition": condition, "required": required}, item.span)
