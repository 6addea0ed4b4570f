"""How much messages quote of a file that may not be the file it should be: a key, users, a login."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from dockerlint.regex import pattern
from dockerlint.syntax import Problem

_WHOLE: Final = 7
"""Characters; a longer text is shown by its beginning only."""
_BEGINNING: Final = 4
_GENERAL: Final = {
    "duplicate-key": "a key stands here twice",
    "unknown-alias": "no anchor of this name stands above",
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


def name_of(name: object, known: Collection[str]) -> str:
    """A name that is not known, with a suggestion; whole where it looks like one that is."""
    from dockerlint.ruleset.check import suggestion

    text = str(name)
    hint = suggestion(text, known)
    is_alike = hint and any(abs(len(text) - len(one)) <= 2 and repr(one) in hint for one in known)
    return f"{text!r}{hint}" if is_alike else f"{excerpt(text)}{hint}"


def plain_problem(problem: Problem) -> str:
    """What is wrong with a text as YAML, without the words that it is about."""
    message = _GENERAL.get(problem.code, problem.message)
    return _QUOTED.sub(lambda match: f"{match[1]}{shortened(match[2])}{match[3]}", message)
