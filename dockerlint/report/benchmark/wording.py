"""What reports for people say about a recommendation."""

from __future__ import annotations

from dockerlint.report.benchmark.recommendations import HOST, Recommendation
from dockerlint.report.benchmark.verdicts import Evidence, Verdict


def decider(one: Recommendation) -> str:
    """What decides it."""
    by = "host state" if one.by == HOST else one.by
    return ", ".join([by, *sorted(one.rules)])


def status(verdict: Verdict) -> str:
    """What it comes to, and why nothing better."""
    return f"{verdict.status.value}: {verdict.why}" if verdict.why else verdict.status.value


def said(one: Evidence) -> str:
    """What speaks against it, of which subject."""
    finding = one.diagnostic.finding
    who = f"{finding.subject}: " if finding.subject and finding.subject_kind != "stage" else ""
    return f"{who}{finding.message} ({finding.rule.id})"


def place(one: Evidence) -> str:
    """Where it stands."""
    found = one.diagnostic.place
    return f"{found.path}:{found.line}:{found.column}"


def accepted(one: Evidence) -> str:
    """The same for what somebody accepts, with the reason."""
    return f"accepted: {said(one)}: {one.diagnostic.reason}"
