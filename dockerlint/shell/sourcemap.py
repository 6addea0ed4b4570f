"""Where the characters of a derived text stand in the file: fillers taken out, quotes and escapes removed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from dockerlint.text import Span

FILLER = "\0"


class SourcePiece(NamedTuple):
    """A stretch of derived text and the stretch of the file it came from."""

    text: str
    start: int
    end: int
    is_open: bool = False
    """Something else takes its place before a shell reads it, in quotes too."""

    @property
    def is_verbatim(self) -> bool:
        """Every character stands for itself, so that a part of the piece has a place of its own."""
        return len(self.text) == self.end - self.start


class Places:
    """A text joined from pieces, and the way back to file offsets."""

    __slots__ = ("_has_open", "_pieces", "_shift", "_starts", "source", "text")

    def __init__(self, pieces: Iterable[SourcePiece], source: str = "") -> None:
        self._pieces = [piece for piece in pieces if piece.text]
        self._starts: list[int] = []
        self.source = source
        at = 0
        for piece in self._pieces:
            self._starts.append(at)
            at += len(piece.text)
        self.text = "".join(piece.text for piece in self._pieces)
        self._has_open = any(piece.is_open for piece in self._pieces)
        single = len(self._pieces) == 1 and self._pieces[0].is_verbatim
        self._shift = self._pieces[0].start if single else None

    def span(self, start: int, end: int) -> Span:
        """Span in the file of `text[start:end]`; fillers at either edge stay outside."""
        if self._shift is not None:
            return Span(start + self._shift, end + self._shift, self.source)
        if not self._pieces:
            return Span(0, 0, self.source)
        first = self._offset(start, is_end=False)
        return Span(first, max(first, self._offset(end - 1, is_end=True)), self.source)

    def pieces(self, start: int, end: int) -> list[SourcePiece]:
        """The pieces under `text[start:end]`, the outer ones cut to fit."""
        if self._shift is not None:
            place = (start + self._shift, end + self._shift)
            return [SourcePiece(self.text[start:end], *place, self._has_open)]
        found: list[SourcePiece] = []
        index = bisect_right(self._starts, start) - 1
        while 0 <= index < len(self._pieces) and self._starts[index] < end:
            found.append(self._cut(index, start, end))
            index += 1
        return found

    def is_open(self, start: int, end: int) -> bool:
        """Something else takes the place of a part of `text[start:end]`."""
        return self._has_open and any(piece.is_open for piece in self.pieces(start, end))

    def _cut(self, index: int, start: int, end: int) -> SourcePiece:
        piece, at = self._pieces[index], self._starts[index]
        low, high = max(0, start - at), min(len(piece.text), end - at)
        if not piece.is_verbatim:
            return piece._replace(text=piece.text[low:high])
        return SourcePiece(piece.text[low:high], piece.start + low, piece.start + high, piece.is_open)

    def _offset(self, at: int, *, is_end: bool) -> int:
        index = max(0, bisect_right(self._starts, at) - 1)
        piece = self._pieces[index]
        if not piece.is_verbatim:
            return piece.end if is_end else piece.start
        return piece.start + min(max(at - self._starts[index], 0), len(piece.text)) + is_end


def without_filler(text: str, base: int = 0, source: str = "") -> Places:
    """A raw slice of the file that starts at `base`, its zero-width U+0000 characters taken out."""
    if FILLER not in text:
        return Places((SourcePiece(text, base, base + len(text)),), source)
    pieces: list[SourcePiece] = []
    at = base
    for part in text.split(FILLER):
        pieces.append(SourcePiece(part, at, at + len(part)))
        at += len(part) + 1
    return Places(pieces, source)
