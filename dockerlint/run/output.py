"""Where reports go: one to standard output, others to files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from io import TextIOWrapper
from types import TracebackType
from typing import TextIO

from dockerlint.errors import UserError
from dockerlint.report import Report, Style, open_report
from dockerlint.report.results import FileReport
from dockerlint.report.screen import complaint, harmless
from dockerlint.report.summary import Summary
from dockerlint.ruleset.stored.inforce import facts_in_force
from dockerlint.workspace.door import Project, Unreadable
from dockerlint.workspace.roots import repository_top
from dockerlint.workspace.target import Target


class OutputError(UserError):
    """A report that cannot be written; the text names the file."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format and the file it goes to; "" is standard output."""

    name: str
    path: str = ""

    @property
    def is_for_people(self) -> bool:
        """It goes to the screen, and more may be said behind it."""
        return not self.path and self.name in ("text", "checklist", "statistics")


@dataclass(slots=True)
class _OpenReport:
    """One report under way."""

    report: Report
    stream: TextIO
    target: Target | None = None
    """What it becomes; None for a stream that is not ours to close."""
    name: str = ""
    """The path as the user wrote it."""


@dataclass(slots=True)
class Output:
    """All reports of a run, written as it goes. A run that fails leaves no file behind."""

    formats: Sequence[Format]
    stdout: TextIO
    style: Style
    project_of: Project = repository_top
    """Finds the project of a folder, out of which no link leads a report."""
    opened_by: Callable[[str, Style], Report] = open_report
    """Makes a report by the name of its format."""
    reveal: bool = False
    """Files get reports that show secrets, and are made for the user alone; the screen never does."""
    _written: list[_OpenReport] = field(default_factory=list)
    _targets: list[Target] = field(default_factory=list)
    """All files to be, known before they are made: a run may be ended at any time."""

    def __enter__(self) -> Output:
        return self

    def begin(self) -> None:
        """Open everything and write the beginnings; raises OutputError."""
        for format in self.formats:
            self._written.append(self._opened(format))
        self._write(lambda report: report.begin())

    def _opened(self, format: Format) -> _OpenReport:
        if not format.path:
            return _OpenReport(self.opened_by(format.name, self.style), self.stdout)
        style = Style(quiet=self.style.quiet)
        target = Target()
        self._targets.append(target)
        stream = _open(target, format.path, self.project_of, self.reveal)
        return _OpenReport(self.opened_by(format.name, style), stream, target, format.path)

    def add(self, file: FileReport) -> None:
        """Write what every format says about one file."""
        masked = file if file.revealed is None else file._replace(revealed=None)
        for written in self._written:
            shown = (file.revealed or file) if written.target is not None else masked
            written.stream.write(written.report.add(shown))

    def end(self, summary: Summary) -> None:
        """Write the ends and put the files in place; raises OutputError."""
        self._write(lambda report: report.end(summary))
        self.stdout.flush()
        for written in self._written:
            if written.target is not None:
                _put_in_place(written.stream, written.target, written.name)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._discard()

    def _discard(self) -> None:
        """Remove what has not been put in place."""
        for written in self._written:
            if written.target is not None:
                _close(written.stream)
        for target in self._targets:
            target.discard()

    def _write(self, say: Callable[[Report], Iterable[str]]) -> None:
        for written in self._written:
            try:
                said = say(written.report)
                written.stream.writelines([said] if isinstance(said, str) else said)
            except OSError as error:
                if written.target is None:
                    raise
                raise OutputError(f"{written.name}: cannot be written: {error.strerror}") from error


def _open(target: Target, name: str, project_of: Project, is_private: bool) -> TextIO:
    """What writes a file to be; raises OutputError."""
    try:
        binary = os.fdopen(target.open(name, project_of, is_private), "wb")
        return TextIOWrapper(binary, encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise OutputError(f"{name}: cannot be written: {error.strerror}") from error
    except Unreadable as error:
        raise OutputError(f"{name}: cannot be written: {error}") from error
    except ValueError as error:
        raise OutputError(f"{name!r}: cannot be written: not a path") from error


def _put_in_place(stream: TextIO, target: Target, name: str) -> None:
    try:
        stream.close()
        target.put_in_place()
    except OSError as error:
        raise OutputError(f"{name}: cannot be written: {error.strerror}") from error


def _close(stream: TextIO) -> None:
    # What is wrong with the stream has been told.
    with suppress(OSError):
        stream.close()


@dataclass(slots=True)
class Progress:
    """A count on the terminal for runs that take a while; nothing where standard error is no terminal."""

    stream: TextIO
    shown: bool = False
    _next: float = 0.0

    def tell(self, files: int, seconds: float) -> None:
        """Show how many files are done, not before a second has passed.

        It is renewed ten times a second; what a report had to clear stands there again at once.
        """
        if seconds > (max(self._next, 1.0) if self.shown else 1.0) and self.stream.isatty():
            self.stream.write(f"\r{files} files …")
            self.stream.flush()
            self.shown, self._next = True, seconds + 0.1

    def interrupt(self, line: str) -> None:
        """Say something that is no count."""
        self.clear()
        self.stream.write(complaint(line))

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


def tell_of_facts(today: date | None, people: TextIO | None, stderr: TextIO) -> None:
    """Tell people that the facts about images are old, and in any case why stored ones are not used."""
    told = facts_in_force()
    if told.trouble:
        stderr.write(complaint(told.trouble))
    if people is not None and (age := told.old_age(today or date.today())):
        people.write(harmless(f"warning: {age}\n"))
