"""Where findings stand in their texts: lines, columns and excerpts, with every secret masked."""

from __future__ import annotations

import posixpath
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from dockerlint.findings import Finding, Suppressed, rule_order
from dockerlint.kinds import TextOf, nobody
from dockerlint.masking.findings import masked_finding
from dockerlint.masking.mask import Mask
from dockerlint.masking.places import Place as Hidden
from dockerlint.report.results import Diagnostic, FileReport, Place, Region, Unread
from dockerlint.text import MASK, Position, Source, Span

EXCERPT_WIDTH = 120
"""Characters of a source line that an excerpt holds at most, masks and ellipses not counted."""
_LEAD = 40
"""Characters shown before the marked text of a line that is too long to be shown whole."""


def file_report(
    source: Source,
    kind: str,
    findings: Iterable[Finding],
    suppressed: Iterable[Suppressed] = (),
    mask: Mask | None = None,
    text_of: TextOf = nobody,
    notes: Iterable[str] = (),
    gaps: Iterable[tuple[Span, str]] = (),
) -> FileReport:
    """Put findings on the page, under a mask that hides what no report may show.

    `text_of` gives the text of the files that a span may point into, by the name its `source` gives. A gap is
    a place and what was not read.
    """
    mask = mask or Mask(source.text, (), text_of)
    texts = _MaskedTexts(source, mask, text_of)
    shown = [texts.diagnostic(one) for one in sorted(findings, key=_text_order)]
    excused = [
        texts.diagnostic(one.finding)._replace(
            reason=mask.text(one.reason), by=one.by, until=str(one.until or "")
        )
        for one in sorted(suppressed, key=lambda one: _text_order(one.finding))
    ]
    told = tuple(mask.alone(note) for note in (*source.notes, *notes))
    unread = tuple(texts.gap(*one) for one in sorted(gaps))
    return FileReport(mask.path(source.path), kind, tuple(shown), tuple(excused), None, told, unread)


def _text_order(finding: Finding) -> tuple[str, int, int, tuple[str, int, str]]:
    span = finding.span
    return span.source, span.start, span.end, rule_order(finding.rule.id)


class _MaskedTexts:
    """The linted file and those beside it, each with what is hidden of it."""

    def __init__(self, source: Source, mask: Mask, text_of: TextOf) -> None:
        self._source = source
        self._mask = mask
        self._neighbour = text_of
        self._open: dict[str, _MaskedText] = {}
        self._last: tuple[Span, Place] | None = None

    def diagnostic(self, finding: Finding) -> Diagnostic:
        """A finding and its place, secrets masked."""
        shown = masked_finding(finding, self._mask)
        chain, parts = (tuple(map(self.place, spans)) for spans in (finding.chain, finding.parts))
        fix = shown.fix
        regions = () if fix is None else tuple(self._regions([edit.span for edit in fix.edits]))
        return Diagnostic(shown, self.place(finding.span), chain=chain, parts=parts, regions=regions)

    def _regions(self, spans: Iterable[Span]) -> Iterator[Region]:
        """Where edits stand: of all, or of none."""
        found = [self._text(span.source).region(span) for span in spans]
        return iter(()) if None in found else (one for one in found if one is not None)

    def gap(self, span: Span, message: str) -> Unread:
        """What was not read, and the place that names it."""
        place = self.place(span)
        return Unread(place.path, place.line, place.column, self._mask.text(message))

    def place(self, span: Span) -> Place:
        """Where a span stands; findings come in order, and many in a row share one."""
        if self._last is not None and self._last[0] == span:
            return self._last[1]
        self._last = (span, self._text(span.source).place(span))
        return self._last[1]

    def _text(self, name: str) -> _MaskedText:
        one_text = self._open.get(name)
        if one_text is None:
            one_text = self._open[name] = self._masked(name)
        return one_text

    def _masked(self, name: str) -> _MaskedText:
        hidden = self._mask.places(name)
        path = self._source.path
        if not name:
            return _MaskedText(self._source, self._mask.path(path), hidden)
        path = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
        return _MaskedText(Source(path, self._neighbour(name) or ""), self._mask.path(path), hidden)


