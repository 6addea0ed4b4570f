"""Which stretches of a text edits replaced, round after round, and the lines that these stand on.

What changed is known from the edits, so no two texts have to be searched for what they share: that costs the
square of their length where many lines are alike.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from dockerlint.findings import Edit
from dockerlint.text import written_places

LARGEST: Final = 10_000
"""Pairs of lines of one changed stretch that are compared; a larger one is shown as replaced whole."""


class Stretch(NamedTuple):
    """A range of one text, and the range of a later one that stands in its place."""

    start: int
    end: int
    new_start: int
    new_end: int


Opcode = tuple[str, int, int, int, int]
"""As difflib has them: what is done, the range of old lines, the range of new lines."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The stretches that differ, in order and apart; everything between them is the same in both texts."""

    stretches: tuple[Stretch, ...] = ()

    def then(self, edits: Iterable[Edit]) -> Changes:
        """These changes, and edits of the text that they led to."""
        stretches = [Stretch(*edit.span[:2], *new[:2]) for edit, new in written_places(edits)]
        return Changes(tuple(_joined(self.stretches, stretches)))


def changes_between(old: str, new: str) -> Changes:
    """One change: everything but the lines that both texts begin with, and those that both end with."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    first = sum(map(len, before[:start]))
    tail = sum(map(len, before[len(before) - end :]))
    return Changes((Stretch(first, len(old) - tail, first, len(new) - tail),) if old != new else ())


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """With how many equal lines both begin."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (line, same) in pairs if line != same), min(len(one), len(other)))


def _joined(first: Sequence[Stretch], second: Sequence[Stretch]) -> Iterator[Stretch]:
    """Changes of a text and changes of what it became, as changes of the text itself."""
    # In the text between the two, each is a range that starts and ends so far from its place in the others.
    pieces = [(one.new_start, one.new_end, one, True) for one in first]
    pieces += [(one.start, one.end, one, False) for one in second]
    pieces.sort(key=lambda piece: piece[:2])
    before = after = 0  # the growth by what is passed
    at = 0
    while at < len(pieces):
        start, end = pieces[at][:2]
        grown, growing = before, after
        while at < len(pieces) and pieces[at][0] <= end:
            _, its_end, one, is_first = pieces[at]
            end = max(end, its_end)
            growth = (one.new_end - one.new_start) - (one.end - one.start)
            grown, growing = (grown + growth, growing) if is_first else (grown, growing + growth)
            at += 1
        yield Stretch(start - before, end - grown, start + after, end + growing)
        before, after = grown, growing


class TextLines:
    """A text by its lines; only a newline ends one."""

    def __init__(self, text: str) -> None:
        self.lines = [line + "\n" for line in text.split("\n")]
        self.lines[-1] = self.lines[-1][:-1]
        if not self.lines[-1]:
            del self.lines[-1]
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line))
        self._ends_open = bool(self.lines) and not self.lines[-1].endswith("\n")

    def at(self, offset: int) -> int:
        """The 0-based line that holds an offset; their number for the place behind the last line break."""
        line = bisect_right(self._starts, offset) - 1
        return line - 1 if self._ends_open and line == len(self.lines) else line

    def opens(self, offset: int) -> bool:
        """Whether a line begins there."""
        return not offset or offset == self._starts[self.at(offset)]


def opcodes(changes: Changes, before: TextLines, after: TextLines) -> list[Opcode]:
    """How the new lines come from the old ones, as `difflib.SequenceMatcher.get_opcodes` tells it."""
    found: list[Opcode] = []
    line = new_line = 0
    for one in _on_lines(changes, before, after):
        _add(found, ("equal", line, one.start, new_line, one.new_start))
        for each in _inside(one, before.lines, after.lines):
            _add(found, each)
        line, new_line = one.end, one.new_end
    _add(found, ("equal", line, len(before.lines), new_line, len(after.lines)))
    return found


def _on_lines(changes: Changes, before: TextLines, after: TextLines) -> Iterator[Stretch]:
    """The stretches in whole lines, those that share a line or follow each other as one."""
    waiting: Stretch | None = None
    for one in changes.stretches:
        # Both ends are where lines begin, or neither: what is around a stretch is the same in both texts.
        is_whole = before.opens(one.end) and after.opens(one.new_end)
        end, new_end = before.at(one.end) + (not is_whole), after.at(one.new_end) + (not is_whole)
        lines = Stretch(
            before.at(one.start),
            min(end, len(before.lines)),
            after.at(one.new_start),
            min(new_end, len(after.lines)),
        )
        if waiting is not None and (lines.start <= waiting.end or lines.new_start <= waiting.new_end):
            waiting = waiting._replace(end=lines.end, new_end=lines.new_end)
            continue
        if waiting is not None:
            yield waiting
        waiting = lines
    if waiting is not None:
        yield waiting


def _inside(one: Stretch, before: Sequence[str], after: Sequence[str]) -> Iterator[Opcode]:
    """What is done to the lines of one stretch."""
    old, new = before[one.start : one.end], after[one.new_start : one.new_end]
    if len(old) * len(new) > LARGEST:
        yield ("replace", one.start, one.end, one.new_start, one.new_end)
        return
    for tag, low, high, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield (tag, one.start + low, one.start + high, one.new_start + start, one.new_start + end)


def _add(found: list[Opcode], more: Opcode) -> None:
    """One more, as part of the last one where both are alike."""
    tag, low, high, start, end = more
    if low == high and start == end:
        return
    if found and found[-1][0] == tag == "equal":
        _, low, _, start, _ = found.pop()
    found.append((tag, low, high, start, end))
