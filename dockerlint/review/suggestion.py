"""Commands that scan the images of a run, behind the report on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from shlex import quote
from typing import Final

from dockerlint.data import ordered_words, records
from dockerlint.regex import pattern
from dockerlint.report import Style
from dockerlint.report.results import FileReport
from dockerlint.report.screen import harmless, visible
from dockerlint.review import Review

MOST: Final = 50
"""Images that commands are given for."""
_NAME: Final = pattern(r"[a-z0-9][\w.:/@-]{0,254}\Z")


@dataclass(slots=True)
class Suggestion(Review):
    """Collects the images that were seen."""

    images: dict[str, None] = field(default_factory=dict)

    def see(self, report: FileReport) -> FileReport:
        """The report as it is."""
        self.images |= dict.fromkeys(one for one in report.images if _NAME.match(one))
        return report

    def end(self, style: Style) -> Iterator[str]:
        """A command for each image, and what to do with what they write."""
        if not self.images:
            return
        yield "\nscan the images that these files name:\n"
        files = []
        for image in list(self.images)[:MOST]:
            files.append(f"{image.replace('/', '_').replace(':', '_').replace('@', '_')}.scan.json")
            parts = {"FILE": quote(files[-1]), "IMAGE": quote(image)}
            line = " ".join(parts.get(word, word) for word in ordered_words("scans", "scan-command"))
            yield harmless(f"  {visible(line, style.ascii)}\n")
        if len(self.images) > MOST:
            yield f"  and {len(self.images) - MOST} more\n"
        others = [row["command"] for row in records("scans", "other-scan-commands")]
        yield "or, for each IMAGE and FILE of these:\n"
        yield from (f"  {one}\n" for one in others)
        reports = " ".join(f"--scan-report {quote(one)}" for one in files)
        yield harmless(f"then: dockerlint check {visible(reports, style.ascii)}\n")
