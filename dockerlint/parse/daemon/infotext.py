"""The lines that `docker info` and `docker version` print for people, as the JSON that they print, too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from dockerlint.data import records
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.yaml.nodes import Entry, Mapping, Node, Scalar, Sequence, as_mapping

_LINE: Final = pattern(r"(?m)^([ \t]*)(\S[^\r\n]*)")
_LABEL: Final = pattern(r"([A-Za-z][\w ()-]*):(?:[ \t]+|\Z)")
_SERVER: Final = pattern(r"(?m)^Server:")
_ASKED: Final = pattern(r"(?m)^[ \t]*Server Version: |^Server:[^\r\n]*\r?\n[ \t]+(?:Engine:|Version:)")
_OPTIONS: Final = "SecurityOptions"
_WARNING: Final = "WARNING"
_PROFILE: Final = "profile"
_LIST: Final = "[]"
"""At the end of a path: what is there is a list."""


def is_info_text(text: str) -> bool:
    """Whether a text is what one of the two prints for people."""
    return not text.lstrip("\ufeff \t\r\n").startswith(("{", "[")) and _ASKED.search(text) is not None


class _InfoLine(NamedTuple):
    """A line: its depth, its label, and what follows or is all there is."""

    depth: int
    label: str
    value: Scalar
    whole: Scalar


def info_of_text(text: str) -> Mapping:
    """The same as an object; what is told of the client is left out."""
    server = _SERVER.search(text)
    start = server.start() if server else 0
    rows = list(_rows(text, start))
    found: dict[str, Entry] = {}
    names = {row["label"]: row["path"] for row in records("daemon", "info-labels")}
    for number, row in enumerate(rows):
        if (path := names.get(row.label)) is not None:
            _put(found, path.removesuffix(_LIST).split("."), _node(path, row, list(_below(rows, number))))
    if _OPTIONS in found:
        warnings = tuple(row.value for row in _rows(text, 0) if row.label == _WARNING)
        place = found[_OPTIONS].key.span
        found["Warnings"] = Entry(Scalar("Warnings", place), Sequence(warnings, place), place)
    return Mapping(found, Span(start, len(text)), is_partial=True)


def _rows(text: str, start: int) -> Iterator[_InfoLine]:
    for match in _LINE.finditer(text, start):
        line, at = match[2].rstrip(), match.start(2)
        label = _LABEL.match(line)
        skip = label.end() if label else 0
        value, whole = _quoted(line[skip:], at + skip), _quoted(line, at)
        yield _InfoLine(len(match[1].expandtabs()), label[1] if label else "", value, whole)


def _quoted(text: str, start: int) -> Scalar:
    """A text as JSON has it: its place takes in what stands there in place of quotes."""
    return Scalar(text, Span(start - 1, start + len(text) + 1), '"')


def _below(rows: list[_InfoLine], number: int) -> Iterator[_InfoLine]:
    for row in rows[number + 1 :]:
        if row.depth <= rows[number].depth:
            return
        yield row


def _node(path: str, row: _InfoLine, below: list[_InfoLine]) -> Node:
    if path == _OPTIONS:
        return Sequence(tuple(_options(below)), row.whole.span)
    if path.endswith(_LIST):
        items = [one.whole for one in below] or list(_words(row.value))
        return Sequence(tuple(items), row.whole.span)
    value = row.value
    if value.text not in ("true", "false"):
        return value
    return Scalar(value.text, Span(value.span.start + 1, value.span.end - 1))


def _words(value: Scalar) -> Iterator[Scalar]:
    for word in re.finditer(r"\S+", value.text):
        yield _quoted(word[0], value.span.start + 1 + word.start())


def _options(below: list[_InfoLine]) -> Iterator[Scalar]:
    """The names of options, each with its profile on the line below."""
    least = min((row.depth for row in below), default=0)
    for number, row in enumerate(below):
        if row.depth == least:
            after = below[number + 1] if number + 1 < len(below) else row
            is_profile = after.depth > least and after.label.lower() == _PROFILE
            profile = f",profile={after.value.text}" if is_profile else ""
            yield row.whole._replace(text=f"name={row.whole.text}{profile}")


def _put(found: dict[str, Entry], path: list[str], node: Node) -> None:
    """Put a value at a path, unless something is there already."""
    first, *rest = path
    if not rest:
        found.setdefault(first, Entry(Scalar(first, node.span), node, node.span))
        return
    inner = dict(as_mapping(found[first].value).entries) if first in found else {}
    _put(inner, rest, node)
    found[first] = Entry(Scalar(first, node.span), Mapping(inner, node.span), node.span)
