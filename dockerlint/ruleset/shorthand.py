"""What a rule file says in short, written out: cases of a fix, and numbers of the CIS Docker Benchmark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

CASES = "cases"
"""The key of a fix that has its rows. The first that holds counts, where `when` of the fix holds too."""
CASE_KEYS = ("when", "tier", "title", "caveat", "leaves", "purpose")
"""What a row may say; what it does not say, the fix says."""
CIS = "cis"
"""The key of `standards:` whose numbers hold for every version that has no key of its own."""
VERSIONS = ("1.6.0", "1.7.0", "1.8.0")
"""Versions of the CIS Docker Benchmark that rules are told for, oldest first."""
_KEYS = tuple(f"cis-docker-{version}" for version in VERSIONS)


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


def for_every_version(standards: Mapping[str, Any]) -> dict[str, Any]:
    """`standards:` with `cis` replaced by one key a version; a version that has a key already keeps it."""
    told: dict[str, Any] = {}
    for name, ids in standards.items():
        if name == CIS:
            listed = [ids] if isinstance(ids, str) else ids
            told |= {key: standards.get(key, listed) for key in _KEYS}
        else:
            told.setdefault(name, ids)
    return told
