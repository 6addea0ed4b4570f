"""The operators of the rule language: closures over one plain value, three-valued.

None is absent: it equals null and nothing else. UNKNOWN decides nothing: every operator but `present`
answers None on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from dockerlint.values import UNKNOWN, Located

if TYPE_CHECKING:  # rules of ours need none of it
    from dockerlint.ruleset.matching import UserPattern

Check = Callable[[object], "bool | None"]

LONGEST_MATCHED = 4096
"""Characters of a value that a regular expression of a rule gets to see."""


def plain(value: object) -> object:
    """The value under a Located."""
    return value.value if isinstance(value, Located) else value


def same(value: object, wanted: object) -> bool:
    """Equality that keeps booleans and numbers apart: `true` is not 1."""
    return value == wanted and isinstance(value, bool) == isinstance(wanted, bool)


def equals(wanted: object) -> Check:
    return lambda value: None if value is UNKNOWN else same(value, wanted)


def among(wanted: list[object]) -> Check:
    is_wanted = _one_of(wanted)
    return lambda value: None if value is UNKNOWN else is_wanted(value)


def _one_of(wanted: list[object]) -> Callable[[object], bool]:
    """Whether a value is the same as one of some scalars; words are looked up, not compared one by one."""
    words = frozenset(one for one in wanted if isinstance(one, str))
    others = [one for one in wanted if not isinstance(one, str)]
    return lambda value: value in words if isinstance(value, str) else any(same(value, one) for one in others)


def matches(pattern: str | UserPattern) -> Check:
    search = re.compile(pattern).search if isinstance(pattern, str) else _searcher(pattern)

    def check(value: object) -> bool | None:
        if value is UNKNOWN:
            return None
        return isinstance(value, str) and bool(search(value[:LONGEST_MATCHED]))

    return check


def _searcher(pattern: UserPattern) -> Callable[[str], bool]:
    from dockerlint.ruleset.matching import searcher

    return searcher(pattern)


_EMPTY = ((), "", range(0))


def present(wanted: bool) -> Check:
    return lambda value: (value is not None and value not in _EMPTY) is wanted


def startswith(wanted: str | list[str]) -> Check:
    texts = [wanted] if isinstance(wanted, str) else wanted
    prefixes = tuple(one for one in texts if isinstance(one, str))  # lists of words may have numbers, too

    def check(value: object) -> bool | None:
        if value is UNKNOWN:
            return None
        return isinstance(value, str) and value.startswith(prefixes)

    return check


def _compared(compare: Callable[[float], bool]) -> Check:
    def check(value: object) -> bool | None:
        if value is UNKNOWN:
            return None
        return isinstance(value, (int, float)) and not isinstance(value, bool) and compare(value)

    return check


def above(limit: float) -> Check:
    return _compared(lambda value: value > limit)


def below(limit: float) -> Check:
    return _compared(lambda value: value < limit)


def has(wanted: object) -> Check:
    """At least one of the wanted scalars is in the collection."""
    every_wanted = wanted if isinstance(wanted, list) else [wanted]
    is_wanted = _one_of(every_wanted)

    def check(value: object) -> bool | None:
        if value is UNKNOWN:
            return None
        if isinstance(value, range):
            return any(one in value for one in every_wanted if not isinstance(one, bool))
        outcome: bool | None = False
        for item in value if isinstance(value, tuple) else ():
            one = plain(item)
            if one is UNKNOWN:
                outcome = None
            elif is_wanted(one):
                return True
        return outcome

    return check


def lacks(wanted: object) -> Check:
    """None of the wanted scalars is in the collection."""
    holds = has(wanted)

    def check(value: object) -> bool | None:
        found = holds(value)
        return None if found is None else not found

    return check


SCALAR_OPERATORS: dict[str, Callable[..., Check]] = {
    "equals": equals,
    "in": among,
    "matches": matches,
    "present": present,
    "startswith": startswith,
    "above": above,
    "below": below,
    "has": has,
    "lacks": lacks,
}

QUANTIFIERS = ("some", "none", "every")
"""Take a nested test and apply it to each element of a tuple."""

COMBINERS = ("any", "all", "not")
"""Combine tests on the same value."""
