"""Secrets in raw text that no name announces: logins in URLs, headers, hashes, statements of databases.

Each phrase has a word that stands in every text which holds it, so that most files cost a few searches for
words. The mask of reports is made of this; rules read commands word by word instead (`typed_secret`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dockerlint.model.secret_name import mentions_secret
from dockerlint.model.secret_value import is_placeholder
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.tuples import NamedTuple


class _Phrase(NamedTuple):
    """One way to write a secret, which is the last group of the pattern that takes part."""

    words: tuple[str, ...]
    """In small letters; one of these stands in every such text."""
    pattern: re.Pattern[str]


def _phrase(words: str, source: str) -> _Phrase:
    return _Phrase(tuple(words.split()), pattern(source, re.IGNORECASE))


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
    _phrase("://", r"(?<=\w)://([\w.-]{20,400})@"),
)
_WORDS = tuple((word, place) for place, phrase in enumerate(_PHRASES) for word in phrase.words)
_REFERENCE = pattern(
    r"[^$\w]{0,9}(?:\$?\$\{\w{1,200}(?::?\?[^{}]{0,400})?\}|\$?\$[A-Z_][A-Z0-9_]*|\$\(.*|%\w+%|\{\{.*)\W{0,9}\Z",
    re.DOTALL,
)
# A path that is put in order has one slash of two.
_URL = pattern(r"(?:(?<=\w):/|(?<=https:)|(?<=http:))/[^\s\"'<>`]{1,4000}")
_QUERY = pattern(r"[?&]\w{1,99}=")
_LOGIN = pattern(r"(?::/)?/([^:@/]{0,400}):(.{1,2000})@", re.DOTALL)
# Stands in all of these, and costs less to find than any of them.
_ANY_LOGIN = pattern(r":[^\s\"':@]*@")
# A host or registry without a scheme; the words in front are known prefixes of names, not of logins.
_BARE_LOGIN = pattern(
    r"(?<![\w.@/:$+%-])(?!mailto:|npm:|sha\d|https?:|ssh:|file:|docker:|jsr:)[A-Za-z][\w.+-]{0,99}:"
    r"([^\s:/@\"'<>{}$\\]{4,200})@(?!sha\d|v?\d+(?:\.\d+)*(?![\w.]))[\w\[(]"
)
_IMAGE_LOGIN = pattern(
    r"(?:\bimage[\"']?:[ \t]{1,20}[\"']?|^[ \t]*FROM[ \t]{1,20}(?:--\S{1,200}[ \t]{1,20})?|docker://)"
    r"[^\s/:@\"']{1,99}:([^\s\"']{1,400})@(?!sha\d)",
    re.IGNORECASE | re.MULTILINE,
)
# With signs that a name or path would not hold, from the start of a word to the last `@` of it.
_ODD_LOGIN = pattern(
    r"(?<![^\s\"'=,\[`])(?!mailto:|npm:)[A-Za-z][\w.+-]{0,60}:"
    r"(?!/)([^\s\"'<>`]{4,128})@(?!sha\d)[A-Za-z][\w.-]{0,99}(?=[/:\s\"',()\]]|\Z)"
)
_ODD_SIGN = pattern(r"[^$#!%^&*?~;|()=:@]*[$#!%^&*?~;|()=:@]|(?=\S*[a-z][A-Z]).{12}")
# A password with blanks; a port is none.
_WIDE_LOGIN = pattern(
    r"(?P<quote>[\"']?)\b\w{1,20}://[^\s:@/\"'<>`]{1,99}:(?!\d{1,5}[/\s\"'])(?P<login>[^\s\"`@$][^\n\"`@]{1,200})@\w"
)
_SUBSTITUTION = pattern(r"\bs([/|#,@~])((?:(?!\1)[^\n]){1,200})\1((?:(?!\1)[^\n]){1,400})\1")


def is_stand_in(value: str) -> bool:
    """A placeholder, or the name of a variable and nothing else."""
    return is_placeholder(value) or bool(_REFERENCE.match(value))


def secret_phrases(text: str, small: str) -> Iterator[Span]:
    """What stands in the place of a secret; `small` is the text in small letters. Linear."""
    for place in sorted({place for word, place in _WORDS if word in small}):
        for match in _PHRASES[place].pattern.finditer(text):
            if not is_stand_in(match[1]):
                yield Span(*match.span(1))
    if "@" in text and _ANY_LOGIN.search(text):
        yield from _logins(text)
    if "sed" in small:
        yield from _substitutions(text)


def _logins(text: str) -> Iterator[Span]:
    """Passwords in front of the last `@` of a URL, or of a host or registry without a scheme."""
    for url in _URL.finditer(text):
        query = _QUERY.search(text, url.start(), url.end())
        login = _LOGIN.match(text, url.start(), query.start() if query else url.end())
        if login and not is_stand_in(login[2]):
            yield Span(*login.span(2))
    for shape in (_BARE_LOGIN, _IMAGE_LOGIN, _ODD_LOGIN):
        for match in shape.finditer(text):
            if not is_stand_in(match[1]) and (shape is not _ODD_LOGIN or _ODD_SIGN.match(match[1])):
                yield Span(*match.span(1))
    if "://" in text:
        yield from _wide_logins(text)


def _wide_logins(text: str) -> Iterator[Span]:
    """Passwords with blanks in a URL, which a string around it holds together."""
    for wide in _WIDE_LOGIN.finditer(text):
        login = wide["login"]
        if " " in login and "://" not in login and not (wide["quote"] == "'" and "'" in login):
            yield Span(*wide.span("login"))


def _substitutions(text: str) -> Iterator[Span]:
    """`sed s/__DB_PASSWORD__/…/`: what is put in the place of a name that speaks of a secret."""
    for match in _SUBSTITUTION.finditer(text):
        if mentions_secret(match[2]) and not is_stand_in(match[3]):
            yield Span(*match.span(3))
