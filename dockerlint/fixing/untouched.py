"""Is everything that no edit touched still what it was?"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

from dockerlint.findings import Edit
from dockerlint.fixing.changes import Changes
from dockerlint.text import Span


class Shift:
    """Where offsets of the old text are in the new one."""

    def __init__(self, edits: Iterable[Edit]) -> None:
        self._edits = sorted(edits, key=lambda edit: edit.span[:2])
        self._starts = [edit.span.start for edit in self._edits]
        self._ends = [edit.span.end for edit in self._edits]
        growths = (len(edit.text) - (edit.span.end - edit.span.start) for edit in self._edits)
        self._moved = [0, *accumulate(growths)]

    def outer(self, start: int, end: int) -> tuple[int, int]:
        """The widest range of the new text that an old one became: what was put at its borders counts in."""
        first = bisect_left(self._ends, start)
        last = bisect_right(self._starts, end)
        low = min(start, self._starts[first]) if first < len(self._edits) else start
        high = max(end, self._ends[last - 1]) if last else end
        return low + self._moved[first], high + self._moved[last]

    def touches(self, start: int, end: int) -> bool:
        """Whether an edit lies in an old range or at one of its borders."""
        at = bisect_left(self._ends, start)
        return at < len(self._edits) and self._starts[at] <= end


def differs(before: str, after: str, edits: Sequence[Edit], kind: str) -> str:
    """What the edits did to a place they did not mean; "" when nothing."""
    check = _CHECKS.get(kind)
    return check(before, after, edits) if check else ""


def second_opinion(before: str, after: str, changes: Changes, kind: str) -> str:
    """What another reader than ours says against a text that is about to be written; "" for nothing."""
    if kind != "dockerfile" or before == after:
        return ""
    from dockerlint.fixing.dockerfile.secondreader import objection

    return objection(before, after, changes)


def _dockerfile(before: str, after: str, edits: Sequence[Edit]) -> str:
    """The instructions that no edit touches must be the same text, and as many."""
    from dockerlint.parse.dockerfile.statements import read_statements

    shift = Shift(edits)
    old = [one.text for one in read_statements(before).statements if not shift.touches(one.start, one.end)]
    new = iter(read_statements(after).statements)
    if not all(any(text == one.text for one in new) for text in old):
        return "an instruction next to it would change"
    gone = [edit.span for edit in edits if not edit.text]
    return "a JSON list would become a string" if _lists(after) < _lists(before, gone) else ""


def _lists(text: str, gone: Sequence[Span] = ()) -> int:
    """How many instructions are written as a JSON list, which is the exec form; those in `gone` left out."""
    from dockerlint.parse.dockerfile.statements import read_statements

    ordered = sorted(gone)
    starts, ends = [span.start for span in ordered], [span.end for span in ordered]
    found = 0
    for one in read_statements(text).statements:
        at = bisect_right(starts, one.start) - 1
        is_gone = at >= 0 and one.end <= ends[at]
        found += "[" in one.text and not is_gone and _is_list(one.text[one.text.find("[") :])
    return found


def _is_list(body: str) -> bool:
    try:
        return isinstance(json.loads(body), list)
    except (ValueError, RecursionError):
        return False


def _compose(before: str, after: str, edits: Sequence[Edit]) -> str:
    from dockerlint.parse.compose.layout import COMPOSE
    from dockerlint.yaml.comparison import yaml_differs

    return yaml_differs(before, after, edits, COMPOSE)


_CHECKS: dict[str, Callable[[str, str, Sequence[Edit]], str]] = {
    "dockerfile": _dockerfile,
    "compose": _compose,
}
