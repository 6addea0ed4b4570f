"""How a YAML file writes things: line breaks, indents, lists, quotes."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping as Lookup
from typing import NamedTuple, TypeAlias

from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.yaml.nodes import Mapping, Node, Scalar, Sequence, resolve

Value: TypeAlias = "str | int | float | bool | list[str] | dict[str, Value]"
"""What an edit writes under a key."""

DEFAULT_INDENT = 2
_COMMAND_LISTS = frozenset(("command", "entrypoint", "test", "args"))
"""Written in brackets by habit, whatever the file does elsewhere."""
_HARDENING_LISTS = frozenset(("cap_add", "cap_drop", "security_opt", "tmpfs"))
_PLAIN = pattern(r"[A-Za-z0-9_/.][A-Za-z0-9_/.:=+@%-]*\Z")
_BASE_60 = pattern(r"[0-9_]+(?::[0-5]?[0-9])+\Z")
_OLD_BOOLEANS = frozenset(("y", "n", "yes", "no", "on", "off"))


class WrittenList(NamedTuple):
    """A list as it stands in a file."""

    key: str
    span: Span
    is_flow: bool
    offset: int
    """Columns from its key to its dashes."""


class TextStyle(NamedTuple):
    """How new text is to look at one place."""

    newline: str = "\n"
    step: int = DEFAULT_INDENT
    list_offset: int = DEFAULT_INDENT
    is_flow: bool = False
    """Lists in brackets."""
    quote: str = '"'
    """For what cannot stand plain."""


def column(text: str, offset: int) -> int:
    """How far from the start of its line an offset is."""
    return offset - text.rfind("\n", 0, offset) - 1


def line_break_at(text: str, offset: int) -> str:
    """The line break that ends the line of an offset; where there is none, the first one of the text."""
    end = text.find("\n", offset)
    if end < 0:
        end = text.find("\n")
    return "\r\n" if end > 0 and text[end - 1] == "\r" else "\n"


def dash_of(text: str, item: Node) -> int | None:
    """The offset of the dash of a list item; None where something else stands before the item."""
    at = item.span.start - 1
    while at >= 0 and text[at] == " ":
        at -= 1
    return at if at >= 0 and text[at] == "-" and at < item.span.start - 1 else None


def written_lists(text: str, root: Node) -> Iterator[WrittenList]:
    """Every list of scalars below a key, but those that are brackets by habit."""
    waiting, seen = [root], set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen or isinstance(node, Scalar):
            continue
        seen.add(id(node))
        if isinstance(node, Sequence):
            waiting += node.items
            continue
        for name, entry in node.entries.items():
            waiting.append(entry.value)
            if isinstance(entry.value, Sequence) and entry.value.items and name not in _COMMAND_LISTS:
                found = _written(text, name, entry.key, entry.value)
                if found is not None:
                    yield found


def _written(text: str, name: str, key: Scalar, value: Sequence) -> WrittenList | None:
    if value.is_flow:
        return WrittenList(name, value.span, True, 0)
    dash = dash_of(text, value.items[0])
    if dash is None:
        return None
    return WrittenList(name, value.span, False, column(text, dash) - column(text, key.span.start))


def quote_of(text: str) -> str:
    """The quote that the file prefers."""
    return "'" if text.count("'") > text.count('"') else '"'


class Habits:
    """How the lists of a file are written, and its quotes."""

    def __init__(self, text: str, root: Node) -> None:
        self.quote = quote_of(text)
        self._lists = sorted(written_lists(text, root), key=lambda one: one.span.start)
        self._starts = [one.span.start for one in self._lists]
        self._near: dict[tuple[int, int], tuple[int | None, bool | None]] = {}
        self._offset = _usual_offset(self._lists)
        akin = [one for one in self._lists if one.key in _HARDENING_LISTS]
        self._akin_are_flow = _all_flow(akin)
        self._all_are_flow = _all_flow(self._lists)

    def style(self, text: str, body: Mapping, step: int) -> TextStyle:
        """How to write inside `body`: as its neighbours do, else as the file does."""
        first, last = bisect_left(self._starts, body.span.start), bisect_left(self._starts, body.span.end)
        if (first, last) not in self._near:
            near = self._lists[first:last]
            self._near[first, last] = (_usual_offset(near) if near else self._offset, _all_flow(near))
        offset, are_flow = self._near[first, last]
        is_flow = (self._akin_are_flow, are_flow, self._all_are_flow)
        return TextStyle(
            newline=line_break_at(text, body.span.start),
            step=step,
            list_offset=step if offset is None else offset,
            is_flow=next((answer for answer in is_flow if answer is not None), False),
            quote=self.quote,
        )


def _usual_offset(lists: list[WrittenList]) -> int | None:
    offsets = Counter(one.offset for one in lists if not one.is_flow and one.offset >= 0)
    return offsets.most_common(1)[0][0] if offsets else None


def _all_flow(lists: list[WrittenList]) -> bool | None:
    """None where there is no list to tell by."""
    return all(one.is_flow for one in lists) if lists else None


def is_plain(value: str, *, in_flow: bool = False) -> bool:
    """The text can stand without quotes, and every YAML reader takes it for this string."""
    if not _PLAIN.match(value) or value.endswith(":") or _BASE_60.match(value):
        return False
    # Readers built on old libyaml stop at the colon of a plain word in brackets.
    return resolve(value) == value and value.lower() not in _OLD_BOOLEANS and not (in_flow and ":" in value)


_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`")
"""What a plain word must not begin with; `-`, `?` and `:` may before a letter, which nobody needs to know."""


_FLOW_MARKS = frozenset(",[]{}:")


def stands_plain(value: str, *, in_flow: bool = False) -> bool:
    """The text is read as this string without quotes too; `is_plain` asks for more before it writes."""
    if not value or value != value.strip() or value[0] in _INDICATORS or value.endswith(":"):
        return False
    if any(mark in value for mark in (": ", " #", "\n", "\t")) or not value.isprintable():
        return False
    if in_flow and not _FLOW_MARKS.isdisjoint(value):
        return False
    return resolve(value) == value and value.lower() not in _OLD_BOOLEANS and not _BASE_60.match(value)


def scalar_text(value: str | int | float | bool, quote: str, *, in_flow: bool = False) -> str:
    """A scalar as YAML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    return value if is_plain(value, in_flow=in_flow) else quoted(value, quote)


