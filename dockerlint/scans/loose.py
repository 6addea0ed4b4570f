"""Values of JSON that a stranger may have written: what has the wrong type is not there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from dockerlint.masking.mask import hide_alone
from dockerlint.regex import pattern

LONGEST: Final = 200
"""Characters of a text that are kept."""
_DAY: Final = pattern(r"(\d{4})-(\d\d)-(\d\d)(?:[T ]|\Z)")


def below(value: object, *path: str) -> object:
    """What stands at a path of keys; None where nothing does."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def text_at(value: object, *path: str) -> str:
    """A short text without secrets and line breaks; "" where there is none."""
    found = below(value, *path)
    return shown(found) if isinstance(found, str) else ""


def shown(text: str) -> str:
    """A text as reports may show it: on one line, cut, secrets masked."""
    return hide_alone(" ".join(text[:LONGEST].split()))


def items_at(value: object, *path: str) -> Iterator[dict[str, Any]]:
    """The objects of a list."""
    found = below(value, *path)
    yield from (one for one in found if isinstance(one, dict)) if isinstance(found, list) else ()


def texts_at(value: object, *path: str) -> Iterator[str]:
    """The texts of a list."""
    found = below(value, *path)
    yield from (shown(one) for one in found if isinstance(one, str)) if isinstance(found, list) else ()


def day_at(value: object, *path: str) -> date | None:
    """The day of a time; None where there is none that a calendar has."""
    match = _DAY.match(text_at(value, *path))
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def number_at(value: object, *path: str) -> float:
    """A number, also one in a text; 0 where there is none."""
    found = below(value, *path)
    if isinstance(found, bool) or not isinstance(found, (int, float, str)):
        return 0.0
    try:
        return float(found)
    except (ValueError, OverflowError):
        return 0.0
