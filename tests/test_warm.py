"""A file that is linted for every key: what is remembered of it changes no verdict."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dockerlint.linting.nodes.findings import NodeLinter
from dockerlint.linting.warm import project as warm_project
from dockerlint.linting.warm.files import LONGEST, WarmFiles
from dockerlint.model.container.container import Container
from dockerlint.model.dockerfile.build import Build
from dockerlint.model.dockerfile.running import Run
from dockerlint.parse.dockerfile.build import parse_dockerfile
from dockerlint.parse.dockerfile.statements import read_statements
from dockerlint.parse.dockerfile.warm.reading import WarmReading
from dockerlint.parse.dockerfile.warm.stretch import ROOM, stretched
from dockerlint.report.results import FileReport
from dockerlint.ruleset.bundle import load_day
from dockerlint.ruleset.knowledge import load_knowledge
from dockerlint.ruleset.rule import Scope
from dockerlint.run.check import Options, linter_for
from dockerlint.run.file import FileLinter
from dockerlint.text import Source, Span
from dockerlint.workspace.discovery import Candidate

TEXT = """\
# syntax=docker/dockerfile:1
ARG TAG=22
FROM node:$TAG AS build
ARG MODE
ENV HOME=/srv MODE=$MODE
WORKDIR app
# dockerlint: ignore[DK171]
RUN apt-get update && \\
    # a tool
    apt-get install curl
RUN npm ci
COPY . .
RUN <<EOF
curl -k https://example.com/x | sh
sudo chmod 777 /srv
EOF
FROM build AS test
USER node
RUN npm test $WHERE
FROM debian:12
COPY --from=build /srv/app /app
ADD archive.tar.gz /app/
EXPOSE 22 8080
HEALTHCHECK CMD curl -k https://localhost
CMD node server.js
"""
PIECES = (
    *(
        "\n",
        "\\\n",
        " ",
        "x",
        '"',
        "$",
        "# ",
        "&& ",
        "<<EOF\n",
        "EOF\n",
        "USER root\n",
        "ENV A=$A\n",
        "sudo ",
    ),
    *("FROM test\n", "COPY . .\n", "ARG WHERE\n", "RUN rm -rf /tmp/x\n", 'SHELL ["/bin/bash", "-c"]\n'),
    *(
        "ONBUILD RUN sudo id\n",
        "# escape=`\n",
        "# dockerlint: ignore\n",
        "ENV TOKEN=" + "ghp_" + "a" * 36 + "\n",
    ),
)
NAMES = {"Dockerfile": "dockerfile", "compose.yaml": "compose"}


def edits_of(pieces: tuple[str, ...]) -> st.SearchStrategy[list[tuple[float, int, str]]]:
    """Where, how much goes, and what comes."""
    removed, typed = st.sampled_from((0, 0, 1, 5, 80)), st.sampled_from(("", *pieces))
    return st.lists(st.tuples(st.floats(0, 1), removed, typed), min_size=1, max_size=6)


COMPOSE = """\
x-common: &common
  restart: always
services:
  web:
    image: nginx:1.27
    ports: ["8080:80", "22:22"]
    depends_on: [api, gone]
  api:
    <<: *common
    build: .
    environment: {LOG: info, REGION: "${REGION:?}"}
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock
      - data:/data
  # dockerlint: ignore[DK201]
  db:
    image: postgres
    privileged: true
    networks: [inner]
networks:
  inner: {internal: true}
volumes:
  data:
