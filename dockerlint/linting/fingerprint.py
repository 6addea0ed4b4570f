"""What a finding is known by from one run to the next: the text under it, never its line."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from dockerlint.findings import Finding, rule_order
from dockerlint.masking.places import Place
from dockerlint.text import MASK, Span

LONGEST_EVIDENCE = 200
"""Characters of the text under a finding that make up its identity."""


def identified(
    findings: Iterable[Finding], text: str, hidden: Callable[[], Sequence[Place]]
) -> list[Finding]:
    """In order, each with its evidence and a number where two would be the same.

    `hidden` gives the places that no evidence may show, apart and in order; asked where there is a finding.
    """
    found = in_order(findings)
    places = hidden() if found else ()
    seen: Counter[tuple[str, str | None, str]] = Counter()
    identified = []
    span, evidence = None, ""
    for finding in found:
        if finding.span != span:  # many findings in a row share one
            span = finding.span
            evidence = _evidence(span, text, places)
        identity = (finding.rule.id, finding.subject, evidence)
        identified.append(replace(finding, evidence=evidence, ordinal=seen[identity]))
        seen[identity] += 1
    return identified


def _evidence(span: Span, text: str, hidden: Sequence[Place]) -> str:
    """The text under a span, blanks folded and secrets masked."""
    if span.source:
        return ""
    end = min(span.end, span.start + LONGEST_EVIDENCE)
    if not hidden:
        return " ".join(text[span.start : end].split())
    pieces, at = [], span.start
    index = bisect_right(hidden, at, key=lambda one: one[1])
    while index < len(hidden) and hidden[index][0] < end:
        pieces += [text[at : max(hidden[index][0], at)], MASK]
        at = hidden[index][1]
        index += 1
    return " ".join("".join([*pieces, text[at:end]]).split())


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sorted by place, then by rule."""
    return sorted(findings, key=lambda one: (one.span.start, one.span.end, rule_order(one.rule.id)))
