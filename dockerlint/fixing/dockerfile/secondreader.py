"""Another reader of Dockerfiles: it must see the same instructions before and after a fix, save edited ones.

`dockerfile-parse` shares no line with our own reader, so that a misreading of ours, which plans an edit and
then approves it, is caught by somebody else. It is asked once, before anything is written. It does not know
heredocs and ends a continuation at an empty line: the bodies of the former and the latter are left out.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import accumulate
from typing import NamedTuple

from dockerlint.budget import spend
from dockerlint.findings import Refusal
from dockerlint.fixing.changes import Changes
from dockerlint.parse.dockerfile.statements import read_statements

LONGEST_INSTRUCTION = 2_000
"""Lines of one instruction that are read: the library copies an instruction once for each of its lines."""


class _ReadInstruction(NamedTuple):
    """An instruction as the library reads it, with the offsets in the file where its lines begin and end."""

    keyword: str
    value: str
    start: int
    end: int


def refusal(before: str, after: str, changes: Changes) -> Refusal | None:
    """What changed besides the edited places, as the other reader sees it; None for nothing.

    `changes` are the stretches of `before` that edits replaced in `after`.
    """
    old, new = _read(before), _read(after)
    if old is None or new is None:
        return None
    kept = [one for one in old if not _touches(one, [(each.start, each.end) for each in changes.stretches])]
    waiting = iter(new)
    if not all(any(_same(one, other) for other in waiting) for one in kept):
        return Refusal("another reader of Dockerfiles sees a change in an instruction that no edit touches")
    written = [(each.new_start, each.new_end) for each in changes.stretches]
    untouched = sum(1 for one in new if not _touches(one, written))
    if untouched > len(kept):
        return Refusal("another reader of Dockerfiles sees an instruction that no edit wrote")
    return None


def _same(one: _ReadInstruction, other: _ReadInstruction) -> bool:
    return one.keyword == other.keyword and one.value == other.value


def _touches(one: _ReadInstruction, stretches: Sequence[tuple[int, int]]) -> bool:
    """Whether an instruction holds one of the stretches, which are apart and in order, or borders on it."""
    at = bisect_left(stretches, one.start, key=lambda stretch: stretch[1])
    return at < len(stretches) and stretches[at][0] <= one.end


def _read(text: str) -> list[_ReadInstruction] | None:
    """The instructions of a text; None for one that the library cannot read in reasonable time."""
    from dockerfile_parse import DockerfileParser

    lines = list(_without_bodies(text))
    if _longest(lines) > LONGEST_INSTRUCTION:
        return None
    spend(len(text), "reading a Dockerfile for a second time")
    starts = _line_starts(text)
    content = "\n".join(line for _, line in lines).encode("utf-8", "replace")
    entries = DockerfileParser(fileobj=BytesIO(content + b"\n"), env_replace=False).structure
    return [
        _ReadInstruction(
            entry["instruction"],
            entry["value"],
            starts[lines[entry["startline"]][0]],
            starts[lines[min(entry["endline"], len(lines) - 1)][0] + 1] - 1,
        )
        for entry in entries
        if entry["instruction"] != "COMMENT"
    ]


def _without_bodies(text: str) -> Iterator[tuple[int, str]]:
    """The lines that the library can read, with their numbers in the file: no heredocs, no empty lines."""
    hidden = set(_heredoc_lines(text))
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n")):
        if number not in hidden and line.strip():
            yield number, line.rstrip("\r")


def _heredoc_lines(text: str) -> Iterable[int]:
    line_of = {start: number for number, start in enumerate(_line_starts(text))}
    for statement in read_statements(text).statements:
        for heredoc in statement.heredocs:
            yield from range(line_of[heredoc.start], line_of[heredoc.end] + 1)


def _line_starts(text: str) -> list[int]:
    """Where each line begins, and one more behind the last."""
    return [0, *accumulate(len(line) + 1 for line in text.split("\n"))]


def _longest(lines: Iterable[tuple[int, str]]) -> int:
    """Lines of the longest instruction, as far as their last characters tell."""
    longest = count = 0
    for _, line in lines:
        count = count + 1 if line.endswith(("\\", "`")) or line.lstrip().startswith("#") else 0
        longest = max(longest, count)
    return longest
