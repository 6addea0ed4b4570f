"""Hand-made findings for the tests of reports."""

from __future__ import annotations

from dockerlint.findings import Confidence, Edit, Finding, Fix, RuleDocs, RuleInfo, Severity, Suppressed, Tier
from dockerlint.report import Style, open_report
from dockerlint.report.excerpts import file_report
from dockerlint.report.results import FileReport
from dockerlint.report.summary import Tally
from dockerlint.text import Source, Span

PLAIN = Style()
COMPOSE = 'services:\n  db:\n    image: postgres:17\n    ports:\n      - "5432:5432"\n'

PORT = RuleInfo(
    id="DK901",
    name="port-open",
    title="A port is open",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    profile="default",
    docs=RuleDocs(
        why="Whoever reaches the host reaches the service. Firewalls are bypassed.",
        instead="Bind it to 127.0.0.1. Or drop it.",
        quiet="The service is meant for everyone.",
        verify="docker port NAME",
    ),
    standards={"cis-docker-1.6.0": ("5.13",), "cis-docker-1.10.0": ("5.14",), "cwe": ("668",)},
    aliases=("kics:00000000",),
    fix_tier=Tier.HARDEN,
)
WRITABLE = RuleInfo(
    "DK902",
    "root-writable",
    "Writable",
    Severity.LOW,
    Confidence.HIGH,
    "default",
    RuleDocs(why="It may write."),
)
LIMITS = RuleInfo(
    "DK903",
    "no-memory-limit",
    "No limit",
    Severity.MEDIUM,
    Confidence.MEDIUM,
    "default",
    RuleDocs(why="It may grow."),
)


def finding(
    text: str,
    marked: str,
    rule: RuleInfo = PORT,
    *,
    message: str = "port 5432 is published on every interface",
    path: str = "compose.yaml",
    subject: str | None = "db",
    severity: Severity | None = None,
    fix: Fix | None = None,
    source: str = "",
) -> Finding:
    """A finding that underlines the first `marked` in `text`."""
    start = text.index(marked)
    return Finding(
        rule=rule,
        span=Span(start, start + len(marked), source),
        message=message,
        severity=rule.severity if severity is None else severity,
        confidence=rule.confidence,
        path=path,
        kind="compose",
        subject=subject,
        subject_kind="" if subject is None else "service",
        evidence=marked,
        fix=fix,
    )


def rebind(text: str, marked: str) -> Fix:
    """A fix that binds the marked port to the loopback interface."""
    start = text.index(marked)
    return Fix(Tier.HARDEN, "bind to 127.0.0.1", (Edit(Span(start, start), "127.0.0.1:"),), "remote clients")


def sample(path: str = "compose.yaml", text: str = COMPOSE) -> FileReport:
    """One file with a finding that has a fix, two that share a span, and a suppressed one."""
    port = finding(text, '"5432:5432"', path=path, fix=rebind(text, "5432:"))
    limit = finding(text, "db", LIMITS, message="db has no memory limit", path=path)
    writable = finding(text, "db", WRITABLE, message="db may write its root", path=path)
    tag = finding(text, "postgres:17", WRITABLE, message="tag floats", path=path)
    return file_report(
        Source(path, text),
        "compose",
        [writable, port, limit],
        [Suppressed(tag, "pinned elsewhere", "inline")],
    )


def written(
    name: str,
    *reports: FileReport,
    style: Style = PLAIN,
    fail_on: Severity | None = Severity.HIGH,
    seconds: float = 0.041,
) -> str:
    """The whole output of one format over these files."""
    report, tally = open_report(name, style), Tally()
    pieces = [report.begin()]
    for one in reports:
        tally.add(one)
        pieces.append(report.add(one))
    return "".join([*pieces, *report.end(tally.summary(seconds, fail_on))])
