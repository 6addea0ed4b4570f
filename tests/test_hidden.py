"""What hides findings is told: how many, by what, and where that was said."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dockerlint.findings import Confidence, Tier
from dockerlint.linting.selection import SelectionFlags
from dockerlint.report import FORMATS
from dockerlint.report.omitted import omission_line
from dockerlint.run import pool
from dockerlint.run.check import FEW, Options, run
from dockerlint.run.fix import run_fix
from dockerlint.run.output import Format
from dockerlint.workspace.omissions import Hider, InForce, Omissions
from dockerlint.workspace.trust import Trust

SCHEMA = json.loads((Path(__file__).parent.parent / "docs" / "report.schema.json").read_text("utf-8"))
BAD = "FROM node:latest\nUSER root\n"
"""Offends DK101 (high) and DK502 (medium), among others."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    return tmp_path


def write(path: str, text: str = BAD) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


def told(format: str, *paths: str, **options: Any) -> str:
    out = io.StringIO()
    run(Options(**{"paths": paths or (".",), "formats": (Format(format),), **options}), out, out)
    return out.getvalue()


def summary(*paths: str, **options: Any) -> dict[str, Any]:
    """The summary of the JSON report, which keeps its schema."""
    report = json.loads(told("json", *paths, **options))
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(report)] == []
    found: dict[str, Any] = report["summary"]
    assert report["summary"]["suppressed"] == len(report["suppressed"])
    return found


def hidden(*paths: str, **options: Any) -> dict[tuple[str, str], int]:
    return {(one["by"], one["where"]): one["findings"] for one in summary(*paths, **options)["hidden"]}


def excluded(*paths: str, **options: Any) -> dict[tuple[str, str], tuple[int, int]]:
    return {
        (one["by"], one["where"]): (one["files"], one["folders"])
        for one in summary(*paths, **options)["excluded"]
    }


def last_line(text: str) -> str:
    return text.splitlines()[-1]


def test_a_run_that_hides_nothing_says_nothing_of_it() -> None:
    write("Dockerfile")
    found = summary()
    assert (found["excluded"], found["hidden"], found["lowered"], found["configs"]) == ([], [], [], [])
    assert (found["profile"], found["select"]) == ("default", [])
    assert "failing at" in last_line(told("text"))
    assert "::notice title=dockerlint::" not in told("github")


def test_rules_that_the_config_ignores_are_counted_by_their_findings() -> None:
    write("a/Dockerfile")
    write("b/Dockerfile")
    write("c/Dockerfile", "FROM scratch\n")
    write(".dockerlint.yaml", "ignore: [DK101, latest-image]\n")
    assert hidden() == {("ignore", ".dockerlint.yaml"): 4}
    rules = {one["rule"] for one in json.loads(told("json"))["findings"]}
    assert rules.isdisjoint({"DK101", "DK502"})


def test_rules_that_the_command_line_ignores_are_counted_too() -> None:
    write("Dockerfile")
    flags = SelectionFlags(ignore=("DK101",))
    assert hidden(flags=flags) == {("ignore", "--ignore"): 1}
    write(".dockerlint.yaml", "ignore: [DK101, DK502]\n")
    assert hidden(flags=flags) == {("ignore", ".dockerlint.yaml"): 2}


def test_an_ignored_rule_of_no_chosen_profile_hides_nothing() -> None:
    write("Dockerfile")
    write(".dockerlint.yaml", "select: [DK101]\nignore: [DK502]\n")
    assert hidden() == {}


def test_ignored_findings_are_neither_shown_nor_suppressed_nor_failing() -> None:
    write("Dockerfile", f"# dockerlint: ignore-file[DK101]\n{BAD}")
    write(".dockerlint.yaml", "ignore: [DK]\n")
    report = json.loads(told("json"))
    assert (report["findings"], report["suppressed"]) == ([], [])
    assert report["summary"]["failing"] == 0
    assert hidden() == {("ignore", ".dockerlint.yaml"): 2}


@pytest.mark.parametrize(
    ("comment", "tool"),
    [
        ("# dockerlint: ignore-file[DK502]", "dockerlint"),
        ("# hadolint global ignore=DL3007", "hadolint"),
        ("# checkov:skip=CKV_DOCKER_7:no", "checkov"),
    ],
)
def test_comments_are_counted_by_the_tool_they_are_for(comment: str, tool: str) -> None:
    write("Dockerfile", f"{comment}\n{BAD}")
    assert hidden() == {("inline", tool): 1}


