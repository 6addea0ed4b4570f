"""Does a value look like a secret, a stand-in for one, or something else?"""

from __future__ import annotations

import re
from typing import Final

from dockerlint.data import word_list
from dockerlint.regex import pattern
from dockerlint.values import UNRESOLVED


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# `$$` is a dollar of Compose, `\$` one of Dockerfiles; the default of `${NAME:-default}` is literal text.
_EXPANSION = pattern(r"\\\$|\$\$|\$\{\w+(?:(?P<form>:?[-+?=])(?P<word>[^{}$]*))?[^{}]{0,200}\}|\$\w+|\$\{\w*")

_PLACEHOLDER = pattern(
    r"""\s*\Z
    | <.*>\Z | \[.*\]\Z | \{\{.*\}\}\Z | \{.*\}\Z | %\(?.*%\Z | @@?\w+@@?\Z | __\w+__\Z | [x*._-]{3,}\Z
    | \W?(?:please[-_ ]?)?change[-_ ]?(?:me|it|this).* | replace[-_ ]?(?:me|it|this|with).* | your[-_ ].*
    | insert[-_ ].* | enter[-_ ].* | put[-_ ].* | set[-_ ]?me.* | fill[-_ ]?(?:me|in).* | .*[-_ ]here\Z
    | todo.* | fixme.* | placeholder.* | dummy.* | .*[-_ ]dummy\Z | build[-_ ](?:time|only|key|secret)\b.*
    | tbd\Z | redacted.* | n/?a\Z | none\Z | null\Z | nil\Z | undefined\Z
    | not[-_ ]?(?:set|used|needed|a[-_ ]secret).* | unset\Z | empty\Z | optional\Z | invalid\Z
    | [\w.-]+[_-](?:creds|credentials)\Z | [\W_]\Z
    | (?=[\w -]{8,80}\Z)(?=.*(?:random|alpha-?numeric)).*[-_ ](?:string|value|chars?|characters)\Z""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_SWITCH = pattern(r"true\Z|false\Z|yes\Z|no\Z|on\Z|off\Z|enabled?\Z|disabled?\Z|required\Z", re.IGNORECASE)
_LOCATION = pattern(
    r"(?:/|\./|\.\./|~/|file:|[a-z]:\\).*\Z|\w+://[^\s:@]*\Z|(?=[^\s:/]*/)[^\s:]*\.(?:pem|key|crt|json|txt|ya?ml|env)\Z",
    re.IGNORECASE | re.DOTALL,
)
_RANDOM = pattern(r"/[A-Za-z0-9+/]{20,}={0,2}(?![\w./-])")
_MIXED = pattern(r"(?=[^+=]*[+=]|.*[A-Za-z0-9]{16})(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])(?=\D*\d)")
_REFERENCE = pattern(
    r"[^$\w]{0,9}(?:\$?\$\{\w{1,200}(?::?\?[^{}]{0,400})?\}|\$?\$[A-Z_][A-Z0-9_]*|\$\(.*|%\w+%|\{\{.*)\W{0,9}\Z",
    re.DOTALL,
)
_QUANTITY = pattern(r"\d+(?:\.\d+)?\s*(?:ms|s|m|h|d|w|y|sec|min|hours?|days?|[kmg]i?b?)?\Z", re.IGNORECASE)
_SHORTEST_NUMBER: Final = 5
"""Digits that may be a secret; ports, sizes and times of those names have fewer, or a unit."""
_MODE = pattern(
    r"(?:basic|digest|bearer|oauth2?|oidc|ldap|saml|jwt|md5|trust|peer|plain|scram-sha-\d+|kerberos|internal|native"
    r"|external|local|anonymous|default|auto|password|token|key|htpasswd|requested|want|need|ntlm|negotiate|spnego|pam"
    r"|radius|mtls|tls|x509|silly|simple|sasl|gssapi)\Z",
    re.IGNORECASE,
)
_GUESSABLE: Final = word_list("secrets", "guessable-passwords")
_PLAIN_WORDS = pattern(r"[a-z]{3,12}(?: [a-z]{3,12}){2,7}\Z")
# Words that nearly every sentence has one of, and no passphrase of random words.
_SENTENCE_WORDS: Final = word_list("secrets", "sentence-words")


def literal_view(written: str) -> str:
    """The text as it stands when no variable is set: defaults in place, other variables as UNRESOLVED.

    `${NAME:-default}` and `${NAME-default}` give the default, `$$` and `\\$` a dollar.
    """
    return _EXPANSION.sub(_expand, written) if "$" in written else written


def is_placeholder(value: str) -> bool:
    """A stand-in that asks to be replaced: empty, `<password>`, `changeme`, `your-key-here`, `xxx`."""
    return bool(_PLACEHOLDER.match(value.strip("\"'")))


def is_stand_in(value: str) -> bool:
    """A placeholder, or the name of a variable and nothing else."""
    return is_placeholder(value) or bool(_REFERENCE.match(value))


def is_passphrase(value: str) -> bool:
    """Plain words that make no sentence: `correct horse battery staple`."""
    return bool(_PLAIN_WORDS.match(value)) and _SENTENCE_WORDS.isdisjoint(value.split())


def is_guessable(value: str) -> bool:
    """One of the passwords that are tried first, because examples and defaults use them."""
    return value.lower() in _GUESSABLE


def looks_secret(value: str, *, is_password: bool) -> bool:
    """The value of a secret-like name is a secret itself: no stand-in, switch, location, quantity or mode."""
    bare = value.strip("\"'")
    if _is_key_material(bare):
        return True
    if is_placeholder(bare) or _SWITCH.match(bare) or is_location(bare):
        return False
    if is_password:
        return True
    return not _is_quantity(bare) and not _MODE.match(bare)


def is_location(value: str) -> bool:
    """A path, or an address without a login."""
    return _LOCATION.match(value) is not None


def _is_quantity(text: str) -> bool:
    """A number with a unit, or one that is too short for a secret."""
    return _QUANTITY.match(text) is not None and len(text) < (_SHORTEST_NUMBER if text.isdecimal() else 9)


def _is_key_material(value: str) -> bool:
    """Base64 that begins with a slash is no path."""
    found = _RANDOM.match(value)
    return found is not None and bool(_MIXED.match(found[0]))


def _expand(match: re.Match[str]) -> str:
    whole = match[0]
    if whole in ("\\$", "$$"):
        return "$"
    if match["form"] in (":-", "-") and match["word"] is not None:
        return match["word"]
    return UNRESOLVED
