"""A string of a Compose file as Compose hands it on, every character with its place in the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from dockerlint.link.interpolation import Expansion
from dockerlint.parse.compose.values import Values
from dockerlint.regex import pattern
from dockerlint.shell.sourcemap import Places, SourcePiece
from dockerlint.values import UNRESOLVED
from dockerlint.yaml.nodes import Scalar

_BREAK: Final = pattern(r"\r?\n")
_ESCAPE: Final = pattern(
    r"\\(?:(?P<break>[ \t]*\r?\n[ \t]*)|x(?P<x>[0-9A-Fa-f]{2})|u(?P<u>[0-9A-Fa-f]{4})"
    r"|U(?P<U>[0-9A-Fa-f]{8})|(?P<one>[\s\S]))"
)
_ESCAPED: Final = dict(zip("0abtnvfreN_LP", "\0\a\b\t\n\v\f\r\x1b\x85\xa0\u2028\u2029", strict=True))
"""https://yaml.org/spec/1.2.2/#57-escaped-characters; every other one stands for itself."""
_LAST_CHARACTER: Final = 0x10FFFF


def placed_text(node: Scalar, values: Values) -> Places | None:
    """The text with its variables put in; those that are set elsewhere stay as written, and open.

    None where the way of writing it cannot be undone place by place.
    """
    start, end = values.content(node)[:2]
    places = Places(_unquoted(node.style, values.text[start:end], start))
    if places.text.split() != node.text.split():
        return None
    if "$" not in places.text:
        return places
    return Places(_filled(places, values.expansions(node, places.text)))


def _unquoted(style: str, raw: str, base: int) -> Iterator[SourcePiece]:
    """What quotes, escapes and folds leave of a text; a line break in it becomes blanks."""
    if style != "|" and "\n" in raw and not (style == '"' and "\\" in raw):
        raw = _BREAK.sub(lambda match: " " * len(match[0]), raw)
    if style == '"' and "\\" in raw:
        yield from _unescaped(raw, base)
        return
    at = base
    for part in raw.split("''") if style == "'" else (raw,):
        # One of the two quotes belongs to the text.
        before = "'" if at > base else ""
        yield SourcePiece(before + part, at - len(before), at + len(part))
        at += len(part) + 2


def _unescaped(raw: str, base: int) -> Iterator[SourcePiece]:
    at = 0
    for match in _ESCAPE.finditer(raw):
        start, end = match.span()
        yield from _plain(raw, at, start, base)
        if match["break"] is None:
            yield SourcePiece(
                _character(match.lastgroup or "", match[match.lastindex or 0]), base + start, base + end
            )
        at = end
    yield from _plain(raw, at, len(raw), base)


def _plain(raw: str, start: int, end: int, base: int) -> Iterator[SourcePiece]:
    text = _BREAK.sub(lambda match: " " * len(match[0]), raw[start:end])
    yield SourcePiece(text, base + start, base + end)


def _character(kind: str, code: str) -> str:
    if kind == "one":
        return _ESCAPED.get(code, code)
    number = int(code, 16)
    return chr(number) if number <= _LAST_CHARACTER else ""


def _filled(places: Places, expansions: Iterable[Expansion]) -> Iterator[SourcePiece]:
    at = 0
    for start, end, text in expansions:
        yield from places.pieces(at, start)
        if text == "$":
            # What is left of $$ is a dollar of the shell.
            yield from places.pieces(end - 1, end)
        elif UNRESOLVED in text:
            yield from (piece._replace(is_open=True) for piece in places.pieces(start, end))
        else:
            yield SourcePiece(text, *places.span(start, end)[:2])
        at = end
    yield from places.pieces(at, len(places.text))
