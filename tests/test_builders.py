"""A Dockerfile is judged as the services of Compose files around it build it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from test_projects import check

COPIES = "FROM alpine:3.22\nCOPY --from=data /x /srv/\nUSER 1000\n"
BASED = "FROM debian\nUSER 1000\n"


@pytest.fixture(autouse=True)
def in_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "-q", "."], check=True)


def service(build: str, more: str = "", name: str = "app") -> str:
    return f"  {name}:\n    build: {{{build}}}\n{more}"


def compose(*services: str) -> str:
    return "services:\n" + "".join(services)


def rules(texts: dict[str, str], *paths: str, path: str = "Dockerfile", **line: Any) -> set[str]:
    report, _ = check(texts, *paths, **line)
    return {one["rule"] for one in report["findings"] if one["path"] == path}


@pytest.mark.parametrize("written", ["{data: ./d}", "[data=./d]", "{DATA: 'docker-image://alpine:3.22'}"])
@pytest.mark.parametrize("paths", [(), ("Dockerfile",)])
def test_a_context_that_a_service_names_is_no_unknown_stage(written: str, paths: tuple[str, ...]) -> None:
    texts = {
        "compose.yaml": compose(service(f"context: ., additional_contexts: {written}")),
        "Dockerfile": COPIES,
    }
    assert "DK131" not in rules(texts, *paths)


def test_a_name_that_no_context_has_is_still_an_unknown_stage() -> None:
    texts = {
        "compose.yaml": compose(service("context: ., additional_contexts: {other: ./d}")),
        "Dockerfile": COPIES,
    }
    assert "DK131" in rules(texts)


def test_a_base_that_is_a_named_context_is_no_image_without_a_tag() -> None:
    texts = {"Dockerfile": BASED, "compose.yaml": compose(service("context: ."))}
    assert "DK501" in rules(texts)
    texts["compose.yaml"] = compose(service("context: ., additional_contexts: {debian: 'service:other'}"))
    assert "DK501" not in rules(texts)


@pytest.mark.parametrize(
    ("file", "build"),
    [
        ("compose.yaml", "context: img/app"),
        ("compose.yaml", "context: ., dockerfile: img/app/Dockerfile"),
        ("img/docker-compose.yml", "context: ./app"),
        ("img/app/compose.yaml", "context: ../.., dockerfile: img/app/Dockerfile"),
    ],
)
def test_the_file_that_builds_it_may_lie_above(file: str, build: str) -> None:
    texts = {
        file: compose(service(f"{build}, additional_contexts: {{data: .}}")),
        "img/app/Dockerfile": COPIES,
    }
    assert "DK131" not in rules(texts, path="img/app/Dockerfile")


def test_a_service_that_builds_another_file_says_nothing_of_it() -> None:
    build = "context: ., dockerfile: Other.Dockerfile, additional_contexts: {data: .}"
    assert "DK131" in rules({"compose.yaml": compose(service(build)), "Dockerfile": COPIES})


def test_what_an_override_adds_to_a_build_counts() -> None:
    texts = {
        "compose.yaml": compose(service("context: .")),
        "compose.override.yaml": compose(service("additional_contexts: {data: .}")),
        "Dockerfile": COPIES,
    }
    assert "DK131" not in rules(texts)


def test_the_project_of_an_included_file_is_asked_too() -> None:
    texts = {
        "compose.yaml": "include: [part/compose.yaml]\nservices:\n  db: {image: 'postgres:17'}\n",
        "part/compose.yaml": compose(service("context: ., additional_contexts: {data: .}")),
        "part/Dockerfile": COPIES,
    }
    assert "DK131" not in rules(texts, path="part/Dockerfile")


def test_a_stage_that_a_service_builds_is_final_and_not_unused() -> None:
    texts = {
        "Dockerfile": "FROM alpine:3.22 AS tool\nUSER root\nFROM alpine:3.22\nUSER 1000\n",
        "compose.yaml": compose(service("context: .")),
    }
    assert {"DK101", "DK1128"} & rules(texts, profile="strict") == {"DK1128"}
    texts["compose.yaml"] = compose(service("context: ., target: Tool"))
    assert {"DK101", "DK1128"} & rules(texts, profile="strict") == {"DK101"}


def test_a_dockerfile_that_nothing_builds_is_checked_without_parsing_compose_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a Compose file was parsed")

    monkeypatch.setattr("dockerlint.run.members.parse_project", refuse)
    texts = {"compose.yaml": "services:\n  db: {image: 'postgres:17'}\n", "Dockerfile": COPIES}
    assert "DK131" in rules(texts, "Dockerfile")


@pytest.mark.parametrize(
    ("more", "rule"),
    [("    user: '1000'\n", "DK102"), ("    healthcheck: {test: [CMD, /check]}\n", "DK107")],
)
def test_what_every_service_cures_is_said_at_low_confidence(more: str, rule: str) -> None:
    both = (service("context: .", more, "api"), service("context: .", more, "job"))
    one = (service("context: .", more, "api"), service("context: .", "", "job"))
    found = []
    for services in (both, one):
        texts = {"Dockerfile": "FROM alpine:3.22\nCMD sleep 9\n", "compose.yaml": compose(*services)}
        report, _ = check(texts, "Dockerfile", profile="strict")
        found += [each for each in report["findings"] if each["rule"] == rule]
    cured, half = found
    assert cured["confidence"] == "low"
    assert cured["message"].endswith("for api, job")
    assert half["confidence"] == "high"
