"""Blocks of HCL with the attributes whose values stand in them; what an expression gives is UNKNOWN.

https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from dockerlint.regex import pattern
from dockerlint.values import UNKNOWN, Unknown

MOST_CHARACTERS: Final = 200_000
DEEPEST: Final = 40
"""Values inside of values that are told apart; what lies deeper is UNKNOWN."""
_TOKEN: Final = pattern(
    r"[ \t\r\f]+|(?P<comment>#[^\n]*|//[^\n]*|/\*)|(?P<line>\n)|(?P<heredoc><<-?\s?[\w-]+[ \t]*\r?\n)"
    r"|(?P<string>\")|(?P<word>[^\W\d][\w-]*)|(?P<number>\d[\w.]*)|(?P<mark>.)",
    re.DOTALL,
)
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_OPENING: Final = {"{": "}", "[": "]", "(": ")"}
_END: Final = ("end", "")


class HclBlock(NamedTuple):
    """`target "app" { … }`."""

    kind: str
    labels: tuple[str, ...]
    attributes: dict[str, object]
    """Texts, lists, maps and UNKNOWN by name."""


def read_blocks(text: str) -> list[HclBlock]:
    """The blocks at the top of a file. Never raises: what is not understood is passed over."""
    if len(text) > MOST_CHARACTERS:
        return []
    reader = _HclReader(list(_tokens(text)))
    found = []
    while (token := reader.next()) is not _END:
        block = reader.block(token[1]) if token[0] == "word" else None
        if block is not None:
            found.append(block)
    return found


class _HclReader:
    """Tokens, from the first to the last; each is taken once."""

    def __init__(self, tokens: list[tuple[str, str | Unknown]]) -> None:
        self._tokens = tokens
        self._at = 0

    def peek(self) -> tuple[str, str | Unknown]:
        return self._tokens[self._at] if self._at < len(self._tokens) else _END

    def next(self) -> tuple[str, str | Unknown]:
        token = self.peek()
        self._at += 1
        return token

    def block(self, kind: str | Unknown) -> HclBlock | None:
        """The block that a word begins; None for an attribute, which is passed over."""
        labels: list[str] = []
        while self.peek()[0] in ("text", "word"):
            labels.append(str(self.next()[1]))
        if self.peek() != ("mark", "{"):
            self._past_value()
            return None
        self.next()
        return HclBlock(str(kind), tuple(labels), self._body())

    def _body(self) -> dict[str, object]:
        """The attributes up to the closing brace; blocks inside are passed over."""
        found: dict[str, object] = {}
        while (token := self.next()) is not _END and token != ("mark", "}"):
            if token[0] not in ("word", "text"):
                continue
            if self.peek() == ("mark", "="):
                self.next()
                found[str(token[1])] = self._value(0)
            else:
                self._past_value()
        return found

    def _value(self, depth: int) -> object:
        """A text, a list or a map if nothing follows it that makes it an expression, else UNKNOWN."""
        kind, value = self.peek()
        if kind == "text":
            self.next()
            return value if self._is_over() else self._past_value()
        if depth < DEEPEST and (kind, value) in (("mark", "["), ("mark", "{")):
            self.next()
            found = self._list(depth) if value == "[" else self._map(depth)
            return found if self._is_over() else self._past_value()
        return self._past_value()

    def _is_over(self) -> bool:
        return self.peek() is _END or self.peek()[0] == "line" or self.peek()[1] in (",", "]", "}")

    def _list(self, depth: int) -> list[object] | Unknown:
        found: list[object] = []
        while (token := self.peek()) != ("mark", "]"):
            if token is _END:
                return UNKNOWN
            if token[0] == "line" or token[1] == ",":
                self.next()
            else:
                found.append(self._value(depth + 1))
        self.next()
        return found

    def _map(self, depth: int) -> dict[str, object] | Unknown:
        found: dict[str, object] = {}
        while (token := self.next()) != ("mark", "}"):
            if token is _END:
                return UNKNOWN
            if token[0] in ("word", "text") and self.peek()[1] in ("=", ":"):
                self.next()
                value = self._value(depth + 1)
                if isinstance(token[1], str):
                    found[token[1]] = value
            elif token[0] != "line" and token[1] != ",":
                self._past_value()
        return found

    def _past_value(self) -> Unknown:
        """Pass over an expression, or a block, with all that its brackets hold."""
        waiting: list[str] = []
        while (token := self.peek()) is not _END and (waiting or not self._is_over()):
            self.next()
            if token[0] == "mark" and token[1] in _OPENING:
                waiting.append(_OPENING[str(token[1])])
            elif waiting and token == ("mark", waiting[-1]):
                waiting.pop()
        return UNKNOWN


def _tokens(text: str) -> Iterator[tuple[str, str | Unknown]]:
    """Kinds and texts; strings are unescaped, and UNKNOWN where something is put into them."""
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:  # cannot be: the last alternative takes any character
            return
        kind, at = found.lastgroup or "", found.end()
        if kind == "comment":
            at = _past(text, at, "*/") if found[0] == "/*" else at
        elif kind == "heredoc":
            at = _past_heredoc(text, at, found[0])
            yield "text", UNKNOWN
            yield "line", "\n"
        elif kind == "string":
            value, at = _string(text, at)
            yield "text", value
        elif kind:
            yield kind, found[0]


def _past(text: str, at: int, end: str) -> int:
    found = text.find(end, at)
    return len(text) if found < 0 else found + len(end)


def _past_heredoc(text: str, at: int, opening: str) -> int:
    name = opening.lstrip("<-").strip()
    while at < len(text):
        end = _past(text, at, "\n")
        if text[at:end].strip() == name:
            return end
        at = end
    return at


def _string(text: str, at: int) -> tuple[str | Unknown, int]:
    """The string whose opening quote stands before, and its end; one that is not closed ends its line."""
    parts: list[str] = []
    is_known, depth = True, 0
    while at < len(text):
        sign = text[at]
        if depth == 0 and sign in '"\n':
            return ("".join(parts) if is_known else UNKNOWN), at + (sign == '"')
        if text.startswith(("${", "%{"), at) and text[at - 1 : at] != sign:
            is_known, depth, at = False, depth + 1, at + 2
        elif depth:
            depth += (sign == "{") - (sign == "}")
            at += 1
        elif sign == "\\" and at + 1 < len(text):
            parts.append(_ESCAPES.get(text[at + 1], text[at + 1]))
            at += 2
        else:
            parts.append(sign)
            at += 1
    return UNKNOWN, at
