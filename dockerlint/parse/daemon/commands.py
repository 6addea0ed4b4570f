"""Lines that start dockerd: `ps` prints them, and units of systemd hold them behind ExecStart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from dockerlint.model.command.command import Command
from dockerlint.model.daemon.daemon import Daemon
from dockerlint.parse.commands import parse_shell
from dockerlint.parse.daemon.configuration import read_daemon
from dockerlint.parse.daemon.schema import dockerd_flags, keys
from dockerlint.parse.flags import GivenFlag, ReadLine, read_flags
from dockerlint.parse.literal import LiteralValues
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.yaml.nodes import Entry, Mapping, Node, Scalar, Sequence

_START: Final = pattern(r"(?m)(?<![\w.-])dockerd(?=[ \t]|\\?\r?$)(?:[^\r\n\\]|\\(?:\r?\n|.)|\\\Z)*")
"""The program and the rest of its line, continued lines included."""
_COMMENT: Final = pattern(r"[ \t]*[#;]")
_LISTS: Final = ("strings", "any")


class DaemonLine(NamedTuple):
    """One command that starts a daemon."""

    place: Span
    """The program."""
    command: Command
    line: ReadLine
    is_unit: bool
    """A unit of systemd holds it; else it is told, and cannot be changed there."""


def daemon_lines(text: str) -> Iterator[DaemonLine]:
    """Every line of the text that starts a daemon."""
    for match in _START.finditer(text):
        line_start = text.rfind("\n", 0, match.start()) + 1
        commands = () if _COMMENT.match(text, line_start) else parse_shell(match[0], match.start())
        if commands:
            line = read_flags(commands[0].words[1:], dockerd_flags(), text)
            place = Span(match.start(), match.start() + len("dockerd"))
            yield DaemonLine(place, commands[0], line, text.startswith("ExecStart", line_start))


def read_daemons(text: str, values: LiteralValues) -> Iterator[Daemon]:
    """Every daemon that a line of the text starts."""
    for one in daemon_lines(text):
        yield read_daemon(_as_keys(one.line, one.command.span), values, one.place, is_command=True)


def _as_keys(line: ReadLine, span: Span) -> Mapping:
    """What the flags say, in the words of daemon.json; a file beside the command may say more."""
    grouped: dict[str, list[GivenFlag]] = {}
    for flag in line.flags:
        grouped.setdefault(flag.key, []).append(flag)
    entries = {key: _entry(key, flags) for key, flags in grouped.items() if key}
    return Mapping(entries, span, is_partial=line.is_partial or bool(line.arguments))


def _entry(key: str, flags: list[GivenFlag]) -> Entry:
    last, kind = flags[-1], keys()[key]["type"]
    name = Scalar(key, last.span)
    if kind in _LISTS:
        return Entry(name, Sequence(tuple(map(_scalar, flags)), _around(flags)), last.span)
    value: Node = _pairs(flags) if kind in ("map", "flags") else _scalar(last)
    return Entry(name, value, last.span)


def _scalar(flag: GivenFlag) -> Scalar:
    return Scalar(flag.value, flag.value_span)


def _pairs(flags: list[GivenFlag]) -> Mapping:
    """`--log-opt NAME=VALUE`, each of them once."""
    entries: dict[str, Entry] = {}
    for flag in flags:
        name, _, value = flag.value.partition("=")
        start, end = flag.value_span[:2]
        is_literal = end - start == len(flag.value)
        place = Span(start + len(name) + 1, end) if is_literal else flag.value_span
        key = Scalar(name, Span(start, start + len(name)) if is_literal else flag.value_span)
        entries[name] = Entry(key, Scalar(value, place), flag.value_span)
    return Mapping(entries, _around(flags))


def _around(flags: Iterable[GivenFlag]) -> Span:
    spans = [flag.span for flag in flags]
    return Span(spans[0].start, spans[-1].end)
