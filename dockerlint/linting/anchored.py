"""Text that several services take from one place, such as an anchor, is one finding that names them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dockerlint.findings import Finding
from dockerlint.text import Span


def once_a_text(findings: Iterable[Finding]) -> list[Finding]:
    """Findings, those of a rule on a text that services share as one; its severity is that of the worst."""
    joined: dict[tuple[str, Span], Finding] = {}
    rest: list[Finding] = []
    for finding in findings:
        key = finding.rule.id, finding.span
        first = joined.setdefault(key, finding)
        if first is finding:
            continue
        if finding.subject is None or finding.subject in (first.subject, *first.shared_with):
            rest.append(finding)
        else:
            severity = max(first.severity, finding.severity)
            others = (*first.shared_with, finding.subject)
            joined[key] = replace(first, severity=severity, shared_with=others)
    return [*joined.values(), *rest]
