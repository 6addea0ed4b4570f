"""What the rules about commands say together on small files that users have stumbled over."""

from __future__ import annotations

from dockerlint.findings import Finding, Severity
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.examples import EXAMPLE_DAY
from dockerlint.run.text import lint_text

RULESET = load_ruleset(today=EXAMPLE_DAY)


def judged(text: str) -> list[Finding]:
    return lint_text(text, "dockerfile", RULESET)


def names(text: str) -> set[str]:
    return {finding.rule.name for finding in judged(text)}


def test_a_package_without_version_is_no_reason_to_fail_a_build() -> None:
    text = (
        "FROM debian:12.6-slim\nRUN apt-get update && apt-get install -y --no-install-recommends jq "
        "&& rm -rf /var/lib/apt/lists/*\nUSER 10001\n"
    )
    loud = [finding for finding in judged(text) if finding.rule.profile == "default"]
    assert all(finding.severity < Severity.HIGH for finding in loud)
    assert "apt-package-without-version" in names(text)


def test_a_package_named_like_a_secret_is_a_package() -> None:
    text = "FROM alpine:3.20\nRUN apk add --no-cache libsecret=0.21.4-r1 pass-token=1.7-r0\nUSER 10001\n"
    assert not {name for name in names(text) if "secret" in name or "credential" in name}


def test_only_the_download_that_a_shell_runs_is_one_too_many() -> None:
    text = (
        "FROM debian:12.6-slim\nRUN curl -fsSL https://run.example.net | sh\n"
        "RUN wget -qO- https://e.example.net/k.asc | gpg --dearmor -o /k.gpg\n"
    )
    found = [finding for finding in judged(text) if finding.rule.name == "download-run-unseen"]
    assert [text[one.span.start : one.span.end] for one in found] == ["curl -fsSL https://run.example.net"]


def test_pipefail_comes_along_with_the_stage() -> None:
    text = 'FROM alpine:3.20 AS one\nSHELL ["/bin/ash", "-eo", "pipefail", "-c"]\nFROM one\nRUN a | b\n'
    assert "pipe-hides-failure" not in names(text)
    assert "pipe-hides-failure" in names("FROM alpine:3.20\nRUN a | b\n")


def test_a_token_from_outside_is_not_typed() -> None:
    line = 'RUN echo "//npm.example.net/:_authToken=${REGISTRY_TOKEN}" > .npmrc'
    text = f"FROM node:22-slim\nARG REGISTRY_TOKEN\n{line}\n"
    assert "secret-in-command" not in names(text)
    assert "secret-build-argument" in names(text)


def test_a_secret_in_a_command_is_masked_wherever_it_is_told() -> None:
    text = "FROM alpine:3.20\nRUN curl -u app:hunter2-not-real https://x.example.net\n"
    [finding] = [one for one in judged(text) if one.rule.name == "secret-in-command"]
    assert "hunter2-not-real" not in finding.message + finding.evidence


def test_commands_of_a_heredoc_and_of_a_script_are_judged_like_others() -> None:
    text = "FROM debian:12.6-slim\nRUN <<E\nsudo wget --no-check-certificate https://x.example.net/a\nE\n"
    assert {"sudo-in-build", "wget-without-certificate-check"} <= names(text)
    assert "wget-without-certificate-check" in names(
        'FROM debian:12.6-slim\nRUN ["bash", "-c", "cd /x && wget --no-check-certificate y"]\n'
    )
