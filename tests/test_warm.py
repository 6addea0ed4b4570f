"""A Dockerfile that is linted for every key: what is remembered of it changes no verdict."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dockerlint.linting.warm.files import LONGEST, WarmFiles
from dockerlint.model.dockerfile.build import Build
from dockerlint.model.dockerfile.running import Run
from dockerlint.parse.dockerfile.build import parse_dockerfile
from dockerlint.parse.dockerfile.statements import read_statements
from dockerlint.parse.dockerfile.warm.reading import WarmReading
from dockerlint.parse.dockerfile.warm.stretch import ROOM, stretched
from dockerlint.report.results import FileReport
from dockerlint.ruleset.bundle import load_day
from dockerlint.ruleset.knowledge import load_knowledge
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
EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from((0, 0, 1, 5, 80)), st.sampled_from(("", *PIECES))),
    min_size=1,
    max_size=6,
)


def linter(folder: Path, *, is_warm: bool) -> FileLinter:
    made = linter_for(Options(paths=(str(folder),), today=load_day()), edits=False)
    if is_warm:
        made.keep_warm()
    return made


def said(linter: FileLinter, folder: Path, text: str) -> FileReport:
    return linter.data(text.encode(), Candidate(str(folder / "Dockerfile"), "dockerfile"))


@settings(
    max_examples=max(5, settings.default.max_examples // 20),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(edits=EDITS)
def test_edits_are_judged_as_by_a_process_that_sees_the_text_for_the_first_time(
    edits: list[tuple[float, int, str]], tmp_path: Path, warm_linter: FileLinter, cold_linter: FileLinter
) -> None:
    text = TEXT
    for place, removed, typed in edits:
        at = int(place * len(text))
        text = text[:at] + typed + text[at + removed :]
        assert said(warm_linter, tmp_path, text) == said(cold_linter, tmp_path, text)


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
