"""Secrets in raw text that no name announces: headers, hashes, statements of databases.

Each phrase has a word that stands in every text which holds it, so that most files cost a few searches for
words. The mask of reports is made of this; rules read commands word by word instead (`typed_secret`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

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


_PHRASES = (
    _phrase("bearer basic", r"\b(?:bearer|basic)\s{1,9}([\w.~+/-]{12,4000}={0,2})"),
    _phrase(
        "authorization",
        r"authorization\\?[\"']?\s{0,9}[:=]\s{0,9}\\?[\"']?(?:\w{1,20}\s{1,9})?([^\s\"'\\]{3,4000})",
    ),
    _phrase("cookie:", r"\bcookie:\s{0,9}([^\n\"']{3,4000})"),
    _phrase(
        "identified",
        r"\bidentified\s{1,9}(?:with\s{1,9}\S{1,40}\s{1,9})?(?:by|as)\s{1,9}(?:password\s{1,9})?"
        r"\\*(?:'((?:[^'\n\\]|\\[^\n']){1,400})|\"((?:[^\"\n\\]|\\[^\n\"]){1,400}))",
    ),
    _phrase("password", r"\bpassword\s{0,9}(?:=\s{0,9})?(?:\(|password\()?\s{0,9}\\*'([^'\n]{1,400})'"),
    _phrase("password", r"\blogin\s{1,9}\S{1,200}\s{1,9}password\s{1,9}([^\s\"'\\]{1,400})"),
    # Told in a sentence: in quotes, behind a sign, or with a digit among letters.
    _phrase(
        "password passwd passphrase",
        r"\bpass(?:word|wd|phrase)(?:[ \t]{1,9}\([^()\n]{1,40}\))?[ \t]{0,9}(?:"
        r"(?:(?:is|was)?:|->|=>|→|\bis\b)?[ \t]{1,9}([`\"'])(?![\s,.;:)])([^\n`\"']{3,400})\1"
        r"|(?:\bis:|->|→|(?<=\)):)[ \t]{0,9}([^\s`\"'(]{4,400})[ \t]*$"
        r"|\bis[ \t]{1,9}(?=[^\s\d]{0,99}\d)(?=[^\sA-Za-z]{0,99}[A-Za-z])([^\s`\"'(]{4,400}))",
    ),
    _phrase("pass:", r"(?<![\w-])pass:([^\s\"'`]{3,400})"),
    _phrase(
        "pgpass",
        r"(?<![^\s\"'])[\w.*-]{1,200}:(?:\d{1,5}|\*):[^:\s]{1,99}:[^:\s]{1,99}:([^\s\"']{1,400})",
    ),
    _phrase("sig= signature=", r"(?:[?&;]sig|signature)=([\w%+/=-]{16,400})"),
    _phrase(
        "$",
        r"(?<![\w$])((?:\\?\$){1,2}(?:\d[a-z]?|2[abxy]|y|gy|apr1|argon2\w{0,2}|scrypt|pbkdf2[\w-]{0,20})"
        r"(?:\\?\$){1,2}[\w./=,+$\\-]{16,400})",
    ),
    _phrase(
        "pbkdf2 scram-sha-256$ bcrypt",
        r"((?:pbkdf2_\w{1,20}|scram-sha-256|bcrypt\w{0,20})\${1,2}[\w./=,+:$-]{16,400})",
    ),
    _phrase("{s {crypt {md5", r"(\{(?:s?sha\d{0,3}|crypt|s?md5)\}[\w./=+$-]{8,400})"),
)
_WORDS = tuple((word, place) for place, phrase in enumerate(_PHRASES) for word in phrase.words)
_SUBSTITUTION = pattern(r"\bs([/|#,@~])((?:(?!\1)[^\n]){1,200})\1((?:(?!\1)[^\n]){1,400})\1")


def secret_phrases(text: str, small: str) -> Iterator[Span]:
    """What stands in the place of a secret; `small` is the text in small letters. Linear."""
    for place in sorted({place for word, place in _WORDS if word in small}):
        yield from last_groups(_PHRASES[place].pattern, text)
    if "sed" in small:
        yield from _substitutions(text)


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
