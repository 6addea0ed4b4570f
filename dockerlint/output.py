"""Where reports go: one to standard output, others to files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import TextIO

from dockerlint.records import dataclass, field
from dockerlint.report import Report, Style, open_report
from dockerlint.verdict import FileReport, Summary


class OutputError(Exception):
    """A report that cannot be written; the text names the file."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format and the file it goes to; "" is standard output."""

    name: str
    path: str = ""


@dataclass(slots=True)
class _Written:
    """One report under way."""

    report: Report
    stream: TextIO
    path: str = ""
    """The file to become, or the pipe or device; "" for a stream that is not ours to close."""
    name: str = ""
    """The path as the user wrote it."""


@dataclass(slots=True)
class Output:
    """All reports of a run, written as it goes. A run that fails leaves no file behind."""

    formats: Sequence[Format]
    stdout: TextIO
    style: Style
    _written: list[_Written] = field(default_factory=list)

    def __enter__(self) -> Output:
        try:
            for format in self.formats:
                self._written.append(self._opened(format))
        except OutputError:
            self._discard()
            raise
        self._write(lambda report: report.begin())
        return self

    def _opened(self, format: Format) -> _Written:
        if not format.path:
            return _Written(open_report(format.name, self.style), self.stdout)
        style = Style(quiet=self.style.quiet)
        path = os.path.realpath(format.path)
        return _Written(open_report(format.name, style), _open_for(path, format.path), path, format.path)

    def add(self, file: FileReport) -> None:
        """Write what every format says about one file."""
        self._write(lambda report: report.add(file))

    def end(self, summary: Summary) -> None:
        """Write the ends and put the files in place; raises OutputError."""
        self._write(lambda report: report.end(summary))
        self.stdout.flush()
        for written in self._written:
            if written.path:
                _put_in_place(written)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._discard()

    def _discard(self) -> None:
        """Remove what has not been put in place."""
        for written in self._written:
            if written.path and not written.stream.closed:
                _drop(written.stream, written.path)

    def _write(self, say: Callable[[Report], str]) -> None:
        for written in self._written:
            written.stream.write(say(written.report))


def _open_for(path: str, name: str) -> TextIO:
    """A new file beside `path`, to take its place at the end; a pipe or device keeps its place."""
    is_special = os.path.exists(path) and not os.path.isfile(path)
    target = path if is_special else f"{path}.{os.getpid()}.tmp"
    flags = os.O_WRONLY if is_special else os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        return open(
            target,
            "w",
            encoding="utf-8",
            errors="backslashreplace",
            newline="\n",
            opener=lambda name, _: os.open(name, flags, 0o666),
        )
    except OSError as error:
        raise OutputError(f"{name}: cannot be written: {error.strerror}") from error


def _put_in_place(written: _Written) -> None:
    try:
        written.stream.close()
        if written.stream.name != written.path:
            os.replace(written.stream.name, written.path)
    except OSError as error:
        _drop(written.stream, written.path)
        raise OutputError(f"{written.name}: cannot be written: {error.strerror}") from error


def _drop(stream: TextIO, path: str) -> None:
    """Leave no half of a report behind."""
    # What is wrong with the stream has been told.
    with suppress(OSError):
        stream.close()
    if stream.name != path:
        os.unlink(stream.name)


@dataclass(slots=True)
class Progress:
    """A count on the terminal for runs that take a while; nothing where standard error is no terminal."""

    stream: TextIO
    shown: bool = False
    _next: float = 0.0

    def tell(self, files: int, seconds: float) -> None:
        """Show how many files are done, ten times a second at most, and not before a second has passed."""
        if seconds > max(self._next, 1.0) and self.stream.isatty():
            self.stream.write(f"\r{files} files …")
            self.stream.flush()
            self.shown, self._next = True, seconds + 0.1

    def clear(self) -> None:
        """Leave no trace on the terminal."""
        if self.shown:
            self.stream.write("\r\x1b[K")
            self.stream.flush()
            self.shown = False


def style_for(stream: TextIO, colour: bool, quiet: bool) -> Style:
    """How a report looks on a stream: coloured on a terminal unless NO_COLOR or the user is against it."""
    wants_colour = colour and stream.isatty() and not os.environ.get("NO_COLOR")
    wants_colour = wants_colour and os.environ.get("TERM") != "dumb"
    encoding = (stream.encoding or "ascii").lower().replace("-", "").replace("_", "")
    return Style(wants_colour, quiet, not encoding.startswith("utf"))
