"""Text and places in it: spans, decoded sources, line numbers, splicing."""

from __future__ import annotations

import codecs
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Final, NamedTuple, Protocol

_WITH_LINE_FEED: Final = (1).__add__
MASK: Final = "****"
"""Stands for text that must not be shown, whatever its length."""


class Span(NamedTuple):
    """Half-open range of character offsets into decoded text.

    `source` is the path of the file the offsets count in; "" is the file being linted.
    """

    start: int
    end: int
    source: str = ""


class Replacement(Protocol):
    """What `splice` needs of an edit."""

    @property
    def span(self) -> Span: ...
    @property
    def text(self) -> str: ...


class Position(NamedTuple):
    """1-based line and 1-based column, in characters."""

    line: int
    column: int


@dataclass(frozen=True)
class Source:
    """The decoded text of one file and what is needed to write it back unchanged."""

    path: str
    text: str
    encoding: str = "utf-8"
    bom: bytes = b""
    notes: tuple[str, ...] = field(default=(), compare=False)

    @cached_property
    def line_starts(self) -> list[int]:
        """Offset of the first character of every line; a line ends after its newline character."""
        lengths = map(len, self.text.split("\n"))
        starts = [0, *accumulate(map(_WITH_LINE_FEED, lengths))]
        starts.pop()
        return starts

    def position(self, offset: int) -> Position:
        """Line and column of an offset; an offset past the end counts as the end."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1)

    def encode(self, text: str) -> bytes:
        """Bytes of `text` in this file's encoding, byte order mark included."""
        return self.bom + text.encode(self.encoding)


# The longer mark first: the UTF-32 mark begins with the UTF-16 one.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(data: bytes, path: str = "") -> Source:
    """Decode a file: by its byte order mark, else UTF-8, else Latin-1 (which never fails) with a note.

    Text after a mark that contradicts it is read as Latin-1 too.
    """
    bom, encoding = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", "utf-8"))
    try:
        return Source(path, data[len(bom) :].decode(encoding), encoding, bom)
    except UnicodeDecodeError:
        note = f"not valid {encoding.upper()}; read as Latin-1"
        return Source(path, data.decode("latin-1"), "latin-1", b"", (note,))


def written_places(edits: Iterable[Replacement]) -> Iterator[tuple[Replacement, Span]]:
    """Edits in order of place, each with where its new text stands once all are applied."""
    moved = 0
    for edit in sorted(edits, key=lambda edit: edit.span[:2]):
        start = edit.span.start + moved
        yield edit, Span(start, start + len(edit.text))
        moved += len(edit.text) - (edit.span.end - edit.span.start)


def splice(text: str, edits: Iterable[Replacement]) -> str:
    """Apply edits, which may come in any order.

    Raises ValueError when two edits overlap or one lies outside the text.
    """
    pieces: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: edit.span[:2]):
        if edit.span.start < at or edit.span.end < edit.span.start or edit.span.end > len(text):
            raise ValueError(f"edit at {edit.span[:2]} overlaps another or leaves the text")
        pieces += (text[at : edit.span.start], edit.text)
        at = edit.span.end
    return "".join([*pieces, text[at:]])
