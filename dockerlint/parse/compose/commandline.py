"""A command in one string, as Compose splits it into words: no shell reads it.

The package go-shellwords, as compose-go calls it: quotes and backslashes mean what they mean to a shell,
nothing is expanded, and from the first `;`, `&`, `|`, `<` or `>` on all is dropped.
https://docs.docker.com/reference/compose-file/services/#command
"""

from __future__ import annotations

from typing import NamedTuple

from dockerlint.regex import pattern
from dockerlint.shell.sourcemap import Places, SourcePiece
from dockerlint.shell.words import Word
from dockerlint.values import UNKNOWN

# A run of characters that mean themselves, else one that may not.
_TOKEN = pattern(r"""[^ \t\r\n\\`()"';&|<>]+|[\s\S]""")
_BLANKS = frozenset(" \t\r\n")
_OPERATORS = frozenset(";&|<>")
_SHUT_UP = {"'": '"(', '"': "'(", "`": "'\"(", "(": "'\"`", ")": "'\"`"}
"""By character: what it means nothing in."""


class CommandLine(NamedTuple):
    """The words of a command that stands in one string."""

    words: tuple[Word, ...]
    cut: int | None
    """Where the text begins that Compose drops; None where it drops none."""
    is_refused: bool
    """A quote or a parenthesis is not closed."""
    pieces: dict[int, list[SourcePiece]]
    """By the place of a word: where its characters stand."""


_REFUSED = CommandLine((), None, True, {})


def split_command(places: Places) -> CommandLine:
    """Read the string; what stands in place of an open variable is a part of a word, whatever it holds."""
    return _Splitter(places).split()


class _Splitter:
    def __init__(self, places: Places) -> None:
        self.places = places
        self.text = places.text
        self.words: list[Word] = []
        self.pieces: list[SourcePiece] = []
        """What the open word holds so far."""
        self.found: dict[int, list[SourcePiece]] = {}
        self.start = -1
        """Where the open word begins; -1 where none is open."""
        self.counts = False
        """The open word is one, even when it is empty."""
        self.open: set[str] = set()
        """What is not closed: the quotes ' and " and `, and ( for `$(`."""

    def split(self) -> CommandLine:
        at = 0
        while match := _TOKEN.match(self.text, at):
            token, begin, at = match[0], at, match.end()
            if self.places.is_open(begin, at):
                self._add(token, begin)
            elif token in _BLANKS and not self.open:
                self._end_word(begin)
            elif token in _OPERATORS and not self.open:
                return self._cut(token, begin)
            elif token == "\\" and "'" not in self.open:
                if at == len(self.text):
                    return _REFUSED
                self._add(self.text[at], at)
                at += 1
            elif token == "(" and self._opens_nothing():
                return _REFUSED
            elif not self._quotes(token, begin):
                self._add(token, begin)
        self._end_word(at)
        return _REFUSED if self.open else CommandLine(tuple(self.words), None, False, self.found)

    def _quotes(self, token: str, at: int) -> bool:
        """Open or close what a token opens or closes; whether the token is no part of the word."""
        if not self.open.isdisjoint(_SHUT_UP.get(token, "")):
            return False
        if token in _SHUT_UP:
            kind = "(" if token == ")" else token
            self.open ^= {kind}
        if token not in ("'", '"'):
            return False
        self.start = at if self.start < 0 else self.start
        self.counts = self.counts or token not in self.open
        return True

    def _opens_nothing(self) -> bool:
        """A parenthesis outside of quotes that stands behind no dollar."""
        if not self.open.isdisjoint(_SHUT_UP["("]):
            return False
        return "(" in self.open or not (self.pieces and self.pieces[-1].text.endswith("$"))

    @property
    def _text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    def _add(self, text: str, at: int) -> None:
        self.start = at if self.start < 0 else self.start
        self.pieces += self.places.pieces(at, at + len(text))
        self.counts = True

    def _end_word(self, end: int) -> None:
        if self.counts:
            text, span = self._text, self.places.span(self.start, end)
            is_open = self.places.is_open(self.start, end)
            self.words.append(Word(UNKNOWN if is_open else text, text, span))
            self.found[span.start] = self.pieces
        self.pieces, self.start, self.counts = [], -1, False

    def _cut(self, operator: str, at: int) -> CommandLine:
        """End at an operator; a word that begins with a digit is taken for the number in front of `>`."""
        first = self._text[:1]
        self.counts = self.counts and not (operator == ">" and first.isdecimal() and first.isascii())
        self._end_word(at)
        return CommandLine(tuple(self.words), at, False, self.found)
