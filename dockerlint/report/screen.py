"""What may reach a terminal: no control characters, no secret, known widths, colour only when asked."""

from __future__ import annotations

import re

from dockerlint.findings import Severity
from dockerlint.masking.mask import hide_alone
from dockerlint.regex import pattern

_COLOURS = {
    Severity.CRITICAL: "1;31",
    Severity.HIGH: "31",
    Severity.MEDIUM: "33",
    Severity.LOW: "36",
    Severity.INFO: "2",
}


def visible(text: str, ascii: bool = False) -> str:
    """The text with everything that a terminal would obey, hide or reorder written as an escape.

    That is every control and format character, lone surrogates, and separators that are no plain blank.
    With `ascii`, it is every character outside ASCII too.
    """
    if text.isprintable() and (text.isascii() or not ascii):
        return text
    return "".join(_shown(character, ascii) for character in text)


def _shown(character: str, ascii: bool) -> str:
    if character.isprintable() and (character.isascii() or not ascii):
        return character
    return character.encode("unicode_escape").decode("ascii")


# GitHub Actions obeys `::` behind blanks at the start of a line; it, Azure Pipelines and TeamCity obey
# `##[` and `##name[` anywhere in one. They break lines at a carriage return too.
_COMMAND = pattern(r"(?:\A|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029])\s*::|##\w*\[")
_COLON = pattern(r"^([^\S\n]*):(?=:)", re.MULTILINE)
_HASH = pattern(r"#(?=#\w*\[)")


def is_command(text: str) -> bool:
    """A service that runs the program would obey a line of the text."""
    return ("::" in text or "##" in text) and _COMMAND.search(text) is not None


def harmless(text: str) -> str:
    """Whole lines of visible text, with the first sign of each command to the service around it escaped."""
    if "::" not in text and "##" not in text:
        return text
    return _HASH.sub(r"\\x23", _COLON.sub(r"\1\\x3a", text))


def width(text: str) -> int:
    """Columns that visible text takes on a terminal."""
    if text.isascii():
        return len(text)
    # Loaded from disk, and most text never needs it.
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(one) else 2 if east_asian_width(one) in "WF" else 1 for one in text)


class Paint:
    """Wraps text in colours, or leaves it alone."""

    def __init__(self, enabled: bool) -> None:
        self._enabled = enabled

    def severity(self, text: str, severity: Severity) -> str:
        return self._wrap(text, _COLOURS[severity])

    def bold(self, text: str) -> str:
        return self._wrap(text, "1")

    def dim(self, text: str) -> str:
        return self._wrap(text, "2")

    def _wrap(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._enabled else text


def complaint(message: str) -> str:
    """A message as lines of standard error."""
    lines = hide_alone(message).splitlines()
    return harmless("".join(f"dockerlint: {visible(line)}\n" for line in lines))
