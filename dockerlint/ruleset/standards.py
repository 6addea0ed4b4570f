"""Numbers of the CIS Docker Benchmark: written once in a rule, told for every version of the benchmark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CIS = "cis"
"""The key of `standards:` whose numbers hold for every version that has no key of its own."""
VERSIONS = ("1.6.0", "1.7.0", "1.8.0")
"""Versions of the CIS Docker Benchmark that rules are told for, oldest first."""
_KEYS = tuple(f"cis-docker-{version}" for version in VERSIONS)


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
