"""Comments of a YAML text, and the entry each of them is about."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from typing import NamedTuple

from dockerlint.regex import pattern
from dockerlint.syntax import Comment
from dockerlint.text import Span
from dockerlint.yaml.nodes import Mapping, Node, Scalar
from dockerlint.yaml.nodes import Sequence as List

_COMMENT = pattern(r"(?:^|(?<=[ \t]))#[^\r\n]*", re.MULTILINE)
_BLANK = pattern(r"[ \t\r]*")


def read_comments(
    text: str, roots: Sequence[Node], covered: Sequence[Span], blocks: Collection[Span]
) -> tuple[Comment, ...]:
    """Every comment, in order.

    `covered` are the texts, in order, in which `#` means nothing: quoted and block scalars. `blocks` are the
    spans of entries that a comment above them speaks for as a whole: services.
    """
    comments: list[Comment] = []
    at = 0
    for match in _COMMENT.finditer(text):
        while at < len(covered) and covered[at].end <= match.start():
            at += 1
        if at == len(covered) or match.start() < covered[at].start:
            span = Span(match.start(), match.end())
            comments.append(Comment(match[0].lstrip("#").strip(), span))
    return tuple(_with_owners(text, roots, comments, blocks))


def _with_owners(
    text: str, roots: Sequence[Node], comments: list[Comment], blocks: Collection[Span]
) -> list[Comment]:
    """From the last to the first, so that a comment above another is about the same entry."""
    entries = _Entries(roots)
    owned: list[Comment] = []
    below: Comment | None = None
    line = _LineBounds(len(text) + 1, len(text) + 1, len(text) + 1)
    for comment in reversed(comments):
        # A carriage return alone ends a comment, but not what an editor takes for a line.
        if comment.span.start < line.start:
            line = _line_around(text, comment.span)
        is_alone = comment.span.start == line.first
        if is_alone and below is not None and _first_of(text, line.end + 1) == below.span.start:
            owner = below.owner
        elif is_alone:
            owner = entries.on_line(line.end + 1, _line_end(text, line.end + 1))
        else:
            owner = entries.on_line(line.start, comment.span.start)
        block = owner if owner in blocks else None
        found = Comment(comment.text, comment.span, owner, block)
        owned.append(found)
        below = found if is_alone else None
    owned.reverse()
    return owned


class _LineBounds(NamedTuple):
    """Where a line starts, where the first of it that is not blank stands, and where it ends."""

    start: int
    first: int
    end: int


def _line_around(text: str, span: Span) -> _LineBounds:
    start = text.rfind("\n", 0, span.start) + 1
    return _LineBounds(start, _first_of(text, start), _line_end(text, span.end))


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _first_of(text: str, start: int) -> int:
    """Where the blanks end that stand at the start of a line."""
    match = _BLANK.match(text, start)
    assert match is not None
    return match.end()


class _Entries:
    """The entries and items of nodes, in order of place; each node is listed once."""

    def __init__(self, roots: Sequence[Node]) -> None:
        self._roots = roots
        self._ends = [root.span.end for root in roots]
        self._listed: dict[int, tuple[list[Span], list[Node]]] = {}

    def on_line(self, start: int, end: int) -> Span | None:
        """The outermost entry or item that begins on a line."""
        at = bisect_left(self._ends, start)
        node = self._roots[at] if at < len(self._roots) and self._roots[at].span.start < end else None
        while node is not None and not isinstance(node, Scalar):
            spans, children = self._list(node)
            at = bisect_right(spans, (start - 1, float("inf"), ""))
            if at < len(spans) and spans[at].start < end:
                return spans[at]
            if at == 0:
                return None
            node = children[at - 1]
        return None

    def _list(self, node: Mapping | List) -> tuple[list[Span], list[Node]]:
        listed = self._listed.get(id(node))
        if listed is None:
            listed = self._listed[id(node)] = _children(node)
        return listed


def _children(node: Mapping | List) -> tuple[list[Span], list[Node]]:
    """Spans and values of what is written in a node itself; what aliases bring stands elsewhere."""
    spans: list[Span] = []
    children: list[Node] = []
    pairs = (
        ((entry.span, entry.value) for entry in node.entries.values() if not entry.is_merged)
        if isinstance(node, Mapping)
        else ((item.span, item) for item in node.items)
    )
    for span, child in pairs:
        if span.start >= (spans[-1].end if spans else node.span.start) and span.end <= node.span.end:
            spans.append(span)
            children.append(child)
    return spans, children