def _easiest_quote(value: str, quote: str) -> str:
    """The usual quote, or the other one where only that needs no escapes."""
    other = "'" if quote == '"' else '"'
    return other if quote in value and other not in value else quote


def quoted(value: str, quote: str) -> str:
    """A string in quotes of that kind."""
    if quote == "'":
        return "'" + value.replace("'", "''") + "'"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def flow_text(value: Value, quote: str) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow_text(one, quote)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(scalar_text(one, quote, in_flow=True) for one in value) + "]"
    return scalar_text(value, quote, in_flow=True)


def block_lines(entries: Lookup[str, Value], style: TextStyle) -> Iterator[str]:
    """Entries of a block mapping, line by line, without the indent of the mapping."""
    for key, value in entries.items():
        if isinstance(value, dict):
            yield f"{key}:"
            yield from (" " * style.step + line for line in block_lines(value, style))
        elif isinstance(value, list) and key in _COMMAND_LISTS:
            quote = _easiest_quote("".join(value), style.quote)
            yield f"{key}: [{', '.join(quoted(one, quote) for one in value)}]"
        elif isinstance(value, list) and not style.is_flow:
            yield f"{key}:"
            yield from (" " * style.list_offset + f"- {scalar_text(one, style.quote)}" for one in value)
        elif isinstance(value, list):
            yield f"{key}: {flow_text(value, style.quote)}"
        else:
            yield f"{key}: {scalar_text(value, style.quote)}"
