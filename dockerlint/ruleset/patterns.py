"""Is a regular expression of a rule safe to run on other people's text?"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from typing import Any

LONGEST_PATTERN = 500
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_MANY = 20
"""A repeat that may run more often than this counts as unbounded."""


def risk_of(pattern: object) -> Iterator[str]:
    """Say why a pattern is refused: not valid, too long, or a repeat inside a repeat (exponential time)."""
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
    if _nests(parsed, False):
        yield "a repeat inside a repeat can take exponential time; write it without"


def _parse(pattern: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import sre_parse

    return sre_parse.parse(pattern)


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
