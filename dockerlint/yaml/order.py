"""Edits that put the entries of a mapping, or the items of a list, into another order.

What stands in one place is exchanged for what belongs there; the blank lines between them stay. A comment
right above an entry travels with it; one that stands by itself could be about either side, so nothing moves.
"""

from __future__ import annotations

from collections.abc import Sequence as Order
from itertools import pairwise

from dockerlint.findings import Edit, Refused
from dockerlint.text import Span
from dockerlint.yaml.document import Document, Path
from dockerlint.yaml.edit import line_end_after
from dockerlint.yaml.lists import comments_above, dash_at
from dockerlint.yaml.nodes import Mapping, Node, Sequence
from dockerlint.yaml.style import column, line_break_at


def parts_of(file: Document, path: Path) -> list[Span]:
    """The entries or items that are written at a path, in order; raises Refused for anything else."""
    body = file.node(path)
    if isinstance(body, Mapping):
        if body.is_partial:
            raise Refused(f"part of {file.called(path)} cannot be parsed")
        return [entry.span for entry in file.own_entries(body)]
    if isinstance(body, Sequence):
        return [file.node((*path, at)).span for at in range(len(body.items))]
    raise Refused(f"{file.called(path)} is neither a mapping nor a list")


def reorder(file: Document, path: Path, order: Order[int]) -> list[Edit]:
    """Put the part that is now at `order[n]` into place `n`; raises Refused where that is not certain."""
    parts = parts_of(file, path)
    body = file.node(path)
    is_flow = not isinstance(body, (Mapping, Sequence)) or body.is_flow
    places = _in_brackets(file, body, parts) if is_flow else _blocks(file, body, parts)
    if not path:
        _keep_heading(file, places[0], order)
    written = _text if is_flow else _whole_lines
    moved = [(place, at) for now, (place, at) in enumerate(zip(places, order, strict=True)) if now != at]
    edits = [Edit(place, written(file.text, places[at])) for place, at in moved]
    if not is_flow and places[-1].end == len(file.text) and not file.text.endswith("\n"):
        edits = [_without_last_break(edit, len(file.text)) for edit in edits]
    return edits


def _text(text: str, span: Span) -> str:
    return text[span.start : span.end]


def _whole_lines(text: str, span: Span) -> str:
    """With the line break that the last line of a file may lack."""
    written = _text(text, span)
    return written if written.endswith("\n") else written + line_break_at(text, span.start)


def _without_last_break(edit: Edit, end: int) -> Edit:
    return edit if edit.span.end < end else Edit(edit.span, edit.text.removesuffix("\n").removesuffix("\r"))


def _in_brackets(file: Document, body: Node, parts: list[Span]) -> list[Span]:
    """What commas part; raises Refused where anything else stands between."""
    text = file.text
    between = [text[one.end : other.start].strip() for one, other in pairwise(parts)]
    opening = text[body.span.start + 1 : parts[0].start].strip()
    closing = text[parts[-1].end : body.span.end - 1].strip()
    if opening or closing not in ("", ",") or any(gap != "," for gap in between):
        raise Refused("there is more than commas between the brackets")
    return parts


def _blocks(file: Document, body: Node, parts: list[Span]) -> list[Span]:
    """The whole lines of each part, with the comments that go with it."""
    text = file.text
    starts = [part.start for part in parts]
    if isinstance(body, Sequence):
        starts = [dash_at(text, item) for item in body.items]
    blocks: list[Span] = []
    above = 0
    for start, part in zip(starts, parts, strict=True):
        indent = column(text, start)
        if text[start - indent : start].strip(" "):
            raise Refused("a key does not start its line")
        first = max(comments_above(text, start - indent), above)
        if blocks and text[above:first].strip():
            raise Refused("a comment or a merge key stands by itself between them")
        above = line_end_after(text, part, indent)
        blocks.append(Span(first, above))
    return blocks


def _keep_heading(file: Document, first: Span, order: Order[int]) -> None:
    """A comment at the top of a file speaks of the file, or of its first key: nobody can tell."""
    if order[0] != 0 and file.text[first.start : first.end].lstrip().startswith("#"):
        raise Refused("the comment at the top of the file may be about its first key")
