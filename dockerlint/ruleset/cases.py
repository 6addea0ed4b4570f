"""A fix whose promise depends on what is known: its `cases` are a table, written out as one fix a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

CASES = "cases"
"""The key of a fix that has its rows. The first that holds counts, where `when` of the fix holds too."""
CASE_KEYS = ("when", "tier", "title", "caveat", "leaves")
"""What a row may say; what it does not say, the fix says."""


def written_out(fix: Any) -> list[dict[str, Any]]:
    """The fixes that `fix:` of a rule stands for, in the order in which they are tried."""
    blocks = [fix] if isinstance(fix, Mapping) else fix
    return [row for block in blocks for row in _rows(block)]


def _rows(block: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    shared = {key: value for key, value in block.items() if key != CASES}
    for row in block.get(CASES, ({},)):
        tests = [part["when"] for part in (shared, row) if "when" in part]
        yield {**shared, **row, **({"when": _both(tests)} if tests else {})}


def _both(tests: list[dict[str, Any]]) -> dict[str, Any]:
    """All of some tests as one; where two ask the same field, side by side."""
    keys = [key for test in tests for key in test]
    if len(set(keys)) < len(keys):
        return {"all": tests}
    return {key: wanted for test in tests for key, wanted in test.items()}
