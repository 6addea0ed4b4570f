"""The names under which a file of settings holds literal secrets, whatever its format."""

from __future__ import annotations

from collections.abc import Iterator

from dockerlint.model.secret.assigned import assigned_secrets
from dockerlint.model.secret.credential import find_credentials
from dockerlint.model.secret.key_block import key_blocks
from dockerlint.model.secret.name import is_secret_name
from dockerlint.model.secret.text import small_letters
from dockerlint.regex import pattern

_COMMENT = pattern(r"[ \t]*(?:#|;|//|--|\*|/\*|<!--)")
_NAME = pattern(r"([\w.-]{1,99})[\"']?[ \t]{0,9}(?:=>|[:=])[ \t]{0,9}[\"']?\Z")
_BEFORE = 120
"""Characters in front of a value in which its name stands."""


def names_of_secrets(text: str) -> Iterator[str]:
    """The name of each secret that a text sets outside of its comments, or what kind of credential it is.

    Takes less for a secret than the mask of reports does: it must stand right behind its name and a sign.
    """
    yield from dict.fromkeys(_names(text))


def _names(text: str) -> Iterator[str]:
    for credential in find_credentials(text):
        yield credential.title
    if any(True for _ in key_blocks(text)):
        yield "a private key"
    for span in assigned_secrets(text, small_letters(text)):
        start = text.rfind("\n", 0, span.start) + 1
        name = _NAME.search(text, max(start, span.start - _BEFORE), span.start)
        if name is not None and is_secret_name(name[1]) and not _COMMENT.match(text, start, span.start):
            yield name[1]
