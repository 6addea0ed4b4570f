"""Edits of a JSON text that touch nothing but what they name, in the spacing of their neighbours."""

from __future__ import annotations

import json
from collections.abc import Mapping as Lookup
from typing import Final, TypeAlias

from dockerlint.findings import Edit, Refused
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.yaml.nodes import Entry, Mapping, Node, Scalar, Sequence
from dockerlint.yaml.style import Value

DEFAULT_INDENT: Final = "  "
_INDENT: Final = pattern(r"[ \t]*")
_GAP: Final = pattern(r"\"[ \t]*:([ \t]*)")


def set_keys(text: str, body: Mapping, wanted: Lookup[str, Value]) -> list[Edit]:
    """Give an object keys: another value is exchanged, a list gets what it lacks, objects are merged."""
    edits: list[Edit] = []
    lacking: dict[str, Value] = {}
    for key, value in wanted.items():
        there = body.entries.get(key)
        if there is None:
            lacking[key] = value
        elif isinstance(value, Lookup) and isinstance(there.value, Mapping):
            edits += set_keys(text, there.value, value)
        elif isinstance(value, list) and isinstance(there.value, Sequence):
            present = {one.text for one in there.value.items if isinstance(one, Scalar)}
            edits += append(text, there.value, [one for one in value if one not in present])
        else:
            edits.append(Edit(there.value.span, json.dumps(value, ensure_ascii=False)))
    colon = _colon(text, body)
    pieces = [(f"{json.dumps(key)}{colon}", value) for key, value in lacking.items()]
    return edits + _insert(text, body, list(body.entries.values()), pieces)


def append(text: str, body: Sequence, values: list[str]) -> list[Edit]:
    """Put values behind the last item of a list."""
    return _insert(text, body, list(body.items), [("", one) for one in values])


def remove_at(root: Node, span: Span) -> list[Edit]:
    """Take out the smallest item or entry that holds a stretch of the text, with its comma."""
    around, at = _holder(root, span)
    inside = _inside(around)
    one = inside[at].span
    if at + 1 < len(inside):
        return [Edit(Span(one.start, inside[at + 1].span.start), "")]
    if at:
        return [Edit(Span(inside[at - 1].span.end, one.end), "")]
    return [Edit(Span(around.span.start + 1, around.span.end - 1), "")]


def scalar_at(root: Node, span: Span) -> Scalar:
    """The value at a place, quotes included or not; raises Refused where there is none."""
    around, at = _holder(root, span)
    one = _inside(around)[at]
    found = one.value if isinstance(one, Entry) else one
    if not isinstance(found, Scalar):
        raise Refused("the value to change is not a simple one")
    return found


def _inside(around: Mapping | Sequence) -> list[Entry | Node]:
    return list(around.entries.values() if isinstance(around, Mapping) else around.items)


def _holder(root: Node, span: Span) -> tuple[Mapping | Sequence, int]:
    """The innermost list or object with an item that holds the place, and the number of the item."""
    found: tuple[Mapping | Sequence, int] | None = None
    node = root
    while isinstance(node, (Mapping, Sequence)):
        inside = _inside(node)
        at = next((at for at, one in enumerate(inside) if _holds(one.span, span)), None)
        if at is None:
            break
        found, one = (node, at), inside[at]
        node = one.value if isinstance(one, Entry) else one
    if found is None:
        raise Refused("the value to change is not in this file")
    return found


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _colon(text: str, body: Mapping) -> str:
    """As behind the key before it."""
    for entry in body.entries.values():
        if gap := _GAP.match(text, entry.key.span.end - 1):
            return f":{gap[1]}"
    return ": "


_Pieces: TypeAlias = "list[tuple[str, Value]]"
"""What is written: a key with its colon, or nothing, and a value."""


def _insert(
    text: str, body: Mapping | Sequence, inside: list[Entry] | list[Node], pieces: _Pieces
) -> list[Edit]:
    """Text behind the last of what stands in brackets, on lines of its own where the others are."""
    if not pieces:
        return []
    if text[body.span.end - 1 : body.span.end] not in ("}", "]"):
        raise Refused("its bracket is never closed")
    newline = "\r\n" if "\r\n" in text else "\n"
    if not inside:
        return [_fill(text, body, pieces, newline)]
    last = inside[-1].span.end
    between = text[body.span.start + 1 : inside[0].span.start]
    if "\n" not in between:
        written = (f", {before}{json.dumps(value, ensure_ascii=False)}" for before, value in pieces)
        return [Edit(Span(last, last), "".join(written))]
    indent = between.rpartition("\n")[2]
    step = indent.removeprefix(_line_indent(text, body.span.start)) or DEFAULT_INDENT
    lines = (
        f",{newline}{indent}{before}{_written(value, indent, step, newline)}" for before, value in pieces
    )
    return [Edit(Span(last, last), "".join(lines))]


def _fill(text: str, body: Mapping | Sequence, pieces: _Pieces, newline: str) -> Edit:
    """The first things in brackets: of an object, or where the brackets span lines, on lines of their own."""
    inner = text[body.span.start + 1 : body.span.end - 1]
    if inner.strip():
        raise Refused("the content of the brackets is not understood")
    place = Span(body.span.start + 1, body.span.end - 1)
    if isinstance(body, Sequence) and "\n" not in inner:
        return Edit(place, ", ".join(json.dumps(value, ensure_ascii=False) for _, value in pieces))
    outer = _line_indent(text, body.span.start)
    indent = outer + DEFAULT_INDENT
    lines = (f"{indent}{before}{_written(one, indent, DEFAULT_INDENT, newline)}" for before, one in pieces)
    return Edit(place, f"{newline}{f',{newline}'.join(lines)}{newline}{outer}")


def _line_indent(text: str, offset: int) -> str:
    """The blanks at the beginning of the line of an offset."""
    found = _INDENT.match(text, text.rfind("\n", 0, offset) + 1)
    return found[0] if found else ""


def _written(value: Value, indent: str, step: str, newline: str) -> str:
    """A value below others: an object over several lines, a list in one."""
    if not isinstance(value, Lookup):
        return json.dumps(value, ensure_ascii=False)
    inner = indent + step
    lines = [f"{inner}{json.dumps(key)}: {_written(one, inner, step, newline)}" for key, one in value.items()]
    return f"{{{newline}{f',{newline}'.join(lines)}{newline}{indent}}}"
