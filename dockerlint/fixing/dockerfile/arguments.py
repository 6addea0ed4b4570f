"""The ARGs above the first FROM, and what else would change with their defaults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from dockerlint.findings import Refusal
from dockerlint.fixing.dockerfile.reference import ReferencePart, pieces_of
from dockerlint.model.dockerfile.build import Build
from dockerlint.model.dockerfile.instruction import Arg
from dockerlint.model.dockerfile.stage import Stage
from dockerlint.model.image import Image
from dockerlint.model.variable import Variable
from dockerlint.regex import pattern
from dockerlint.text import Span

_VARIABLE = pattern(r"\$\{?(\w+)")


class Defaults:
    """What variables hold in the FROM lines of a Dockerfile; without a Dockerfile nothing is known."""

    def __init__(self, text: str, build: Build | None) -> None:
        self._text = text
        self._build = build
        self._stages = build.stages if build is not None else ()
        self._refusals: dict[tuple[tuple[tuple[str, str], ...], str], Refusal | None] = {}

    @cached_property
    def _declared(self) -> dict[str, list[Variable]]:
        found: dict[str, list[Variable]] = {}
        for one in self._build.arguments if self._build is not None else ():
            found.setdefault(one.name, []).append(one)
        return found

    def of(self, name: str) -> ReferencePart | None:
        """The default of a variable and its place; None where it has none, several, or one made of others."""
        declared = self._declared.get(name, [])
        value = declared[0].value if len(declared) == 1 else None
        if value is None or value.known is None or value.span.source:
            return None
        span = _inside_quotes(self._text, value.span)
        return ReferencePart(value.known, span, name) if self._written(span) == value.known else None

    @cached_property
    def _takers(self) -> dict[str, set[int]]:
        """The stages, by number, that take a variable as it is above the first FROM."""
        found: dict[str, set[int]] = {}
        for at, stage in enumerate(self._stages):
            taken = (var for one in stage.instructions if isinstance(one, Arg) for var in one.variables)
            for name in (one.name for one in taken if one.value is None):
                found.setdefault(name, set()).add(at)
        return found

    @cached_property
    def _readers(self) -> dict[str, set[int]]:
        """The stages, by number, whose FROM line reads a variable."""
        found: dict[str, set[int]] = {}
        for at, stage in enumerate(self._stages):
            for name in _read(self._written(stage.from_line.span)) if stage.from_line is not None else ():
                found.setdefault(name, set()).add(at)
        return found

    @cached_property
    def _made_of(self) -> set[str]:
        """The variables that other ARGs are made of."""
        every = self._build.arguments if self._build is not None else ()
        return {name for one in every for name in _read(self._written(one.span))}

    def refusal(self, values: Mapping[str, str], image: Image) -> Refusal | None:
        """Why these variables must not get other defaults for the sake of one image; None where they may."""
        about = (tuple(values.items()), str(image.reference))
        if about not in self._refusals:
            self._refusals[about] = next(self._all_refusals(values, image), None)
        return self._refusals[about]

    def _all_refusals(self, values: Mapping[str, str], image: Image) -> Iterator[Refusal]:
        if self._build is None or not values:
            return
        names = ", ".join(values)
        if not self._made_of.isdisjoint(values):
            yield Refusal(f"another ARG uses {names}")
        takers, readers = (
            {at for name in values for at in stages.get(name, ())} for stages in (self._takers, self._readers)
        )
        for at in sorted(takers | readers):
            if at in takers:
                yield Refusal(f"a stage uses ARG {names} too")
            yield from self._refusals_of_stage(self._stages[at], values, image)

    def _refusals_of_stage(self, stage: Stage, values: Mapping[str, str], image: Image) -> Iterator[Refusal]:
        """Why another FROM that the same variables are part of must not be moved along."""
        from_line = stage.from_line
        if from_line is None or not _reads(self._written(from_line.span), values):
            return
        other = stage.image
        if other is None or _reads(self._written(from_line.span._replace(end=other.span.start)), values):
            yield Refusal("the same variable names a platform or a stage")
        elif other.span != image.span and other.reference != image.reference:
            yield from self._stranger(other, values, image)

    def _stranger(self, other: Image, values: Mapping[str, str], image: Image) -> Iterator[Refusal]:
        pieces = pieces_of(self._text, other.span, self.of)
        tags = None if other.knowledge is None else other.knowledge.bases.tags(str(other.name))
        if pieces is None or tags is None or other.name != image.name:
            yield Refusal("the same variable names another image")
            return
        reference = "".join(values.get(one.variable or "", one.value) for one in pieces)
        if not tags.has(reference.rpartition(":")[2]):
            yield Refusal(f"it would also change another image to {reference}, which is not known")

    def _written(self, span: Span) -> str:
        return self._text[span.start : span.end]


def _read(text: str) -> set[str]:
    """The variables that a text names."""
    return set(_VARIABLE.findall(text)) if "$" in text else set()


def _reads(text: str, names: Mapping[str, str]) -> bool:
    return not _read(text).isdisjoint(names)


def _inside_quotes(text: str, span: Span) -> Span:
    written = text[span.start : span.end]
    if len(written) > 1 and written[0] in "\"'" and written[-1] == written[0]:
        return span._replace(start=span.start + 1, end=span.end - 1)
    return span
