"""Text that a command writes into a file: echo, printf and cat with a redirection or through tee."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from dockerlint.data import records
from dockerlint.shell.command import SimpleCommand
from dockerlint.text import Span
from dockerlint.values import Located

_WRITERS = frozenset({"echo", "printf", "cat", "tee"})
_OUTPUTS = frozenset({">", ">>", ">|", "&>", "&>>"})


class Written(NamedTuple):
    """A piece of text and the file it goes to."""

    path: str
    text: str
    span: Span


# Ends of the path, and the line that switches the check off; compiled when a command writes such a file.
_Table = tuple[tuple[tuple[str, ...], str], ...]


def _settings(name: str) -> _Table:
    return tuple((tuple(row["files"]), row["line"]) for row in records("commands", name))


_TLS_OFF: Final = _settings("tls-off-settings")
_UNSIGNED: Final = _settings("unsigned-settings")


def written(command: SimpleCommand) -> tuple[Written, ...]:
    """What the text shows of the content a command writes, with the path it goes to."""
    if command.tool not in _WRITERS:
        return ()
    path = _path(command)
    if not path:
        return ()
    if command.tool in ("echo", "printf"):
        words = [word for word in command.words[1:] if word.text[:1] != "-" or len(word.text) > 3]
        if not words:
            return ()
        text = " ".join(word.text for word in words).replace("\\n", "\n")
        return (Written(path, text, words[0].span._replace(end=words[-1].span.end)),)
    return tuple(
        Written(path, entry.target.text, entry.target.span)
        for entry in command.redirections
        if entry.operator in ("<<", "<<-", "<<<")
    )


def _path(command: SimpleCommand) -> str:
    for entry in command.redirections:
        if entry.operator in _OUTPUTS:
            return entry.target.text
    tee = command if command.tool == "tee" else command.reader
    if tee is not None and tee.tool == "tee" and tee.arguments:
        return tee.arguments[0]
    return ""


def tls_off_in_file(command: SimpleCommand) -> Located[str] | None:
    """A line written into a program's configuration that makes it accept any certificate."""
    return _line(command, _TLS_OFF)


def signatures_off_in_file(command: SimpleCommand) -> Located[str] | None:
    """A line written into the configuration of a package manager that makes it skip signatures."""
    return _line(command, _UNSIGNED)


def _line(command: SimpleCommand, table: _Table) -> Located[str] | None:
    for path, text, span in written(command):
        for names, pattern in table:
            if is_named(path, names) and re.search(pattern, text):
                return Located(path, span)
    return None


def is_named(path: str, names: tuple[str, ...]) -> bool:
    """By the end of the path; the empty name stands for the folder of apt's settings."""
    return any(path.endswith(name) if name else "apt.conf.d/" in path for name in names)
