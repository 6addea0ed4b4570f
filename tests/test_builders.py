"""A Dockerfile is judged as the services of Compose files around it build it."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import Any

import pytest
from test_projects import check

from dockerlint.cli.arguments import CheckLine, options_of
from dockerlint.run.check import run

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


def found(report: dict[str, Any], rule: str, path: str) -> dict[str, Any]:
    (one,) = (each for each in report["findings"] if (each["rule"], each["path"]) == (rule, path))
    return dict(one)


def test_a_service_is_told_why_what_it_builds_runs_as_root_and_the_stage_who_builds_it() -> None:
    texts = {
        "api/Dockerfile": "FROM node:22 AS base\nFROM base AS prod\nCMD node a.js\n",
        "compose.yaml": compose(service("context: api, target: prod", name="api")),
    }
    report, _ = check(texts, "compose.yaml")
    evidence = "stage prod of api/Dockerfile ends without USER, node:22 starts as root"
    assert found(report, "DK243", "compose.yaml")["message"] == (
        f"runs as root: compose sets no user, {evidence}"
    )
    report, _ = check(texts)
    told = found(report, "DK102", "api/Dockerfile")
    assert (told["built_by"], told["message"]) == (["api"], f"runs as root: compose sets no user, {evidence}")
    texts["api/Dockerfile"] += "USER node\n"
    report, _ = check(texts)
    assert {"DK243", "DK102"}.isdisjoint(one["rule"] for one in report["findings"])


def test_the_heading_above_findings_of_a_stage_names_the_services_that_build_it() -> None:
    texts = {"Dockerfile": "FROM alpine:3.22\nUSER root\n", "compose.yaml": compose(service("context: ."))}
    check(texts)
    assert "final stage, built by service app: USER root" in written("github")


def written(form: str) -> str:
    out = io.StringIO()
    run(options_of(CheckLine(paths=("Dockerfile",), format=(form,), jobs=1)), out, io.StringIO())
    return out.getvalue()


@pytest.mark.parametrize(
    ("file", "build"),
    [
        ("deploy/compose.yaml", "context: .."),
        ("deploy/dev/compose.yaml", "context: ../.."),
        ("ops/docker-compose.yml", "context: ../., dockerfile: Dockerfile"),
    ],
)
def test_the_file_that_builds_it_may_lie_in_a_folder_below(file: str, build: str) -> None:
    texts = {file: compose(service(f"{build}, additional_contexts: {{data: .}}")), "Dockerfile": COPIES}
    assert "DK131" not in rules(texts, "Dockerfile")


def test_the_file_that_builds_it_may_lie_in_a_folder_beside_its_own() -> None:
    texts = {
        "deploy/compose.yaml": compose(service("context: ../img/app, additional_contexts: {data: .}")),
        "img/app/Dockerfile": COPIES,
    }
    assert "DK131" not in rules(texts, "img/app/Dockerfile", path="img/app/Dockerfile")


def test_other_folders_are_not_gone_through_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dockerlint.linting.around.builders.MOST_FOLDERS", 2)
    build = compose(service("context: .., additional_contexts: {data: .}"))
    texts = {"a/x": "", "b/x": "", "c/compose.yaml": build, "Dockerfile": COPIES}
    assert "DK131" in rules(texts, "Dockerfile")


@pytest.mark.parametrize(
    ("line", "more", "rule"),
    [
        ("STOPSIGNAL KILL", "    stop_signal: SIGTERM\n", "DK1102"),
        ("CMD sleep 9", "    command: [sleep, '8']\n", "DK124"),
    ],
)
def test_how_every_service_starts_and_stops_an_image_takes_the_place_of_what_it_says(
    line: str, more: str, rule: str
) -> None:
    texts = {"Dockerfile": f"FROM alpine:3.22\nUSER 1000\n{line}\n"}
    confidences = []
    for keys in ("", more):
        texts["compose.yaml"] = compose(service("context: .", keys))
        report, _ = check(texts, "Dockerfile", profile="strict")
        confidences.append(found(report, rule, "Dockerfile")["confidence"])
    assert confidences == ["high", "low"]


def test_a_service_that_names_no_user_cures_nothing_in_its_inline_dockerfile() -> None:
    inline = "    build:\n      dockerfile_inline: |\n        FROM alpine:3.22\n        USER root\n"
    texts = {"compose.yaml": f"services:\n  app:\n{inline}"}
    report, _ = check(texts)
    assert found(report, "DK101", "compose.yaml")["confidence"] == "high"
    report, _ = check({"compose.yaml": texts["compose.yaml"] + "    user: '1000'\n"}, profile="strict")
    assert found(report, "DK101", "compose.yaml")["confidence"] == "low"


def test_the_port_of_a_datastore_that_is_built_here_is_told_for_certain() -> None:
    texts = {
        "compose.yaml": compose(service("context: .", "    ports: ['5432:5432']\n")),
        "Dockerfile": "FROM postgres:17\nCOPY init.sql /docker-entrypoint-initdb.d/\n",
    }
    assert found(check(texts)[0], "DK231", "compose.yaml")["confidence"] == "high"


def test_a_stage_that_only_a_file_for_development_builds_is_none_that_is_deployed() -> None:
    texts = {
        "Dockerfile": "FROM node:22 AS ui\nCMD npm start\nFROM alpine:3.22\nUSER 1000\n",
        "dev-compose.yaml": compose(service("context: ., target: ui")),
    }
    assert "DK102" not in rules(texts)
    texts["compose.yaml"] = texts["dev-compose.yaml"]
    assert "DK102" in rules(texts)
