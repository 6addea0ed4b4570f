"""Line breaks, indents and comments around a place in a Dockerfile."""

from __future__ import annotations

from typing import Final

from dockerlint.findings import Edit
from dockerlint.text import Span

BLANKS: Final = " \t"


def insertion(offset: int, text: str) -> Edit:
    """The text put at one place."""
    return Edit(Span(offset, offset), text)


def line_before(text: str, instruction: int, line: str) -> Edit | None:
    """A line of its own above an instruction and its comments; None where that does not start its line."""
    start = text.rfind("\n", 0, instruction) + 1
    indent = text[start:instruction]
    if indent.strip(BLANKS):
        return None
    return insertion(above_comments(text, start), f"{indent}{line}{newline_of(text)}")


def newline_of(text: str) -> str:
    """The line break that a file uses, by its first one."""
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"


def above_comments(text: str, start: int) -> int:
    """The start of the comment lines right above the line at `start`, or that line itself."""
    while start > 0:
        above = text.rfind("\n", 0, start - 1) + 1
        if not text[above:start].lstrip().startswith("#"):
            break
        start = above
    return start
