"""Where known secrets stand in any text: whole, or a long part of one.

Texts are searched by short pieces, so the time is linear in the text however many secrets there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from dockerlint.masking.names import is_like_name
from dockerlint.masking.places import Place
from dockerlint.model.secret.value import is_guessable
from dockerlint.regex import pattern

PART = 12
"""So many characters of a longer secret are never shown in a row."""
WHOLE = 8
"""A secret of so many characters is found wherever it stands; a shorter one only where a value stands."""
_FEWEST = 4
"""Shorter secrets are in too many words; their own places are all that is hidden."""
_PIECE = 8
_SEED = 4
_STEP = PART - _PIECE + 1
"""Every stretch of PART characters holds a whole piece at one of these steps, and every WHOLE one a seed."""
_TOKEN = pattern(r"[^\s\"'`=:@,;()\[\]{}<>|&]+")
# The value of a variable: `NAME=value`, `"NAME": value`; other keys of YAML give names to things.
_ASSIGNED = pattern(
    r"(?<![\w.-])(?:[\w.-]{1,99}=|[A-Z_][A-Z0-9_]{0,98}[\"']?[ \t]{0,9}:[ \t]{1,9})[\"']?([\w.-]{3,99})"
)
_GOES_ON = pattern(r"[^\s\"'`,;)\]}<|&…\\]")
_CUT = "…"
_SHORTEST_HEAD = 3
_LETTERS = 3
"""So many in front of a plain word, or behind it, are more of the same word."""


class Occurrences:
    """The secrets of a file by their pieces; `names` gives the names in it, which are left as they are."""

    def __init__(self, secrets: Iterable[str], names: Callable[[], set[str]]) -> None:
        self._names_of_file = names
        everything = set(secrets)
        # These are too common in other places than that of a value, or may be names of things there.
        self._common = {one for one in everything if is_guessable(one) or one.isdigit() or is_like_name(one)}
        known = self._known = {one for one in everything if len(one) >= _FEWEST and not is_guessable(one)}
        self._whole = {secret for secret in known if len(secret) >= WHOLE}
        self._tokens = {one for one in known if len(one) < WHOLE and not one.isdigit()}
        long = [secret for secret in self._whole if len(secret) >= PART]
        self._pieces = {one[at : at + _PIECE] for one in long for at in range(len(one) - _PIECE + 1)}
        self._short = {secret for secret in self._whole if len(secret) < PART}
        self._lengths = sorted({len(secret) for secret in self._short})
        self._seeds = {one[at : at + _SEED] for one in self._short for at in range(len(one) - _SEED + 1)}
        self._heads = {one[:size] for one in known for size in range(_SHORTEST_HEAD, min(len(one), PART))}

    def find(self, text: str) -> list[Place]:
        """All places, in any order; they may overlap."""
        found = list(self._parts(text)) if self._pieces else []
        if self._short:
            found += self._shorts(text)
        if self._tokens:
            found += self._values(text)
        if self._common and ("=" in text or ":" in text):
            found += self._assigned(text)
        if _CUT in text:
            found += self._cut(text)
        return found

    def _parts(self, text: str) -> Iterator[Place]:
        """Long secrets, and long parts of them."""
        pieces, done = self._pieces, 0
        for at in range(0, len(text) - _PIECE + 1, _STEP):
            if at >= done and text[at : at + _PIECE] in pieces:
                start, end = self._stretch(text, at)
                done = end - _PIECE + 1
                if end - start >= PART and not self._is_name(text[start:end]):
                    yield start, end

    def _stretch(self, text: str, at: int) -> Place:
        """As far as pieces of secrets follow one another."""
        pieces, start, end = self._pieces, at, at
        while start and text[start - 1 : start - 1 + _PIECE] in pieces:
            start -= 1
        while text[end + 1 : end + 1 + _PIECE] in pieces:
            end += 1
        return start, end + _PIECE

    def _is_name(self, stretch: str) -> bool:
        """It looks like a name, and is one, or a part of one where it is not a whole secret."""
        if not is_like_name(stretch.strip("-_.")):
            return False
        names, joined = self._names
        return stretch in names or (stretch not in self._known and stretch in joined)

    @cached_property
    def _names(self) -> tuple[set[str], str]:
        names = self._names_of_file()
        return names, "\n".join(names)

    def _shorts(self, text: str) -> Iterator[Place]:
        """Secrets of a dozen characters or fewer, those that touch as one."""
        seeds, short, low, high = self._seeds, self._short, 0, 0
        for at in range(0, len(text) - _SEED + 1, _STEP):
            if text[at : at + _SEED] not in seeds:
                continue
            for start, end in self._around(at):
                if _is_inside_word(text, start, end):
                    continue
                is_new = start < low or end > high
                if is_new and text[start:end] in short and not self._is_name(text[start:end]):
                    if start > high:
                        yield low, high
                        low = start
                    low, high = min(low, start), max(high, end)
        yield low, high

    def _around(self, at: int) -> list[Place]:
        """Where a secret could stand that holds the seed at an offset."""
        return [
            (start, start + length)
            for length in self._lengths
            for start in range(max(at + _SEED - length, 0), at + 1)
        ]

    def _values(self, text: str) -> Iterator[Place]:
        """Short secrets that stand alone; a plain word only where a value stands."""
        for match in _TOKEN.finditer(text):
            token = match[0].rstrip(".!?")
            if token in self._tokens and not self._is_name(token):
                start = match.start()
                if not (token.isalpha() and token.islower()) or _is_behind_sign(text, start):
                    yield start, start + len(token)

    def _assigned(self, text: str) -> Iterator[Place]:
        """Common words where a variable has them as its whole value."""
        for match in _ASSIGNED.finditer(text):
            start, end = match.span(1)
            if text[start:end] in self._common and not _GOES_ON.match(text, end):
                yield start, end

    def _cut(self, text: str) -> Iterator[Place]:
        """The beginnings of secrets right before the sign that a text is cut there."""
        at = text.find(_CUT)
        while at >= 0:
            for size in range(min(at, PART - 1), _SHORTEST_HEAD - 1, -1):
                if text[at - size : at] in self._heads:
                    yield at - size, at
                    break
            at = text.find(_CUT, at + 1)


def _is_inside_word(text: str, start: int, end: int) -> bool:
    """A plain word is part of a longer one (`opentelemetry`); a letter or two may be an option."""
    if not (text[start:end].isalpha() and text[start:end].islower()):
        return False
    around = text[max(start - _LETTERS, 0) : start], text[end : end + _LETTERS]
    return any(len(one) == _LETTERS and one.isalpha() for one in around)


def _is_behind_sign(text: str, start: int) -> bool:
    before = text[max(start - 3, 0) : start].rstrip(" ")
    return before[-1:] in ("=", ":") or text[start - 1 : start] in ("'", '"', "`")
