"""Does the name of a variable say that it holds a secret?

Names are read as English compounds: the last word says what the thing is, so `TOKEN_URL` is a URL and
`PASSWORD_STORE_DIR` a directory, while `DB_PASSWORD` is a password.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from dockerlint.data import forget_with_lists, ordered_words, word_list
from dockerlint.regex import pattern

LONGEST_NAME = 200
"""Characters at the end of a name that are read: no real name is longer."""

_WORDS = pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SECRET: Final = word_list("secrets", "secret-words")
"""As the last word of a name, each says that the value is a secret."""

_ANYWHERE: Final = word_list("secrets", "secret-words-anywhere")
"""These say so in front of other words too, unless one of those says what else it is."""

_GLUED: Final = ordered_words("secrets", "secret-endings")
"""Endings of a word: `PGPASSWORD`, `ACCESSTOKEN`."""


_SHORT_ENDINGS: Final = ordered_words("secrets", "short-secret-endings")
"""Short words for a password at the end of another one: `ADMINPASS`, `DBPWD`."""
_OTHER_ENDINGS: Final = word_list("secrets", "words-that-end-so")

_KEYS: Final = word_list("secrets", "secret-keys")
"""A key of one of these is a secret; a primary, sort, public or GPG key is not."""

_OBJECT_STORES: Final = word_list("secrets", "object-stores")
"""An access key of one of these is the name of an account."""

_QUALIFIERS: Final = word_list("secrets", "name-qualifiers")
"""Words after the noun that leave it what it is: `PASSWORD_PROD`, `SECRET_KEY_BASE`."""

_SOMETHING_ELSE: Final = word_list("secrets", "other-nouns")
"""After the noun these make it something else: `TOKEN_TTL`, `SECRET_NAME`, `PASSWORD_POLICY`."""

_PLACES: Final = word_list("secrets", "place-words")
"""Nouns for a place."""

_SWITCHES: Final = word_list("secrets", "switch-words")
"""Anywhere in a name these say that it is a switch, a number or public."""

# BuildKit SecretsUsedInArgOrEnv and the lists of Trivy and hadolint, as facts: one word is enough for them.
_MENTIONS = frozenset(("key", "usr", "private"))


def _words(name: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _WORDS.findall(name[-LONGEST_NAME:]))


@lru_cache(maxsize=1024)
def is_secret_name(name: str) -> bool:
    """The value of a variable of this name would be a secret."""
    words = _words(name) if name.lower() not in _SECRET else (name.lower(),)
    while words and (words[-1] in _QUALIFIERS or words[-1].isdigit()):
        words = words[:-1]
    if not words or not _SWITCHES.isdisjoint(words):
        return False
    last = words[-1]
    if last in _SECRET or last.endswith(_GLUED) or _ends_with_password(last):
        return True
    if last in ("key", "keys"):
        before = words[:-1]
        if before[-1:] == ("access",) and "secret" not in before and _is_of_object_store(name):
            return False
        return bool(before) and (before[-1] in _KEYS or not _SECRET.isdisjoint(before))
    if last == "tokens":
        # `ACCESS_TOKENS` open something; `CONTEXT_TOKENS` are counted.
        return len(words) > 1 and words[-2] in _KEYS
    # `PASSWORD_ADMIN` is a password; `SECRET_FORCED_LANGUAGE` is a language of something called Secret.
    return last not in _SOMETHING_ELSE and len(words) > 1 and words[-2] in _ANYWHERE


def is_method_name(name: str) -> bool:
    """The value may also say how somebody logs in: `DB_AUTH=scram`, `APP_AUTH=ldap`."""
    words = _words(name)
    return len(words) > 1 and words[-1] == "auth"


def _is_of_object_store(name: str) -> bool:
    return not _OBJECT_STORES.isdisjoint(name.lower().replace("-", "_").split("_"))


def names_place(name: str) -> bool:
    """The last word says that the value tells where something is: `SECRETS_DIR`, `TOKEN_PATH`."""
    return (_words(name) or ("",))[-1] in _PLACES


@lru_cache(maxsize=1024)
def mentions_secret(name: str) -> bool:
    """One word of the name speaks of a secret, whatever the rest makes of it; not so of public things."""
    words = _words(name)
    if not {"public", "file", "version"}.isdisjoint(words):
        return False
    if not (_MENTIONS.isdisjoint(words) and _SECRET.isdisjoint(words)):
        return True
    return any(word.endswith(_GLUED) for word in words)


@lru_cache(maxsize=1024)
def is_password_name(name: str) -> bool:
    """The name says password, so that even a short number is one."""
    last = name.lower() if name.isalpha() else next(reversed(_words(name)), "")
    return last.startswith(("pass", "pwd", "psw")) or last.endswith("password") or _ends_with_password(last)


def _ends_with_password(word: str) -> bool:
    return word.endswith(_SHORT_ENDINGS) and word not in _OTHER_ENDINGS


for _cached in (is_secret_name, mentions_secret, is_password_name):
    forget_with_lists(_cached.cache_clear)
