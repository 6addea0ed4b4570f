"""What can still be read of a text that is not YAML: everything around the broken places.

Sections that the layout of a kind of file tells are read one by one; below them, and in other texts, the text
is cut where lines begin at the same indent, so each piece is an entry with all that is below
it. Pieces that do not parse are cut again one level deeper; what does not parse at the end is a problem.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from dockerlint.regex import pattern
from dockerlint.syntax import Problem
from dockerlint.text import Span
from dockerlint.yaml.nodes import BrokenYaml, Entry, Mapping, Node, Scalar, Sequence, add_again
from dockerlint.yaml.outline import Anchor, Section

MAX_PROBLEMS = 100
"""Broken places that are told apart in one file."""
MAX_BROKEN = 3_000
"""Attempts to read that may fail in one file: about a second. What follows is not read, and that is told."""
MAX_READ = 32_768
"""Characters that are read at once, so that each failure costs a bounded time."""
MAX_LEVELS = 4
"""Levels that are cut: file, services, one service, one of its keys."""

EMPTY_LEVELS = 2
"""Levels at which a key stays when nothing below it can be read: a section of the file, a service."""

_LINE = pattern(r"( *)([^\n]*)(?:\n|\Z)")
_NO_START = pattern(r"[\s#\]}]|\Z|---|\.\.\.|%")
_HEADER = pattern(
    r" *(?P<quote>[\"']?)(?P<key>[\w.-]+)(?P=quote)[ ]*:[ \t]*"
    r"(?:(?:&(?P<anchor>[^\s,\[\]{}]+)|[&!]\S+)[ \t]*)*(?:#[^\n]*)?\r?\n"
)

Read = Callable[[int, int], "list[Node]"]
"""Reads the piece of the text between two offsets; raises BrokenYaml."""


_FOREIGN = pattern(r"^(?:(?:<{7}|={7}|>{7}|\|{7})(?: [^\n]*)?|[ \t]*\{%[^\n]*%\}[ \t]*)\r?$", re.MULTILINE)
"""Lines of a merge that was not finished, and of a template that was not rendered."""


def without_foreign_lines(text: str) -> tuple[str, list[Problem]]:
    """The text with such lines blanked, length unchanged, and a problem for each of them."""
    problems: list[Problem] = []

    def blank(match: re.Match[str]) -> str:
        if len(problems) < MAX_PROBLEMS:
            what = "a template" if "{%" in match[0] else "an unfinished merge"
            message = f"this line is part of {what}, not of the file"
            problems.append(Problem("foreign-line", message, "", True, Span(*match.span())))
        return " " * len(match[0])

    return _FOREIGN.sub(blank, text), problems


def told_apart(problems: list[Problem]) -> list[Problem]:
    """The problems in order of their places, as many as anybody reads; the last tells of the others."""
    problems.sort(key=lambda one: one.span)
    if len(problems) > MAX_PROBLEMS:
        message = f"{len(problems) - MAX_PROBLEMS} more errors, the first of them here"
        problems[MAX_PROBLEMS:] = [Problem("yaml-syntax", message, "", True, problems[MAX_PROBLEMS].span)]
    return problems


class Chunk(NamedTuple):
    """One entry with everything below it."""

    start: int
    end: int


class Recovery:
    """Reads the pieces of one text; `name` is told which node an anchor names."""

    def __init__(self, text: str, read: Read, name: Callable[[str, Node], None]) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self._read = read
        self._name = name
        self._failures = 0

    def read_sections(self, sections: Iterable[Section]) -> Node | None:
        """The mapping of a file whose sections are known."""
        nodes = [node for section in sections for node in self._section(section)]
        return _joined(nodes, self._duplicate, 0)

    def read(self, start: int, end: int, level: int = 0) -> Node | None:
        """The mapping or list between two offsets, without what is broken; None when nothing is left."""
        return _joined(self._read_pieces(_pieces(self.text, start, end), level), self._duplicate, level)

    def _section(self, section: Section) -> Iterator[Node]:
        whole = Chunk(section.start, section.end)
        if section.is_whole:
            nodes, broken = self._attempt([whole])
            if broken is None:
                yield from nodes
                return
            if not section.anchors:
                yield from filter(None, [self._repair(whole, broken, 0)])
                return
        body = self._entries(section) if section.anchors else self.read(section.body, section.end, 1)
        if body is not None:
            key = Scalar(section.name, Span(section.start, section.body))
            yield _entry(key, body)

    def _entries(self, section: Section) -> Node | None:
        """The entries that stand between their anchors."""
        ends = [*(one.start for one in section.anchors[1:]), section.end]
        nodes: list[Node] = []
        sound: list[Chunk] = []
        indent = section.anchors[0].indent
        for anchor, end in zip(section.anchors, ends, strict=True):
            piece = Chunk(anchor.start, end)
            if not anchor.is_hurt and anchor.indent == indent:
                sound.append(piece)
                continue
            nodes += self._read_pieces(sound, 1)
            sound = []
            nodes += self._hurt(anchor, piece) if anchor.is_hurt else self._read_pieces([piece], 1)
        return _joined([*nodes, *self._read_pieces(sound, 1)], self._duplicate, 1)

    def _hurt(self, anchor: Anchor, piece: Chunk) -> Iterator[Node]:
        """An entry that may have had more keys than can be read."""
        if anchor.name:
            start = self.text.find(anchor.name, piece.start)
            body = self.read(self.text.find("\n", start) + 1, piece.end, EMPTY_LEVELS)
            key = Scalar(anchor.name, Span(start, start + len(anchor.name)))
            yield _entry(key, body or Mapping({}, Span(key.span.end, key.span.end), is_partial=True))
            return
        for node in self._read_pieces([piece], 1):
            yield _partial(node)

    def _read_pieces(self, pieces: Iterable[Chunk], level: int) -> list[Node]:
        nodes: list[Node] = []
        waiting = list(_groups(pieces))[::-1]
        while waiting:
            group = waiting.pop()
            found, broken = self._attempt(group)
            nodes += found
            if self._failures > MAX_BROKEN:
                self._give_up(group[0].start)
                break
            if broken is not None and len(group) > 1:
                waiting += _around(group, broken.offset)
            elif broken is not None and (node := self._repair(group[0], broken, level)) is not None:
                nodes.append(node)
        return nodes

    def _attempt(self, group: list[Chunk]) -> tuple[list[Node], BrokenYaml | None]:
        try:
            return self._read(group[0].start, group[-1].end), None
        except BrokenYaml as broken:
            self._failures += 1
            return [], broken

    def _give_up(self, start: int) -> None:
        """Tell, once, that nothing more is read."""
        if self._failures < 2 * MAX_BROKEN:
            self._failures = 2 * MAX_BROKEN
            message = "too many errors above; the rest is not read"
            self.problems.append(BrokenYaml(start, message).problem(len(self.text)))

    def _repair(self, piece: Chunk, broken: BrokenYaml, level: int) -> Node | None:
        """What is left of one piece that does not parse."""
        header = _HEADER.match(self.text, piece.start, piece.end)
        if header is None or level + 1 >= MAX_LEVELS or not self.text[header.end() : piece.end].strip():
            self._problem(broken)
            return self._first_line(piece)
        key = Scalar(header["key"], Span(*header.span("key")))
        body = self.read(header.end(), piece.end, level + 1)
        if body is None:
            if level >= EMPTY_LEVELS:
                return None
            body = Mapping({}, Span(key.span.end, key.span.end), is_partial=True)
        if header["anchor"]:
            self._name(header["anchor"], body)
        return _entry(key, body)

    def _first_line(self, piece: Chunk) -> Node | None:
        """The first line of a piece, when the damage is further down and it says something on its own."""
        end = self.text.find("\n", piece.start, piece.end) + 1
        if end in (0, piece.end):
            return None
        try:
            nodes = self._read(piece.start, end)
        except BrokenYaml:
            return None
        node = nodes[0] if nodes else None
        if not isinstance(node, Mapping) or any(
            entry.value.span.start == end - 1 for entry in node.entries.values()
        ):
            return None
        return node

    def _problem(self, broken: BrokenYaml) -> None:
        self.problems.append(broken.problem(len(self.text)))

    def _duplicate(self, entry: Entry) -> None:
        span = entry.key.span
        self.problems.append(Problem("duplicate-key", f"duplicate key {entry.key.text}", "", True, span))


def _pieces(text: str, start: int, end: int) -> Iterator[Chunk]:
    """Cut where lines begin at the indent of the first; lines indented less begin a piece, too."""
    base: int | None = None
    is_list = False
    piece_start = at = start
    while at < end:
        line = _LINE.match(text, at, end)
        assert line is not None
        indent, content = len(line[1]), line[2]
        if not _NO_START.match(content):
            if base is None:
                base, is_list = indent, content.startswith("-")
            elif indent <= base and (is_list or not content.startswith("- ")):
                yield Chunk(piece_start, at)
                piece_start = at
        elif content.startswith(("---", "...", "%")):
            # What stands before a document marker is closed; the marker itself is left out.
            if base is not None:
                yield Chunk(piece_start, at)
            piece_start, base = line.end(), None
        at = line.end()
    if base is not None:
        yield Chunk(piece_start, end)


def _groups(pieces: Iterable[Chunk]) -> Iterator[list[Chunk]]:
    """Pieces in a row that are read at once."""
    group: list[Chunk] = []
    for piece in pieces:
        if group and piece.end - group[0].start > MAX_READ:
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _around(group: list[Chunk], offset: int) -> list[list[Chunk]]:
    """What stands behind the piece that is to blame, that piece, and what stands before it."""
    at = min(max(bisect_right(group, (offset, float("inf"))) - 1, 0), len(group) - 1)
    parts = [group[at + 1 :], group[at : at + 1], group[:at]]
    return [part for part in parts if part]


def _entry(key: Scalar, body: Node) -> Mapping:
    """A mapping of one entry, which may not be all there was."""
    entry = Entry(key, body, Span(key.span.start, body.span.end))
    return Mapping({key.text: entry}, entry.span, is_partial=True)


def _partial(node: Node) -> Node:
    """An entry with a body of which something may be missing."""
    if not isinstance(node, Mapping):
        return node
    entries = {
        key: entry._replace(value=entry.value._replace(is_partial=True))
        if isinstance(entry.value, Mapping)
        else entry
        for key, entry in node.entries.items()
    }
    return node._replace(entries=entries)


def _joined(nodes: Iterable[Node], on_duplicate: Callable[[Entry], None], level: int) -> Node | None:
    """One node of several; the first kind of collection that comes decides which others fit."""
    collections = [node for node in nodes if not isinstance(node, Scalar)]
    if not collections:
        return None
    start, end = collections[0].span.start, max(node.span.end for node in collections)
    if isinstance(collections[0], Sequence):
        items = [item for node in collections if isinstance(node, Sequence) for item in node.items]
        return Sequence(tuple(items), Span(start, end))
    entries: dict[str, Entry] = {}
    merged: list[Entry] = []
    for node in collections:
        for entry in node.entries.values() if isinstance(node, Mapping) else ():
            if entry.is_merged:
                merged.append(entry)
            elif entry.key.text not in entries:
                entries[entry.key.text] = entry
            else:
                add_again(entries, entry, on_duplicate, level)
    for entry in merged:
        entries.setdefault(entry.key.text, entry)
    return Mapping(entries, Span(start, end), is_partial=True)
