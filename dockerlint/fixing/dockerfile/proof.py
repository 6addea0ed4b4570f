"""Is everything in a Dockerfile that no edit touched still what it was?"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence

from dockerlint.findings import Edit, Refusal
from dockerlint.fixing.untouched import Shift
from dockerlint.parse.dockerfile.statements import read_statements
from dockerlint.text import Span


def differs(before: str, after: str, edits: Sequence[Edit]) -> Refusal | None:
    """The instructions that no edit touches must be the same text, and as many."""
    shift = Shift(edits)
    old = [one.text for one in read_statements(before).statements if not shift.touches(one.start, one.end)]
    new = iter(read_statements(after).statements)
    if not all(any(text == one.text for one in new) for text in old):
        return Refusal("an instruction next to it would change")
    gone = [edit.span for edit in edits if not edit.text]
    return Refusal("a JSON list would become a string") if _lists(after) < _lists(before, gone) else None


def _lists(text: str, gone: Sequence[Span] = ()) -> int:
    """How many instructions are written as a JSON list, which is the exec form; those in `gone` left out."""
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
