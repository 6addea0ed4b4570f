"""A YAML text whose nodes are looked up to be changed: what an edit could harm is refused."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from dockerlint.findings import Refused
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.yaml.comments import read_comments
from dockerlint.yaml.nodes import Entry, Mapping, Node, Scalar, Sequence
from dockerlint.yaml.outline import FileLayout
from dockerlint.yaml.style import Habits, TextStyle, column
from dockerlint.yaml.tree import parse_yaml

Path: TypeAlias = "tuple[str | int, ...]"
"""Keys and list indices that lead to a value."""

_DASHES = pattern(r" *(?:- +)*\Z")
_TAB_INDENT = pattern(r"(?m)^ *\t")
_BLANK_LINE = pattern(r"\n[ \t]*\r?\n")
_END_MARK = pattern(r"\.\.\.[ \t]*\r?\n?\Z")


class Listed(NamedTuple):
    """A list that is asked about each of its items."""

    body: Sequence
    words: frozenset[str]
    """Its items that are scalars."""
    places: list[tuple[int, int]]
    """Where each item that is written in the list begins, in order, and its index."""

    def at(self, span: Span) -> int | None:
        """The index of the item that holds a stretch of the text."""
        before = bisect_right(self.places, (span.start, len(self.body.items)))
        if not before:
            return None
        at = self.places[before - 1][1]
        return at if span.end <= self.body.items[at].span.end else None


class FoundEntry(NamedTuple):
    """An entry of a mapping, and the mapping."""

    entry: Entry
    around: Mapping


@dataclass(frozen=True)
class Document:
    """One file, read for editing."""

    text: str
    root: Mapping
    shared: tuple[Span, ...]
    covered: tuple[Span, ...]

    def called(self, path: Path) -> str:
        """How a reason calls what stands at a path."""
        return ".".join(map(str, path)) or "the file"

    @cached_property
    def habits(self) -> Habits:
        """How its lists and quotes are written."""
        return Habits(self.text, self.root)

    def mapping(self, path: Path) -> Mapping:
        """The mapping at a path; raises Refused where it is none or must not be touched."""
        node = self.node(path)
        if not isinstance(node, Mapping):
            raise Refused(f"{self.called(path)} is not a mapping")
        return node

    def sequence(self, path: Path) -> Sequence:
        """The list at a path; raises Refused where it is none or must not be touched."""
        node = self.node(path)
        if not isinstance(node, Sequence):
            raise Refused(f"{self.called(path)} is not a list")
        return node

    def entry(self, path: Path) -> FoundEntry:
        """The entry at a path that ends with a key."""
        around = self.mapping(path[:-1])
        entry = around.entries.get(str(path[-1]))
        if entry is None:
            raise Refused(f"{self.called(path)} does not exist")
        self._refuse_foreign(entry, path)
        return FoundEntry(entry, around)

    @cached_property
    def _own(self) -> dict[int, list[Entry]]:
        """What `own_entries` has found, by the identity of the mapping."""
        return {}

    def own_entries(self, body: Mapping) -> list[Entry]:
        """The entries that are written in a mapping, in the order of the text."""
        found = self._own.get(id(body))
        if found is None:
            own = (entry for entry in body.entries.values() if not entry.is_merged)
            found = self._own[id(body)] = sorted(own, key=lambda entry: entry.span.start)
        return found

    @cached_property
    def _lists(self) -> dict[int, Listed]:
        """What `listed` has found, by the identity of the list."""
        return {}

    def listed(self, body: Sequence) -> Listed:
        """A list, read to look its items up."""
        found = self._lists.get(id(body))
        if found is None:
            words = frozenset(one.text for one in body.items if isinstance(one, Scalar))
            starts = ((item.span.start, at) for at, item in enumerate(body.items))
            inside = sorted(one for one in starts if body.span.start <= one[0] < body.span.end)
            found = self._lists[id(body)] = Listed(body, words, inside)
        return found

    @cached_property
    def _outer_items(self) -> dict[int, list[tuple[int, int]]]:
        """What `item_at` has found, by the identity of the list."""
        return {}

    def item_at(self, body: Sequence, offset: int) -> int | None:
        """The index of the last item that begins at an offset or before; aliases of others do not count."""
        outer = self._outer_items.get(id(body))
        if outer is None:
            outer = self._outer_items[id(body)] = []
            places = ((item.span.start, -item.span.end, at) for at, item in enumerate(body.items))
            end = -1
            for start, negative, at in sorted(places):
                if -negative > end:
                    outer.append((start, at))
                    end = -negative
        before = bisect_right(outer, (offset, len(body.items)))
        return outer[before - 1][1] if before else None

    @cached_property
    def steps(self) -> dict[Path, int]:
        """The indents that mappings are known to be given, by path."""
        return {}

    @cached_property
    def comments(self) -> list[int]:
        """Where its comments begin, in order."""
        found = read_comments(self.text, [self.root], self.covered, ())
        return [comment.span.start for comment in found]

    @cached_property
    def end(self) -> int:
        """Where the document ends: at the mark on its last line, else at the end of the text."""
        last = self.text.rfind("\n", 0, len(self.text.rstrip("\r\n"))) + 1
        return last if last and _END_MARK.match(self.text, last) else len(self.text)

    @cached_property
    def has_gaps(self) -> bool:
        """Blank lines stand between the blocks of the file, as far as it has several."""
        blocks = pairwise(self.root.entries.values())
        between = [self.text[one.span.end : other.span.start] for one, other in blocks]
        return not between or any(_BLANK_LINE.search(text) for text in between)

    @cached_property
    def _outer_shared(self) -> list[tuple[float, float]]:
        """Where the texts begin and end that aliases name, those inside of others left out."""
        outer: list[tuple[float, float]] = []
        for start, end, _ in sorted(self.shared, key=lambda span: (span.start, -span.end)):
            if not outer or end > outer[-1][1]:
                outer.append((start, end))
        return outer

    @cached_property
    def _nodes(self) -> dict[Path, Node]:
        """What `node` has found: several orders ask for the same service."""
        return {}

    def node(self, path: Path) -> Node:
        """The node at a path, every step of which is written in its place."""
        found = self._nodes.get(path)
        if found is None:
            found = self._nodes[path] = self._find(path)
        return found

    def _find(self, path: Path) -> Node:
        node: Node = self.root
        for depth, step in enumerate(path):
            here = path[: depth + 1]
            if isinstance(node, Mapping):
                entry = node.entries.get(str(step))
                if entry is None:
                    raise Refused(f"{self.called(here)} does not exist")
                self._refuse_foreign(entry, here)
                node = entry.value
            elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
                item = node.items[step]
                if not node.span.start <= item.span.start < node.span.end:
                    raise Refused("it is an alias")
                node = item
            else:
                raise Refused(f"{self.called(here)} does not exist")
        self._refuse_shared(node.span, path)
        return node

    def has(self, path: Path) -> bool:
        """Something stands at the path, wherever it comes from, and be it taken away by its tag."""
        node: Node | None = self.root
        for step in path:
            if isinstance(node, Mapping):
                entry = node.entries.get(str(step))
                node = None if entry is None else entry.value
            elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
                node = node.items[step]
            else:
                return False
        return node is not None

    def style(self, body: Mapping, step: int) -> TextStyle:
        """How new text in `body` is to look."""
        return self.habits.style(self.text, body, step)

    def indent_of(self, node: Mapping) -> int:
        """The column of the keys of a block mapping; raises Refused where they do not begin their lines."""
        start = node.span.start
        width = column(self.text, start)
        if not _DASHES.match(self.text[start - width : start]):
            raise Refused("its keys do not start their lines")
        return width

    def _refuse_foreign(self, entry: Entry, path: Path) -> None:
        if entry.is_merged:
            raise Refused(f"{self.called(path)} comes from a merge key")
        value = entry.value.span
        if value.start < entry.span.start or value.end > entry.span.end:
            raise Refused(f"{self.called(path)} is an alias")
        if entry.value.tag.startswith("!"):
            raise Refused(f"{self.called(path)} has the tag {entry.value.tag}")

    def _refuse_shared(self, span: Span, path: Path) -> None:
        at = bisect_right(self._outer_shared, (span.start, float("inf"))) - 1
        if at >= 0 and span.end <= self._outer_shared[at][1]:
            raise Refused(f"aliases repeat {self.called(path)} in several places")


def open_document(text: str, layout: FileLayout | None = None) -> Document:
    """Read a text for editing; raises Refused where it is damaged or not one plain document."""
    stream = parse_yaml(text, layout)
    if stream.problems:
        raise Refused(f"the file has an error: {stream.problems[0].message}")
    if len(stream.documents) != 1:
        raise Refused("the file does not contain exactly one document")
    root = stream.documents[0]
    if not isinstance(root, Mapping):
        raise Refused("the file is not a mapping")
    if _TAB_INDENT.search(text):
        raise Refused("some lines are indented with tabs")
    return Document(text, root, stream.shared, stream.covered)
