"""What rules say about a repository as a whole, told with the first file that it is found in."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from dockerlint.report.results import Diagnostic, FileReport
from dockerlint.review import Review
from dockerlint.workspace.roots import repository_top


@dataclass(slots=True)
class OncePerRepository(Review):
    """Remembers what was told."""

    told: set[tuple[str, str | None]] = field(default_factory=set)

    def see(self, report: FileReport) -> FileReport:
        """The report without what another file has told."""
        if not any(one.finding.rule.once for one in (*report.findings, *report.suppressed)):
            return report
        top = repository_top(os.path.realpath(os.path.dirname(os.path.abspath(report.path))))
        fresh = [self._is_fresh(one, top) for one in report.findings]
        revealed = report.revealed
        if revealed is not None:
            pairs = zip(revealed.findings, fresh, strict=True)
            revealed = revealed._replace(findings=tuple(one for one, stays in pairs if stays))
        kept = tuple(one for one, stays in zip(report.findings, fresh, strict=True) if stays)
        return report._replace(findings=kept, revealed=revealed)

    def _is_fresh(self, diagnostic: Diagnostic, top: str | None) -> bool:
        rule = diagnostic.finding.rule
        if not rule.once:
            return True
        key = rule.id, top
        is_fresh = key not in self.told
        self.told.add(key)
        return is_fresh