def test_overrides_are_counted_by_their_config() -> None:
    write("sub/Dockerfile")
    write("Dockerfile")
    write("sub/.dockerlint.yaml", "overrides: [{files: '*', ignore: [DK502], reason: 'for now'}]\n")
    assert hidden() == {("overrides", "sub/.dockerlint.yaml"): 1}


def test_confidence_that_is_asked_for_beyond_the_profile_is_counted() -> None:
    write("Dockerfile", "FROM alpine:3.20\nCOPY . /app\nUSER root\n")
    usual = len(json.loads(told("json"))["findings"])
    write(".dockerlint.yaml", "min-confidence: high\n")
    left = len(json.loads(told("json"))["findings"])
    assert hidden() == {("min-confidence", ".dockerlint.yaml"): usual - left}
    assert usual > left
    assert hidden(flags=SelectionFlags(min_confidence=Confidence.MEDIUM)) == {}


def test_severities_that_are_lowered_are_counted() -> None:
    write("Dockerfile")
    write(".dockerlint.yaml", "severity: {DK101: info, DK502: critical}\n")
    assert summary()["lowered"] == [{"by": "severity", "where": ".dockerlint.yaml", "findings": 1}]
    assert "lowered: 1 by severity in .dockerlint.yaml" in last_line(told("text"))


def test_files_and_folders_that_the_config_excludes_are_counted() -> None:
    write(".dockerlint.yaml", "exclude: [old/, '*.dev']\n")
    for path in (
        "Dockerfile",
        "Dockerfile.dev",
        "sub/Dockerfile.dev",
        "old/a/Dockerfile",
        "old/b/Dockerfile",
    ):
        write(path)
    assert excluded() == {("exclude", ".dockerlint.yaml"): (2, 1)}


def test_what_git_ignores_is_counted_by_the_file_that_says_so() -> None:
    write(".gitignore", "gen/\nDockerfile.dev\n")
    write("sub/.gitignore", "Dockerfile\nnotes.txt\n")
    write(".git/info/exclude", "compose.yaml\n")
    for path in (
        "Dockerfile",
        "Dockerfile.dev",
        "sub/Dockerfile",
        "gen/Dockerfile",
        "compose.yaml",
        "sub/notes.txt",
    ):
        write(path)
    assert excluded() == {
        ("gitignore", ".gitignore"): (1, 1),
        ("gitignore", "sub/.gitignore"): (1, 0),
        ("gitignore", ".git/info/exclude"): (1, 0),
    }
    assert excluded(trust=Trust(gitignore=False)) == {}


def test_folders_that_no_walk_enters_are_counted_but_for_the_store_of_git() -> None:
    write("Dockerfile")
    write("node_modules/a/Dockerfile")
    write("sub/.venv/Dockerfile")
    write("sub/.git/Dockerfile")
    write("clone/.git/HEAD")
    assert excluded() == {("default", ""): (0, 3)}
    assert excluded("node_modules") == {}


def test_links_that_lead_elsewhere_and_special_files_are_counted() -> None:
    write("inside/Dockerfile")
    write("inside/.git/HEAD")
    write("inside/real/base.txt")
    write("outside/Dockerfile")
    os.symlink("real/base.txt", "inside/Dockerfile.base")
    os.symlink("real", "inside/again")
    os.symlink("../outside/Dockerfile", "inside/Dockerfile.link")
    os.symlink("gone", "inside/Dockerfile.gone")
    os.symlink("../outside", "inside/folder")
    os.mkfifo("inside/compose.yaml")
    assert excluded("inside") == {("link", ""): (2, 1), ("special", ""): (1, 0)}


def test_paths_that_overlap_count_what_they_pass_over_once() -> None:
    write("sub/node_modules/Dockerfile")
    write("sub/Dockerfile")
    assert excluded(".", "sub", os.path.abspath("sub")) == {("default", ""): (0, 1)}


def test_a_run_that_finds_nothing_says_what_it_passed_over() -> None:
    write("node_modules/Dockerfile")
    assert "excluded: 1 folder by default" in told("text")
    out = io.StringIO()
    assert run_fix(Options(), Tier.SAFE, False, out, out) == 0
    assert last_line(out.getvalue()) == "excluded: 1 folder by default"


