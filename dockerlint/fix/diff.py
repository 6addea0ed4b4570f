"""Differences between the old and the new text, each with the fixes that made it. Secrets are masked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from dockerlint.fix.newfiles import Planned
from dockerlint.fix.rounds import Applied, Result
from dockerlint.report.screen import visible
from dockerlint.text import Source, Span
from dockerlint.tuples import NamedTuple
from dockerlint.verdict import MASK

CONTEXT = 3
"""Unchanged lines around a change."""


class Hunk(NamedTuple):
    """One change as a patch of its own, and the fixes in it."""

    patch: str
    applied: tuple[Applied, ...]
    hides: bool
    """A secret is masked in it, so it cannot be applied."""


def hunks(path: str, old: str, result: Result, secrets: Sequence[Span] = ()) -> Iterator[Hunk]:
    """The changes in order; each can be applied with patch or git apply."""
    before, after = _lines(masked(old, secrets)), _lines(masked(result.text, result.secrets))
    places = {text: _Places(old, text) for text in {one.before for one in result.applied}}
    placed = [(places[one.before].line(one), one) for one in result.applied if one.fix.edits]
    for group in SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(CONTEXT):
        first, last = group[0][1], group[-1][2]
        inside = tuple(one for line, one in placed if first <= line < max(last, first + 1))
        patch = _patch(path, group, before, after)
        yield Hunk(patch, inside, MASK in patch and bool(secrets or result.secrets))


def file_hunks(path: str, file: Planned) -> Iterator[str]:
    """The changes in a file that fixes make or complete, which is no secret."""
    before, after = _lines(file.source.text if file.source else ""), _lines(file.text)
    for group in SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(CONTEXT):
        yield _patch(path, group, before, after, is_new=file.source is None)


def masked(text: str, secrets: Iterable[Span]) -> str:
    """The text with its secrets hidden, line breaks kept."""
    pieces, at = [], 0
    for span in sorted(span for span in secrets if not span.source):
        if span.end <= at:
            continue
        start = max(span.start, at)
        hidden = text[start : span.end]
        pieces += [text[at:start], "\n".join([MASK] * (hidden.count("\n") + 1))]
        at = span.end
    return "".join([*pieces, text[at:]])


def _lines(text: str) -> list[str]:
    """The lines with their ends; only a newline ends one."""
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


class _Places:
    """Where the lines of a text between two rounds were in the old one."""

    def __init__(self, old: str, between: str) -> None:
        self._source = Source("", between)
        self._last = max(len(_lines(old)) - 1, 0)
        is_same = between == old
        matcher = SequenceMatcher(None, _lines(old), _lines(between), autojunk=False)
        self._opcodes = [] if is_same else matcher.get_opcodes()

    def line(self, applied: Applied) -> int:
        """The 0-based line of the old text that a fix changes."""
        start = min([edit.span.start for edit in applied.fix.edits], default=applied.finding.span.start)
        line = self._source.position(start).line - 1
        for _, low, high, first, end in self._opcodes:
            if first <= line < end:
                line = min(low + line - first, max(high - 1, low))
                break
        return min(line, self._last)


Opcode = tuple[str, int, int, int, int]


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
