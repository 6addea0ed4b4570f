"""Lines that may not be shown, and the hunks of a difference without them.

Unchanged lines around a change are there for its reader and for programs that look for its place: one that
may not be shown is cut off, with all beyond it. A hunk is left out where it changes such a line, and where
nothing that may be shown follows the change: a patch without a line below it means the end of the file.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import NamedTuple

from dockerlint.fixing.changes import Lines, Opcode
from dockerlint.masking.places import Place
from dockerlint.report.screen import is_command


class Hidden(NamedTuple):
    """The 0-based numbers of lines that may not be shown, in the old text and in the new one."""

    before: Container[int]
    after: Container[int]


class Part(NamedTuple):
    """A hunk, and whether it may be shown."""

    opcodes: list[Opcode]
    is_shown: bool


def lines_of(places: Iterable[Place], lines: Lines) -> set[int]:
    """The lines that hold a part of a place, or that a continuous integration service would obey."""
    held = {n for start, end in places for n in range(lines.at(start), lines.at(end - 1) + 1)}
    return held | {n for n, line in enumerate(lines.lines) if is_command(line)}


def parts(group: Sequence[Opcode], hidden: Hidden) -> Iterator[Part]:
    """A hunk cut at its unchanged lines that may not be shown; in order, those that change something."""
    part: list[Opcode] = []
    is_cut = False
    for opcode in group:
        tag, low, high, start, end = opcode
        unseen = [n for n in range(low, high) if n in hidden.before] if tag == "equal" else []
        if not unseen:
            part.append(opcode)
            continue
        first, beyond = unseen[0] - low, high - unseen[-1] - 1
        yield from _part([*part, (tag, low, low + first, start, start + first)], hidden, True, True)
        part, is_cut = [(tag, high - beyond, high, end - beyond, end)], True
    yield from _part(part, hidden, is_cut, False)


def _part(opcodes: list[Opcode], hidden: Hidden, is_cut: bool, is_cut_below: bool) -> Iterator[Part]:
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
    yield Part(opcodes, not is_secret and has_end)


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
