"""All that one service lacks, told to people as one finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from dockerlint.findings import RuleDocs, RuleInfo, rule_order
from dockerlint.report.results import Diagnostic
from dockerlint.text import Span

NOT_HARDENED: Final = "not-hardened"
_DOCS: Final = RuleDocs(
    why="What a container is not denied, an attacker in it can use.",
    instead="Set what is missing; `dockerlint fix --harden` writes what works.",
)


def once_a_service(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The findings of a file for people: what a service lacks is one of them."""
    lacking: dict[tuple[str, str | Span], list[Diagnostic]] = {}
    for one in diagnostics:
        finding = one.finding
        if finding.rule.missing:
            lacking.setdefault((finding.path, finding.subject or finding.span), []).append(one)
    told = {id(parts[0]): _as_one(parts) for parts in lacking.values() if len(parts) > 1}
    silent = {id(one) for parts in lacking.values() if len(parts) > 1 for one in parts[1:]}
    return [told.get(id(one), one) for one in diagnostics if id(one) not in silent]


def _as_one(parts: Sequence[Diagnostic]) -> Diagnostic:
    rules = sorted((one.finding.rule for one in parts), key=lambda rule: rule_order(rule.id))
    lead = max((one.finding for one in parts), key=lambda one: one.severity)
    info = RuleInfo(
        id=f"{rules[0].id} +{len(rules) - 1}",
        name=NOT_HARDENED,
        title="Service not hardened",
        severity=lead.severity,
        confidence=lead.confidence,
        profile=rules[0].profile,
        docs=_DOCS,
    )
    ids = ", ".join(rule.id for rule in rules)
    return parts[0]._replace(
        finding=replace(
            lead,
            span=parts[0].finding.span,
            rule=info,
            message=f"{enumerated([rule.missing for rule in rules])} missing ({ids})",
            fix=next((one.finding.fix for one in parts if one.finding.fix is not None), None),
        )
    )


def enumerated(names: Sequence[str]) -> str:
    """Names in a row: `a, b and c`; a last word that they share is said once."""
    heads, last = [], names[-1]
    for name, after in pairwise(names):
        head, _, word = name.rpartition(" ")
        heads.append(head if head and word == after.rpartition(" ")[2] else name)
    if not heads:
        return last
    return f"{', '.join(heads)} and {last}{'' if heads[-1] == names[-2] else 's'}"
