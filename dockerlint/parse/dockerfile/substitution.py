"""What `${NAME#pattern}`, `${NAME%pattern}` and `${NAME/pattern/text}` make of a value.

Source: moby/buildkit frontend/dockerfile/shell/lex.go (trimPrefix, trimSuffix, convertShellPatternToRegex).
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

LONGEST: Final = 256
"""Characters of a value, and of a pattern, that are looked at; more is no version and no name."""
MOST_STARS: Final = 3
"""Wildcards of a pattern that are tried; the work grows with each."""


class Substitution(NamedTuple):
    """One change of a value."""

    mark: str
    """`#` at its beginning, `%` at its end, `/` in it."""
    is_doubled: bool
    """`##` and `%%` take the longest match, `//` every one."""
    wanted: str
    """The pattern, in which `*` and `?` are wildcards and a backslash protects."""
    text: str = ""
    """What takes the place of the match."""

    def of(self, value: str) -> str | None:
        """The changed value; None where finding it would take too long."""
        if max(len(value), len(self.wanted)) > LONGEST or self.wanted.count("*") > MOST_STARS:
            return None
        if self.mark == "/":
            found = _pattern(self.wanted, is_greedy=True)
            return found.sub(lambda _: self.text, value, count=0 if self.is_doubled else 1)
        if self.mark == "#":
            matched = _pattern(self.wanted, is_greedy=self.is_doubled).match(value)
            return value[matched.end() :] if matched else value
        return value[: self._suffix(value)]

    def _suffix(self, value: str) -> int:
        """Where the end of the value begins that the pattern matches."""
        found = _pattern(self.wanted, is_greedy=True)
        places = range(len(value) + 1)
        starts = places if self.is_doubled else reversed(places)
        return next((start for start in starts if found.fullmatch(value, start)), len(value))


def _pattern(text: str, *, is_greedy: bool) -> re.Pattern[str]:
    parts: list[str] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char == "\\" and at + 1 < len(text):
            at += 1
            parts.append(re.escape(text[at]))
        else:
            parts.append({"*": ".*" if is_greedy else ".*?", "?": "."}.get(char) or re.escape(char))
        at += 1
    return re.compile("".join(parts), re.DOTALL)
