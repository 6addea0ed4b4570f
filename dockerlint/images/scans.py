"""What scanners found in images: known vulnerabilities, counted, as the project's reports say it.

The reports of a run are summed up once into one small text (`dockerlint.scans`), which every parser reads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final

from dockerlint.images.reference import cut, normalise

LEVELS: Final = ("critical", "high", "medium", "low", "other")
"""The severities of vulnerabilities, the worst first; `other` is negligible or not rated."""


@dataclass(frozen=True, slots=True)
class Scan:
    """The known vulnerabilities of one image, each counted once whatever the number of packages."""

    tools: str
    """The scanners that found them: `Trivy`, `Grype, Snyk`."""
    critical: int = 0
    """How many are critical."""
    high: int = 0
    """How many are high."""
    medium: int = 0
    """How many are medium."""
    low: int = 0
    """How many are low."""
    other: int = 0
    """How many are negligible or not rated."""
    worst: str = ""
    """The worst that a newer package fixes: `CVE-2026-1234 (openssl 3.0.1, fixed in 3.0.2)`; "" for none."""
    age: int | None = None
    """Days since the newest report was made; None where it does not say."""
    stale_after: int = 0
    """Days after which the project calls a report stale."""

    @property
    def count(self) -> int:
        """All of them."""
        return self.critical + self.high + self.medium + self.low + self.other

    @property
    def counts(self) -> str:
        """How many of each severity there are: `2 critical, 14 high`."""
        told = ((getattr(self, level), level) for level in LEVELS)
        return ", ".join(f"{number} {level}" for number, level in told if number) or "none"

    @property
    def best_step(self) -> str:
        """What to do first, behind a semicolon: the worst with a fix; "" where none is fixed."""
        return f"; worst with a fix: {self.worst}" if self.worst else "; none has a fix"

    @property
    def told_age(self) -> str:
        """How old its newest report is."""
        if self.age is None:
            return "of unknown age"
        return "of today" if self.age == 0 else f"{self.age} day{'' if self.age == 1 else 's'} old"

    @property
    def is_stale(self) -> bool:
        """Its newest report is older than the project allows."""
        return self.age is not None and self.age > self.stale_after


@dataclass(frozen=True, slots=True)
class Scans:
    """All that the reports of a run say, by what images are called."""

    by_name: Mapping[str, Scan] = field(default_factory=dict)
    """By registry, name and tag."""
    by_digest: Mapping[str, Scan] = field(default_factory=dict)

    def of(self, registry: str, name: str, tag: str | None, digest: str | None) -> Scan | None:
        """The scan of an image; one that a digest pins is that of the digest alone."""
        if digest is not None:
            return self.by_digest.get(digest)
        return self.by_name.get(f"{registry}/{name}:{tag or 'latest'}")


def name_key(reference: str) -> str | None:
    """What a reference is looked up by; None where only its digest says what it is."""
    parts = cut(reference)
    registry, name = normalise(parts.path)
    if parts.tag is None and parts.digest is not None:
        return None
    return f"{registry}/{name}:{parts.tag or 'latest'}"


@lru_cache(maxsize=8)
def read_scans(text: str, today: date) -> Scans:
    """The scans in a text that `dockerlint.scans` made, with their ages on a day."""
    document: dict[str, Any] = json.loads(text)
    by_name: dict[str, Scan] = {}
    by_digest: dict[str, Scan] = {}
    for row in document["scans"]:
        made = row.get("made")
        scan = Scan(
            **{"tools": row["tools"], "worst": row.get("worst", ""), **row["counts"]},
            age=max((today - date.fromisoformat(made)).days, 0) if made else None,
            stale_after=document["stale_after"],
        )
        by_name |= {key: scan for one in row["images"] if (key := name_key(one)) is not None}
        by_digest |= dict.fromkeys(row.get("digests", ()), scan)
    return Scans(by_name, by_digest)
