"""Reports of a run → one small text for the parsers: what `dockerlint.images.scans` reads."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from dockerlint.images.scans import name_key
from dockerlint.scans.found import ImageReport, Vulnerability


def summed_up(reports: Iterable[ImageReport], stale_after: int) -> str:
    """The vulnerabilities of each image, of each scanner only its newest report on it."""
    groups = [list(_newest(group)) for group in _by_image(reports)]
    return json.dumps({"stale_after": stale_after, "scans": [_row(group) for group in groups]})


def _by_image(reports: Iterable[ImageReport]) -> list[list[ImageReport]]:
    """Reports that call an image the same; those of one digest are about one image, too."""
    groups: list[list[ImageReport]] = []
    at: dict[str, int] = {}
    for report in reports:
        keys = [*filter(None, map(name_key, report.images)), *report.digests]
        number = next((at[key] for key in keys if key in at), len(groups))
        if number == len(groups):
            groups.append([])
        groups[number].append(report)
        for key in keys:
            at.setdefault(key, number)
    return groups


def _newest(reports: Iterable[ImageReport]) -> Iterator[ImageReport]:
    """One report a scanner; of those without a day, the last that was given."""
    found: dict[str, ImageReport] = {}
    for report in reports:
        other = found.get(report.tool)
        if other is None or (report.made or date.min) >= (other.made or date.min):
            found[report.tool] = report
    yield from found.values()


def _row(reports: list[ImageReport]) -> dict[str, Any]:
    worst: dict[str, Vulnerability] = {}
    for one in (found for report in reports for found in report.vulnerabilities if found.id):
        if one.id not in worst or one.rank < worst[one.id].rank:
            worst[one.id] = one
    fixable = (one for report in reports for one in report.vulnerabilities if one.id and one.fixed)
    first = min(fixable, key=lambda one: one.rank, default=None)
    made = max((one.made for one in reports if one.made is not None), default=None)
    return {
        "images": list(dict.fromkeys(name for one in reports for name in one.images)),
        "digests": list(dict.fromkeys(digest for one in reports for digest in one.digests)),
        "tools": ", ".join(dict.fromkeys(one.tool for one in reports)),
        "counts": Counter(one.level for one in worst.values()),
        **({"made": str(made)} if made else {}),
        **({"worst": _step(first)} if first else {}),
    }


def _step(one: Vulnerability) -> str:
    package = " ".join(filter(None, (one.package, one.version)))
    return f"{one.id} ({package}{', ' if package else ''}fixed in {one.fixed})"
