"""What a label of an image should say, by its name: https://specs.opencontainers.org/image-spec/annotations/"""

from __future__ import annotations

from collections.abc import Callable, Set
from functools import cache
from typing import Final

from dockerlint.data import word_list
from dockerlint.regex import pattern

_URL: Final = pattern(r"[A-Za-z][A-Za-z0-9+.-]{0,30}:(?://[^\s/?#]+[^\s]*|[^\s/]\S*)\Z")
_TIMESTAMP: Final = pattern(
    r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[Tt ](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?"
    r"(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)\Z"
)
_HASH: Final = pattern(r"(?:[0-9a-f]{7}|[0-9a-f]{40})\Z")
_NUMBER = r"(?:0|[1-9]\d*)"
_VERSION: Final = pattern(
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?\Z"
)
_EMAIL: Final = pattern(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?\Z")
_PARTS: Final = pattern(r"[()]|[^\s()]+")
_OWN_LICENSE: Final = pattern(r"(?:DocumentRef-[\w.-]+:)?LicenseRef-[\w.-]+\Z", 0)


def label_fault(name: str, value: str) -> str | None:
    """What the value of a label should be and is not: `a URL`; None where it is right, or nobody says."""
    for names, what, fits in _formats():
        if name in names and not fits(value):
            return what
    return None


def is_unlisted(name: str) -> bool:
    """The project says which labels there are, and this is none of them."""
    allowed = word_list("labels", "allowed-labels")
    return bool(allowed) and name not in allowed and name not in word_list("labels", "required-labels")


def missing(names: Set[str]) -> tuple[str, ...]:
    """The labels that the project wants and that are not among some names."""
    return tuple(sorted(word_list("labels", "required-labels") - names))


@cache
def _formats() -> tuple[tuple[Set[str], str, Callable[[str], bool]], ...]:
    """The lists are those that a config adds to, so they are asked for once."""
    return (
        (word_list("labels", "url-labels"), "a URL", lambda value: bool(_URL.match(value))),
        (
            word_list("labels", "timestamp-labels"),
            "a time as in RFC 3339",
            lambda value: bool(_TIMESTAMP.match(value)),
        ),
        (word_list("labels", "license-labels"), "an SPDX licence expression", is_license),
        (word_list("labels", "hash-labels"), "a commit of git", lambda value: bool(_HASH.match(value))),
        (
            word_list("labels", "version-labels"),
            "a semantic version",
            lambda value: bool(_VERSION.match(value)),
        ),
        (word_list("labels", "email-labels"), "a mail address", lambda value: bool(_EMAIL.match(value))),
    )


def is_license(text: str) -> bool:
    """Identifiers of the SPDX list joined by AND, OR and WITH, in brackets or not."""
    known, exceptions = _licenses()
    depth, wants_name, before = 0, True, ""
    for part in _PARTS.findall(text):
        if part == "(":
            depth += 1
        elif part == ")":
            depth -= 1
        elif part in ("AND", "OR", "WITH"):
            if wants_name:
                return False
            wants_name = True
        elif wants_name:
            names = exceptions if before == "WITH" else known
            if part.removesuffix("+").lower() not in names and not _OWN_LICENSE.match(part):
                return False
            wants_name = False
        else:
            return False
        if depth < 0:
            return False
        before = part
    return depth == 0 and not wants_name


@cache
def _licenses() -> tuple[frozenset[str], frozenset[str]]:
    names = (word_list("labels", "spdx-licenses"), word_list("labels", "spdx-exceptions"))
    licenses, exceptions = (frozenset(word.lower() for word in words) for words in names)
    return licenses, exceptions
