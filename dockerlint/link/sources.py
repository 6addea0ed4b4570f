"""The texts of a project, laid one behind the other in one text space."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
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

    def holds(self, span: Span) -> bool:
        """Whether a span of the text space lies in this text."""
        return not span.source and self.start <= span.start and span.end <= self.end

    def local(self, span: Span) -> Span:
        """A span of the text space as offsets into this text."""
        return moved(span, -self.start) if self.start else span


class Sources:
    """Every text of a project. An offset into `text` says the file as well as the place in it."""

    def __init__(self, files: tuple[SourceFile, ...]) -> None:
        """`files` in order of place, each behind the line break that ends the one before it."""
        self.files = files
        self.text = files[0].text if len(files) == 1 else "\n".join(file.text for file in files)
        self._starts = [file.start for file in files]

    @cached_property
    def _first_of_path(self) -> dict[str, int]:
        """Where the text of each path lies first."""
        return {file.path: file.start for file in reversed(self.files)}

    def file_at(self, offset: int) -> SourceFile:
        """The file whose text holds an offset."""
        return self.files[max(bisect_right(self._starts, offset) - 1, 0)]

    def home(self, span: Span) -> tuple[SourceFile, Span]:
        """The file of a span, and the span as offsets into the text of that file."""
        file = self.file_at(span.start)
        return file, file.local(span)

    def is_repeated(self, file: SourceFile) -> bool:
        """Whether the same file lies there before, because it is read with two settings."""
        return bool(file.start) and self._first_of_path[file.path] != file.start


def alone(text: str, path: str = "") -> Sources:
    """A text that stands for itself."""
    return Sources((SourceFile(path, text, 0),))


def moved(span: Span, by: int) -> Span:
    """The span of the same text where it lies so many characters further on."""
    return Span(span.start + by, span.end + by)
