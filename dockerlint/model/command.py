"""Commands of a shell, as RUN, CMD, ENTRYPOINT, HEALTHCHECK and Compose give them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from dockerlint.model.shared import Unknown
from dockerlint.text import Span


class Word(NamedTuple):
    """One word of a command after quote removal; value UNKNOWN when it holds an expansion."""

    value: str | Unknown
    text: str
    """Quotes and continuations taken out, `$VAR` as written, a command substitution as `${…}`."""
    span: Span


class Option(NamedTuple):
    """`-y`, `--name`, `--name=value` or `--name value`; clusters such as `-qy` are split."""

    name: str
    value: Word | None
    span: Span


class Redirection(NamedTuple):
    """`> file`, `2>&1`, `<<EOF`: for a heredoc or a here-string the target is the text that is read."""

    operator: str
    target: Word


@dataclass(frozen=True, slots=True)
class Command:
    """One simple command."""

    KINDS: ClassVar = ("command",)
    CHILDREN: ClassVar = ()

    program: str | Unknown
    """Base name of the first word: `apt-get` for `/usr/bin/apt-get`; "" for a bare assignment."""
    words: tuple[Word, ...]
    """The program and everything after it, redirections and assignments left out."""
    span: Span = field(compare=False)
    assignments: tuple[tuple[str, Word], ...] = ()
    """`NAME=value` in front of the program."""
    redirections: tuple[Redirection, ...] = ()
    wrappers: tuple[str, ...] = ()
    """Programs that were only asked to run this one, outermost first: `sudo`, `env`, `bash` …"""
    reader: Command | None = field(default=None, compare=False, repr=False)
    """The command that reads its output through a pipe."""
    holder: Command | None = field(default=None, compare=False, repr=False)
    """The command that has its output as a word: `$(…)`, backticks or `<(…)`."""
