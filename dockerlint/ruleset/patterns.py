"""Is a regular expression of a rule one that RE2 takes, and safe to run on other people's text?

RE2 (https://github.com/google/re2/wiki/Syntax) has no construct that needs to try one place in several ways;
its limits hold here whichever engine runs the expression.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from typing import Any

LONGEST_PATTERN = 500
_UNBOUNDED = 4_000_000_000
"""Python's number for a repeat without an end is at least this."""
_REFUSED = {
    "GROUPREF": "a back reference",
    "GROUPREF_EXISTS": "a conditional group",
    "ASSERT": "a look-ahead or look-behind",
    "ASSERT_NOT": "a look-ahead or look-behind",
    "ATOMIC_GROUP": "an atomic group",
    "POSSESSIVE_REPEAT": "a possessive repeat",
}
"""What Python's expressions have and RE2's have not."""
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
MOST_REPEATS = 1000
"""How often RE2 lets something be repeated by number, repeats inside repeats multiplied."""
_AMBIGUOUS = (
    "one text can match in many ways, which can take exponential time: "
    "let alternatives in a repeat begin with different characters, and join repeats in a row"
)
_MANY = 20
"""A repeat that may run more often than this counts as unbounded."""


def risk_of(pattern: object) -> Iterator[str]:
    """Say why a pattern is refused: not valid, too long, not RE2, or one that can take exponential time."""
    if not isinstance(pattern, str):
        yield "'matches' takes a regular expression"
        return
    if len(pattern) > LONGEST_PATTERN:
        yield f"the regular expression is longer than {LONGEST_PATTERN} characters"
        return
    try:
        parsed = _parse(pattern)
    except re.error as error:
        yield f"not a regular expression: {error}"
        return
    for name in sorted({*_operations(parsed)} & _REFUSED.keys()):
        yield f"RE2 has nothing like {_REFUSED[name]}: test with a second 'matches' or with 'not'"
    if _most_repeated(parsed) > MOST_REPEATS:
        yield f"repeats by number come to more than {MOST_REPEATS}; write '+' or '*', or fewer"
    if _is_ambiguous(parsed, False):
        yield _AMBIGUOUS
    if _nests(parsed, False):
        yield "a repeat inside a repeat can take exponential time; write it without"


def _parse(pattern: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import sre_parse

    return sre_parse.parse(pattern)


def _is_ambiguous(parsed: Any, inside: bool) -> bool:
    """Whether alternatives in a repeat begin alike, or more than two repeats stand in a row."""
    in_a_row = 0
    for operation, argument in parsed:
        unbounded = str(operation) in _REPEATS and int(argument[1]) > _MANY
        in_a_row = in_a_row + 1 if unbounded else 0
        begins_alike = inside and str(operation) == "BRANCH" and not _begin_differently(argument[1])
        if begins_alike or in_a_row > 2:
            return True
        if any(_is_ambiguous(part, inside or unbounded) for part in _parts(argument)):
            return True
    return False


def _begin_differently(alternatives: Any) -> bool:
    """Whether each alternative begins with a character of its own."""
    first = [one[0] if len(one) else None for one in alternatives]
    literals = {one[1] for one in first if one is not None and str(one[0]) == "LITERAL"}
    return len(literals) == len(first)


def _operations(parsed: Any) -> Iterator[str]:
    """The names of all operations; patterns are short, so recursion is shallow."""
    for operation, argument in parsed:
        yield str(operation)
        for part in _parts(argument):
            yield from _operations(part)


def _most_repeated(parsed: Any) -> int:
    """How often the most repeated part is asked for by number, as RE2 counts it."""
    most = 1
    for operation, argument in parsed:
        inner = max((_most_repeated(part) for part in _parts(argument)), default=1)
        if str(operation) in _REPEATS:
            least, at_most = int(argument[0]), int(argument[1])
            inner *= max(least if at_most >= _UNBOUNDED else at_most, 1)
        most = max(most, inner)
    return most


def _nests(parsed: Any, inside: bool) -> bool:
    """Whether an unbounded repeat holds another one; patterns are short, so recursion is shallow."""
    for operation, argument in parsed:
        name = str(operation)
        if name in _REPEATS:
            unbounded = int(argument[1]) > _MANY
            if (unbounded and inside) or _nests(argument[2], inside or unbounded):
                return True
        elif any(_nests(part, inside) for part in _parts(argument)):
            return True
    return False


def _parts(argument: Any) -> Iterator[Any]:
    """The sub-patterns of a group, a branch or a look-around."""
    items = argument if isinstance(argument, tuple) else (argument,)
    for item in items:
        if hasattr(item, "data"):
            yield item
        elif isinstance(item, list):
            yield from (one for one in item if hasattr(one, "data"))
