"""Places that an edit elsewhere does not move: each instruction has room behind it, in a stretched text.

A model holds places as offsets, so that a character more moves all that stands below it. In the stretched
text only the regions move that were edited, as long as they have room; nothing ever parses what fills it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import takewhile
from typing import Final, NamedTuple

from dockerlint.parse.dockerfile.statements import Layout, Statement
from dockerlint.text import Span

ROOM: Final = 4_096
"""Characters behind each region of a text that is read for the first time."""
_FILLER: Final = "\n"


class TextRegion(NamedTuple):
    """An instruction with the lines above it, as far as they belong to no other one."""

    start: int
    """Its offset in the file."""
    text: str
    at: int
    """Its offset in the stretched text."""

    @property
    def end(self) -> int:
        """The offset behind it in the stretched text."""
        return self.at + len(self.text)


class StretchedText:
    """A text in regions, and the stretched text in which places count."""

    def __init__(self, regions: Sequence[TextRegion]) -> None:
        self.regions = regions
        self._starts = [one.start for one in regions]
        self._places = [one.at for one in regions]

    @property
    def text(self) -> str:
        """The stretched text."""
        pieces, at = list[str](), 0
        for one in self.regions:
            pieces += (_FILLER * (one.at - at), one.text)
            at = one.end
        return "".join(pieces)

    def region_at(self, place: int) -> TextRegion:
        """The region that holds a place of the stretched text."""
        return self.regions[bisect_right(self._places, place) - 1]

    def moved(self, offset: int) -> int:
        """An offset of the file in the stretched text."""
        one = self.regions[bisect_right(self._starts, offset) - 1]
        return one.at + offset - one.start

    def moved_span(self, span: Span) -> Span:
        """The same of a place."""
        start = self.moved(span.start)
        return span._replace(
            start=start, end=start if span.end <= span.start else self.moved(span.end - 1) + 1
        )

    def home(self, span: Span) -> Span:
        """A place of the stretched text in the file; one in another file stays."""
        if span.source:
            return span
        start = self._home(span.start)
        return Span(start, start if span.end <= span.start else self._home(span.end - 1, 1))

    def _home(self, place: int, behind: int = 0) -> int:
        one = self.region_at(place)
        return one.start + min(place - one.at + behind, len(one.text))

    def layout(self, layout: Layout) -> Layout:
        """The lines of the file with places in the stretched text."""
        return layout._replace(
            statements=[self._statement(one) for one in layout.statements],
            comments=[
                one._replace(start=self.moved(one.start), end=self.moved(one.end)) for one in layout.comments
            ],
            directives=[one._replace(span=self.moved_span(one.span)) for one in layout.directives],
            gaps=[
                one._replace(lines=self.moved_span(one.lines), escape=self.moved_span(one.escape))
                for one in layout.gaps
            ],
        )

    def _statement(self, statement: Statement) -> Statement:
        by = self.moved(statement.start) - statement.start
        return statement._replace(
            pieces=tuple((into, place + by) for into, place in statement.pieces),
            end=statement.end + by,
            heredocs=tuple(
                one._replace(start=one.start + by, end=one.end + by) for one in statement.heredocs
            ),
        )


def stretched(text: str, layout: Layout, before: Sequence[TextRegion]) -> StretchedText:
    """A text with room in it, where the regions that it shares with the one before stay at their places."""
    starts = _starts(text, layout)
    texts = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    known = [one.text for one in before]
    first = _shared(texts, known)
    last = _shared(texts[first:][::-1], known[first:][::-1])
    middle = texts[first : len(texts) - last]
    start = before[first - 1].end if first else 0
    end = before[len(before) - last].at if last else None
    places = _placed([len(one) for one in middle], start, end)
    if places is None:
        places, first, last = _placed([len(one) for one in texts], 0, None) or [], 0, 0
    kept = [one.at for one in before]
    every = [*kept[:first], *places, *kept[len(kept) - last :]]
    return StretchedText([TextRegion(*one) for one in zip(starts, texts, every, strict=True)])


def _shared(some: Sequence[str], others: Sequence[str]) -> int:
    """How many texts at the start are the same."""
    pairs = zip(some, others, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _placed(lengths: Sequence[int], start: int, end: int | None) -> list[int] | None:
    """Places between two offsets, evenly apart, the first of a text at its start; None without room."""
    room = ROOM if end is None else (end - start - sum(lengths)) // (len(lengths) + 1)
    if room < 0:
        return None
    places, at = list[int](), start
    for length in lengths:
        at += room if at else 0
        places.append(at)
        at += length
    return places


def _starts(text: str, layout: Layout) -> list[int]:
    """Where each region begins: on the line behind the instruction above."""
    lines, at = [0], text.find("\n")
    while at != -1:
        lines.append(at + 1)
        at = text.find("\n", at + 1)
    behind = [one.last_line + 1 for one in layout.statements[:-1]]
    return [0, *(lines[line] for line in behind)]
