"""What two YAML texts say differently, and whether every comment is still there: the proof of an edit."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from dockerlint.findings import Edit, Refusal
from dockerlint.text import Span, written_places
from dockerlint.yaml.comments import read_comments
from dockerlint.yaml.document import Path
from dockerlint.yaml.nodes import Plain
from dockerlint.yaml.outline import FileLayout
from dockerlint.yaml.tree import load_plain, parse_yaml

_ABSENT = object()
Placed: TypeAlias = "tuple[Plain, Mapping[Path, Span]]"
"""Plain data, and the place of each value by its path."""


def yaml_differs(
    before: str, after: str, edits: Sequence[Edit], layout: FileLayout | None = None
) -> Refusal | None:
    """What edits did to a place they did not mean; None for nothing.

    A value may differ where an edit wrote it, took it away or changed something inside of it.
    """
    old, old_spans, _ = load_plain(before, layout)
    new, new_spans, problems = load_plain(after, layout)
    if problems:
        return Refusal(f"it would no longer parse: {problems[0].message}")
    if refusal := unmeant((old, old_spans), (new, new_spans), edits):
        return refusal
    kept, taken = _parted(_comments(before, layout), _Ranges(edit.span for edit in edits))
    still, moved = _parted(_comments(after, layout), _Ranges(new for _, new in written_places(edits)))
    # What is written has no comments, unless it is what was taken, in another order.
    if kept == still and (not moved or sorted(moved) == sorted(taken)):
        return None
    return Refusal("a comment would be lost or moved")


def _parted(comments: Iterable[tuple[str, int]], ranges: _Ranges) -> tuple[list[str], list[str]]:
    """The texts of comments outside of ranges, and of those inside."""
    outside: list[str] = []
    inside: list[str] = []
    for text, start in comments:
        (inside if ranges.hold(start) else outside).append(text)
    return outside, inside


def unmeant(before: Placed, after: Placed, edits: Sequence[Edit]) -> Refusal | None:
    """A value that differs although no edit wrote it, took it away or changed something inside of it."""
    (old, old_spans), (new, new_spans) = before, after
    taken, written = _Ranges(edit.span for edit in edits), _Ranges(new for _, new in written_places(edits))
    for path in differences(old, new):
        if not written.touch(new_spans.get(path)) and not taken.touch(old_spans.get(path)):
            return Refusal(f"{'.'.join(map(str, path))} would change")
    return None


def differences(old: Plain, new: Plain) -> Iterator[Path]:
    """The paths of the values that differ; of a list that grew or shrank, its own path."""
    waiting: list[tuple[Path, object, object]] = [((), old, new)]
    while waiting:
        path, left, right = waiting.pop()
        if isinstance(left, dict) and isinstance(right, dict):
            for key in {**left, **right}:
                waiting.append(((*path, key), left.get(key, _ABSENT), right.get(key, _ABSENT)))
        elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
            pairs = enumerate(zip(left, right, strict=True))
            waiting += [((*path, at), one, other) for at, (one, other) in pairs]
        elif type(left) is not type(right) or left != right:
            yield path


class _Ranges:
    """Ranges that do not overlap, asked often."""

    def __init__(self, spans: Iterable[Span]) -> None:
        ordered = sorted(spans)
        self._starts = [span.start for span in ordered]
        self._ends = [span.end for span in ordered]

    def touch(self, span: Span | None) -> bool:
        """Whether one overlaps `span` or borders on it."""
        if span is None:
            return False
        at = bisect_left(self._ends, span.start)
        return at < len(self._ends) and self._starts[at] <= span.end

    def hold(self, offset: int) -> bool:
        """Whether one holds the character at an offset."""
        at = bisect_right(self._ends, offset)
        return at < len(self._ends) and self._starts[at] <= offset


def _comments(text: str, layout: FileLayout | None) -> list[tuple[str, int]]:
    stream = parse_yaml(text, layout)
    found = read_comments(text, stream.documents, stream.covered, ())
    return [(comment.text, comment.span.start) for comment in found]
