"""What one finding says of a place, and another says with more to it, told to people as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dockerlint.report.results import Diagnostic


def once_a_place(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Findings for people: what a rule takes in is told behind it, where both speak of the same line."""
    leads = {
        (id, _place(one)): lead for lead, one in enumerate(diagnostics) for id in one.finding.rule.takes_in
    }
    if not leads:
        return list(diagnostics)
    taken: dict[int, list[Diagnostic]] = {}
    kept: list[int] = []
    for number, one in enumerate(diagnostics):
        lead = leads.get((one.finding.rule.id, _place(one)))
        if lead is None:
            kept.append(number)
        else:
            taken.setdefault(lead, []).append(one)
    return [_with(diagnostics[number], taken.get(number, ())) for number in kept]


def _place(one: Diagnostic) -> tuple[str, int, str | None, str]:
    return one.place.path, one.place.line, one.finding.subject, one.finding.label


def _with(lead: Diagnostic, others: Sequence[Diagnostic]) -> Diagnostic:
    """A finding, and in its message what others say of the same."""
    if not others:
        return lead
    said = "; ".join(f"{one.finding.message} ({one.finding.rule.id})" for one in others)
    fixes = (one.finding.fix for one in (lead, *others))
    fix = next((fix for fix in fixes if fix is not None), None)
    return lead._replace(finding=replace(lead.finding, message=f"{lead.finding.message}; {said}", fix=fix))
