"""Edits of YAML lists: items put in and taken out where they stand."""

from __future__ import annotations

from collections.abc import Callable

from dockerlint.findings import Edit, Refused
from dockerlint.text import Span
from dockerlint.yaml.document import Document, Path
from dockerlint.yaml.edit import (
    flow_gap,
    insert_before_bracket,
    insert_lines,
    line_end_after,
    lines_of,
    remove_entry,
)
from dockerlint.yaml.nodes import Node, Scalar, Sequence
from dockerlint.yaml.style import column, dash_of, quoted, scalar_text


def add_items(
    file: Document, path: Path, values: list[str], rank: Callable[[str], str] | None = None
) -> list[Edit]:
    """Add items to a list that is there: at its end, or in its order where it has the one of `rank`."""
    body = file.sequence(path)
    ranks = [] if rank is None else [rank(one.text) for one in body.items if isinstance(one, Scalar)]
    if rank is None or ranks != sorted(ranks):
        return [_insert(file, path, body, len(body.items), values)]
    places: dict[int, list[str]] = {}
    for value in sorted(values, key=rank):
        place = sum(one < rank(value) for one in ranks)
        places.setdefault(place, []).append(value)
    return [_insert(file, path, body, place, found) for place, found in places.items()]


def _insert(file: Document, path: Path, body: Sequence, place: int, values: list[str]) -> Edit:
    """Put items before the one at `place`."""
    text, quote = file.text, _quote_of_items(body)
    habit = file.habits.quote
    words = [
        quoted(one, quote) if quote is not None else scalar_text(one, habit, in_flow=body.is_flow)
        for one in values
    ]
    if body.is_flow:
        if place < len(body.items):
            start = file.node((*path, place)).span.start
            return Edit(Span(start, start), "".join(f"{word}, " for word in words))
        return insert_before_bracket(text, body, body.items, ", ".join(words))
    first = dash_at(text, body.items[0])
    indent = column(text, first)
    if place:
        above = file.node((*path, place - 1))
        dash_at(text, above)
        offset = line_end_after(text, above.span, indent)
    else:
        offset = comments_above(text, first - indent)
    return insert_lines(text, offset, indent, [f"- {word}" for word in words])


def comments_above(text: str, offset: int) -> int:
    """The start of the comment lines right above the line that starts at `offset`."""
    while offset:
        above = text.rfind("\n", 0, offset - 1) + 1
        if not text[above:offset].lstrip(" ").startswith("#"):
            break
        offset = above
    return offset


def _quote_of_items(body: Sequence) -> str | None:
    """The quote that every item has; None where they have none, or different ones."""
    styles = {item.style if isinstance(item, Scalar) else "" for item in body.items}
    return next(iter(styles)) if len(styles) == 1 and styles <= {"'", '"'} else None


def dash_at(text: str, item: Node) -> int:
    """The offset of the dash of an item that begins its line; raises Refused for others."""
    dash = dash_of(text, item)
    if dash is None or text[dash - column(text, dash) : dash].strip(" "):
        raise Refused("the syntax of the list is not supported")
    return dash


def remove_item(file: Document, path: Path) -> list[Edit]:
    """Take an item out of a list; with the last one the key goes."""
    body, at = file.sequence(path[:-1]), path[-1]
    if not isinstance(at, int) or not 0 <= at < len(body.items):
        raise Refused("the item does not exist")
    if len(body.items) == 1:
        return remove_entry(file, path[:-1])
    item = file.node(path)
    if body.is_flow:
        return [Edit(flow_gap(file.text, body.items, at), "")]
    dash_at(file.text, item)
    return [Edit(lines_of(file.text, item.span), "")]
