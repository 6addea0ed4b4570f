"""Every secret that raw text gives away, whether or not anything can parse it.

The mask of a report is made of it. It takes more for a secret than rules report, and asks nothing of the
text: comments, broken files, scripts and documents inside values are read like everything else.
"""

from __future__ import annotations

from dockerlint.model.assigned_secret import assigned_secrets
from dockerlint.model.credential import find_credentials
from dockerlint.model.key_block import key_blocks
from dockerlint.model.secret_options import secret_options
from dockerlint.model.secret_phrases import secret_phrases
from dockerlint.text import Span


def secrets_in_text(text: str) -> tuple[Span, ...]:
    """Places of secrets in order: credentials of known formats, key bodies, logins of URLs, named values.

    Spans may overlap: one value is given in each of its readings. Takes time linear in the text.
    """
    small = small_letters(text)
    spans = {credential.span for credential in find_credentials(text)}
    spans.update(key_blocks(text))
    spans.update(assigned_secrets(text, small))
    spans.update(secret_phrases(text, small))
    spans.update(secret_options(text, small))
    return tuple(sorted(span for span in spans if span.end > span.start))


def small_letters(text: str) -> str:
    """The text in small letters, each in its place: some letters have two small ones."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(char.lower() if char.isascii() else char for char in text)
