"""What stands behind the keyword of an instruction: flags, words, the JSON form, names and values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from dockerlint.parse.dockerfile.statements import BLANK
from dockerlint.regex import pattern

_BLANKS = pattern(rf"{BLANK}*")
_WORD = pattern(r"[^\t\v\f\r ]+")
_FLAG = pattern(r"--(?:[^\s'\"\\]|\\.|'[^']*'?|\"(?:[^\"\\]|\\.)*\"?)*", re.DOTALL)
_STRING = pattern(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_SEPARATOR = pattern(r"[ \t\r\n]*,[ \t\r\n]*(?=\")|[ \t\r\n]*(?=\])")
_QUOTES = ("'", '"', "“", "”", "‘", "’")
_QUOTED = pattern(r"'[^']*'|\"[^\"]*\"|[“”‘’][^“”‘’]*[“”‘’]")
_LIST_ITEMS = pattern(
    rf"\[\s*(?:{_QUOTED.pattern}|[^\s,\[\]\"';&|]+)(?:(?:\s*,\s*|\s+)(?:{_QUOTED.pattern}|[^\s,\[\]\"';&|]+))*\s*,?\s*\]\Z"
)
_LONGEST_LIST = 2000
"""Characters of a text that is tried as a list; a command in brackets is no longer."""
_JSON_OPEN = pattern(r"\[[ \t\r\n]*")
# parseWords of BuildKit: blanks split, quotes and the escape character protect them.
_PROTECTED = {
    "\\": pattern(r"(?:[^\s'\"\\]|\\(?:.|\Z)|'[^']*(?:'|\Z)|\"(?:[^\"\\]|\\(?:.|\Z))*(?:\"|\Z))+", re.DOTALL),
    "`": pattern(r"(?:[^\s'\"`]|`(?:.|\Z)|'[^']*(?:'|\Z)|\"(?:[^\"`]|`(?:.|\Z))*(?:\"|\Z))+", re.DOTALL),
}


class ArgumentText(NamedTuple):
    """Part of an instruction's text: what it says and where it stands."""

    text: str
    start: int
    end: int


class RawFlag(NamedTuple):
    """`--name=value` before any variable is resolved."""

    name: str
    value: ArgumentText | None
    start: int
    end: int


class Assignment(NamedTuple):
    """`name=value`; the value is None without an equals sign."""

    name: ArgumentText
    value: ArgumentText | None


def skip_blanks(text: str, start: int) -> int:
    """Offset of the next character that is no blank."""
    matched = _BLANKS.match(text, start)
    return matched.end() if matched else start


def read_flags(text: str, start: int) -> tuple[list[RawFlag], int]:
    """Flags from `start` on, and the offset where the arguments begin. A lone `--` ends them."""
    flags: list[RawFlag] = []
    at = skip_blanks(text, start)
    while (matched := _FLAG.match(text, at)) is not None:
        at = skip_blanks(text, matched.end())
        if matched.group() == "--":
            break
        name, equals, value = matched.group()[2:].partition("=")
        value_start = matched.start() + 3 + len(name)
        piece = ArgumentText(value, value_start, matched.end()) if equals else None
        flags.append(RawFlag(name, piece, matched.start(), matched.end()))
    return flags, at


def read_words(text: str, start: int) -> list[ArgumentText]:
    """Words between blanks; quotes mean nothing here (FROM, EXPOSE, COPY)."""
    return [ArgumentText(found.group(), found.start(), found.end()) for found in _WORD.finditer(text, start)]


def read_json(text: str, start: int) -> list[ArgumentText] | None:
    """The strings of the JSON form, each with the place of its quotes; None when it is not that form.

    What follows the closing bracket is ignored, as Docker does.
    """
    opened = _JSON_OPEN.match(text, start)
    if not opened:
        return None
    words: list[ArgumentText] = []
    at = opened.end()
    while (string := _STRING.match(text, at)) is not None:
        value = _decode(string.group())
        separator = _SEPARATOR.match(text, string.end())
        if value is None or separator is None:
            return None
        words.append(ArgumentText(value, string.start(), string.end()))
        at = separator.end()
    return words if text[at : at + 1] == "]" else None


def behind_list(text: str, words: list[ArgumentText], start: int) -> ArgumentText | None:
    """What stands behind the bracket that closes a list with these words; None for nothing, or a comment."""
    closed = text.find("]", words[-1].end if words else start) + 1
    rest = text[closed:].strip()
    if not rest or rest[0] == "#":
        return None
    at = text.index(rest, closed)
    return ArgumentText(rest, at, at + len(rest))


def is_other_json_list(text: str, start: int) -> bool:
    """A JSON list that holds more than strings, which Docker refuses."""
    if text[start : start + 1] != "[":
        return False
    try:
        value, _ = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return False
    return not all(isinstance(item, str) for item in value)


def looks_like_list(text: str, *, runs: bool) -> bool:
    """Brackets round words that commas or quotes part: a JSON list was meant.

    Where a shell `runs` the text, `[` with a blank behind it is the program of that name, unless commas tell.
    """
    if text[:1] != "[" or len(text) > _LONGEST_LIST:
        return False
    if not runs:
        return text[-1:] == "]" and ("," in text or text[1:2] in _QUOTES)
    if text[1:2] in _QUOTES:
        return True
    inner = _LIST_ITEMS.match(text)
    return inner is not None and (not text[1:2].isspace() or "," in _QUOTED.sub("", text))


def _decode(string: str) -> str | None:
    if "\\" not in string:
        return string[1:-1]
    try:
        value = json.loads(string)
    except ValueError:
        return None
    return value if isinstance(value, str) else None


def read_protected_words(text: str, start: int, escape: str) -> Iterator[ArgumentText]:
    """Words between blanks that no quote or escape protects; quotes stay."""
    for found in _PROTECTED[escape].finditer(text, start):
        yield ArgumentText(found.group(), found.start(), found.end())


def read_pairs(text: str, start: int, escape: str) -> tuple[list[Assignment], bool]:
    """Names and values of ENV and LABEL, and whether they are in the legacy form `NAME value`."""
    words = list(read_protected_words(text, start, escape))
    if words and "=" not in words[0].text:
        name = read_words(text, start)[0]
        at = skip_blanks(text, name.end)
        value = ArgumentText(text[at:], at, len(text)) if at < len(text) else None
        return [Assignment(name, value)], True
    return [_pair(word) for word in words], False


def read_declarations(text: str, start: int, escape: str) -> list[Assignment]:
    """Names of ARG, with or without a default."""
    return [_pair(word) for word in read_protected_words(text, start, escape)]


def _pair(word: ArgumentText) -> Assignment:
    name, equals, value = word.text.partition("=")
    value_start = word.start + len(name) + 1
    return Assignment(
        ArgumentText(name, word.start, word.start + len(name)),
        ArgumentText(value, value_start, word.end) if equals else None,
    )