def test_every_config_in_force_is_named_with_what_it_sets() -> None:
    write("Dockerfile")
    write("sub/Dockerfile")
    write("far/.dockerlint.yaml", "profile: default\n")
    write(".dockerlint.yaml", "profile: strict\nfail-on: critical\n")
    write(
        "sub/pyproject.toml", '[tool.dockerlint]\nselect = ["DK101"]\nwords = {trusted-registries = ["a"]}\n'
    )
    found = summary()
    assert found["configs"] == [
        {"path": ".dockerlint.yaml", "sets": ["profile", "fail-on"]},
        {"path": "sub/pyproject.toml", "sets": ["select", "words"]},
    ]
    assert (found["profile"], found["select"]) == ("strict, default", ["DK101"])


def test_the_text_report_spends_one_line_on_all_of_it() -> None:
    write("Dockerfile", f"# dockerlint: ignore-file[DK502]\n# hadolint global ignore=DL4006\n{BAD}")
    write("gen/Dockerfile")
    write("old/Dockerfile")
    write(".gitignore", "gen/\n")
    write(".dockerlint.yaml", "ignore: [DK101]\nexclude: [old/Dockerfile]\n")
    lines = told("text").splitlines()
    assert "failing at" in lines[-2]
    assert lines[-1] == (
        "hidden: 1 by ignore in .dockerlint.yaml, 1 by inline comments"
        "   excluded: 1 file by exclude in .dockerlint.yaml, 1 folder by .gitignore"
        "   config .dockerlint.yaml (ignore, exclude)   profile default"
    )
    assert last_line(told("github")) == f"::notice title=dockerlint::{lines[-1]}"
    out = io.StringIO()
    run_fix(Options(), Tier.SAFE, True, out, out)
    assert last_line(out.getvalue()) == lines[-1]


def test_an_invocation_of_sarif_carries_the_same() -> None:
    write("Dockerfile", f"# dockerlint: ignore-file[DK502]\n{BAD}")
    write("node_modules/Dockerfile")
    properties = json.loads(told("sarif"))["runs"][0]["invocations"][0]["properties"]
    found = summary()
    assert properties["hidden"] == [{"by": "inline", "where": "dockerlint", "findings": 1}]
    assert properties == {key: found[key] for key in properties}
    assert {"taken", "judged", "unjudged", "excluded", "hidden", "profile"} <= properties.keys()


def test_many_files_over_several_processes_are_counted_as_one_after_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(FEW + 5):
        write(f"{number}/Dockerfile", f"# dockerlint: ignore-file[DK502]\n{BAD}")
    write(".dockerlint.yaml", "ignore: [DK101]\n")
    used: list[int] = []
    lint_many = pool.lint_many
    monkeypatch.setattr(pool, "lint_many", lambda *given: used.append(1) or lint_many(*given))
    alone, together = summary(jobs=1), summary(jobs=2)
    assert used == [1]
    assert together["hidden"] == alone["hidden"]
    assert {one["findings"] for one in alone["hidden"]} == {FEW + 5}
    assert together["configs"] == alone["configs"]


def test_names_from_a_checkout_cannot_break_the_line() -> None:
    write("sub\n::error::/Dockerfile")
    write("sub\n::error::/.dockerlint.yaml", "ignore: [DK101]\n")
    assert not any(line.startswith("::") for line in told("text").splitlines())
    assert "ignore in sub\\n::error::/.dockerlint.yaml" in last_line(told("text"))
    assert not any(line.startswith("::error::") for line in told("github").splitlines())


def nothing_wrong() -> str:
    return "FROM scratch\n"


def test_a_path_that_holds_a_credential_is_masked() -> None:
    secret = "AKIA" + "QWERTYUIOPASDFGH"
    write(f"{secret}/Dockerfile")
    write(f"{secret}/gen/Dockerfile")
    write(f"{secret}/.gitignore", "gen/\n")
    write(f"{secret}/.dockerlint.yaml", "ignore: [DK101]\nseverity: {DK502: info}\n")
    for format in FORMATS:
        assert secret not in told(format), format
    assert "/.gitignore" in told("json")


