"""JSON as programs print it, read by one pattern; what else stands there is left to the other reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Set
from typing import Final, NamedTuple

from dockerlint.json.bracket import MAX_DEPTH, Bracket
from dockerlint.json.strings import unescaped
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.yaml.nodes import Entry, Mapping, Node, Scalar, Sequence

_SPACE: Final = r"[ \t\r\n]*"
_STRING: Final = r'"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"'
WORD: Final = r"(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)"
"""A value that is neither text nor list nor object."""
_ITEM: Final = rf"(?:{_STRING}|{WORD})"
_SHALLOW: Final = rf"(?:{_ITEM}|\[{_SPACE}(?:{_ITEM}(?:{_SPACE},{_SPACE}{_ITEM})*{_SPACE})?\]|\{{{_SPACE}\}})"
"""A value of a member that nobody reads."""


_VALUE: Final = rf"({_STRING}|{WORD}(?=[ \t\r\n,\]}}])|\[{_SPACE}\]|\{{{_SPACE}\}}|[\[{{]){_SPACE},?"
"""A value or an opening bracket, and the comma behind."""
_STRING_ENTRY: Final = rf"({_STRING}){_SPACE}:{_SPACE}{_VALUE}"
_ENTRY: Final = pattern(_SPACE + _STRING_ENTRY)
_MEMBER: Final = pattern(_SPACE + _VALUE)
_CLOSING: Final = pattern(rf"{_SPACE}([\]}}]){_SPACE},?")


class PassedOver(NamedTuple):
    """Members that nobody reads: they are passed over where they are well formed and not deep."""

    inside: Set[str]
    """The keys of the objects that have such members; "" for those that are not under a key."""
    entry: re.Pattern[str]
    """What is read at once inside them."""


def passed_over(names: Iterable[str], inside: Iterable[str]) -> PassedOver:
    """Pass over members of these names in the objects under these keys, and no others."""
    key = rf'"(?:{"|".join(map(re.escape, names))})"'
    members = rf"(?:{key}{_SPACE}:{_SPACE}{_SHALLOW}{_SPACE},{_SPACE})*"
    return PassedOver(frozenset(inside), pattern(_SPACE + members + _STRING_ENTRY))


class PlainReader:
    """Reads on where no key waits for its value, and changes the brackets that are opened as the text does.

    Most of a record is read here, so tuples are made without their constructors.
    """

    def __init__(
        self,
        text: str,
        opened: list[Bracket],
        add_again: Callable[[Bracket, Entry], None],
        passing: PassedOver | None,
    ) -> None:
        self._text = text
        self._opened = opened
        self._add_again = add_again
        """Adds an entry whose key is there already."""
        self._passing = passing
        self.left = 0
        """How many more values and brackets may be read."""

    def read(self, at: int) -> int:
        """Read as far as it is plain, but never close the outermost bracket; the offset behind."""
        opened = self._opened
        while self.left > 0:
            around, before = opened[-1], at
            if not around.is_full:
                at = self._entries(around, at) if around.is_object else self._members(around, at)
            if opened[-1] is around:
                at = self._closings(at)
            if at == before:
                break
        return at

    def _entries(self, around: Bracket, at: int) -> int:
        text, make, entries, next_entry = self._text, tuple.__new__, around.entries, around.entry.match
        left, began = self.left, at
        while left and (match := next_entry(text, at)) is not None:
            (_, behind), (start, colon), (low, end) = match.regs
            name, first = text[start + 1 : colon - 1], text[low]
            if "\\" in name:
                name = unescaped(text, start)[0]
            key: Scalar = make(Scalar, (name, make(Span, (start, colon, "")), '"', ""))
            if first == '"':
                value: Node = _string(text, low, end)
            elif end == low + 1 and first in "[{":
                if self._is_opened(around, key, low, behind):
                    self.left = left - 1
                    return end
                break
            else:
                value = _other(text, low, end)
            entry = make(Entry, (key, value, make(Span, (start, end, "")), False))
            if name in entries:
                self._add_again(around, entry)
            else:
                entries[name] = entry
            at, left = behind, left - 1
            if text[at - 1] != ",":
                break
        self.left = left
        if at > began:
            _note_end(around, text, at)
        return at

    def _members(self, around: Bracket, at: int) -> int:
        text, items, next_member = self._text, around.items, _MEMBER.match
        left, began = self.left, at
        while left and (match := next_member(text, at)) is not None:
            (_, behind), (low, end) = match.regs
            first = text[low]
            if first == '"':
                items.append(_string(text, low, end))
            elif end == low + 1 and first in "[{":
                if self._is_opened(around, None, low, behind):
                    self.left = left - 1
                    return end
                break
            else:
                items.append(_other(text, low, end))
            at, left = behind, left - 1
            if text[at - 1] != ",":
                break
        self.left = left
        if at > began:
            _note_end(around, text, at)
        return at

    def _is_opened(self, around: Bracket, key: Scalar | None, low: int, behind: int) -> bool:
        """Open a bracket, unless a comma follows or it stands too deep."""
        if self._text[behind - 1] == "," or len(self._opened) >= MAX_DEPTH:
            return False
        around.key, around.comma = key, -1
        if key is not None:
            around.has_colon = True
        self._opened.append(bracket_at(self._text, low, key, self._passing))
        return True

    def _closings(self, at: int) -> int:
        """Close brackets as long as they leave nothing to tell of, until something else follows a comma."""
        text, opened = self._text, self._opened
        while self.left > 0 and len(opened) > 1 and (match := _CLOSING.match(text, at)) is not None:
            (_, behind), (low, end) = match.regs
            done, around = opened[-1], opened[-2]
            if not _is_plain_end(done, around, text[low]):
                break
            opened.pop()
            value, key = done.node(end), around.key
            if key is None:
                around.items.append(value)
            else:
                around.key = None
                entry = Entry(key, value, Span(key.span.start, end))
                if key.text in around.entries:
                    self._add_again(around, entry)
                else:
                    around.entries[key.text] = entry
            _note_end(around, text, behind)
            at, self.left = behind, self.left - 1
            if around.comma >= 0:
                break
        return at


def _is_plain_end(done: Bracket, around: Bracket, mark: str) -> bool:
    """Whether a mark closes a bracket and leaves nothing to tell of."""
    if done.is_object is not (mark == "}") or done.comma >= 0 or around.is_full:
        return False
    return around.has_colon and around.key is not None if around.is_object else around.key is None


def bracket_at(text: str, start: int, key: Scalar | None, passing: PassedOver | None) -> Bracket:
    """A bracket that opens there, under a key if it has one."""
    entry = _ENTRY
    if passing is not None and (key.text if key is not None else "") in passing.inside:
        entry = passing.entry
    return Bracket(start, text[start] == "{", entry)


def _note_end(around: Bracket, text: str, behind: int) -> None:
    """Note that a value ended there, with or without a comma."""
    has_comma = text[behind - 1] == ","
    around.is_full, around.comma = not has_comma, behind - 1 if has_comma else -1


def _string(text: str, start: int, end: int) -> Scalar:
    """A string from quote to quote."""
    content = text[start + 1 : end - 1]
    if "\\" in content:
        content = unescaped(text, start)[0]
    return tuple.__new__(Scalar, (content, tuple.__new__(Span, (start, end, "")), '"', ""))


def _other(text: str, start: int, end: int) -> Node:
    """A number, a truth value, null, or what is empty."""
    span = tuple.__new__(Span, (start, end, ""))
    if text[start] == "{":
        return Mapping({}, span, True)
    return Sequence((), span, True) if text[start] == "[" else Scalar(text[start:end], span)
