"""Above each service and stage that can be hardened: what does it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from lsprotocol import types

from dockerlint.findings import Tier
from dockerlint.lsp.deeds import HARDEN, Deed
from dockerlint.lsp.diagnostics import range_of
from dockerlint.lsp.opened import OpenText
from dockerlint.report.results import FileReport
from dockerlint.text import Span
from dockerlint.values import known

HARDEN_COMMAND: Final = "dockerlint.harden"
"""What a lens runs, with a deed."""


def lenses(one: OpenText, report: FileReport, document: Any) -> Iterator[Any]:
    """A lens for each service or stage of a text that has findings with a fix that hardens; `document` is its
    model.
    """
    fixable = Counter(
        (finding.subject_kind, finding.subject)
        for finding in (one.finding for one in report.findings)
        if finding.fix is not None and finding.fix.tier >= Tier.HARDEN and not finding.span.source
    )
    for kind, name, label, span in _subjects(document):
        if count := fixable[kind, name]:
            deed = Deed(HARDEN, one.uri, one.version, subject_kind=kind, subject=name)
            title = f"harden {label}: {count} {'fix' if count == 1 else 'fixes'}"
            at = span.start + one.lead
            area = range_of(*one.points.points(Span(at, at)))
            yield types.CodeLens(area, types.Command(title, HARDEN_COMMAND, arguments=[deed.as_data()]))


def _subjects(document: Any) -> Iterator[tuple[str, str, str, Span]]:
    """Kind and name, as findings have them, what a person calls it, and where it begins."""
    for container in getattr(document, "containers", ()):
        if (name := known(container.name)) is not None:
            yield "service", name, f"service {name}", container.span
    for stage in getattr(document, "stages", ()):
        name = known(stage.name)
        label = f"stage {name or stage.index}"
        yield "stage", name or str(stage.index), "the final stage" if stage.is_final else label, stage.span
