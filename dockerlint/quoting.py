"""Names and values in messages: how much of a foreign file is quoted, and which known name was meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from dockerlint.regex import pattern
from dockerlint.syntax import Problem

_WHOLE: Final = 7
"""Characters; a longer text is shown by its beginning only."""
_BEGINNING: Final = 4
LONGEST_NAME: Final = 100
"""Characters of a name that a similar one is looked for."""
_LIKENESS: Final = 0.65
_GENERAL: Final = {
    "duplicate-key": "duplicate key",
    "unknown-alias": "undefined anchor",
}
"""What a problem says, without the word it is about."""
_QUOTED: Final = pattern(r"(['\"`<])([^'\"`<>]{8,})(['\"`>])")


def shortened(text: str) -> str:
    """A text, or how it begins."""
    return text if len(text) <= _WHOLE else f"{text[:_BEGINNING]}…"


def excerpt(value: object) -> str:
    """A value as messages show it: its kind, or a text or number of a few characters."""
    if value is None or isinstance(value, (dict, list, bool)):
        names = {dict: "a mapping", list: "a list", type(None): "nothing"}
        return names.get(type(value), str(value).lower())
    return repr(shortened(value)) if isinstance(value, str) else shortened(str(value))


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like one, whatever its case; None where none is close."""
    from difflib import get_close_matches  # for mistakes only

    by_lower = {one.lower(): one for one in known}
    close = get_close_matches(name[:LONGEST_NAME].lower(), by_lower, 1, _LIKENESS)
    return by_lower[close[0]] if close else None


def suggestion(name: str, known: Iterable[str]) -> str:
    """`; did you mean …?` when something known is close, else nothing."""
    close = closest(name, known)
    return "" if close is None else f"; did you mean {close!r}?"


def name_of(name: object, known: Collection[str]) -> str:
    """A name that is not known, with a suggestion; whole where it looks like one that is."""
    text = str(name)
    hint = suggestion(text, known)
    is_alike = hint and any(abs(len(text) - len(one)) <= 2 and repr(one) in hint for one in known)
    return f"{text!r}{hint}" if is_alike else f"{excerpt(text)}{hint}"


def plain_problem(problem: Problem) -> str:
    """What is wrong with a text as YAML, without the words that it is about."""
    message = _GENERAL.get(problem.code, problem.message)
    return _QUOTED.sub(lambda match: f"{match[1]}{shortened(match[2])}{match[3]}", message)
