"""What may reach a terminal: no control characters, known widths, colour only when asked."""

from __future__ import annotations

import re
from unicodedata import combining, east_asian_width

from dockerlint.findings import Severity

# C0, DEL and C1; marks and overrides of direction; invisible and separator characters; lone surrogates;
# tag characters. Any of these can hide text, move it or drive the terminal.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_NOT_ASCII = re.compile("[^ -~]")
_COLOURS = {
    Severity.CRITICAL: "1;31",
    Severity.HIGH: "31",
    Severity.MEDIUM: "33",
    Severity.LOW: "36",
    Severity.INFO: "2",
}


def visible(text: str, ascii: bool = False) -> str:
    """The text with everything that a terminal would obey, hide or reorder written as an escape.

    With `ascii`, every character outside printable ASCII is escaped.
    """
    return (_NOT_ASCII if ascii else _UNSAFE).sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    return match.group().encode("unicode_escape").decode("ascii")


def width(text: str) -> int:
    """Columns that visible text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    if combining(character):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


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
