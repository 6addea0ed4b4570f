"""What all scanners say: vulnerabilities of an image."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from dockerlint.images.scans import LEVELS

RATED: Final = LEVELS[:-1]


class Vulnerability(NamedTuple):
    """One known weakness of one package."""

    id: str
    level: str
    """One of `LEVELS`."""
    package: str = ""
    version: str = ""
    """The one that is installed."""
    fixed: str = ""
    """The one that has it no more; "" where there is none."""
    score: float = 0.0

    @property
    def rank(self) -> tuple[int, float, str]:
        """The worst is the least."""
        return LEVELS.index(self.level), -self.score, self.id


class ImageReport(NamedTuple):
    """What one scanner found in one image."""

    tool: str
    images: tuple[str, ...]
    """The references that it gives the image; () where it names none."""
    digests: tuple[str, ...]
    made: date | None
    vulnerabilities: tuple[Vulnerability, ...]


def level_of(word: str) -> str:
    """A severity as we call it."""
    folded = word.lower()
    return folded if folded in RATED else LEVELS[-1]


def digests_in(references: tuple[str, ...]) -> tuple[str, ...]:
    """The digests behind `@`."""
    return tuple(one.partition("@")[2] for one in references if "@" in one)
