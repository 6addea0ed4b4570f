"""Where a string of JSON ends, and what it says."""

from __future__ import annotations

from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Final

from dockerlint.regex import pattern

_SURROGATE: Final = pattern("[\ud800-\udfff]")


def unescaped(text: str, start: int) -> tuple[str, int]:
    """What a string says that begins at an offset, and where it ends; raises ValueError where it is none."""
    content, end = scanstring(text, start + 1, True)
    return _SURROGATE.sub("\ufffd", content), end


def closing_quote(text: str, start: int, end: int) -> int:
    """The offset behind the quote that ends a string; -1 where the line has none."""
    at = start
    while (quote := text.find('"', at, end)) >= 0:
        first = quote
        while first > start and text[first - 1] == "\\":
            first -= 1
        if not (quote - first) % 2:
            return quote + 1
        at = quote + 1
    return -1
