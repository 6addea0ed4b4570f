"""What is found in one file, as the report on a file tells it."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import NamedTuple

from dockerlint.findings import Finding
from dockerlint.linting.linted import Linted
from dockerlint.linting.member import Home
from dockerlint.run.setup import Setup
from dockerlint.text import Span


class Told(NamedTuple):
    """What is found in one file, to be told in the report on a file."""

    name: str
    """Its path from the folder of the latter; "" for the file itself."""
    setup: Setup
    text: str
    linted: Linted
    home: Home | None = None
    """The way from the texts of the project to the file; None for what is no Compose file."""

    def seen(self, finding: Finding) -> Finding:
        """A finding of the file, its places named as in the report."""
        if not self.name:
            return finding
        return replace(
            finding,
            span=self.place(finding.span),
            chain=tuple(map(self.place, finding.chain)),
            dockerfile=self._from_here(finding.dockerfile) if finding.dockerfile else "",
        )

    def place(self, span: Span) -> Span:
        """A place in the file, as one seen from the file that is reported on."""
        source = self.name
        if self.name and span.source:
            source = self._from_here(span.source)
        return span._replace(source=source or span.source)

    def _from_here(self, path: str) -> str:
        """A path from the folder of the file, as one from that of the file that is reported on."""
        return os.path.normpath(os.path.join(os.path.dirname(self.name), path))
