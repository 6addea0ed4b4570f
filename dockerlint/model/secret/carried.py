"""Variables of plain names whose value somebody uses as a secret: `P=…; docker run -e DB_PASSWORD=$P`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from dockerlint.data import ordered_words
from dockerlint.model.secret.name import is_secret_name
from dockerlint.model.secret.raw_value import pieces, quoted, shell_word
from dockerlint.model.secret.value import is_placeholder, looks_secret
from dockerlint.regex import pattern
from dockerlint.text import Span

_WORDS = ordered_words("secrets", "name-marks")
# Read on text in small letters.
_TAKEN = pattern(
    rf"(?P<name>(?:{'|'.join(_WORDS)})[\w.-]{{0,99}})"
    r"[\"']?(?:[ \t]{0,9}[:=]|[ \t]{1,9})[ \t]{0,9}[\"']?"
    r"\$\{?(?P<from>[a-z_]\w{0,99})"
)
_NAME_START = pattern(r"[\w.-]{0,200}")
_SETS = pattern(r"(?<![\w.$-])([A-Za-z_]\w{0,99})[\"']?(?:=|:[ \t]{1,9})(?=\S)")
_MOST = 1_000
"""Places in which such variables may be set."""


def carried_names(text: str, small: str) -> set[str]:
    """The variables that a secret is taken from; `small` is the text in small letters."""
    found: set[str] = set()
    for match in _TAKEN.finditer(small) if "$" in text else ():
        before = _NAME_START.match(text[max(match.start() - 200, 0) : match.start()][::-1])
        start = match.start() - (before.end() if before else 0)
        taken = text[match.start("from") : match.end("from")]
        if is_secret_name(text[start : match.end("name")].strip("-.")) and not is_secret_name(taken):
            found.add(taken)
    return found


def carried_secrets(text: str, small: str) -> Iterator[Span]:
    """What such variables are set to in the same text. Linear."""
    names = carried_names(text, small)
    if names:
        sets = (match for match in _SETS.finditer(text) if match[1] in names)
        for match in islice(sets, _MOST):
            yield from _literals(text, match.end())


def is_literal_secret(value: str) -> bool:
    """Whether a value under such a name is a secret, and no stand-in or variable."""
    bare = value.strip("\"'")
    return (
        bool(bare) and "$" not in bare and not is_placeholder(bare) and looks_secret(bare, is_password=True)
    )


def _literals(text: str, at: int) -> Iterator[Span]:
    word = quoted(text, at) if text[at] in "\"'" else shell_word(text, at)
    return (span for span in pieces(text, word) if is_literal_secret(text[span.start : span.end]))
