"""A text as the editor shows it, saved or not."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from dockerlint.lsp.positions import Point, TextPoints
from dockerlint.text import Source
from dockerlint.workspace.discovery import shown

_MARK = "\ufeff"
"""A byte order mark, which most editors keep to themselves."""


@dataclass(slots=True)
class OpenText:
    """One open file; the client changes it by ranges."""

    uri: str
    path: str
    """Absolute; "" for a text that has never been saved."""
    language: str
    text: str
    encoding: str
    """In which the client counts: `utf-8`, `utf-16`, `utf-32`."""
    version: int | None = None
    _points: TextPoints | None = field(default=None, repr=False)

    @property
    def points(self) -> TextPoints:
        """The places of the text as the client counts them."""
        if self._points is None:
            self._points = TextPoints(self.text, self.encoding)
        return self._points

    @property
    def lead(self) -> int:
        """By how much offsets of the client's text are ahead of those of the linted one."""
        return int(self.text.startswith(_MARK))

    @property
    def source(self) -> Source:
        """The text as it is linted, under the name that reports show."""
        return Source(self.shown, self.data.decode()[self.lead :])

    @property
    def data(self) -> bytes:
        """What a save would write; half a character, which no file can hold, becomes a question mark."""
        return self.text.encode("utf-8", "replace")

    @property
    def shown(self) -> str:
        """The path as reports show it."""
        return shown(self.path) if self.path else "<unsaved>"

    @property
    def name(self) -> str:
        """The name of the file."""
        return os.path.basename(self.path)

    def replace(self, span: tuple[Point, Point] | None, text: str) -> None:
        """What the client did: new text in place of a range, or of everything."""
        if span is None:
            self.text = text
        else:
            start, end = (self.points.offset(*point) for point in span)
            self.text = self.text[:start] + text + self.text[max(start, end) :]
        self._points = None
