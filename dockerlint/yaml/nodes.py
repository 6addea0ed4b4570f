"""Nodes of a YAML document, with the span of the text each stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from dockerlint.regex import pattern
from dockerlint.syntax import Problem
from dockerlint.text import Span

Plain: TypeAlias = "str | int | float | bool | list[Plain] | dict[str, Plain] | None"

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLEANS = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = pattern(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|([0-9]+))\Z")
_FLOAT = pattern(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_SPECIAL_FLOAT = pattern(r"[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z")
DROPPED = "!reset"
"""The tag with which Compose drops a value, whatever it holds; also of what stands in for an alias that leads
nowhere."""
# Python refuses to read longer ones, and Go's reader takes what does not fit 64 bits for a float.
_LONGEST_NUMBER = 300


class Scalar(NamedTuple):
    """A single value."""

    text: str
    """Its content, quotes and escapes resolved."""
    span: Span
    """The value as written, quotes included; tag and anchor excluded."""
    style: str = ""
    """"" for a plain one, else the character that opens it: ' " | >"""
    tag: str = ""
    """As resolved: `!reset`, `tag:yaml.org,2002:str`; "" when none is written."""

    @property
    def is_nothing(self) -> bool:
        """No value is written."""
        return not (self.text or self.style or self.tag)

    @property
    def value(self) -> str | int | float | bool | None:
        """What YAML 1.2 as Compose's reader resolves it makes of it."""
        if self.tag.startswith("tag:yaml.org,2002:"):
            return self.text if self.tag.endswith((":str", ":binary", ":timestamp")) else resolve(self.text)
        return self.text if self.style else resolve(self.text)


class Sequence(NamedTuple):
    """A list."""

    items: tuple[Node, ...]
    span: Span
    is_flow: bool = False
    tag: str = ""


class Entry(NamedTuple):
    """A key and its value in a mapping."""

    key: Scalar
    value: Node
    span: Span
    """From the key to the end of the value as written here (of the alias, where there is one)."""
    is_merged: bool = False
    """It came in through `<<`."""


class Mapping(NamedTuple):
    """Keys and values, merge keys resolved; a key that came twice keeps its first value."""

    entries: dict[str, Entry]
    """By the text of the key: what is written here first, in order, then what `<<` brings."""
    span: Span
    is_flow: bool = False
    tag: str = ""
    is_partial: bool = False
    """A part of it could not be read: an absent key may be there all the same."""

    def get(self, key: str) -> Node | None:
        """The value of a key; None where it is absent, or taken away whatever stands there."""
        entry = self.entries.get(key)
        return None if entry is None or entry.value.tag == DROPPED else entry.value

    @property
    def kept(self) -> Iterator[Entry]:
        """The entries whose values are not taken away."""
        return (entry for entry in self.entries.values() if entry.value.tag != DROPPED)


Node: TypeAlias = "Scalar | Sequence | Mapping"


def collections_in(root: Node) -> Iterator[Sequence | Mapping]:
    """Every list and mapping of a node, inner ones before those that hold them, and shared ones once."""
    done: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting[-1]
        if isinstance(node, Scalar) or id(node) in done:
            waiting.pop()
            continue
        inner = node.items if isinstance(node, Sequence) else [one.value for one in node.entries.values()]
        ahead = [one for one in inner if not isinstance(one, Scalar) and id(one) not in done]
        if ahead:
            waiting += ahead
        else:
            done.add(id(node))
            yield node


def scalars_in(root: Node) -> Iterator[Scalar]:
    """Every value of a node, those that are shared once."""
    for one in collections_in(root):
        values = one.items if isinstance(one, Sequence) else [entry.value for entry in one.entries.values()]
        yield from (value for value in values if isinstance(value, Scalar))


def add_again(
    entries: dict[str, Entry], entry: Entry, on_duplicate: Callable[[Entry], None], level: int
) -> None:
    """Add an entry whose key is there already: the first value stays, unless it is nothing.

    Of sections and services (`level` 0 and 1 of a file) both are read, and neither is taken for all there is.
    """
    first = entries[entry.key.text]
    on_duplicate(entry)
    if isinstance(first.value, Scalar) and first.value.is_nothing:
        entries[entry.key.text] = entry
    elif level < 2 and isinstance(first.value, Mapping) and isinstance(entry.value, Mapping):
        inside = first.value.entries
        for key, inner in entry.value.entries.items():
            if key in inside:
                add_again(inside, inner, on_duplicate, level + 1)
            else:
                inside[key] = inner
        value, span = first.value._replace(is_partial=True), first.span
        if next(reversed(entries.values())) is first:
            value = value._replace(span=Span(value.span.start, entry.value.span.end))
            span = Span(span.start, entry.span.end)
        entries[entry.key.text] = first._replace(value=value, span=span)


def as_mapping(node: Node | None) -> Mapping:
    """The node, or an empty mapping for anything else."""
    return node if isinstance(node, Mapping) else Mapping({}, Span(0, 0))


def resolve(text: str) -> str | int | float | bool | None:
    """What a plain scalar means to Compose's YAML reader (go-yaml 3).

    Null and booleans as in YAML 1.2 (`yes` and `off` are strings); integers may be written in base 2, 8
    (`0o17` and `017`), 10 and 16, with underscores; there are no base-60 numbers (`22:22` is a string) and
    no timestamps.
    """
    if text in _NULLS:
        return None
    if text[0] in "tTfF":
        return _BOOLEANS.get(text, text)
    return _number(text) if text[0] in "-+.0123456789" and len(text) < _LONGEST_NUMBER else text


def _number(text: str) -> str | int | float:
    bare = text.replace("_", "") if text[-1] != "_" else text
    if match := _INTEGER.match(bare):
        sign, *digits = match.groups()
        based = zip((16, 2, 8, 10), digits, strict=True)
        return next(int(sign + written, base) for base, written in based if written is not None)
    if _FLOAT.match(bare):
        return float(bare)
    return float(text.replace(".", "", 1)) if _SPECIAL_FLOAT.match(text) else text


class BrokenYaml(Exception):
    """The text is not YAML; `offset` is the place to look at."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message

    def problem(self, length: int) -> Problem:
        """What it amounts to in a text of that length: one character at the place to look at."""
        start = min(self.offset, max(length - 1, 0))
        return Problem("yaml-syntax", self.message, "", True, Span(start, min(start + 1, length)))
