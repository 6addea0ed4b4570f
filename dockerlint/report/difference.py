"""Differences between the old and the new text, each with its fixes; no line that holds a secret is shown.

Unchanged lines around a change are there for its reader and for programs that look for its place: one that
may not be shown is cut off, with all beyond it. A hunk is left out where it changes such a line. A patch with
a line above and none below means the end of the file: where nothing that may be shown follows a change, it is
bare, if the lines that it replaces stand once in the file.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import NamedTuple

from dockerlint.fixing.changes import Opcode, TextLines, changes_between, opcodes
from dockerlint.fixing.results import Applied, Result
from dockerlint.masking.mask import Mask
from dockerlint.masking.places import Place
from dockerlint.report.screen import is_command, visible
from dockerlint.workspace.newfiles import Planned


class Hidden(NamedTuple):
    """The 0-based numbers of lines that may not be shown, in the old text and in the new one."""

    before: Container[int]
    after: Container[int]


class HunkPart(NamedTuple):
    """A hunk, and whether it may be shown."""

    opcodes: list[Opcode]
    is_shown: bool
    is_bare: bool = False
    """It has no unchanged lines, because a secret is right below."""


def lines_of(places: Iterable[Place], lines: TextLines) -> set[int]:
    """The lines that hold a part of a place, or that a continuous integration service would obey."""
    held = {n for start, end in places for n in range(lines.at(start), lines.at(end - 1) + 1)}
    return held | {n for n, line in enumerate(lines.lines) if is_command(line)}


def parts(group: Sequence[Opcode], hidden: Hidden, before: Sequence[str]) -> Iterator[HunkPart]:
    """A hunk of the old lines, cut at unchanged ones that may not be shown; the parts that change some."""
    part: list[Opcode] = []
    is_cut = False
    for opcode in group:
        tag, low, high, start, end = opcode
        unseen = [n for n in range(low, high) if n in hidden.before] if tag == "equal" else []
        if not unseen:
            part.append(opcode)
            continue
        first, beyond = unseen[0] - low, high - unseen[-1] - 1
        above = [*part, (tag, low, low + first, start, start + first)]
        yield from _part(above, hidden, before, True, True)
        part, is_cut = [(tag, high - beyond, high, end - beyond, end)], True
    yield from _part(part, hidden, before, is_cut, False)


def _part(
    opcodes: list[Opcode], hidden: Hidden, before: Sequence[str], is_cut: bool, is_cut_below: bool
) -> Iterator[HunkPart]:
    changed = [one for one in opcodes if one[0] != "equal"]
    if not changed:
        return
    is_secret = any(
        any(n in hidden.before for n in range(low, high)) or any(n in hidden.after for n in range(start, end))
        for _, low, high, start, end in changed
    )
    if is_cut:
        opcodes = _even(opcodes)
    tag, low, high, _, _ = opcodes[-1]
    has_end = not is_cut_below or (tag == "equal" and high > low)
    is_bare = not has_end and len(changed) == 1 and _stands_once(before, *changed[0][1:3])
    yield HunkPart(changed if is_bare else opcodes, not is_secret and (has_end or is_bare), is_bare)


def _stands_once(lines: Sequence[str], low: int, high: int) -> bool:
    """Whether there are lines from `low` to `high`, and the same ones nowhere else."""
    wanted = lines[low:high]
    if not wanted:
        return False
    places = (at for at, line in enumerate(lines) if line == wanted[0])
    return sum(lines[at : at + len(wanted)] == wanted for at in places) == 1


def _even(opcodes: list[Opcode]) -> list[Opcode]:
    """As many unchanged lines above as below, one at least: `patch` takes a hunk with fewer above for the
    start of the file.
    """
    above = _length(opcodes[0])
    below = _length(opcodes[-1])
    kept = max(min(above, below), 1)
    found = list(opcodes)
    if above > kept:
        tag, _, high, _, end = found[0]
        found[0] = (tag, high - kept, high, end - kept, end)
    if below > kept:
        tag, low, _, start, _ = found[-1]
        found[-1] = (tag, low, low + kept, start, start + kept)
    return [one for one in found if one[0] != "equal" or _length(one)]


def _length(opcode: Opcode) -> int:
    tag, low, high, _, _ = opcode
    return high - low if tag == "equal" else 0


CONTEXT = 3
"""Unchanged lines around a change."""


class Hunk(NamedTuple):
    """One change as a patch of its own, and the fixes in it."""

    patch: str
    """"" where it may not be shown."""
    applied: tuple[Applied, ...]
    line: int
    """Where it begins in the old text, 1-based."""
    is_bare: bool = False
    """It has no unchanged lines, which `git apply` does not take by default."""


def hunks(path: str, old: str, result: Result) -> Iterator[Hunk]:
    """The changes in order; each can be applied with patch or git apply."""
    before, after = TextLines(old), TextLines(result.text)
    at_lines = _at_lines(old, result)
    lines = [line for line, _ in at_lines]
    hidden = _hidden(before, after, result)
    for part in _parts(opcodes(result.changes, before, after), hidden, before.lines):
        first, last = part.opcodes[0][1], part.opcodes[-1][2]
        found = at_lines[bisect_left(lines, first) : bisect_left(lines, max(last, first + 1))]
        inside = tuple(result.applied[at] for at in sorted(at for _, at in found))
        patch = _patch(path, part.opcodes, before.lines, after.lines) if part.is_shown else ""
        yield Hunk(patch, inside, first + 1, part.is_bare)


def file_hunks(path: str, file: Planned) -> Iterator[Hunk]:
    """The changes in a file that fixes make or complete, which is no secret."""
    old = file.source.text if file.source else ""
    before, after = TextLines(old), TextLines(file.text)
    hidden = Hidden(lines_of(Mask(old).places(), before), lines_of(Mask(file.text).places(), after))
    for part in _parts(opcodes(changes_between(old, file.text), before, after), hidden, before.lines):
        is_new = file.source is None
        patch = _patch(path, part.opcodes, before.lines, after.lines, is_new) if part.is_shown else ""
        yield Hunk(patch, (), part.opcodes[0][1] + 1, part.is_bare)


def _hidden(before: TextLines, after: TextLines, result: Result) -> Hidden:
    """What is secret in one of the texts is so in the other."""
    later = [*result.mask.places(), *result.mask_before.places_in(result.text, ())]
    return Hidden(lines_of(result.mask_before.places(), before), lines_of(later, after))


def _parts(found: Sequence[Opcode], hidden: Hidden, before: Sequence[str]) -> Iterator[HunkPart]:
    return (part for group in _groups(found) for part in parts(group, hidden, before))


def _at_lines(old: str, result: Result) -> list[tuple[int, int]]:
    """The fixes by the line of the old text that each changes, as indices of `result.applied`."""
    at_lines: list[tuple[int, int]] = []
    before, place = TextLines(old), None
    for at, one in enumerate(result.applied):
        if place is None or place.text is not one.before:
            place = _LineOrigins(before, one)
        if one.fix.edits:
            at_lines.append((place.line(one), at))
    return sorted(at_lines)


class _LineOrigins:
    """Where the lines of a text between two rounds were in the old one."""

    def __init__(self, old: TextLines, first: Applied) -> None:
        self.text = first.before
        self._lines = TextLines(self.text)
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
