"""The regular expressions that users' rules may hold: which they are, and how Python and RE2 spell each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from dockerlint.ruleset.patternreader import PatternError, Reader


class UserPattern(NamedTuple):
    """A regular expression of a user's rule."""

    expression: str
    rule: str
    """The id of that rule."""


def risk_of(expression: object) -> Iterator[str]:
    """Say why an expression is refused: not of the common syntax, too large, or exponential in Python."""
    if not isinstance(expression, str):
        yield "'matches' takes a regular expression"
        return
    try:
        reader = Reader(expression, "")
        reader.read()
        if reader.nests:
            yield "a repeat inside a repeat can take exponential time if RE2 is not installed; unnest it"
    except PatternError as error:
        yield f"not a regular expression that rules can have: {error}"


def python_spelling(expression: str) -> str:
    """The expression for Python's `re` with the flag ASCII; raises PatternError."""
    return Reader(expression, r"\Z").read()


def re2_spelling(expression: str) -> str:
    """The expression for RE2; raises PatternError."""
    return Reader(expression, r"\z").read()
