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

_FOLD: Final = pattern(r"[ \t]*\r?\n(?:[ \t]*\r?\n)*[ \t]*")
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
    """What quotes, escapes and folds leave of a text."""
    if style == "|":
        yield SourcePiece(raw, base, base + len(raw))
    elif style == '"' and "\\" in raw:
        yield from _unescaped(raw, base)
    else:
        at = 0
        for part in raw.split("''") if style == "'" else (raw,):
            if at:
                # One of the two quotes belongs to the text.
                yield SourcePiece("'", base + at - 1, base + at)
            yield from _folded(raw, at, at + len(part), base)
            at += len(part) + 2


def _unescaped(raw: str, base: int) -> Iterator[SourcePiece]:
    at = 0
    for match in _ESCAPE.finditer(raw):
        start, end = match.span()
        yield from _folded(raw, at, start, base)
        if match["break"] is None:
            yield SourcePiece(
                _character(match.lastgroup or "", match[match.lastindex or 0]), base + start, base + end
            )
        at = end
    yield from _folded(raw, at, len(raw), base)


def _folded(raw: str, start: int, end: int, base: int) -> Iterator[SourcePiece]:
    """A stretch of text in which a line break is a blank, and every further one a line break."""
    at = start
    for match in _FOLD.finditer(raw, start, end):
        yield SourcePiece(raw[at : match.start()], base + at, base + match.start())
        breaks = "\n" * (match[0].count("\n") - 1)
        yield SourcePiece(breaks or " ", base + match.start(), base + match.end())
        at = match.end()
    yield SourcePiece(raw[at:end], base + at, base + end)


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
