"""JSON text into the nodes of `dockerlint.yaml`, of which JSON is a part, each with the place it stands at.

Written for what people and hostile programs leave behind: what is not JSON is a Problem at its place, and
what stands around it is read all the same. No recursion; depth and work are bounded. RFC 8259.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from dockerlint.json.bracket import MAX_DEPTH, Bracket
from dockerlint.json.cost import pay, refuse_hopeless
from dockerlint.json.plain import WORD, PassedOver, PlainReader, bracket_at
from dockerlint.json.strings import closing_quote, unescaped
from dockerlint.quoting import excerpt
from dockerlint.regex import pattern
from dockerlint.syntax import Problem
from dockerlint.text import Span
from dockerlint.yaml.nodes import DROPPED, Entry, Node, Scalar

MOST_PROBLEMS: Final = 20
"""Of one text; the first one says what a strict reader says."""
_TOKENS_AT_ONCE: Final = 1000
"""After so many tokens they are paid for."""
_TOKEN: Final = pattern(
    r'[ \t\r\n]*(?:("[^"\\\x00-\x1f]*")|([\[\]{},:])|(")|(//[^\r\n]*|#[^\r\n]*|/\*[^*]*)'
    r"|(/|[^ \t\r\n\"\[\]{},:/]+))"
)
_END_OF_REMARK: Final = "*/"
_LINE: Final = pattern(r"[^\r\n]*")
_WORD: Final = pattern(rf"{WORD}\Z")
_MARK: Final = "\ufeff"


class JsonText(NamedTuple):
    """What a text holds."""

    values: tuple[Node, ...]
    """One value in a proper text; several where programs print one a line."""
    problems: tuple[Problem, ...]


def read_json(text: str, passing: PassedOver | None = None) -> JsonText:
    """Every value of a text, but for members that are passed over.

    Never raises but OverBudget, for a text of more than half a million words.
    """
    reader = _JsonReader(text, passing)
    reader.read()
    return JsonText(tuple(reader.top), tuple(reader.problems))


class _JsonReader:
    """One text on its way through."""

    def __init__(self, text: str, passing: PassedOver | None) -> None:
        self.text = text
        self._passing = passing
        self.top: list[Node] = []
        self.problems: list[Problem] = []
        self._open: list[Bracket] = []
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
        plain = PlainReader(text, self._open, self._entry, self._passing)
        refuse_hopeless(text)
        at = 1 if text.startswith(_MARK) else 0
        while True:
            if self._unpaid >= _TOKENS_AT_ONCE:
                pay(self._unpaid)
                self._unpaid = 0
            around = self._open[-1] if self._open else None
            if around is not None and not (self._buried or around.key):
                plain.left = _TOKENS_AT_ONCE
                if (after := plain.read(at)) > at:
                    self._unpaid += _TOKENS_AT_ONCE - plain.left
                    at, self._is_lost = after, False
                    continue
            self._unpaid += 1
            match = next_token(text, at)
            if match is None:
                break
            kind = match.lastindex or 1
            at = handlers[kind - 1](*match.span(kind))
        self._finish()

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
            text, end = unescaped(self.text, start)
        except ValueError as error:
            return self._broken_string(start, getattr(error, "pos", start), str(error))
        self._scalar(Scalar(text, Span(start, end), '"'))
        return end

    def _broken_string(self, start: int, at: int, why: str) -> int:
        """A string that its line ends, one with raw control characters, or one with an unknown escape."""
        line = _LINE.match(self.text, start)
        end = line.end() if line else len(self.text)
        closing = closing_quote(self.text, start + 1, end)
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

    def _key(self, around: Bracket, key: Scalar) -> None:
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

    def _entry(self, around: Bracket, entry: Entry) -> None:
        """The last of several with one key counts, as for Go's reader."""
        name = entry.key.text
        if name in around.entries:
            del around.entries[name]
            if len(self.problems) < MOST_PROBLEMS:  # of many thousands no more are told, nor put into words
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
            key = self._open[-1].key if self._open else None
            self._open.append(bracket_at(self.text, start, key, self._passing))
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

    def _comma(self, around: Bracket, at: int) -> None:
        was_lost, self._is_lost = self._is_lost, False
        if around.key is not None:
            self._problem("json-syntax", "key without a value", *around.key.span[:2])
            around.key, around.is_partial = None, True
        elif not around.is_full and not was_lost:
            self._problem("json-syntax", "unexpected ,", at, at + 1, "remove it")
        around.is_full, around.comma = False, at

    def _colon(self, around: Bracket, at: int) -> None:
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