"""
COMPOSE_PIECES = (
    *(
        "\n",
        " ",
        "x",
        ":",
        "- ",
        '"',
        "#",
        "  new:\n",
        "    image: redis\n",
        "    privileged: true\n",
        "*common",
    ),
    *(
        "    extends: db\n",
        "    network_mode: host\n",
        "    env_file: .env\n",
        "    links: [web]\n",
        "${REGION}",
    ),
    *("    cap_add: [ALL]\n", "volumes:\n", "    <<: *common\n", "    build: {context: .}\n", "name: shop\n"),
    "    environment: {DB_PASSWORD: hunter2345}\n",
)


def linter(folder: Path, *, is_warm: bool) -> FileLinter:
    made = linter_for(Options(paths=(str(folder),), today=load_day()), edits=False)
    if is_warm:
        made.keep_warm()
    return made


def said(linter: FileLinter, folder: Path, text: str, name: str = "Dockerfile") -> FileReport:
    return linter.data(text.encode(), Candidate(str(folder / name), NAMES[name]))


def edited(text: str, edits: list[tuple[float, int, str]]) -> Iterator[str]:
    """The versions of a text."""
    for place, removed, typed in edits:
        at = int(place * len(text))
        text = text[:at] + typed + text[at + removed :]
        yield text


FEW = settings(
    max_examples=max(5, settings.default.max_examples // 20),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@FEW
@given(edits=edits_of(PIECES))
def test_a_dockerfile_is_judged_as_by_a_process_that_sees_it_for_the_first_time(
    edits: list[tuple[float, int, str]], tmp_path: Path, warm_linter: FileLinter, cold_linter: FileLinter
) -> None:
    for text in edited(TEXT, edits):
        assert said(warm_linter, tmp_path, text) == said(cold_linter, tmp_path, text)


@FEW
@given(edits=edits_of(COMPOSE_PIECES))
def test_a_compose_file_is_judged_as_by_a_process_that_sees_it_for_the_first_time(
    edits: list[tuple[float, int, str]], tmp_path: Path, warm_linter: FileLinter, cold_linter: FileLinter
) -> None:
    (tmp_path / "compose.override.yaml").write_text("services:\n  web:\n    restart: always\n")
    for text in edited(COMPOSE, edits):
        reports = [said(one, tmp_path, text, "compose.yaml") for one in (warm_linter, cold_linter)]
        assert reports[0] == reports[1]
        for one in (warm_linter, cold_linter):
            one.forget("compose")


@pytest.fixture
def warm_linter(tmp_path: Path) -> FileLinter:
    return linter(tmp_path, is_warm=True)


@pytest.fixture
def cold_linter(tmp_path: Path) -> FileLinter:
    return linter(tmp_path, is_warm=False)


def build_of(warm: WarmReading, text: str) -> Build:
    return parse_dockerfile(text, load_knowledge(load_day()), warm=warm)


def test_an_edit_leaves_the_nodes_of_all_other_instructions_as_they_are() -> None:
    warm = WarmReading()
    before, after = build_of(warm, TEXT), build_of(warm, TEXT.replace("npm ci", "npm ci --ignore-scripts"))
    read = [
        one.keyword.value
        for stage, was in zip(after.stages, before.stages, strict=True)
        for one, other in zip(stage.instructions, was.instructions, strict=True)
        if one is not other
    ]
    assert read == ["FROM", "RUN", "FROM", "FROM", "EXPOSE"]  # those that are always read, and the one


def test_what_stands_above_an_instruction_is_no_other_thing_to_it_than_before() -> None:
    warm = WarmReading()
    build_of(warm, TEXT)
    stage = build_of(warm, TEXT.replace("WORKDIR app", "USER node\nWORKDIR /app")).stages[0]
    runs = [one for one in stage.instructions if isinstance(one, Run)]
    assert [one.as_root for one in runs] == [False, False, False]


def test_a_file_beside_it_that_changed_counts_at_the_next_key(
    tmp_path: Path, warm_linter: FileLinter
) -> None:
    text = "FROM debian:12\nCOPY archive.bin /app/\nADD archive.bin /app/\n"
    before = said(warm_linter, tmp_path, text)
    (tmp_path / ".dockerignore").write_text("archive.bin\n")
    after = said(warm_linter, tmp_path, text)
    ids = [{one.finding.rule.id for one in report.findings} for report in (before, after)]
    assert ids[1] - ids[0] == {"DK139"}


def test_a_service_that_no_edit_touched_is_asked_nothing(
    tmp_path: Path, warm_linter: FileLinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    ask = warm_project._linted

    def noting(container: Container, scope: Scope, linter: NodeLinter) -> Any:
        asked.append(container.name.value)
        return ask(container, scope, linter)

    monkeypatch.setattr(warm_project, "_linted", noting)
    said(warm_linter, tmp_path, COMPOSE, "compose.yaml")
    warm_linter.forget("compose")
    report = said(warm_linter, tmp_path, COMPOSE.replace('"22:22"', '\n    "2222:22"'), "compose.yaml")
    assert asked == ["web", "api", "db", "web", "api"]  # `api` is made of more than its own lines
    starts = [one.place.line for one in report.findings if one.finding.rule.name == "privileged-container"]
    assert starts == [19]  # one further down than before


def test_a_region_moves_only_where_its_room_is_taken() -> None:
    first = stretched(TEXT, read_statements(TEXT), ())
    longer = TEXT.replace("npm ci", "npm ci" + " -y" * 20)
    second = stretched(longer, read_statements(longer), first.regions)
    moved = [one.text for one, other in zip(second.regions, first.regions, strict=True) if one.at != other.at]
    assert len(moved) <= 1
    much = TEXT.replace("npm ci", "npm ci" + " -y" * ROOM)
    third = stretched(much, read_statements(much), second.regions)
    assert [one.start for one in third.regions] == sorted(one.start for one in third.regions)
    places = [Span(at, at + 1) for at in range(0, len(much), 97)]
    assert [third.home(third.moved_span(one)) for one in places] == places


def test_a_large_file_is_not_remembered() -> None:
    assert WarmFiles().of(Source("Dockerfile", "#" * LONGEST), "dockerfile") is not None
    assert WarmFiles().of(Source("Dockerfile", "#" * (LONGEST + 1)), "dockerfile") is None
