"""`docker run`, `docker create` and their like among the commands of a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from dockerlint.data import table, word_table
from dockerlint.model.command.command import Command
from dockerlint.parse.flags import FlagSpec, ReadLine, read_flags
from dockerlint.shell.words import Word
from dockerlint.text import Span


class RunLine(NamedTuple):
    """One command that makes a container."""

    place: Span
    """Program and subcommand: `docker run`."""
    span: Span
    """All of the command."""
    line: ReadLine
    """What follows the subcommand; the first argument is the image."""

    @property
    def image(self) -> Word | None:
        """The image."""
        return self.line.arguments[0] if self.line.arguments else None


def run_lines(commands: Iterable[Command], text: str) -> Iterator[RunLine]:
    """Every such command of a text, in its order, each once."""
    seen: set[int] = set()
    for command in commands:
        found = _read(command, text)
        if found is not None and found.place.start not in seen:
            seen.add(found.place.start)
            yield found


def _read(command: Command, text: str) -> RunLine | None:
    subcommands = word_table("run", "run-programs").get(str(command.program))
    if subcommands is None:
        return None
    rest = read_flags(command.words[1:], specs("client-flags"), text).arguments
    if rest and rest[0].value == "container":
        rest = rest[1:]
    if not rest or rest[0].value not in subcommands:
        return None
    place = Span(command.words[0].span.start, rest[0].span.end)
    return RunLine(
        place, Span(place.start, command.words[-1].span.end), read_flags(rest[1:], specs("run-flags"), text)
    )


@cache
def specs(name: str) -> dict[str, FlagSpec]:
    """The flags of a table by their spelling; the key of each is its long form."""
    found: dict[str, FlagSpec] = {}
    for flag, row in flag_rows(name).items():
        spec = FlagSpec(flag, row["form"] not in ("switch", "health-off"))
        found |= dict.fromkeys([flag, *([row["short"]] if "short" in row else [])], spec)
    return found


@cache
def flag_rows(name: str) -> dict[str, dict[str, Any]]:
    """The rows of a table of flags by their long forms."""
    return table("run", name)
