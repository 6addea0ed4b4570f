"""What an editor shows at a place: what the rules say that found something there, and facts about images."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from lsprotocol import types

from dockerlint.linting.nodes.walk import walk
from dockerlint.lsp.diagnostics import range_of
from dockerlint.lsp.imagefacts import facts_of
from dockerlint.lsp.opened import OpenText
from dockerlint.masking.mask import hide_alone
from dockerlint.model.image import Image
from dockerlint.report.prose import cis_ids, told_alone
from dockerlint.report.results import Diagnostic, FileReport
from dockerlint.report.screen import visible
from dockerlint.text import Span

_MARKS: Final = re.compile(r"[\\*_\[\]~#|<>!&]")
_CODE: Final = re.compile(r"(`[^`\n]+`)")
MOST_FINDINGS: Final = 5
"""So many are told of one place; a service may lack a dozen things."""


def hover_at(one: OpenText, report: FileReport, document: Any, offset: int, shows_markdown: bool) -> Any:
    """What is known of an offset into the linted text; None where it is nothing. `document` is its model."""
    page = _Page(shows_markdown)
    found = [each for each in report.findings if _holds(each.finding.span, offset)]
    images = [node for node, _ in walk(document) if isinstance(node, Image) and _holds(node.span, offset)]
    parts = [page.text(lines) for lines in _image_parts(images[:1])]
    parts += [page.finding(each) for each in found[:MOST_FINDINGS]]
    if len(found) > MOST_FINDINGS:
        parts.append(f"and {len(found) - MOST_FINDINGS} more findings")
    if not parts:
        return None
    kind = types.MarkupKind.Markdown if shows_markdown else types.MarkupKind.PlainText
    spans = [each.finding.span for each in found] + [node.span for node in images]
    return types.Hover(
        types.MarkupContent(kind, page.rule.join(parts)), _area(one, min(spans, key=lambda span: span.end))
    )


def _area(one: OpenText, span: Span) -> Any:
    points = one.points.points(Span(span.start + one.lead, span.end + one.lead))
    return range_of(*points)


def _holds(span: Span, offset: int) -> bool:
    return not span.source and span.start <= offset <= span.end


def _image_parts(images: Iterable[Image]) -> Iterator[list[tuple[str, str]]]:
    for image in images:
        if facts := list(facts_of(image)):
            yield [("", hide_alone(str(image.reference) if image.is_resolved else image.label)), *facts]


class _Page:
    """Text in the form that a client shows."""

    def __init__(self, is_markdown: bool) -> None:
        self._is_markdown = is_markdown
        self.rule = "\n\n---\n\n" if is_markdown else "\n\n"

    def text(self, lines: Iterable[tuple[str, str]]) -> str:
        """Lines with what each is about; a line about nothing is a heading."""
        told = (self._line(label, text) for label, text in lines if text)
        return ("  \n" if self._is_markdown else "\n").join(told)

    def finding(self, diagnostic: Diagnostic) -> str:
        """What is wrong, and what its rule says."""
        finding = diagnostic.finding
        rule, fix, docs = finding.rule, finding.fix, finding.rule.docs
        cis = ", ".join(f"CIS {one}" for one in cis_ids(rule))
        lines = [
            ("", f"{rule.id} {rule.name}"),
            (str(finding.severity), told_alone(finding)),
            ("why", docs.why),
            ("instead", docs.instead),
            ("fix", "" if fix is None else f"{fix.title} [{fix.tier}]"),
            ("when to suppress", docs.quiet),
            ("verify", docs.verify),
            ("standards", cis),
            ("more", f"`dockerlint explain {rule.id}`"),
        ]
        return self.text(lines)

    def _line(self, label: str, text: str) -> str:
        said = visible(" ".join(text.split()))
        if self._is_markdown:
            parts = _CODE.split(said)
            said = "".join(part if number % 2 else _plain(part) for number, part in enumerate(parts))
            return f"**{said}**" if not label else f"*{label}*: {said}"
        return f"{label}: {said}" if label else said


def _plain(text: str) -> str:
    """Text without meaning in Markdown: no link, and no picture that is fetched from elsewhere."""
    return _MARKS.sub(lambda found: f"\\{found[0]}", text.replace("`", "'"))
