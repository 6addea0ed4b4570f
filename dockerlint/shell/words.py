"""The parts of a command: words, options, redirections."""

from __future__ import annotations

from typing import NamedTuple

from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Unknown


class Word(NamedTuple):
    """One word of a command after quote removal; value UNKNOWN when it holds an expansion."""

    value: str | Unknown
    """Its text without quotes."""
    text: str
    """Quotes and continuations taken out, `$VAR` as written, a command substitution as `${…}`."""
    span: Span

    def after(self, count: int) -> Word:
        """The word without its first `count` characters; all of the span where offsets inside it are lost."""
        text = self.text[count:]
        is_literal = not isinstance(self.value, Unknown) or "$" not in text
        return Word(text if is_literal else UNKNOWN, text, self._part(count, len(self.text)))

    def first(self, count: int) -> Word:
        """The first `count` characters of the word."""
        text = self.text[:count]
        is_literal = not isinstance(self.value, Unknown) or "$" not in text
        return Word(text if is_literal else UNKNOWN, text, self._part(0, count))

    def between(self, start: int, end: int) -> Word:
        """The characters from `start` up to `end`, without a copy of what follows them."""
        text = self.text[start:end]
        is_literal = not isinstance(self.value, Unknown) or "$" not in text
        return Word(text if is_literal else UNKNOWN, text, self._part(start, end))

    def _part(self, start: int, end: int) -> Span:
        """Span of `text[start:end]` where every character stands for itself, one pair of quotes apart."""
        quotes = self.span.end - self.span.start - len(self.text)
        if quotes not in (0, 2):
            return self.span
        first = self.span.start + quotes // 2
        return self.span._replace(start=first + start, end=first + end)


class Option(NamedTuple):
    """`-y`, `--name`, `--name=value` or `--name value`; clusters such as `-qy` are split."""

    name: str
    """Its name with the dashes."""
    value: Word | None
    span: Span
    """The word that holds the option."""


class Redirection(NamedTuple):
    """`> file`, `2>&1`, `<<EOF`: for a heredoc or a here-string the target is the text that is read."""

    operator: str
    """`>`, `2>&1`, `<<` and the like."""
    target: Word
