"""The same lines about several files, told with the file that is shown first.

A repository with a folder for each release says everything once a release. People read it once.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Final

from dockerlint.findings import Severity
from dockerlint.report.lacking import NOT_HARDENED
from dockerlint.report.results import Diagnostic

LEAST: Final = 3
"""Files from which on the same is told with one of them."""
MOST_KNOWN: Final = 50_000
"""Different blocks that are told apart; further ones are told with each file."""
MOST_NAMED: Final = 4
"""Places that are named where it is told."""
ALONE: Final = -1
"""The number of a block that is told with its file, whatever the others say."""


class Repeats:
    """Counts in how many files the same block of findings stands."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._places: list[list[str]] = []
        self._files: list[int] = []
        self._told: set[int] = set()

    def number(self, block: Sequence[Diagnostic]) -> int:
        """The number of the same block in any file; what is open now is told with each of them."""
        if any(one.finding.severity is Severity.CRITICAL for one in block):
            return ALONE
        key = tuple(_said(one) for one in block)
        number = self._numbers.get(key)
        if number is None:
            if len(self._numbers) >= MOST_KNOWN:
                return ALONE
            number = self._numbers[key] = len(self._files)
            self._places.append([])
            self._files.append(0)
        place = block[0].place
        self._files[number] += 1
        if len(self._places[number]) <= MOST_NAMED:
            self._places[number].append(f"{place.path}:{place.line}")
        return number

    def is_repeated(self, number: int) -> bool:
        """Whether it was told with a file above; from now on it was."""
        if number == ALONE or self._files[number] < LEAST:
            return False
        if number in self._told:
            return True
        self._told.add(number)
        return False

    def elsewhere(self, number: int, path: str) -> str:
        """The other files that say the same, some of them by name; "" where it is told with each."""
        if number == ALONE or self._files[number] < LEAST:
            return ""
        others = [one for one in self._places[number] if one.rpartition(":")[0] != path][:MOST_NAMED]
        left = self._files[number] - 1 - len(others)
        return f"{', '.join(others)}{f' and {left} more' if left else ''}"


def _said(one: Diagnostic) -> Hashable:
    """What makes two findings the same in different files."""
    finding = one.finding
    is_absence = finding.rule.missing or finding.rule.name == NOT_HARDENED
    text = "" if is_absence else " ".join(one.place.excerpt.split())
    return finding.rule.id, finding.severity, finding.message, text, tuple(_texts(one))


def _texts(one: Diagnostic) -> Iterable[str]:
    return (" ".join(place.excerpt.split()) for place in (*one.parts, *one.more))
