"""Does the name of a variable say that it holds a secret?

Names are read as English compounds: the last word says what the thing is, so `TOKEN_URL` is a URL and
`PASSWORD_STORE_DIR` a directory, while `DB_PASSWORD` is a password.
"""

from __future__ import annotations

from functools import lru_cache

from dockerlint.regex import pattern

LONGEST_NAME = 200
"""Characters at the end of a name that are read: no real name is longer."""

_WORDS = pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SECRET = _set(
    """
    password passwd passphrase passcode passwort pword psw psk pwd pass pw secret secrets token
    apikey credential credentials creds auth salt authtoken secretkey accesskey privatekey
    htpasswd requirepass masterauth
    """
)
"""As the last word of a name, each says that the value is a secret."""

_ANYWHERE = _set(
    """
    password passwd passphrase secret token apikey credential credentials
    """
)
"""These say so in front of other words too, unless one of those says what else it is."""

_GLUED = ("password", "passwd", "passphrase", "secret", "apikey", "token", "dbpass", "userpass", "rootpass")
"""Endings of a word: `PGPASSWORD`, `ACCESSTOKEN`."""

_KEYS = _set(
    """
    api access private secret encryption encrypt signing sign auth master app application license
    hmac jwt cookie session service storage account client cipher aes shared deploy ssh consumer
    webhook admin root crypt crypto token server subscription ingest write deployment age decryption
    rails instrumentation
    """
)
"""A key of one of these is a secret; a primary, sort, public or GPG key is not."""

_QUALIFIERS = _set(
    """
    default value prod production dev development test testing staging stage live local old new
    current next previous primary secondary base base64 b64 hex plain plaintext raw string str
    encoded text
    """
)
"""Words after the noun that leave it what it is: `PASSWORD_PROD`, `SECRET_KEY_BASE`."""

_SOMETHING_ELSE = _set(
    """
    file files path paths url urls uri uris dir directory folder location store name names id ids
    length len ttl expiry expire expires expired expiration lifetime host hostname hosts port user
    username users type kind algo algorithm alg policy policies enabled enable disabled disable
    required require version issuer audience scope scopes endpoint header headers prefix suffix
    method mode format provider providers field param size limit limits min max minimum maximum
    count timeout days day hours hour minutes minute seconds second secs sec ms interval period age
    window rotation regex pattern requirements requirement hint label bonus budget arn source env
    var variable command cmd class model cost characters chars digits strategy validity valid
    duration delay retries attempts plugin backend driver engine manager service server module reset
    change validation validator check complexity strength history threshold rate usage rounds
    iterations cache domain realm domains flow page view link template subject realms list map
    mapping resolver tokens allowed auto automatic encoding encoded status state code region zone
    bucket volume mount namespace stdin prompt
    """
)
"""After the noun these make it something else: `TOKEN_TTL`, `SECRET_NAME`, `PASSWORD_POLICY`."""

_SWITCHES = _set(
    """
    allow random no disable enable require use skip is has with without show hide ignore force
    generate public tokenizer max min num number total askpass sock
    """
)
"""Anywhere in a name these say that it is a switch, a number or public."""

# BuildKit SecretsUsedInArgOrEnv and the lists of Trivy and hadolint, as facts: one word is enough for them.
_MENTIONS = _SECRET | {"key", "usr", "private"}


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
    if last in _SECRET or last.endswith(_GLUED):
        return True
    if last in ("key", "keys"):
        before = words[:-1]
        return bool(before) and (before[-1] in _KEYS or not _SECRET.isdisjoint(before))
    # `PASSWORD_ADMIN` is a password; `SECRET_FORCED_LANGUAGE` is a language of something called Secret.
    return last not in _SOMETHING_ELSE and len(words) > 1 and words[-2] in _ANYWHERE


@lru_cache(maxsize=1024)
def mentions_secret(name: str) -> bool:
    """One word of the name speaks of a secret, whatever the rest makes of it; not so of public things."""
    words = _words(name)
    if not {"public", "file", "version"}.isdisjoint(words):
        return False
    return not _MENTIONS.isdisjoint(words) or any(word.endswith(_GLUED) for word in words)


@lru_cache(maxsize=1024)
def is_password_name(name: str) -> bool:
    """The name says password, so that even a short number is one."""
    last = name.lower() if name.isalpha() else next(reversed(_words(name)), "")
    return last.startswith(("pass", "pwd", "psw")) or last.endswith("password")
