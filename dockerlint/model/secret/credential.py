"""Credentials by their shape: tokens of known services, private keys, passwords inside URLs."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from math import log2
from typing import ClassVar, NamedTuple

from dockerlint.data import word_list
from dockerlint.model.secret.formats import FORMATS, CredentialFormat
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.values import UNRESOLVED

# Anchored at the literal, so that nothing is tried elsewhere; the password may hold no unresolved variable.
_URL_LOGIN = pattern(
    rf"://([^\s:/@'\"<>?#]*):([^\s/@'\"<>?#${UNRESOLVED}{{}}][^\s/@'\"<>${UNRESOLVED}{{}}]*)@"
)
_HOST = pattern(r"(?:\[[^\]\s]*\]|[^\s/?#'\"])[^\s/?#'\"]*")

SHORTEST = 12
"""Characters; no credential of a known form has fewer."""
_LONG = 10_000
"""Characters; a longer text is that of a file, which is parsed first and masked then."""
_KEYWORDS = tuple(
    (keyword, place)
    for place, shape in enumerate(FORMATS)
    for keyword in shape.keywords
    if " " not in keyword
)
_KEY_BLOCKS = tuple(place for place, shape in enumerate(FORMATS) if " " in shape.keywords[0])
"""Formats with blanks in them; all others stand in one word of the text."""


@dataclass(frozen=True, slots=True)
class Credential:
    """One credential that stands in the text."""

    KINDS: ClassVar[tuple[str, ...]] = ("credential",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    format: str
    """Stable name of its shape: `github-token`, `private-key`."""
    title: str
    """What a message calls it: `a GitHub token`."""
    is_live_format: bool
    """Usable by whoever reads it; a test key, a token that ends by itself, an encrypted key are not."""
    span: Span = field(compare=False)

    @property
    def secret_spans(self) -> tuple[Span, ...]:
        """What no report may show."""
        return (self.span,)


class UrlLogin(NamedTuple):
    """A password that stands in a URL or connection string, with offsets into the text that was searched."""

    user: str
    """The name before it."""
    password: str
    """The password itself."""
    start: int
    """Where the password starts."""
    end: int
    """Where the password ends."""
    host: str = ""
    """The host that it opens, perhaps with the port behind it; empty where the text does not say."""
    form: str = "URL"
    """What holds it, as a message calls that: `URL`, `connection string` or `Java option`."""


def find_credentials(text: str, base: int = 0, outside: Iterable[Span] = ()) -> tuple[Credential, ...]:
    """All credentials of a known shape in a text that starts at offset `base`, in order of place.

    `outside` are spans to leave out: comments. Takes time linear in the text.
    """
    occurrences = _found(text) if len(text) < _LONG else _remembered(text)
    found = [_credential(FORMATS[place], token, base + start) for place, token, start in occurrences]
    if not found:
        return ()
    left_out = sorted(span[:2] for span in outside)
    kept = [node for node in found if not _is_inside(node.span.start, left_out)]
    return tuple(sorted(kept, key=lambda node: node.span))


def _found(text: str) -> tuple[tuple[int, str, int], ...]:
    """The places of formats, each with what has the format and where that starts."""
    if len(text) < SHORTEST:
        return ()
    long = " ".join({word for word in text.split() if len(word) >= SHORTEST})
    announced = {place for keyword, place in _KEYWORDS if keyword in long}
    if "-----BEGIN " in text:
        announced.update(_KEY_BLOCKS)
    return tuple((place, *one) for place in sorted(announced) for one in _occurrences(FORMATS[place], text))


_remembered = lru_cache(maxsize=1)(_found)


def find_url_logins(text: str) -> Iterator[UrlLogin]:
    """Passwords in URLs (`scheme://user:password@host`); a variable in the password's place is none."""
    if "://" not in text:
        return
    for match in _URL_LOGIN.finditer(text):
        if match.start() and text[match.start() - 1].isalnum():
            host = _HOST.match(text, match.end())
            yield UrlLogin(match[1], match[2], match.start(2), match.end(2), host[0] if host else "")


def _credential(shape: CredentialFormat, token: str, start: int) -> Credential:
    return Credential(shape.id, shape.title, shape.is_live, Span(start, start + len(token)))


def _is_inside(offset: int, spans: list[tuple[int, int]]) -> bool:
    before = bisect_right(spans, (offset, sys.maxsize))
    return before > 0 and offset < spans[before - 1][1]


def _occurrences(shape: CredentialFormat, text: str) -> Iterator[tuple[str, int]]:
    for match in re.finditer(shape.pattern, text):
        token = match[1]
        if "EXAMPLE" in token.upper() or _entropy(token) < shape.entropy or is_public(token):
            continue
        yield token, match.start(1)


def is_public(secret: str) -> bool:
    """Everybody knows it, for an emulator takes it: the storage key of Azurite."""
    from hashlib import sha256

    return sha256(secret.encode("utf-8", "replace")).hexdigest() in word_list("secrets", "public-credentials")


def _entropy(text: str) -> float:
    """Shannon entropy in bits a character."""
    counts = (text.count(character) / len(text) for character in set(text))
    return -sum(share * log2(share) for share in counts)
