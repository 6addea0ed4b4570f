"""Words of a command line → flags and arguments, as the programs of Docker tell them apart.

Source: the package spf13/pflag, which docker, dockerd and podman read their command lines with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dockerlint.regex import pattern
from dockerlint.shell.words import Word
from dockerlint.text import Span
from dockerlint.values import UNRESOLVED, Unknown

_EXPANSION = pattern(r"\$(?:\{(?:[^{}]|\{[^{}]*\})*\}|\(\([^()]*\)\)|\([^()]*\)|\w+|[@*#?$!-])")


class FlagSpec(NamedTuple):
    """One flag of a program."""

    key: str
    """What it is about, whatever its spelling."""
    takes_value: bool
    """A value follows; else it is a switch, and a value follows only behind `=`."""


class GivenFlag(NamedTuple):
    """One flag as it was given."""

    key: str
    """The key of its spec; "" for a flag that nobody knows."""
    name: str
    """As written, with its dashes: `--publish`, `-p`."""
    value: str
    """Its value, `true` for a switch; UNRESOLVED may stand inside."""
    value_span: Span
    """The value alone; for a switch the flag."""
    span: Span
    """GivenFlag and value together."""


class ReadLine(NamedTuple):
    """The words behind a program or subcommand."""

    flags: tuple[GivenFlag, ...]
    arguments: tuple[Word, ...]
    """From the first word on that is neither a flag nor the value of one."""
    is_partial: bool
    """A variable may bring more flags, or one is there that nobody knows."""


def value_of(word: Word) -> str:
    """The text of a word, UNRESOLVED for every expansion in it."""
    return _EXPANSION.sub(UNRESOLVED, word.text) if isinstance(word.value, Unknown) else word.text


def read_flags(words: Sequence[Word], specs: Mapping[str, FlagSpec], text: str) -> ReadLine:
    """Tell flags and arguments of words of a text apart; flags end at the first argument."""
    return _FlagReader(words, specs, text).read()


class _FlagReader:
    """One command line on its way through."""

    def __init__(self, words: Sequence[Word], specs: Mapping[str, FlagSpec], text: str) -> None:
        self._words = words
        self._text = text
        self._specs = specs
        self._at = 0
        self._flags: list[GivenFlag] = []
        self._is_partial = False

    def read(self) -> ReadLine:
        while self._at < len(self._words):
            word = self._words[self._at]
            text = value_of(word)
            if text == "--":
                self._at += 1
                break
            if self._may_be_flags(word, text):
                self._is_partial = True
            elif len(text) < 2 or text[0] != "-":
                break
            elif text.startswith("--"):
                self._long(word, text)
            else:
                self._cluster(word, text)
            self._at += 1
        return ReadLine(tuple(self._flags), tuple(self._words[self._at :]), self._is_partial)

    def _may_be_flags(self, word: Word, text: str) -> bool:
        """A variable without quotes that has other words behind it: `docker run $OPTIONS image`."""
        is_bare = self._text[word.span.start : word.span.start + 1] != '"'
        return text == UNRESOLVED and is_bare and self._at + 1 < len(self._words)

    def _long(self, word: Word, text: str) -> None:
        name, equals, value = text.partition("=")
        spec = self._specs.get(name)
        if equals:
            self._add(spec, name, value, word.after(len(name) + 1).span, word.span)
        elif spec is None or not spec.takes_value:
            self._add(spec, name, "true", word.span, word.span)
        else:
            self._with_next(spec, name, word)

    def _cluster(self, word: Word, text: str) -> None:
        """`-it`, `-p80:80`, `-itu root`: switches, and at the end one that may take a value."""
        for at in range(1, len(text)):
            name, rest = f"-{text[at]}", text[at + 1 :]
            spec = self._specs.get(name)
            if rest.startswith("=") and (at == 1 or spec is None or spec.takes_value):
                self._add(spec, name, rest[1:], word.after(at + 2).span, word.span)
                return
            if spec is None or not spec.takes_value:
                self._add(spec, name, "true", word.between(at, at + 1).span, word.span)
            elif rest:
                self._add(spec, name, rest, word.after(at + 1).span, word.span)
                return
            else:
                self._with_next(spec, name, word)

    def _with_next(self, spec: FlagSpec, name: str, word: Word) -> None:
        """A flag whose value is the next word; without one the program refuses the line."""
        if self._at + 1 == len(self._words):
            self._is_partial = True
            return
        self._at += 1
        value = self._words[self._at]
        span = word.span._replace(end=value.span.end)
        self._add(spec, name, value_of(value), value.between(0, len(value.text)).span, span)

    def _add(self, spec: FlagSpec | None, name: str, value: str, place: Span, span: Span) -> None:
        self._is_partial |= spec is None
        self._flags.append(GivenFlag("" if spec is None else spec.key, name, value, place, span))
