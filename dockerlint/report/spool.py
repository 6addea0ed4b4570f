"""Lines that a report writes last: on disk once they are many, so that a long run needs no more memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Final

IN_MEMORY: Final = 200_000
"""Characters that are held until they go to the disk."""


class Spool:
    """Keeps lines in their order. The file has no name, and goes when the process does."""

    def __init__(self) -> None:
        self._held: list[str] = []
        self._size = 0
        self._file: IO[str] | None = None

    def add(self, line: str) -> None:
        """Keep one line, which holds no line break; raises OSError where the disk is full."""
        self._held.append(line)
        self._size += len(line)
        if self._size > IN_MEMORY:
            self._write()

    def __iter__(self) -> Iterator[str]:
        """All lines; the first to read them is the last."""
        if self._file is not None:
            self._write()
            self._file.seek(0)
            yield from (line.rstrip("\n") for line in self._file)
            self._file.close()
        yield from self._held

    def _write(self) -> None:
        if self._file is None:
            from tempfile import TemporaryFile

            self._file = TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115
        self._file.writelines(f"{line}\n" for line in self._held)
        self._held, self._size = [], 0