@pytest.mark.parametrize("mistake", ["exclud: [x]\n", "ignore: [no-such-rule]\n", "- [", "rules: [gone]\n"])
def test_a_broken_config_hides_nothing_wherever_it_stands(mistake: str) -> None:
    """It stands in a folder that holds no file of its own, so only those further down can tell of it."""
    write("Dockerfile", nothing_wrong())
    write("sub/.dockerlint.yaml", mistake)
    assert summary()["exit_code"] == 0, "nothing is below it that it could hide"
    write("sub/deep/er/Dockerfile")
    report = json.loads(told("json"))
    assert report["summary"]["exit_code"] == 2
    assert [one["path"] for one in report["problems"]] == ["sub/deep/er/Dockerfile"]
    assert report["problems"][0]["message"].startswith("sub/.dockerlint.yaml:1: ")


@pytest.mark.parametrize(
    ("omissions", "line"),
    [
        (Omissions(), ""),
        (Omissions(in_force=(InForce("default"),)), ""),
        (Omissions(in_force=(InForce("strict"),)), "profile strict"),
        (
            Omissions(in_force=(InForce("default", ("DK1", "DK2", "DK3", "DK4")),)),
            "select DK1, DK2, DK3 and 1 more",
        ),
        (
            Omissions(
                in_force=(InForce("default", (), "a.yaml", ("ignore",)), InForce("strict", (), "b.yaml"))
            ),
            "config a.yaml (ignore), b.yaml   profile default, strict",
        ),
        (Omissions(hidden={Hider("ignore", "--ignore"): 2}), "hidden: 2 by --ignore"),
    ],
)
def test_the_line_is_there_where_there_is_something_to_tell(omissions: Omissions, line: str) -> None:
    assert omission_line(omissions) == line


@pytest.mark.parametrize(
    ("head", "frontend"),
    [
        ("# syntax=evil.example/front:1\n", "evil.example/front:1"),
        ("#syntax = edrevo/dockerfile-plus\r\n", "edrevo/dockerfile-plus"),
        (
            "#!/usr/bin/env docker\n# escape=`\n# SYNTAX=evil/docker/dockerfile:1 x\n",
            "evil/docker/dockerfile:1",
        ),
        ("# syntax=docker/dockerfile:1.7-labs\n", ""),
        ("# syntax=docker.io/docker/dockerfile@sha256:0\n", ""),
        ("# a comment ends the directives\n# syntax=evil/front\n", ""),
        ("\n# syntax=evil/front\n", ""),
    ],
)
def test_a_frontend_that_is_not_dockers_own_is_told(head: str, frontend: str) -> None:
    write("Dockerfile", head + "FROM scratch\n")
    problems = json.loads(told("json"))["problems"]
    assert [(one["level"], one["message"].rpartition(": ")[2]) for one in problems] == (
        [("note", frontend)] if frontend else []
    )


def test_frontends_of_what_a_compose_file_builds_are_told() -> None:
    write(
        "compose.yaml",
        """\
services:
  a: {build: {context: ., args: {BUILDKIT_SYNTAX: evil/one}}}
  b:
    build:
      context: .
      dockerfile_inline: |
        # syntax=evil/two
        FROM scratch
  c: {build: {context: ., args: [BUILDKIT_SYNTAX=docker/dockerfile:1]}}
""",
    )
    notes = [one["message"] for one in json.loads(told("json"))["problems"] if one["level"] == "note"]
    assert [note.rpartition(": ")[2] for note in notes] == ["evil/one", "evil/two"]


def test_files_that_no_walk_takes_by_their_names_are_told() -> None:
    write(
        "compose.yaml",
        """\
include: [more.txt, {path: [compose.other.yaml, "${WHERE}/x.txt"]}, https://example.com/x.git]
services:
  a: {image: a, extends: {service: x, file: common.yml}}
  b: {build: {context: b, dockerfile: dev.docker}}
  c: {build: {context: c, dockerfile: c.Dockerfile}}
  d: {build: {context: d}}
""",
    )
    problems = json.loads(told("json"))["problems"]
    notes = [one["message"] for one in problems if one["level"] == "note" and "unread" not in one]
    assert [note.partition(": ")[0] for note in notes] == ["dev.docker"]
    assert all("not linted unless named" in note for note in notes)
    unread = " ".join(one["message"] for one in problems if "unread" in one)
    assert all(name in unread for name in ("more.txt", "common.yml", "variable", "other hosts"))
