"""A reference as it is written, variables and all, and the edits that make it another one.

`node:${TAG}` is changed in the default of ARG TAG, `${IMG:-postgres}` in the default that stands there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from dockerlint.findings import Edit
from dockerlint.regex import pattern
from dockerlint.text import Span

_VARIABLE = pattern(
    r"\$(?:(?P<plain>[A-Za-z_]\w*)|\{(?P<name>[A-Za-z_]\w*)(?::?-(?P<default>[^${}\"'\\]*))?\})"
)


MOST_VARIABLES: Final = 3
LONGEST: Final = 200
"""Beyond that many variables or characters nobody is asked which variable holds which part."""


class ReferencePart(NamedTuple):
    """A part of a reference."""

    value: str
    """What it stands for."""
    span: Span | None
    """Where that value is written; None where it is not in this file."""
    variable: str | None = None
    """The variable that holds it; None where the text itself says it."""


Default = Callable[[str], ReferencePart | None]
"""What a variable holds unless somebody sets it; None where that is not known."""


def pieces_of(text: str, span: Span, default_of: Default) -> list[ReferencePart] | None:
    """The parts of the reference at a place, quotes left out; None where they cannot all be told."""
    start, end = span.start, span.end
    if end - start > 1 and text[start] in "\"'" and text[end - 1] == text[start]:
        start, end = start + 1, end - 1
    found: list[ReferencePart] = []
    at = start
    for match in _VARIABLE.finditer(text, start, end):
        found.append(ReferencePart(text[at : match.start()], Span(at, match.start())))
        piece = _variable(match, default_of)
        if piece is None:
            return None
        found.append(piece)
        at = match.end()
    found.append(ReferencePart(text[at:end], Span(at, end)))
    is_plain = not any(sign in one.value for one in found for sign in "$\"'\\\n ")
    return [one for one in found if one.value or one.variable] if is_plain else None


def _variable(match: re.Match[str], default_of: Default) -> ReferencePart | None:
    name = match["plain"] or match["name"]
    piece = default_of(name)
    if match["default"] is None or (piece is not None and piece.value):
        return piece
    return ReferencePart(match["default"], Span(*match.span("default")))


def rewritten(pieces: Sequence[ReferencePart], wanted: str) -> dict[int, str] | None:
    """The new values of the parts that make the reference another one, by index; None where that is unclear.

    One part is changed if that is enough, one that stands in the reference itself before a variable; else
    every variable takes its share. A tag that begins with a variable is a matter of its default: whoever sets
    the variable gives the whole tag.
    """
    last = len(pieces) - 1
    places = [at for at in range(len(pieces)) if at == last or not pieces[at].value.endswith(":")]
    alone = {at: value for at in places if (value := _alone(pieces, at, wanted)) is not None}
    written = {at: value for at, value in alone.items() if not pieces[at].variable}
    for choice in (written, alone):
        if choice:
            return choice if len(choice) == 1 else None
    return _shared_out(pieces, wanted)


def _alone(pieces: Sequence[ReferencePart], at: int, wanted: str) -> str | None:
    """What one part must be while the others stay."""
    before = "".join(one.value for one in pieces[:at])
    after = "".join(one.value for one in pieces[at + 1 :])
    fits = wanted.startswith(before) and wanted.endswith(after) and len(wanted) > len(before) + len(after)
    return wanted[len(before) : len(wanted) - len(after)] if fits else None


def _shared_out(pieces: Sequence[ReferencePart], wanted: str) -> dict[int, str] | None:
    """What each variable must be while the text between them stays."""
    if len(wanted) > LONGEST or sum(bool(one.variable) for one in pieces) > MOST_VARIABLES:
        return None
    expression = "".join(r"([\w.]+?)" if one.variable else re.escape(one.value) for one in pieces)
    match = re.fullmatch(expression, wanted)
    names = [one.variable for one in pieces if one.variable]
    if match is None or len(set(names)) < len(names):
        return None
    places = [at for at, one in enumerate(pieces) if one.variable]
    values = dict(zip(places, match.groups(), strict=True))
    return {at: value for at, value in values.items() if value != pieces[at].value}


def edits_of(pieces: Sequence[ReferencePart], values: dict[int, str]) -> tuple[Edit, ...] | None:
    """The edits that give parts these values; None where one of them is not in this file."""
    edits = []
    for at, value in values.items():
        piece = pieces[at]
        if piece.span is None:
            return None
        kept = len(piece.value) if value.startswith(piece.value) and not piece.variable else 0
        edits.append(Edit(piece.span._replace(start=piece.span.start + kept), value[kept:]))
    return tuple(edits)
