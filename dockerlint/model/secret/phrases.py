"""Secrets in raw text that no name announces: headers, hashes, statements of databases.

Each phrase has a word that stands in every text which holds it, so that most files cost a few searches for
words. The mask of reports is made of this; rules read commands word by word instead (`typed_secret`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from dockerlint.data import records
from dockerlint.model.secret.name import mentions_secret
from dockerlint.model.secret.value import is_stand_in
from dockerlint.regex import pattern
from dockerlint.text import Span


class _Phrase(NamedTuple):
    """One way to write a secret, which is the last group of the pattern that takes part."""

    words: tuple[str, ...]
    """In small letters; one of these stands in every such text."""
    pattern: re.Pattern[str]


def _phrase(words: str, source: str) -> _Phrase:
    return _Phrase(tuple(words.split()), pattern(source, re.IGNORECASE | re.MULTILINE))


_PHRASES: Final = tuple(
    _phrase(row["words"], "".join(row["pattern"])) for row in records("secrets", "secret-phrases")
)
_WORDS = tuple((word, place) for place, phrase in enumerate(_PHRASES) for word in phrase.words)
# Labels and settings of proxies: `traefik.http.middlewares.a.basicauth.users=name:password,other:password`.
_ACCOUNTS = pattern(
    r"(?:basic|digest)[-_.]?auth[\w.-]{0,60}users[\"']?[ \t]{0,9}[=:][ \t]{0,9}\\?[\"']?([^\s\"'\\]{1,4000})",
    re.IGNORECASE,
)
_ACCOUNT = pattern(r"(?:\A|,)[^:,]{1,200}:([^,]{1,400})")
_SUBSTITUTION = pattern(r"\bs([/|#,@~])((?:(?!\1)[^\n]){1,200})\1((?:(?!\1)[^\n]){1,400})\1")


def secret_phrases(text: str, words: str) -> Iterator[Span]:
    """What stands in the place of a secret; `words` are those of the text, in small letters. Linear."""
    for place in sorted({place for word, place in _WORDS if word in words}):
        yield from last_groups(_PHRASES[place].pattern, text)
    if "sed" in words:
        yield from _substitutions(text)
    if "auth" in words and "users" in words:
        yield from _accounts(text)


def _accounts(text: str) -> Iterator[Span]:
    """The passwords of users that a proxy lets in, and their hashes."""
    for match in _ACCOUNTS.finditer(text):
        for account in _ACCOUNT.finditer(match[1]):
            if not is_stand_in(account[1]):
                yield Span(match.start(1) + account.start(1), match.start(1) + account.end(1))


def last_groups(shape: re.Pattern[str], text: str) -> Iterator[Span]:
    """The last group that takes part in each match, which is the secret; a stand-in for one is left out."""
    for match in shape.finditer(text):
        last = match.lastindex or 0
        if not is_stand_in(match[last]):
            yield Span(*match.span(last))


def _substitutions(text: str) -> Iterator[Span]:
    """`sed s/__DB_PASSWORD__/…/`: what is put in the place of a name that speaks of a secret."""
    for match in _SUBSTITUTION.finditer(text):
        if mentions_secret(match[2]) and not is_stand_in(match[3]):
            yield Span(*match.span(3))
