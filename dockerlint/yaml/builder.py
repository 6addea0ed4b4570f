"""Parser events into nodes: anchors, merge keys, duplicate keys, bounded depth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dockerlint.regex import pattern
from dockerlint.syntax import Problem
from dockerlint.text import Span
from dockerlint.yaml.nodes import DROPPED, BrokenYaml, Entry, Mapping, Node, Scalar, Sequence, add_again
from dockerlint.yaml.outline import FileLayout

MAX_DEPTH = 200
"""Collections inside collections; files that people write stay below 20."""
MAX_ALIASED = 50_000
"""Nodes that all aliases of a text stand for, counted as if each were a copy; real files stay below 5,000."""
LONG = 100
"""Characters that count for a node of their own."""

_PROPERTIES = pattern(r"(?:[!&]\S*[ \t]*(?:(?:#[^\n]*)?\r?\n[ \t]*)*)+")


class _OpenCollection:
    """A collection whose end has not come yet."""

    __slots__ = ("anchor", "counted", "end", "is_flow", "is_mapping", "nodes", "start", "starts", "tag")

    def __init__(self, is_mapping: bool, start: int, event: Any, counted: int) -> None:
        self.is_mapping = is_mapping
        self.start = start
        self.anchor = event.anchor
        self.tag = event.tag or ""
        self.is_flow = bool(event.flow_style)
        self.nodes: list[Node] = []
        self.starts: list[tuple[int, int]] = []
        """Where each node is written: its own place, or the alias that stands for it."""
        self.end = start
        self.counted = counted


def _size(scalar: Scalar) -> int:
    """What a copy counts for: more than one where the text is long, so that copies cannot fill memory."""
    return 1 + max(len(scalar.text), scalar.span.end - scalar.span.start) // LONG


class Builder:
    """Builds nodes; anchors live on from one piece of a file to the next."""

    def __init__(self, text: str, layout: FileLayout | None = None) -> None:
        self.text = text
        self._layout = layout
        self.problems: list[Problem] = []
        self.shared: dict[Span, None] = {}
        self.covered: list[Span] = []
        """Quoted and block scalars."""
        self.dollars: list[Scalar] = []
        """Values with a dollar in them."""
        self.read_slowly = 0
        """Characters for which the slow parser was needed."""
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._count = 0
        """Nodes so far, each alias counted as a copy of what it names."""
        self._aliased = 0
        self._top: list[Node] = []
        self._stack: list[_OpenCollection] = []

    def attempt(self, events: Iterable[Any], base: int) -> list[Node]:
        """The same as `build`, without a trace when it raises BrokenYaml."""
        collected: tuple[list[Any], ...] = (self.problems, self.covered, self.dollars)
        lengths, aliased = [len(one) for one in collected], self._aliased
        try:
            return list(self.build(events, base))
        except BrokenYaml:
            for one, length in zip(collected, lengths, strict=True):
                del one[length:]
            self._aliased = aliased
            raise

    def build(self, events: Iterable[Any], base: int) -> Iterator[Node]:
        """The root node of every document that is not empty; raises BrokenYaml."""
        self._stack = []
        self._top = []
        for event in events:
            name = type(event).__name__
            if name == "ScalarEvent":
                self._scalar(event, base)
            elif name == "MappingStartEvent" or name == "SequenceStartEvent":
                self._open(event, base, name == "MappingStartEvent")
            elif name == "MappingEndEvent" or name == "SequenceEndEvent":
                self._close(event, base)
            elif name == "AliasEvent":
                self._alias(event, base)
            elif name == "DocumentEndEvent":
                yield from self._top
                self._top = []

    def _scalar(self, event: Any, base: int) -> None:
        start, end = base + event.start_mark.index, base + event.end_mark.index
        tag = event.tag
        if tag or event.anchor:
            start = self._after_properties(start, end)
        elif start == end and self._stack:
            # One parser puts what is not there behind the colon, the other before what follows.
            colon = self.text.find(":", self._stack[-1].end, start)
            start = end = start if colon < 0 else colon + 1
        style = event.style or ""
        if style in ("|", ">"):
            end = start + len(self.text[start:end].rstrip())
            self.covered.append(Span(max(self.text.find("\n", start, end), start), end))
        elif style:
            self.covered.append(Span(start, end))
            if self.text.find("\n", start, end) >= 0:
                self._refuse_swallowed_keys(start, end)
        node = Scalar(event.value, Span(start, end), style, str(tag) if tag else "")
        self._count += _size(node)
        if "$" in node.text and not self._awaits_key():
            self.dollars.append(node)
        if event.anchor:
            self._anchors[event.anchor] = (node, _size(node))
        self._add(node, start, end)

    def _refuse_swallowed_keys(self, start: int, end: int) -> None:
        if self._layout is not None and self._layout.swallows_keys(self.text, start, end):
            raise BrokenYaml(start, "this quote is closed only after other keys of the file")

    def _open(self, event: Any, base: int, is_mapping: bool) -> None:
        start = base + event.start_mark.index
        if len(self._stack) >= MAX_DEPTH:
            raise BrokenYaml(start, f"more than {MAX_DEPTH} collections nested in each other")
        if event.tag or event.anchor:
            start = self._after_properties(start, len(self.text))
        if event.anchor:
            self._anchors.pop(event.anchor, None)
        self._stack.append(_OpenCollection(is_mapping, start, event, self._count))

    def _close(self, event: Any, base: int) -> None:
        opened = self._stack.pop()
        end = base + event.end_mark.index if opened.is_flow else opened.end
        span = Span(opened.start, end)
        self._count += 1
        if opened.is_mapping:
            entries, is_whole = self._entries(opened)
            node: Node = Mapping(entries, span, opened.is_flow, str(opened.tag), not is_whole)
        else:
            node = Sequence(tuple(opened.nodes), span, opened.is_flow, str(opened.tag))
        if opened.anchor:
            self._anchors[opened.anchor] = (node, self._count - opened.counted)
        self._add(node, opened.start, end)

    def _alias(self, event: Any, base: int) -> None:
        start, end = base + event.start_mark.index, base + event.end_mark.index
        node, size = self._anchors.get(event.anchor, (None, 0))
        self._count += size
        self._aliased += size
        if node is None:
            self._problem("unknown-alias", f"undefined anchor &{event.anchor}", start, end)
        elif self._aliased > MAX_ALIASED:
            if self._aliased - size <= MAX_ALIASED:
                self._problem("excessive-aliasing", "aliases expand to too much", start, end)
            node = None
        else:
            self.shared[node.span] = None
        self._add(Scalar("", Span(start, end), tag=DROPPED) if node is None else node, start, end)

    def _add(self, node: Node, start: int, end: int) -> None:
        if not self._stack:
            self._top.append(node)
            return
        opened = self._stack[-1]
        opened.nodes.append(node)
        opened.starts.append((start, end))
        opened.end = end

    def _entries(self, opened: _OpenCollection) -> tuple[dict[str, Entry], bool]:
        """The entries of a mapping, and whether all that is merged into it could be read."""
        entries: dict[str, Entry] = {}
        merged: list[Node] = []
        nodes, starts = opened.nodes, opened.starts
        pairs = zip(nodes[::2], nodes[1::2], starts[::2], starts[1::2], strict=True)
        for key, value, (start, key_end), (_, end) in pairs:
            if not isinstance(key, Scalar):
                self._problem("bad-key", "a key must be a scalar", start, key_end)
            elif key.text == "<<" and not key.style:
                if merged:
                    self._problem("duplicate-key", "duplicate key <<, merge a list instead", start, key_end)
                merged.append(value)
            elif key.text in entries:
                add_again(entries, Entry(key, value, Span(start, end)), self._duplicate, len(self._stack))
            else:
                entries[key.text] = Entry(key, value, Span(start, end))
        is_whole = True
        for value in merged:
            is_whole &= self._merge(value, entries)
        return entries, is_whole

    def _duplicate(self, entry: Entry) -> None:
        start, end = entry.span.start, entry.key.span.end
        self._problem("duplicate-key", f"duplicate key {entry.key.text}", start, end)

    def name(self, anchor: str, node: Node) -> None:
        """Note what an anchor names, for a collection that was put together from pieces."""
        self._anchors[anchor] = (node, _count(node))

    def _merge(self, value: Node, entries: dict[str, Entry]) -> bool:
        """Add what is not there yet, so that earlier mappings of a list win; False when one is missing."""
        is_whole = True
        for source in value.items if isinstance(value, Sequence) else (value,):
            if not isinstance(source, Mapping):
                is_whole = False
                if source.tag != DROPPED:
                    self._problem("bad-merge", "only mappings can be merged", *source.span[:2])
                continue
            is_whole &= not source.is_partial
            for key, entry in source.entries.items():
                own = entries.get(key)
                # Taking its own value away does not take the merged one.
                if own is None or own.value.tag == DROPPED:
                    entries[key] = entry._replace(is_merged=True)
        return is_whole

    def _awaits_key(self) -> bool:
        return bool(self._stack) and self._stack[-1].is_mapping and len(self._stack[-1].nodes) % 2 == 0

    def _after_properties(self, start: int, end: int) -> int:
        match = _PROPERTIES.match(self.text, start, end)
        return match.end() if match else start

    def _problem(self, code: str, message: str, start: int, end: int) -> None:
        self.problems.append(Problem(code, message, "", True, Span(start, end)))


def _count(node: Node) -> int:
    """What a copy of it counts for, up to what all aliases together may stand for."""
    count, waiting = 0, [node]
    while waiting and count <= MAX_ALIASED:
        one = waiting.pop()
        if isinstance(one, Mapping):
            waiting += [entry.value for entry in one.entries.values()]
        elif isinstance(one, Sequence):
            waiting += one.items
        count += _size(one) if isinstance(one, Scalar) else 1
    return count
