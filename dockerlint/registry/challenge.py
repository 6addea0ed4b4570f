"""What a registry asks of whoever has no login yet: the header WWW-Authenticate (RFC 9110, 11.6.1). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from dockerlint.regex import pattern

_LARGEST: Final = 8_000
"""Characters of a header that are read."""
_SCHEME: Final = pattern(r"[\s,]*([A-Za-z][A-Za-z0-9_-]*)(?=\s|,|\Z)(?!\s*=)")
_PARAMETER: Final = pattern(r'[\s,]*([A-Za-z][A-Za-z0-9_-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')


class Challenge(NamedTuple):
    """One way to log in."""

    scheme: str
    """`bearer`, `basic`; in small letters."""
    realm: str = ""
    """For `bearer`: who gives tokens."""
    service: str = ""
    """For `bearer`: for whom they are."""


def read_challenges(header: str) -> tuple[Challenge, ...]:
    """Every way that a header names; what it does not say right is left out."""
    return tuple(_challenges(header[:_LARGEST]))


def _challenges(header: str) -> Iterator[Challenge]:
    at = 0
    while scheme := _SCHEME.match(header, at):
        at, found = scheme.end(), dict[str, str]()
        while parameter := _PARAMETER.match(header, at):
            at = parameter.end()
            value = parameter[3] if parameter[2] is None else parameter[2].replace("\\", "")
            found.setdefault(parameter[1].lower(), value)
        yield Challenge(scheme[1].lower(), found.get("realm", ""), found.get("service", ""))
