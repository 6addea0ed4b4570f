"""Line breaks, indents and comments around a place in a Dockerfile."""

from __future__ import annotations

from collections import Counter
from typing import Final, NamedTuple

from dockerlint.findings import Edit, Refusal
from dockerlint.fixing.request import Outcome, Request
from dockerlint.regex import pattern
from dockerlint.text import Span

BLANKS: Final = " \t"
_LEADING = pattern(r"\\[ \t]*\r?\n([ \t]*)&&[ \t]")
_TRAILING = pattern(r"&&[ \t]*\\[ \t]*\r?\n([ \t]*)(?=[^\s&#])")


def insertion(offset: int, text: str) -> Edit:
    """The text put at one place."""
    return Edit(Span(offset, offset), text)


def indent_of(text: str, instruction: int) -> str | Refusal:
    """The blanks in front of an instruction; a refusal where it does not start its line."""
    indent = text[text.rfind("\n", 0, instruction) + 1 : instruction]
    return Refusal("the instruction next to it does not start its line") if indent.strip(BLANKS) else indent


def line_before(text: str, instruction: int, line: str) -> Edit | Refusal:
    """A line of its own above an instruction and its comments."""
    indent = indent_of(text, instruction)
    if isinstance(indent, Refusal):
        return indent
    return paragraph(text, instruction - len(indent), f"{indent}{line}{newline_of(text)}")


def paragraph(text: str, start: int, lines: str) -> Edit:
    """Lines above the instruction whose line begins at `start`, and above its comments.

    Comments that a blank line parts from what is above them stay parted from it.
    """
    place = above_comments(text, start)
    above = text[text.rfind("\n", 0, max(place - 1, 0)) + 1 : place]
    is_parted = place < start and place > 0 and not above.strip()
    return insertion(place, lines + newline_of(text) * is_parted)


class Joint(NamedTuple):
    """How a file joins the commands of a RUN over lines, most of the time."""

    indent: str
    """In front of the second line."""
    is_trailing: bool
    """`&&` stands at the end of the first line."""

    def inside(self, indent: str) -> str:
        """`` \\⏎    && `` for a RUN with an indent of its own; the line break is a plain one."""
        own = self.indent.removeprefix(indent) or "    "
        return f" && \\\n{own}" if self.is_trailing else f" \\\n{own}&& "


def joint_of(text: str) -> Joint:
    """The joint that most RUNs of a file have."""
    leading, trailing = _LEADING.findall(text), _TRAILING.findall(text)
    found = Counter(leading if len(leading) >= len(trailing) else trailing).most_common(1)
    return Joint(found[0][0] if found else "", len(trailing) > len(leading))


def without_line(request: Request, span: Span) -> Outcome:
    """An instruction taken out with all its lines."""
    text = request.text
    start = text.rfind("\n", 0, span.start) + 1
    if text[start : span.start].strip(BLANKS):
        return Refusal("the instruction does not start its line")
    end = text.find("\n", span.end)
    return (Edit(Span(start, len(text) if end < 0 else end + 1), ""),)


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
