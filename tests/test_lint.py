"""From a text to findings: subjects, identity, confidence, and Dockerfiles inside Compose files."""

from __future__ import annotations

import pytest

from dockerlint.findings import Confidence, Finding, Severity
from dockerlint.report.prose import heading
from dockerlint.ruleset.ruleset import Ruleset, load_ruleset
from dockerlint.run.text import lint_text, lint_whole

RULESET = load_ruleset()

FLOATING_ROOT = """\
FROM node:latest
COPY . /app
RUN npm install
CMD ["node", "app.js"]
"""


def found(text: str, kind: str = "dockerfile", ruleset: Ruleset = RULESET) -> dict[str, Finding]:
    """Findings by the text they underline and the rule's name."""
    return {finding.rule.name: finding for finding in lint_text(text, kind, ruleset)}


def in_default_profile() -> Ruleset:
    return RULESET.choose(
        (rule for rule in RULESET.rules if rule.info.profile == "default"), Confidence.MEDIUM
    )


def test_a_floating_root_dockerfile_is_told_what_matters_and_how_to_fix_it() -> None:
    findings = found(FLOATING_ROOT, ruleset=in_default_profile())
    by_place = {FLOATING_ROOT[one.span.start : one.span.end]: one for one in findings.values()}
    assert any("hadolint:DL3007" in one.rule.aliases for one in findings.values())
    assert any("trivy:DS-0002" in one.rule.aliases for one in findings.values())
    assert any(place.startswith(("COPY . /app", ".", "npm install", "RUN npm")) for place in by_place)
    assert all(one.rule.docs.instead for one in findings.values())


def test_a_finding_names_its_stage_or_service() -> None:
    stage = found("FROM alpine:3.20 AS build\nUSER root\nFROM build AS prod\n")["root-in-final-stage"]
    assert (stage.subject, stage.subject_kind) == ("prod", "stage")
    service = found("services:\n  db:\n    image: app:1.0\n    privileged: true\n", "compose")
    assert (service["privileged-container"].subject, service["privileged-container"].subject_kind) == (
        "db",
        "service",
    )


def test_the_fingerprint_survives_lines_above_and_changes_with_the_subject() -> None:
    text = "services:\n  db:\n    image: app:1.0\n    privileged: true\n"
    before = found(text, "compose")["privileged-container"]
    moved = found("# moved\n\n" + text, "compose")["privileged-container"]
    other = found(text.replace("db:", "web:"), "compose")["privileged-container"]
    assert before.fingerprint == moved.fingerprint
    assert before.fingerprint != other.fingerprint


def test_two_equal_findings_keep_different_fingerprints() -> None:
    text = "FROM alpine:3.20\nRUN sudo ls\nRUN sudo ls\nUSER 1\n"
    prints = [one.fingerprint for one in lint_text(text, "dockerfile", RULESET)]
    assert len(prints) == len(set(prints))


def test_a_secret_is_neither_in_the_evidence_nor_in_the_message() -> None:
    secret = "hunter2-not-real"
    text = (
        f"FROM alpine:3.20\nENV DB_PASSWORD={secret}\nRUN curl -u admin:{secret} https://x.example\nUSER 1\n"
    )
    verdict = lint_whole(text, "dockerfile", RULESET)
    assert any("secret" in one.rule.name or "password" in one.rule.title.lower() for one in verdict.findings)
    assert all(secret not in one.evidence and secret not in one.message for one in verdict.findings)
    assert secret in {text[start:end] for start, end in verdict.mask.places()}


def test_an_inline_dockerfile_is_judged_where_it_stands() -> None:
    text = """\
services:
  a:
    build:
      context: .
      dockerfile_inline: |
        FROM alpine:3.20
        RUN curl -k https://x.example
        USER root
    user: "10001"
"""
    findings = lint_text(text, "compose", RULESET)
    marked = {text[one.span.start : one.span.end]: one for one in findings}
    assert "-k" in marked or any("curl -k" in place for place in marked)
    tls = next(one for place, one in marked.items() if "-k" in place and "curl" in one.message)
    assert (tls.subject, tls.kind) == ("a", "dockerfile")


@pytest.mark.parametrize("last", ["USER root", "CMD ls"], ids=["root", "no user"])
@pytest.mark.parametrize(
    ("user", "confidence"),
    [("10001", Confidence.LOW), ('"0:0"', Confidence.HIGH), ("${WHO}", Confidence.HIGH)],
)
def test_the_user_of_a_service_stands_above_that_of_its_inline_dockerfile(
    last: str, user: str, confidence: Confidence
) -> None:
    text = f"""\
services:
  a:
    user: {user}
    build:
      dockerfile_inline: |
        FROM alpine:3.22
        {last}
"""
    findings = found(text, "compose")
    root = findings.get("root-in-final-stage") or findings["final-stage-without-user"]
    assert root.confidence == confidence
    assert ("this service sets another user" in root.message) == (confidence == Confidence.LOW)


def test_what_a_trigger_does_weighs_less_because_another_build_runs_it() -> None:
    command = "RUN curl -k https://x.example/app -o /app"
    here = found(f"FROM alpine:3.22\n{command}\n")["curl-without-certificate-check"]
    later = found(f"FROM alpine:3.22\nONBUILD {command}\n")["curl-without-certificate-check"]
    assert (here.confidence, later.confidence) == (Confidence.HIGH, Confidence.MEDIUM)


def test_what_rests_on_an_unknown_base_image_is_of_low_confidence() -> None:
    missing = found("FROM internal.example/app:1.0\n")["final-stage-without-user"]
    assert missing.confidence == Confidence.LOW


def test_low_confidence_is_left_out_when_it_is_not_wanted() -> None:
    text = "FROM internal.example/app:1.0\n"
    certain = RULESET.choose(RULESET.rules, Confidence.MEDIUM)
    assert not [one for one in lint_text(text, "dockerfile", certain) if one.confidence == Confidence.LOW]


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "services:\n", "[]", "{}"])
@pytest.mark.parametrize("kind", ["dockerfile", "compose"])
def test_next_to_nothing_is_judged_without_an_error(text: str, kind: str) -> None:
    assert all(one.severity <= Severity.CRITICAL for one in lint_text(text, kind, RULESET))


@pytest.mark.parametrize(
    ("value", "is_shown"),
    [
        ("${DB_PASSWORD}", True),
        ("$DB_PASSWORD", True),
        ("${DB_PASSWORD:-hunter2}", False),
        ("$ecret1", False),
    ],
)
def test_the_name_of_a_variable_is_no_secret(value: str, is_shown: bool) -> None:
    text = f"services:\n  db:\n    image: postgres:17.6\n    environment:\n      POSTGRES_PASSWORD: {value}\n"
    secrets = lint_whole(text, "compose", RULESET).mask.places()
    assert [text[start:end] for start, end in secrets] == ([] if is_shown else [value])


def test_a_stage_without_a_name_is_called_the_final_one_or_by_its_number() -> None:
    """In JSON and in fingerprints it keeps its number."""
    text = "FROM a:1\nRUN sudo x\nFROM b:1 AS build\nRUN sudo x\nFROM c:1\nRUN sudo x\n"
    found = [one for one in lint_whole(text, "dockerfile", RULESET).findings if one.rule.id == "DK162"]
    assert [heading(one) for one in found] == ["stage 0", "stage build", "final stage"]
    assert [one.subject for one in found] == ["0", "build", "2"]
