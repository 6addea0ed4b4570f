"""What a report says about each file, kept until the end and written with the worst file first."""

from __future__ import annotations

import marshal
from array import array
from collections.abc import Iterator
from io import BytesIO
from typing import IO, Final, NamedTuple

IN_MEMORY: Final = 200_000
"""Bytes that are held until they go to the disk."""


Lines = tuple[str | int, ...]
"""A number stands for an explanation that only the first file with it shows."""
Piece = str | tuple[int, str] | tuple[int, Lines, tuple[int, ...]]
"""A line; a heading and its depth; or a block of findings, the number of its like, and their severities."""


class FileText(NamedTuple):
    """What is said about one file."""

    path: str
    pieces: list[Piece]


class Ranking:
    """Keeps file texts by their rank. The file has no name, and goes when the process does."""

    def __init__(self) -> None:
        self._file: IO[bytes] = BytesIO()
        self._is_held = True
        self._places = array("Q")
        self._worst = array("q")
        self._counts = array("Q")

    def add(self, text: FileText, worst: int, count: int) -> None:
        """Keep the text of a file by its worst finding and their count; raises OSError for a full disk."""
        self._places.append(self._file.tell())
        self._worst.append(worst)
        self._counts.append(count)
        self._file.write(marshal.dumps(tuple(text)))
        if self._is_held and self._file.tell() > IN_MEMORY:
            self._move_to_disk()

    def __iter__(self) -> Iterator[FileText]:
        """All texts: the worst first, of the same the one with most findings, then by path."""
        order = sorted(range(len(self._places)), key=self._rank)
        for number in order:
            yield self._text(number)
        self._file.close()

    def _rank(self, number: int) -> tuple[int, int, str]:
        return -self._worst[number], -self._counts[number], self._text(number).path

    def _text(self, number: int) -> FileText:
        self._file.seek(self._places[number])
        return FileText(*marshal.load(self._file))

    def _move_to_disk(self) -> None:
        from tempfile import TemporaryFile

        held = self._file
        assert isinstance(held, BytesIO)
        self._file = TemporaryFile()  # noqa: SIM115
        self._file.write(held.getbuffer())
        self._is_held = False
