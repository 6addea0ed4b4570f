"""The texts of a project, laid one behind the other in one text space."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from dockerlint.text import Span


class SourceFile(NamedTuple):
    """A file of a project, and where its text lies."""

    path: str
    """From the folder of the project's first file, with `/`; it may begin with `../`."""
    text: str
    start: int
    """The offset of its first character in the text space."""

    @property
    def end(self) -> int:
        """The offset behind its last character."""
        return self.start + len(self.text)


class Sources:
    """Every text of a project. An offset into `text` says the file as well as the place in it."""

    __slots__ = ("_starts", "files", "text")

    def __init__(self, files: tuple[SourceFile, ...]) -> None:
        """`files` in order of place, each behind the line break that ends the one before it."""
        self.files = files
        self.text = files[0].text if len(files) == 1 else "\n".join(file.text for file in files)
        self._starts = [file.start for file in files]

    def file_at(self, offset: int) -> SourceFile:
        """The file whose text holds an offset."""
        return self.files[max(bisect_right(self._starts, offset) - 1, 0)]

    def home(self, span: Span) -> tuple[SourceFile, Span]:
        """The file of a span, and the span as offsets into the text of that file."""
        file = self.file_at(span.start)
        return file, span if not file.start else moved(span, -file.start)


def moved(span: Span, by: int) -> Span:
    """The span of the same text where it lies so many characters further on."""
    return Span(span.start + by, span.end + by)
