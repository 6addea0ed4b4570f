"""What the reports of a run come to for each recommendation of a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Final, NamedTuple

from dockerlint.findings import Severity, rule_order
from dockerlint.linting.judging import DOCKERFILE, FILE, PROJECT
from dockerlint.linting.outcomes import Outcome
from dockerlint.linting.passing import DAEMON, Checked
from dockerlint.report.benchmark.recommendations import HOST, JUDGEMENT, Recommendation
from dockerlint.report.results import Diagnostic, FileReport

_WHOLE_FILES: Final = {"dockerfile": DOCKERFILE, "compose": PROJECT, "daemon": DAEMON}
_CONTAINER: Final = "container"
_GIVE: Final = {
    "container": "Compose files, docker run lines, docker inspect of containers",
    "image": "docker image inspect",
    "network": "docker network inspect",
    DAEMON: "daemon.json, docker info",
    PROJECT: "Compose files",
    DOCKERFILE: "Dockerfiles",
}
"""What tells of each kind of subject."""


class Status(Enum):
    """What a recommendation comes to."""

    PASS = "pass"
    FAIL = "fail"
    NOT_APPLICABLE = "not applicable"
    """What is given holds nothing that it is about."""
    UNKNOWN = "unknown"
    """No input decides it."""
    HOST = "host state"
    """No file decides it."""


class Evidence(NamedTuple):
    """A finding that speaks against a recommendation."""

    diagnostic: Diagnostic
    path: str

    @property
    def is_excused(self) -> bool:
        """Somebody wrote why it is accepted."""
        return bool(self.diagnostic.reason)


class Verdict(NamedTuple):
    """What one recommendation comes to, and why."""

    recommendation: Recommendation
    status: Status
    why: str = ""
    """What is missing for a pass; "" for a pass or a failure."""
    failed: tuple[Evidence, ...] = ()
    accepted: tuple[Evidence, ...] = ()
    """With a written reason."""
    unknown: tuple[str, ...] = ()
    """The subjects that are not decided."""
    passed: int = 0
    """How many subjects pass."""

    @property
    def severity(self) -> Severity | None:
        """The worst of what speaks against it; None where nothing does."""
        return max((one.diagnostic.finding.severity for one in self.failed), default=None)


class _Case:
    """What was seen so far about one recommendation."""

    def __init__(self, recommendation: Recommendation) -> None:
        self.recommendation = recommendation
        self.failed: list[Evidence] = []
        self.accepted: list[Evidence] = []
        self.unknown: dict[str, None] = {}
        self.passed = 0
        self.is_seen = False

    def add(self, subject: str, outcomes: dict[str, Outcome], against: list[Evidence]) -> None:
        """One subject: what its rules come to, and the findings that count."""
        wanted = self.recommendation
        spoken = [
            one
            for one in against
            if wanted.counts(one.diagnostic.finding.rule.id, one.diagnostic.finding.message)
        ]
        failed = [one for one in spoken if not (one.diagnostic.by or one.diagnostic.reason)]
        accepted = [one for one in spoken if one.is_excused]
        self.failed += failed
        self.accepted += accepted
        told = {one.diagnostic.finding.rule.id for one in against}
        deciding = wanted.rules - wanted.against
        come_to = {rule: outcome for rule, outcome in outcomes.items() if rule in deciding}
        self.is_seen = self.is_seen or bool(come_to or spoken)
        # A rule may fire without a finding: it is not sure enough. One that is hidden has no reason.
        unsure = {rule for rule, outcome in come_to.items() if outcome is Outcome.FAILED} - told
        is_unknown = Outcome.UNKNOWN in come_to.values() or bool(unsure)
        if failed:
            return
        if is_unknown or len(spoken) > len(accepted):
            self.unknown[subject] = None
        elif accepted or Outcome.PASSED in come_to.values() or self._passes_by_word(come_to, told):
            self.passed += 1

    def _passes_by_word(self, come_to: dict[str, Outcome], told: set[str]) -> bool:
        """Its rule fired, and spoke about something else."""
        return bool(self.recommendation.word) and any(
            outcome is Outcome.FAILED and rule in told for rule, outcome in come_to.items()
        )

    @property
    def verdict(self) -> Verdict:
        status, why = self._status()
        failed = sorted(self.failed, key=_worst_first)
        return Verdict(
            self.recommendation,
            status,
            why,
            tuple(failed),
            tuple(self.accepted),
            tuple(self.unknown),
            self.passed,
        )

    def _status(self) -> tuple[Status, str]:
        wanted = self.recommendation
        if wanted.by == HOST:
            return Status.HOST, "not decidable from files"
        if self.failed:
            return Status.FAIL, ""
        if wanted.by == JUDGEMENT:
            return Status.UNKNOWN, "a person decides" if self.is_seen or not wanted.of else _needs(wanted)
        if self.unknown:
            return Status.UNKNOWN, f"not decided for {_listed(list(self.unknown))}"
        if self.passed:
            return Status.PASS, ""
        return (Status.NOT_APPLICABLE, "") if self.is_seen else (Status.UNKNOWN, _needs(wanted))


class Verdicts:
    """Takes in the reports of a run, one after another."""

    def __init__(self, recommendations: Iterable[Recommendation]) -> None:
        self._cases = [_Case(one) for one in recommendations]

    def add(self, report: FileReport) -> None:
        """One file."""
        against: dict[tuple[str, str], list[Evidence]] = {}
        for one in (*report.findings, *report.suppressed):
            against.setdefault(_subject(one, report), []).append(Evidence(one, report.path))
        known = {(one.subject, one.subject_kind): one for one in report.checked}
        for key in dict.fromkeys((*known, *against)):
            self._add_subject(report, key, known.get(key), against.get(key, []))

    def _add_subject(
        self, report: FileReport, key: tuple[str, str], checked: Checked | None, against: list[Evidence]
    ) -> None:
        subject, kind = key
        outcomes = {} if checked is None else dict(checked.outcomes)
        about = {_CONTAINER if kind == "service" else kind}
        for case in self._cases:
            # What belongs to no subject, such as a token anywhere in a file, counts for all of them.
            if about & case.recommendation.of or (kind == FILE and against):
                case.add(subject or report.path, outcomes, against)

    def __iter__(self) -> Iterator[Verdict]:
        return (case.verdict for case in self._cases)


def _subject(diagnostic: Diagnostic, report: FileReport) -> tuple[str, str]:
    """The subject that a finding is about, as what passes names it."""
    finding = diagnostic.finding
    kind = finding.kind or report.kind
    if finding.subject is None or finding.subject_kind == "stage":
        whole = _WHOLE_FILES.get(kind, FILE)
        return (DAEMON, DAEMON) if whole == DAEMON else ("", whole)
    return finding.subject, finding.subject_kind


def _worst_first(one: Evidence) -> tuple[object, ...]:
    finding, place = one.diagnostic.finding, one.diagnostic.place
    return -finding.severity, place.path, place.line, place.column, rule_order(finding.rule.id)


def _needs(wanted: Recommendation) -> str:
    """What to give so that it can be decided."""
    given = [told for kind, told in _GIVE.items() if kind in wanted.of]
    return f"nothing that is given decides it; {', '.join(given)} would" if given else "no input decides it"


def _listed(names: list[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"
