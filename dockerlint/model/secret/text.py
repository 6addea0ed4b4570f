"""Every secret that raw text gives away, whether or not anything can parse it.

The mask of a report is made of it. It takes more for a secret than rules report, and asks nothing of the
text: comments, broken files, scripts and documents inside values are read like everything else.
"""

from __future__ import annotations

from typing import Final

from dockerlint.data import ordered_words
from dockerlint.model.secret.credential import find_credentials
from dockerlint.model.secret.logins import find_logins
from dockerlint.model.secret.phrases import secret_phrases
from dockerlint.text import Span


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words of which one stands in every text that a module below can find something in: most files need none.
_NAMES: Final = ordered_words("secrets", "name-marks")
PROGRAMS: Final = ordered_words("secrets", "program-marks")


def secrets_in_text(text: str) -> tuple[Span, ...]:
    """Places of secrets in order: credentials of known formats, key bodies, logins of URLs, named values.

    Spans may overlap: one value is given in each of its readings. Takes time linear in the text.
    """
    small = small_letters(text)
    words = " ".join(set(small.split()))  # what programs print says the same thousands of times
    spans = {credential.span for credential in find_credentials(text)}
    spans.update(secret_phrases(text, words))
    spans.update(find_logins(text))
    if "begin " in small or "private-lines" in small:
        from dockerlint.model.secret.key_block import key_blocks

        spans.update(key_blocks(text))
    if [word for word in _NAMES if word in words]:
        from dockerlint.model.secret.assigned import assigned_secrets

        spans.update(assigned_secrets(text, small))
        if "$" in text:
            from dockerlint.model.secret.carried import carried_secrets

            spans.update(carried_secrets(text, small))
    if [word for word in PROGRAMS if word in words]:
        from dockerlint.model.secret.options import secret_options

        spans.update(secret_options(text, small, words))
    return tuple(sorted([span for span in spans if span[1] > span[0]]))


def small_letters(text: str) -> str:
    """The text in small letters, each in its place: some letters have two small ones."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(char.lower() if char.isascii() else char for char in text)
