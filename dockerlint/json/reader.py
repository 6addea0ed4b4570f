"""JSON text into the nodes of `dockerlint.yaml`, of which JSON is a part, each with the place it stands at.

Written for what people and hostile programs leave behind: what is not JSON is a Problem at its place, and
what stands around it is read all the same. No recursion; depth and work are bounded. RFC 8259.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Final, NamedTuple

from dockerlint.budget import STEPS, spend
from dockerlint.quoting import excerpt
from dockerlint.regex import pattern
from dockerlint.syntax import Problem
from dockerlint.text import Span
from dockerlint.yaml.nodes import DROPPED, Entry, Mapping, Node, Scalar, Sequence

MAX_DEPTH: Final = 100
"""Brackets inside brackets; what Docker prints and reads stays below 20."""
MOST_PROBLEMS: Final = 20
"""Of one text; the first one says what a strict reader says."""
_STEPS_PER_TOKEN: Final = 40
_TOKENS_AT_ONCE: Final = 1000
"""After so many tokens they are paid for."""
LONG: Final = 3_000_000
"""Characters; of a longer text it is asked first whether it can be read at all."""
_QUOTED: Final = pattern(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)

_TOKEN: Final = pattern(
    r'[ \t\r\n]*(?:("[^"\\\x00-\x1f]*")|([\[\]{},:])|(")|(//[^\r\n]*|#[^\r\n]*|/\*[^*]*)'
    r"|(/|[^ \t\r\n\"\[\]{},:/]+))"
)
_ENTRY: Final = pattern(
    r'[ \t\r\n]*("[^"\\\x00-\x1f]*")[ \t\r\n]*:[ \t\r\n]*(?:("[^"\\\x00-\x1f]*")[ \t\r\n]*(,?)'
    r"|(true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)(?=[ \t\r\n,}])[ \t\r\n]*(,?)"
    r"|([\[{]))"
)
"""A key with a string, a word or an opening bracket, and the comma behind: most of what programs print."""
_ITEM: Final = pattern(r'[ \t\r\n]*("[^"\\\x00-\x1f]*")[ \t\r\n]*(,?)')
"""An item of a list that is a string, and the comma behind."""
_ENDS_TEXT: Final = 3
_OPENS: Final = 6
"""Its last group for an entry with a string, and for one with a bracket; 5 is for a word."""
_END_OF_REMARK: Final = "*/"
_LINE: Final = pattern(r"[^\r\n]*")
_WORD: Final = pattern(r"(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)\Z")
_SURROGATE: Final = pattern("[\ud800-\udfff]")
_MARK: Final = "\ufeff"


class JsonText(NamedTuple):
    """What a text holds."""

    values: tuple[Node, ...]
    """One value in a proper text; several where programs print one a line."""
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class _Open:
    """A bracket that is not closed yet, and what was read behind it."""

    start: int
    is_object: bool
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    key: Scalar | None = None
    """A key that waits for its value."""
    has_colon: bool = False
    is_full: bool = False
    """A value stands there, and a comma or the end must follow."""
    comma: int = -1
    """Where the last comma stands, when nothing followed yet."""
    is_partial: bool = False

    def node(self, end: int) -> Node:
        span = Span(self.start, end)
        if self.is_object:
            return Mapping(self.entries, span, True, "", self.is_partial)
        return Sequence(tuple(self.items), span, True)


def read_json(text: str) -> JsonText:
    """Every value of a text. Never raises but OverBudget, for a text of more than half a million words."""
    reader = _JsonReader(text)
    reader.read()
    return JsonText(tuple(reader.top), tuple(reader.problems))


def _refuse_hopeless(text: str) -> None:
    """Spend what a text costs at least where that is too much, before a second goes into reading it.

    Entries have a colon each, and of a list each item and its comma are tokens.
    """
    bare = _QUOTED.sub("", text)
    entries, commas = bare.count(":"), bare.count(",")
    least = _STEPS_PER_TOKEN * max(entries + 2 * max(commas - entries, 0), bare.count("[") + bare.count("{"))
    if least > STEPS:
        spend(least, "the values of a JSON text")


class _JsonReader:
    """One text on its way through."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.top: list[Node] = []
        self.problems: list[Problem] = []
        self._open: list[_Open] = []
        self._buried = 0
        """Brackets that are open below the deepest that is read."""
        self._is_lost = False
        """The word before was told as a problem; what follows it right away is part of that."""
        self._unpaid = 0
        """Entries and other tokens that were read and not paid for."""

    def read(self) -> None:
        handlers: tuple[Callable[[int, int], int], ...] = (
            *(self._string, self._mark, self._long_string, self._comment, self._word),
        )
        next_token, text = _TOKEN.match, self.text
        if len(text) > LONG:
            _refuse_hopeless(text)
        at = 1 if text.startswith(_MARK) else 0
        while True:
            if self._unpaid >= _TOKENS_AT_ONCE:
                spend(_STEPS_PER_TOKEN * self._unpaid, "the values of a JSON text")
                self._unpaid = 0
            around = self._open[-1] if self._open else None
            if around is not None and not (around.is_full or self._buried or around.key):
                read = self._plain_entries if around.is_object else self._plain_items
                if (after := read(around, at)) > at:
                    at = after
                    continue
            self._unpaid += 1
            match = next_token(text, at)
            if match is None:
                break
            kind = match.lastindex or 1
            at = handlers[kind - 1](*match.span(kind))
        self._finish()

    def _plain_items(self, around: _Open, at: int) -> int:
        """Read strings of a list; the offset behind them, or `at` where there is none."""
        next_item, text, make = _ITEM.match, self.text, tuple.__new__
        left = _TOKENS_AT_ONCE
        while left and (match := next_item(text, at)) is not None:
            left -= 1
            (start, end), (comma, behind) = match.regs[1:]
            around.items.append(
                make(Scalar, (text[start + 1 : end - 1], make(Span, (start, end, "")), '"', ""))
            )
            at = behind
            self._is_lost = False
            if comma == behind:
                around.is_full, around.comma = True, -1
                break
            around.comma = comma
        self._unpaid += _TOKENS_AT_ONCE - left
        return at

    def _plain_entries(self, around: _Open, at: int) -> int:
        """Read whole entries where a key may stand; the offset behind them, or `at` where there is none.

        Most of a record is read here, so tuples are made without their constructors.
        """
        next_entry, text, make = _ENTRY.match, self.text, tuple.__new__
        left = _TOKENS_AT_ONCE
        while left and (match := next_entry(text, at)) is not None:
            left -= 1
            kind = match.lastindex or _OPENS
            regions = match.regs
            start, end = regions[1]
            key = make(Scalar, (text[start + 1 : end - 1], make(Span, (start, end, "")), '"', ""))
            at = match.end()
            self._is_lost = False
            if kind == _OPENS:
                around.key, around.has_colon, around.comma = key, True, -1
                opening = regions[_OPENS][0]
                self._opened(opening, text[opening] == "{")
                break
            if kind == _ENDS_TEXT:
                low, high = regions[2]
                value = make(Scalar, (text[low + 1 : high - 1], make(Span, (low, high, "")), '"', ""))
            else:
                low, high = regions[4]
                value = make(Scalar, (text[low:high], make(Span, (low, high, "")), "", ""))
            entry = make(Entry, (key, value, make(Span, (start, high, "")), False))
            if key.text in around.entries:
                self._entry(around, entry)
            else:
                around.entries[key.text] = entry
            comma, behind = regions[kind]
            if comma == behind:
                around.is_full, around.comma = True, -1
                break
            around.is_full, around.comma = False, comma
        self._unpaid += _TOKENS_AT_ONCE - left
        return at

    def _problem(self, code: str, message: str, start: int, end: int, hint: str = "") -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(code, message, hint, True, Span(start, end)))

    def _lost(self, message: str, start: int, end: int, hint: str = "") -> None:
        """Tell of text that is no JSON, once for all of it; what it stands in may say more than was read."""
        if not self._is_lost:
            self._problem("json-syntax", message, start, end, hint)
        self._is_lost = True
        if self._open:
            self._open[-1].is_partial = True

    def _string(self, start: int, end: int) -> int:
        """A string without escapes."""
        self._scalar(Scalar(self.text[start + 1 : end - 1], Span(start, end), '"'))
        return end

    def _long_string(self, start: int, end: int) -> int:
        """A string with escapes or mistakes in it."""
        try:
            text, end = scanstring(self.text, end, True)
        except ValueError as error:
            return self._broken_string(start, getattr(error, "pos", start), str(error))
        self._scalar(Scalar(_SURROGATE.sub("\ufffd", text), Span(start, end), '"'))
        return end

    def _broken_string(self, start: int, at: int, why: str) -> int:
        """A string that its line ends, one with raw control characters, or one with an unknown escape."""
        line = _LINE.match(self.text, start)
        end = line.end() if line else len(self.text)
        closing = _closing_quote(self.text, start + 1, end)
        if closing < 0:
            self._problem("json-syntax", "string without closing quote", start, end)
            end = start + len(self.text[start:end].rstrip(" \t,"))
        elif "control" in why:
            self._problem(
                "json-syntax", "raw control character in a string", start, closing, "write \\t or \\n"
            )
        else:
            hint = "write \\\\ for a backslash"
            self._problem("json-syntax", "unknown escape", at, min(at + 2, closing), hint)
        inner = self.text[start + 1 : end if closing < 0 else closing - 1]
        end = end if closing < 0 else closing
        self._scalar(Scalar(inner, Span(start, end), '"'))
        return end

    def _comment(self, start: int, end: int) -> int:
        if self.text.startswith("/*", start):
            closing = self.text.find(_END_OF_REMARK, start + 2)
            end = len(self.text) if closing < 0 else closing + len(_END_OF_REMARK)
        if not self._buried:
            self._problem("json-syntax", "JSON has no comments", start, end, "remove it")
        return end

    def _word(self, start: int, end: int) -> int:
        text = self.text[start:end]
        if _WORD.match(text):
            self._scalar(Scalar(text, Span(start, end)))
        elif self._open and self._open[-1].is_object and self._open[-1].key is None:
            following = self.text[end : end + 20].lstrip(" \t")
            self._lost(f"unexpected text {excerpt(text)}", start, end, "write keys in double quotes")
            if following.startswith(":"):
                self._scalar(Scalar(text, Span(start, end), '"'))
        else:
            hint = f"write {text.lower()}" if text in ("True", "False", "TRUE", "FALSE") else ""
            self._lost(f"unexpected text {excerpt(text)}", start, end, hint)
            if self._open and self._open[-1].has_colon:
                self._value(Scalar("", Span(start, end), "", DROPPED), end)
        return end

    def _scalar(self, node: Scalar) -> None:
        if self._buried:
            return
        around = self._open[-1] if self._open else None
        if around is None or not around.is_object or around.key is not None:
            self._value(node, node.span.end)
        elif node.style:
            self._key(around, node)
        else:
            self._lost("a key must be a string", *node.span[:2], "write it in double quotes")

    def _key(self, around: _Open, key: Scalar) -> None:
        if around.is_full:
            self._problem("json-syntax", "missing comma", key.span.start, key.span.end)
        around.key, around.has_colon, around.is_full, around.comma = key, False, False, -1

    def _value(self, node: Node, end: int) -> None:
        if not self._open:
            self.top.append(node)
            return
        around = self._open[-1]
        key = around.key
        if key is not None:
            if not around.has_colon:
                self._problem("json-syntax", "missing colon", node.span.start, node.span.end)
            self._entry(around, Entry(key, node, Span(key.span.start, end)))
            around.key = None
        elif around.is_object:
            self._lost("a key must be a string", node.span.start, end, "write it in double quotes")
        else:
            if around.is_full:
                self._problem("json-syntax", "missing comma", node.span.start, end)
            around.items.append(node)
        around.is_full, around.comma = True, -1

    def _entry(self, around: _Open, entry: Entry) -> None:
        """The last of several with one key counts, as for Go's reader."""
        name = entry.key.text
        if name in around.entries:
            del around.entries[name]
            message = f"duplicate key {excerpt(name)}: only the last one counts"
            self._problem("duplicate-key", message, *entry.key.span[:2], "remove one of them")
        around.entries[name] = entry

    def _mark(self, start: int, end: int) -> int:
        self._marked(start, self.text[start])
        return end

    def _marked(self, start: int, mark: str) -> None:
        if self._buried:
            self._buried += 1 if mark in "[{" else -1 if mark in "]}" else 0
        elif mark in "[{":
            self._opened(start, mark == "{")
        elif mark in "]}":
            self._closed(start, mark == "}")
        elif not self._open:
            self._lost(f"unexpected {mark}", start, start + 1)
        elif mark == ",":
            self._comma(self._open[-1], start)
        else:
            self._colon(self._open[-1], start)

    def _opened(self, start: int, is_object: bool) -> None:
        self._is_lost = False
        if len(self._open) < MAX_DEPTH:
            self._open.append(_Open(start, is_object))
            return
        message = f"more than {MAX_DEPTH} brackets inside each other are not read"
        self._problem("json-depth", message, start, start + 1)
        self._buried = 1
        self._value(Scalar("", Span(start, start + 1), "", DROPPED), start + 1)

    def _closed(self, at: int, is_object: bool) -> None:
        self._is_lost = False
        if not any(one.is_object == is_object for one in self._open[-2:]):
            self._lost(f"unexpected {self.text[at]}", at, at + 1)
            return
        if self._open[-1].is_object != is_object:
            bracket = "{[}]"[(0 if self._open[-1].is_object else 1) + 2]
            self._problem("json-syntax", f"missing {bracket}", at, at + 1)
            self._shut(at)
        self._shut(at)

    def _shut(self, at: int) -> None:
        done = self._open.pop()
        if done.key is not None:
            self._problem("json-syntax", "key without a value", *done.key.span[:2])
            done.is_partial = True
        elif done.comma >= 0:
            self._problem(
                "json-syntax", "comma before a closing bracket", done.comma, done.comma + 1, "remove it"
            )
        end = at + 1
        self._value(done.node(end), end)

    def _comma(self, around: _Open, at: int) -> None:
        was_lost, self._is_lost = self._is_lost, False
        if around.key is not None:
            self._problem("json-syntax", "key without a value", *around.key.span[:2])
            around.key, around.is_partial = None, True
        elif not around.is_full and not was_lost:
            self._problem("json-syntax", "unexpected ,", at, at + 1, "remove it")
        around.is_full, around.comma = False, at

    def _colon(self, around: _Open, at: int) -> None:
        if around.key is None or around.has_colon:
            self._lost("unexpected :", at, at + 1)
        around.has_colon = True

    def _finish(self) -> None:
        """Close what the end of the text left open."""
        if self._open:
            start = self._open[-1].start
            self._problem("json-syntax", "bracket that is never closed", start, start + 1)
        end = len(self.text.rstrip())
        for one in reversed(self._open):
            one.is_partial, one.comma = True, -1
        while self._open:
            self._shut(max(end - 1, self._open[-1].start))


def _closing_quote(text: str, start: int, end: int) -> int:
    """The offset behind the quote that ends a string; -1 where the line has none."""
    at = start
    while (quote := text.find('"', at, end)) >= 0:
        first = quote
        while first > start and text[first - 1] == "\\":
            first -= 1
        if not (quote - first) % 2:
            return quote + 1
        at = quote + 1
    return -1
