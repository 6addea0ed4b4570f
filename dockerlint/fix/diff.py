"""Differences between the old and the new text, each with the fixes that made it. Secrets are masked."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from dockerlint.fix.changes import Lines, Opcode, changes_between, opcodes
from dockerlint.fix.newfiles import Planned
from dockerlint.fix.rounds import Applied, Result
from dockerlint.masking import Place
from dockerlint.report.screen import visible
from dockerlint.text import MASK
from dockerlint.tuples import NamedTuple

CONTEXT = 3
"""Unchanged lines around a change."""


class Hunk(NamedTuple):
    """One change as a patch of its own, and the fixes in it."""

    patch: str
    applied: tuple[Applied, ...]
    hides: bool
    """A secret is masked in it, so it cannot be applied."""


def hunks(path: str, old: str, result: Result) -> Iterator[Hunk]:
    """The changes in order; each can be applied with patch or git apply."""
    before, after = Lines(old), Lines(result.text)
    placed = _placed(old, result)
    lines = [line for line, _ in placed]
    hidden = result.mask_before.places(), result.mask.places()
    shown = Lines(masked(old, hidden[0])).lines, Lines(masked(result.text, hidden[1])).lines
    for group in _groups(opcodes(result.changes, before, after)):
        first, last = group[0][1], group[-1][2]
        found = placed[bisect_left(lines, first) : bisect_left(lines, max(last, first + 1))]
        inside = tuple(result.applied[at] for at in sorted(at for _, at in found))
        patch = _patch(path, group, *shown)
        yield Hunk(patch, inside, MASK in patch and any(hidden))


def file_hunks(path: str, file: Planned) -> Iterator[str]:
    """The changes in a file that fixes make or complete, which is no secret."""
    old = file.source.text if file.source else ""
    before, after = Lines(old), Lines(file.text)
    for group in _groups(opcodes(changes_between(old, file.text), before, after)):
        yield _patch(path, group, before.lines, after.lines, is_new=file.source is None)


def masked(text: str, places: Iterable[Place]) -> str:
    """The text with its secrets hidden, line breaks kept."""
    pieces, at = [], 0
    for start, end in places:
        pieces += [text[at:start], "\n".join([MASK] * (text.count("\n", start, end) + 1))]
        at = end
    return "".join([*pieces, text[at:]])


def _placed(old: str, result: Result) -> list[tuple[int, int]]:
    """The fixes by the line of the old text that each changes, as indices of `result.applied`."""
    placed: list[tuple[int, int]] = []
    before, place = Lines(old), None
    for at, one in enumerate(result.applied):
        if place is None or place.text is not one.before:
            place = _Place(before, one)
        if one.fix.edits:
            placed.append((place.line(one), at))
    return sorted(placed)


class _Place:
    """Where the lines of a text between two rounds were in the old one."""

    def __init__(self, old: Lines, first: Applied) -> None:
        self.text = first.before
        self._lines = Lines(self.text)
        self._last = max(len(old.lines) - 1, 0)
        self._opcodes = opcodes(first.changes, old, self._lines)
        self._starts = [start for _, _, _, start, _ in self._opcodes]

    def line(self, applied: Applied) -> int:
        """The 0-based line of the old text that a fix changes."""
        line = self._lines.at(min(edit.span.start for edit in applied.fix.edits))
        # Of a range and an empty one that begin together, the empty one comes first.
        at = bisect_right(self._starts, line) - 1
        if at >= 0:
            _, low, high, first, end = self._opcodes[at]
            line = min(low + line - first, max(high - 1, low)) if line < end else line
        return min(line, self._last)


def _groups(found: Sequence[Opcode]) -> Iterator[list[Opcode]]:
    """The changes with the lines around them, those near each other together."""
    group: list[Opcode] = []
    for tag, low, high, start, end in found:
        if tag != "equal":
            group.append((tag, low, high, start, end))
            continue
        if group and high - low > 2 * CONTEXT:
            yield [*group, (tag, low, low + CONTEXT, start, start + CONTEXT)]
            group = []
        skipped = 0 if group else max(high - low - CONTEXT, 0)
        group.append((tag, low + skipped, high, start + skipped, end))
    if len(group) == 1 and group[0][0] == "equal":
        return
    if group and group[-1][0] == "equal":
        tag, low, high, start, end = group.pop()
        group.append((tag, low, min(high, low + CONTEXT), start, min(end, start + CONTEXT)))
    yield from [group] if group else []


def _patch(
    path: str, group: Sequence[Opcode], before: Sequence[str], after: Sequence[str], is_new: bool = False
) -> str:
    name = visible(path).lstrip("/")
    old = "/dev/null" if is_new else f"a/{name}"
    pieces = [f"--- {old}\n+++ b/{name}\n", _heading(group)]
    for tag, low, high, start, end in group:
        if tag == "equal":
            pieces += [_line(" ", line) for line in before[low:high]]
            continue
        pieces += [_line("-", line) for line in before[low:high]]
        pieces += [_line("+", line) for line in after[start:end]]
    return "".join(pieces)


def _heading(group: Sequence[Opcode]) -> str:
    old, new = (group[0][1], group[-1][2]), (group[0][3], group[-1][4])
    return f"@@ -{_range(*old)} +{_range(*new)} @@\n"


def _range(start: int, end: int) -> str:
    count = end - start
    return f"{start + 1 if count else start},{count}"


def _line(sign: str, line: str) -> str:
    return f"{sign}{line}" if line.endswith("\n") else f"{sign}{line}\n\\ No newline at end of file\n"
