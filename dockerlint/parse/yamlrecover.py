"""What can still be read of a text that is not YAML: everything beside the broken place.

The text is cut where lines begin at the same indent, so each piece is an entry with all that is below it.
Pieces that do not parse are cut again one level deeper; what does not parse at the end is a problem.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from dockerlint.expressions import pattern
from dockerlint.model.shared import Problem
from dockerlint.parse.yamlnodes import BrokenYaml, Entry, Mapping, Node, Scalar, Sequence
from dockerlint.text import Span
from dockerlint.tuples import NamedTuple

MAX_PROBLEMS = 100
"""Broken places that are told apart in one file."""
MAX_LEVELS = 4
"""Levels that are cut: file, services, one service, one of its keys."""

EMPTY_LEVELS = 2
"""Levels at which a key stays when nothing below it can be read: a section of the file, a service."""

_LINE = pattern(r"( *)([^\n]*)(?:\n|\Z)")
_NO_START = pattern(r"[\s#\]}]|\Z|---|\.\.\.|%")
_HEADER = pattern(r" *([\w.-]+)[ ]*:[ \t]*(?:[&!]\S+[ \t]*)*(?:#[^\n]*)?\r?\n")

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


class Piece(NamedTuple):
    """One entry with everything below it."""

    start: int
    end: int


class Recovery:
    """Reads the pieces of one text."""

    def __init__(self, text: str, read: Read) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self._read = read

    def read(self, start: int, end: int, level: int = 0) -> Node | None:
        """The mapping or list between two offsets, without what is broken; None when nothing is left."""
        pieces = list(_pieces(self.text, start, end))
        nodes: list[Node] = []
        waiting = [pieces] if pieces else []
        while waiting and len(self.problems) < MAX_PROBLEMS:
            group = waiting.pop()
            try:
                nodes += self._read(group[0].start, group[-1].end)
            except BrokenYaml as broken:
                if len(group) > 1:
                    half = len(group) // 2
                    waiting += [group[half:], group[:half]]
                elif (node := self._repair(group[0], broken, level)) is not None:
                    nodes.append(node)
        return _joined(nodes, Span(start, end), self._duplicate)

    def _repair(self, piece: Piece, broken: BrokenYaml, level: int) -> Node | None:
        """What is left of one piece that does not parse."""
        header = _HEADER.match(self.text, piece.start, piece.end)
        if header is None or level + 1 >= MAX_LEVELS or not self.text[header.end() : piece.end].strip():
            self._problem(broken)
            return self._first_line(piece)
        key = Scalar(header[1], Span(*header.span(1)))
        body = self.read(header.end(), piece.end, level + 1)
        if body is None:
            if level >= EMPTY_LEVELS:
                return None
            body = Mapping({}, Span(key.span.end, key.span.end), is_partial=True)
        entry = Entry(key, body, Span(key.span.start, body.span.end))
        return Mapping({key.text: entry}, entry.span, is_partial=True)

    def _first_line(self, piece: Piece) -> Node | None:
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
        self.problems.append(
            Problem("duplicate-key", f"key {entry.key.text} stands here twice", "", True, span)
        )


def _pieces(text: str, start: int, end: int) -> Iterator[Piece]:
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
                yield Piece(piece_start, at)
                piece_start = at
        elif content.startswith(("---", "...", "%")):
            # What stands before a document marker is closed; the marker itself is left out.
            if base is not None:
                yield Piece(piece_start, at)
            piece_start, base = line.end(), None
        at = line.end()
    if base is not None:
        yield Piece(piece_start, end)


def _joined(nodes: Iterable[Node], span: Span, on_duplicate: Callable[[Entry], None]) -> Node | None:
    """One node of several; the first kind of collection that comes decides which others fit."""
    collections = [node for node in nodes if not isinstance(node, Scalar)]
    if not collections:
        return None
    span = Span(collections[0].span.start, max(node.span.end for node in collections))
    if isinstance(collections[0], Sequence):
        items = [item for node in collections if isinstance(node, Sequence) for item in node.items]
        return Sequence(tuple(items), span)
    entries: dict[str, Entry] = {}
    merged: list[Entry] = []
    for node in collections:
        for entry in node.entries.values() if isinstance(node, Mapping) else ():
            if entry.is_merged:
                merged.append(entry)
            elif entry.key.text in entries:
                on_duplicate(entry)
            else:
                entries[entry.key.text] = entry
    for entry in merged:
        entries.setdefault(entry.key.text, entry)
    return Mapping(entries, span, is_partial=True)
