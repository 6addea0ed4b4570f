"""What the CI files of a repository run, as far as their words tell; read when a rule asks."""

from __future__ import annotations

from dataclasses import dataclass, field

from dockerlint.data import records
from dockerlint.kinds import PIPELINES, TextOf, nobody
from dockerlint.values import UNKNOWN, Unknown


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What runs when somebody pushes to the repository."""

    text_of: TextOf = field(default=nobody, compare=False, repr=False)
    """Gives the text of its files."""

    @property
    def scans_images(self) -> bool | Unknown:
        """A step looks for known vulnerabilities in an image; UNKNOWN where there are no CI files."""
        text = self.text_of(PIPELINES)
        if text is None:
            return UNKNOWN
        small = text.lower()
        return any(row["step"] in small for row in records("scans", "scan-steps"))
