"""What a finding is known by from one run to the next: the text under it, never its line."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence

from dockerlint.findings import Finding
from dockerlint.records import replace
from dockerlint.text import Span

LONGEST_EVIDENCE = 200
"""Characters of the text under a finding that make up its identity."""


def identified(findings: Iterable[Finding], text: str, secrets: Sequence[Span]) -> list[Finding]:
    """In order, each with its evidence and a number where two would be the same."""
    seen: Counter[tuple[str, str | None, str]] = Counter()
    hidden = _apart(secrets)
    identified = []
    for finding in in_order(findings):
        evidence = _evidence(finding.span, text, hidden)
        identity = (finding.rule.id, finding.subject, evidence)
        identified.append(replace(finding, evidence=evidence, ordinal=seen[identity]))
        seen[identity] += 1
    return identified


def _apart(secrets: Sequence[Span]) -> list[Span]:
    """The secrets of this file in order, those that touch made one."""
    found: list[Span] = []
    for secret in sorted(span for span in secrets if not span.source):
        if found and secret.start <= found[-1].end:
            found[-1] = found[-1]._replace(end=max(found[-1].end, secret.end))
        else:
            found.append(secret)
    return found


def _evidence(span: Span, text: str, secrets: Sequence[Span]) -> str:
    """The text under a span, blanks folded and secrets masked; `secrets` are apart and in order."""
    if span.source:
        return ""
    end = min(span.end, span.start + LONGEST_EVIDENCE)
    pieces, at = [], span.start
    index = bisect_right(secrets, at, key=lambda one: one.end)
    while index < len(secrets) and secrets[index].start < end:
        pieces += [text[at : max(secrets[index].start, at)], "****"]
        at = secrets[index].end
        index += 1
    return " ".join("".join([*pieces, text[at:end]]).split())


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sorted by place, then by rule."""
    return sorted(findings, key=lambda one: (one.span.start, one.span.end, one.rule.id))
