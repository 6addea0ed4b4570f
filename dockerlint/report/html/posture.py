"""How each service, stage and container stands: findings by severity, and what passed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from dockerlint.findings import Severity
from dockerlint.report.prose import cis_ids
from dockerlint.report.results import Diagnostic, FileReport


@dataclass(slots=True)
class Posture:
    """One subject of one file."""

    path: str
    kind: str
    """service, stage, container, image …; "file" for what belongs to none of them."""
    name: str
    counts: Counter[Severity] = field(default_factory=Counter)
    passed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def rank(self) -> tuple[list[int], str, str]:
        """The worst come first."""
        return [-self.counts[one] for one in sorted(Severity, reverse=True)], self.path, self.name


class Postures:
    """All subjects of a run; as many as are asked for are kept, and the others counted."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: dict[tuple[str, str, str], Posture] = {}
        self.left_out = 0

    def add(self, report: FileReport, findings: Iterable[Diagnostic]) -> None:
        """Take up what a file says about its subjects."""
        for one in report.checked:
            if posture := self._of(report.path, one.subject_kind, one.subject):
                posture.passed, posture.unknown = one.passed, one.unknown
        for diagnostic in findings:
            finding = diagnostic.finding
            kind, name = finding.subject_kind or "file", finding.subject or ""
            for subject in (name, *finding.shared_with):
                if posture := self._of(report.path, kind, subject):
                    posture.counts[finding.severity] += 1

    def _of(self, path: str, kind: str, name: str) -> Posture | None:
        key = path, kind, name
        if key not in self._held:
            if len(self._held) >= self._most:
                self.left_out += 1
                return None
            self._held[key] = Posture(path, kind, name)
        return self._held[key]

    def in_order(self) -> list[Posture]:
        """The worst first."""
        return sorted(self._held.values(), key=lambda one: one.rank)


@dataclass(slots=True)
class RuleTally:
    """How often a rule fired."""

    id: str
    name: str
    title: str
    severity: Severity
    """The worst of its findings."""
    findings: int = 0


class Tallies:
    """Findings by rule and by recommendation of the CIS Docker Benchmark."""

    def __init__(self) -> None:
        self._rules: dict[str, RuleTally] = {}
        self._cis: dict[str, set[str]] = {}

    def add(self, diagnostic: Diagnostic) -> None:
        """Count one finding."""
        finding = diagnostic.finding
        rule = finding.rule
        tally = self._rules.setdefault(rule.id, RuleTally(rule.id, rule.name, rule.title, finding.severity))
        tally.findings += 1
        tally.severity = max(tally.severity, finding.severity)
        for one in cis_ids(rule):
            self._cis.setdefault(one, set()).add(rule.id)

    def rules(self) -> list[RuleTally]:
        """The worst first, then the most frequent."""
        return sorted(self._rules.values(), key=lambda one: (-one.severity, -one.findings, one.id))

    def cis(self) -> list[tuple[str, list[RuleTally]]]:
        """Each recommendation that findings are about, with their rules."""
        return [
            (one, [self._rules[rule] for rule in sorted(ids)])
            for one, ids in sorted(self._cis.items(), key=lambda item: _numbers(item[0]))
        ]


def _numbers(recommendation: str) -> list[int]:
    return [int(part) for part in recommendation.split(".") if part.isdigit()]
