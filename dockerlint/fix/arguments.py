"""The ARGs above the first FROM, and what else would change with their defaults."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from dockerlint.fix.reference import Piece, pieces_of
from dockerlint.model.dockerfile import Build
from dockerlint.model.image import Image
from dockerlint.model.instruction import Arg
from dockerlint.model.stage import Stage
from dockerlint.model.variable import Variable
from dockerlint.text import Span


class Defaults:
    """What variables hold in the FROM lines of a Dockerfile; without a Dockerfile nothing is known."""

    def __init__(self, text: str, build: Build | None) -> None:
        self._text = text
        self._build = build

    @cached_property
    def _declared(self) -> dict[str, list[Variable]]:
        found: dict[str, list[Variable]] = {}
        for one in self._build.arguments if self._build is not None else ():
            found.setdefault(one.name, []).append(one)
        return found

    def of(self, name: str) -> Piece | None:
        """The default of a variable and its place; None where it has none, several, or one made of others."""
        declared = self._declared.get(name, [])
        value = declared[0].value if len(declared) == 1 else None
        if value is None or value.known is None or value.span.source:
            return None
        span = _inside_quotes(self._text, value.span)
        return Piece(value.known, span, name) if self._written(span) == value.known else None

    def refusal(self, values: Mapping[str, str], image: Image) -> str:
        """Why these variables must not get other defaults for the sake of one image; "" where they may."""
        return next(self._objections(values, image), "")

    def _objections(self, values: Mapping[str, str], image: Image) -> Iterator[str]:
        if self._build is None or not values:
            return
        names = ", ".join(values)
        if any(_reads(self._written(one.span), values) for one in self._build.arguments):
            yield f"another ARG is made of {names}"
        for stage in self._build.stages:
            taken = [var for one in stage.instructions if isinstance(one, Arg) for var in one.variables]
            if any(one.name in values and one.value is None for one in taken):
                yield f"a stage reads ARG {names} too"
            yield from self._objection(stage, values, image)

    def _objection(self, stage: Stage, values: Mapping[str, str], image: Image) -> Iterator[str]:
        """Why another FROM that the same variables are part of must not be moved along."""
        opening = stage.opening
        if opening is None or not _reads(self._written(opening.span), values):
            return
        other = stage.image
        if other is None or _reads(self._written(opening.span._replace(end=other.span.start)), values):
            yield "a platform or a stage is named by the same variable"
        elif other.span != image.span and other.reference != image.reference:
            yield from self._stranger(other, values, image)

    def _stranger(self, other: Image, values: Mapping[str, str], image: Image) -> Iterator[str]:
        pieces = pieces_of(self._text, other.span, self.of)
        tags = None if other.knowledge is None else other.knowledge.bases.tags(str(other.name))
        if pieces is None or tags is None or other.name != image.name:
            yield "another image is named by the same variable"
            return
        reference = "".join(values.get(one.variable, one.value) for one in pieces)
        if not tags.has(reference.rpartition(":")[2]):
            yield f"no image is known as {reference}, which it would make of another one"

    def _written(self, span: Span) -> str:
        return self._text[span.start : span.end]


def _reads(text: str, names: Mapping[str, str]) -> bool:
    return "$" in text and any(re.search(rf"\$\{{?{name}\b", text) for name in names)


def _inside_quotes(text: str, span: Span) -> Span:
    written = text[span.start : span.end]
    if len(written) > 1 and written[0] in "\"'" and written[-1] == written[0]:
        return span._replace(start=span.start + 1, end=span.end - 1)
    return span
