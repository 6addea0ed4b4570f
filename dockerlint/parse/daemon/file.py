"""A text of kind `daemon`: daemon.json, docker info, or what starts dockerd, such as a unit of systemd."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dockerlint.images.facts import Knowledge
from dockerlint.json.reader import read_json
from dockerlint.kinds import TextOf, nobody
from dockerlint.model.daemon.daemon import Daemon, DaemonFile
from dockerlint.model.secret.credential import find_credentials
from dockerlint.parse.daemon.configuration import read_daemon
from dockerlint.parse.daemon.info import is_info, read_info
from dockerlint.parse.daemon.infotext import info_of_text, is_info_text
from dockerlint.parse.daemon.schema import daemon_file, keys
from dockerlint.parse.literal import LiteralValues
from dockerlint.regex import pattern
from dockerlint.syntax import Problem
from dockerlint.text import Span
from dockerlint.yaml.nodes import Mapping, Node
from dockerlint.yaml.shape import ShapeChecker

_STARTED: Final = pattern(r"\A\s*(?!\{)[\s\S]*?(?<![\w.\"-])dockerd(?![\w.\"-])")
"""A text that is no object and speaks of the program."""


def parse_daemon(text: str, knowledge: Knowledge, text_of: TextOf = nobody) -> DaemonFile:
    """Read one text. Never raises: what the daemon would refuse is a Problem."""
    daemons, problems = _read(text, knowledge)
    return DaemonFile(
        daemons=daemons,
        credentials=find_credentials(text),
        problems=problems,
        span=Span(0, len(text)),
    )


def _read(text: str, knowledge: Knowledge) -> tuple[tuple[Daemon, ...], tuple[Problem, ...]]:
    if is_info_text(text):
        values = LiteralValues(text)
        return (read_info([info_of_text(text)], values, knowledge.today),), tuple(values.problems)
    return _of_commands(text) if is_command(text) else _of_json(text, knowledge)


def is_command(text: str) -> bool:
    """Whether a text starts a daemon; else it is daemon.json."""
    return _STARTED.search(text) is not None


def _of_json(text: str, knowledge: Knowledge) -> tuple[tuple[Daemon, ...], tuple[Problem, ...]]:
    values, read = LiteralValues(text), read_json(text)
    answers = [one for one in read.values if isinstance(one, Mapping) and is_info(one)]
    if answers and len(answers) == len(read.values):
        return (read_info(answers, values, knowledge.today),), (*read.problems, *values.problems)
    problems = [*read.problems, *_misfits(read.values, text)]
    daemons = tuple(
        read_daemon(one, values, Span(one.span.start, one.span.start + 1))
        for one in read.values
        if isinstance(one, Mapping)
    )
    return daemons, (*problems, *values.problems)


def _misfits(found: tuple[Node, ...], text: str) -> Iterator[Problem]:
    """What JSON that can be read says and the daemon refuses."""
    if not found and not text.strip("\ufeff \t\r\n"):
        yield Problem("json-syntax", "the file is empty", "write {} for no settings", True, Span(0, 0))
    for number, one in enumerate(found):
        if number or not isinstance(one, Mapping):
            place = Span(one.span.start, min(one.span.start + 1, one.span.end))
            yield Problem("not-an-object", "daemon.json must be one object", "", True, place)
            continue
        checker = ShapeChecker()
        checker.check(one, daemon_file(), "daemon.json")
        yield from checker.problems
        yield from _removed(one)


def _removed(body: Mapping) -> Iterator[Problem]:
    for key, entry in body.entries.items():
        row = keys().get(key, {})
        if "removed" in row:
            message = f"{key} is refused since Docker {row['removed']}"
            yield Problem("removed-key", message, f"use {row['instead']}", True, entry.key.span)


def _of_commands(text: str) -> tuple[tuple[Daemon, ...], tuple[Problem, ...]]:
    from dockerlint.parse.daemon.commands import read_daemons

    values = LiteralValues(text)
    return tuple(read_daemons(text, values)), tuple(values.problems)