class _MaskedText:
    """One text and the places in it that are hidden, apart and in order."""

    def __init__(self, source: Source, path: str, hidden: Sequence[Hidden]) -> None:
        self._source = source
        self._path = path
        self._hidden = hidden
        self._starts = [start for start, _ in hidden]
        self._is_plain = source.text.isascii() and not source.bom
        """Characters and bytes are the same."""

    def place(self, span: Span) -> Place:
        size = len(self._source.text)
        start = min(max(span.start, 0), size)
        end = min(max(span.end, start), size)
        first, last = self._source.position(start), self._source.position(end)
        excerpt, mark = self._excerpt(first.line, start, end)
        bytes = self._byte_column(first), self._byte_column(last)
        return Place(first.line, first.column, last.line, last.column, excerpt, mark, self._path, bytes)

    def region(self, span: Span) -> Region | None:
        """Where an edit stands, if columns of UTF-8 mean anything in the file."""
        if self._source.encoding != "utf-8":
            return None
        first, last = self._source.position(span.start), self._source.position(span.end)
        return Region(first.line, self._byte_column(first), last.line, self._byte_column(last))

    def _byte_column(self, position: Position) -> int:
        if self._is_plain:
            return position.column
        start = self._source.line_starts[position.line - 1]
        before = self._source.text[start : start + position.column - 1].encode("utf-8", "surrogatepass")
        return len(before) + 1 + (len(self._source.bom) if position.line == 1 else 0)

    def _excerpt(self, line: int, start: int, end: int) -> tuple[str, tuple[int, int]]:
        opening, closing = self._line_bounds(line)
        start = min(start, closing)
        end = min(end, closing)
        low, high = _window(opening, closing, start)
        start, end = self._outward(start, min(end, high))
        low, high = min(low, start), max(high, end)
        before = ("…" if low > opening else "") + self._masked(low, start)
        marked = self._masked(start, end)
        after = self._masked(end, high) + ("…" if high < closing else "")
        return before + marked + after, (len(before), len(before) + len(marked))

    def _line_bounds(self, line: int) -> tuple[int, int]:
        """First offset of a line and the one after its last character, line break left out."""
        starts, text = self._source.line_starts, self._source.text
        end = starts[line] if line < len(starts) else len(text)
        while end > starts[line - 1] and text[end - 1] in "\r\n":
            end -= 1
        return starts[line - 1], end

    def _outward(self, start: int, end: int) -> tuple[int, int]:
        """Move borders that stand inside a secret to its own borders, so that it is masked once."""
        for low, high in self._within(start, end + 1):
            if low < start < high:
                start = low
            if low < end < high:
                end = high
        return start, end

    def _masked(self, start: int, end: int) -> str:
        pieces: list[str] = []
        for low, high in self._within(start, end):
            pieces += (self._source.text[start : max(low, start)], MASK)
            start = high
        return "".join([*pieces, self._source.text[start:end]])

    def _within(self, start: int, end: int) -> list[tuple[int, int]]:
        """The hidden places that share a character with start..end."""
        if not self._hidden:
            return []
        first = max(bisect_right(self._starts, start) - 1, 0)
        last = bisect_right(self._starts, end - 1) if end > start else first
        return [place for place in self._hidden[first:last] if place[1] > start]


def _window(opening: int, closing: int, start: int) -> tuple[int, int]:
    """The part of a line that is shown: all of it, or so much around `start` as an excerpt holds."""
    if closing - opening <= EXCERPT_WIDTH:
        return opening, closing
    low = max(opening, min(start - _LEAD, closing - EXCERPT_WIDTH))
    return low, low + EXCERPT_WIDTH
