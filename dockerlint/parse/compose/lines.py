"""The lines of a Compose file that does not parse, and what their keys and indents say about them."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from dockerlint.parse.compose.schema import compose_file, service
from dockerlint.regex import pattern

_LINE = pattern(
    r"( *)(\t[ \t]*)?"
    r"(?:(\"[^\"\n]*\"|'[^'\n]*'|<<|[\w.$/][\w.$/{}-]*)[ \t]*:(?=[ \t\r\n]|\Z))?[ \t]*([^\n]*)(?:\n|\Z)"
)
_NO_VALUE = pattern(r"(?:[&!]\S*[ \t]*)*(?:#.*)?\r?\Z")
_MARKER = pattern(r"(?:---|\.\.\.)(?:\s|\Z)|%")
_WORD = pattern(r"([\w.-]+)[ \t;,=.]*\r?\Z")
_KEYINSIDE = pattern(r"\n( *)([\w-]+):(?=[ \t\r\n])")
INSIDE = 1_000_000
"""The indent of a line that begins with a tab: nobody can say, so it belongs to what is above it."""


LOOK_BACK = 200
"""Lines above a key among which its parent is looked for."""


class ContentLine(NamedTuple):
    """A line with content, comments aside."""

    start: int
    end: int
    """Behind its line break."""
    indent: int
    key: str
    """Without quotes; "" where no key begins the line."""
    value: str
    """What follows the key, or the whole content."""

    @property
    def is_open(self) -> bool:
        """A key whose value stands on the lines below."""
        return bool(self.key) and _NO_VALUE.match(self.value) is not None

    @property
    def is_item(self) -> bool:
        """An item of a list."""
        return not self.key and (self.value.startswith("- ") or self.value.rstrip() == "-")

    @property
    def is_marker(self) -> bool:
        """A document begins or ends here, or a directive stands here."""
        return self.indent == 0 and not self.key and _MARKER.match(self.value) is not None

    @property
    def is_closer(self) -> bool:
        """It closes a bracket of a line above."""
        return self.value.startswith(("}", "]"))

    @property
    def word(self) -> str:
        """The single word of a line whose colon may be lost, or ""."""
        match = None if self.key else _WORD.match(self.value)
        return match[1] if match else ""


def read_lines(text: str) -> Iterator[ContentLine]:
    """The lines that say something."""
    at = 0
    while at < len(text):
        match = _LINE.match(text, at)
        assert match is not None
        indent, key, value = len(match[1]), match[3] or "", match[4]
        if key or (value.strip() and not value.startswith("#")):
            yield ContentLine(at, match.end(), INSIDE if match[2] else indent, key.strip("\"'"), value)
        at = match.end()


@cache
def service_keys() -> frozenset[str]:
    """The keys of a service, and the merge key."""
    return frozenset((*(service().fields or ()), "<<"))


@cache
def section_names() -> frozenset[str]:
    """The keys of a Compose file."""
    return frozenset(compose_file().fields or ())


def is_section(key: str) -> bool:
    """Whether it may stand at the top of a Compose file."""
    return key in section_names() or key.startswith("x-")


class IndentedLines:
    """The lines of a text, and at which indents most of them put services and their keys."""

    def __init__(self, text: str) -> None:
        self.lines = list(read_lines(text))
        self.root = min((line.indent for line in self.lines), default=0)
        following = [*self.lines[1:], None][: len(self.lines)]
        self._begins = [
            below is not None and self._begins_service(line, below)
            for line, below in zip(self.lines, following, strict=True)
        ]
        has_section = any(line.key == "services" and line.indent == self.root for line in self.lines)
        least = self.root + has_section
        voters = [
            at for at, begins in enumerate(self._begins) if begins and least <= self.lines[at].indent < INSIDE
        ]
        self.services = _commonest(self.lines[at].indent for at in voters)
        """The indent of services; 0 where no line looks like one, or where they stand at the top."""
        self.keys = _commonest(
            self.lines[at + 1].indent for at in voters if self.lines[at].indent == self.services
        )
        """The indent of the keys of a service."""
        self._services = [at for at in voters if self.lines[at].indent == self.services]
        self._tops = [at for at, line in enumerate(self.lines) if line.indent <= self.root]

    def _begins_service(self, line: ContentLine, below: ContentLine) -> bool:
        is_below = below.indent > (line.indent if line.indent < INSIDE else self.root)
        is_at_top = line.indent == self.root and is_section(line.key)
        return is_below and not is_at_top and line.is_open and below.key in service_keys()

    def begins_service(self, at: int) -> bool:
        """A key with the key of a service below it."""
        return self._begins[at]

    def is_misfit(self, at: int) -> bool:
        """A key deeper than any service stands, which fits nothing above it, before the keys of a service."""
        line, below = self.lines[at], self.lines[at + 1] if at + 1 < len(self.lines) else None
        if not line.is_open or below is None or below.indent != self.keys or below.key not in service_keys():
            return False
        if not self.keys < line.indent < INSIDE:
            return False
        above = range(at - 1, max(at - LOOK_BACK, 0), -1)
        parent = next((one for one in above if self.lines[one].indent <= line.indent), None)
        if parent is None or self.lines[parent].indent == line.indent:
            return False
        return parent < at - 1 or not self.lines[parent].is_open

    def below(self, at: int) -> ContentLine | None:
        """The next line, where it is indented more."""
        line = self.lines[at + 1] if at + 1 < len(self.lines) else None
        return line if line is not None and line.indent > self.lines[at].indent else None

    def _end_of_region(self, at: int) -> int:
        """The next line at the top."""
        following = bisect_left(self._tops, at)
        return self._tops[following] if following < len(self._tops) else len(self.lines)

    def has_service(self, at: int) -> bool:
        """A service stands between this line and the next one at the top."""
        following = bisect_left(self._services, at)
        return following < len(self._services) and self._services[following] < self._end_of_region(at)

    def is_rest_of_service(self, at: int) -> bool:
        """What stands below this line is the rest of a service that it interrupts."""
        first = self.below(at)
        if first is None or not self.services or first.indent <= self.services:
            return False
        if first.key in service_keys() and first.indent == self.keys:
            return True
        if is_section(self.lines[at].key):
            return False
        rest = range(at + 1, self._end_of_region(at + 1))
        return any(self.lines[one].indent < first.indent for one in rest)


def swallows_keys(text: str, start: int, end: int) -> bool:
    """Whether a quoted scalar holds lines that are keys of the file: its quote was meant to close above them.

    YAML takes such a text, with all that stands between two quotes for one value.
    """
    indent = len(text[text.rfind("\n", 0, start) + 1 : start]) - len(
        text[text.rfind("\n", 0, start) + 1 : start].lstrip(" ")
    )
    for match in _KEYINSIDE.finditer(text, start, end):
        is_key = match[2] in service_keys() and len(match[1]) <= indent
        if is_key or (not match[1] and match[2] in section_names()):
            return True
    return False


def _commonest(indents: Iterator[int]) -> int:
    """The commonest of some indents, the smaller one of equals; 0 where there is none."""
    counted = Counter(indents)
    return min(counted, key=lambda indent: (-counted[indent], indent), default=0)
