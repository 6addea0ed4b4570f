"""`--since REV`: findings on lines, in services and in stages that a revision of git has otherwise."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from dockerlint.cli.arguments import CheckLine, UsageError, options_of
from dockerlint.review.changedlines import changed_lines
from dockerlint.run.check import Options, run
from dockerlint.run.output import Format

COMPOSE = """\
services:
  db:
    image: postgres:17
    read_only: true
    ports:
      - "5432:5432"
  agent:
    image: registry.example.com/agent:1.0
    privileged: true
"""
DOCKERFILE = 'FROM alpine:3.24\nRUN sudo true\nUSER 1000\nCMD ["true"]\n'


@pytest.fixture(autouse=True)
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "checkout"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    Path("compose.yaml").write_text(COMPOSE)
    Path("Dockerfile").write_text(DOCKERFILE)
    git("init", "--quiet", "--initial-branch=main")
    git("add", "--all")
    git("commit", "--quiet", "--message=x")
    return folder


def git(*arguments: str) -> None:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments]
    subprocess.run(command, check=True, capture_output=True)


def since(rev: str = "HEAD", *paths: str) -> tuple[int, set[tuple[str, str]], dict[str, Any]]:
    """The exit code, the rules with their subjects that are shown, and the report."""
    out, errors = io.StringIO(), io.StringIO()
    code = run(Options(paths=paths or (".",), formats=(Format("json"),), since=rev), out, errors)
    report = json.loads(out.getvalue() or "{}") | {"said": errors.getvalue()}
    return code, {(one["rule"], one["subject"]) for one in report.get("findings", ())}, report


def test_nothing_changed_shows_nothing_and_counts_what_is_hidden() -> None:
    code, found, report = since()
    assert (code, found) == (0, set())
    (hidden,) = report["summary"]["hidden"]
    assert (hidden["by"], hidden["where"]) == ("since", "--since HEAD")
    assert hidden["findings"] > 3


def test_a_changed_service_shows_all_of_its_findings_and_none_of_others() -> None:
    Path("compose.yaml").write_text(COMPOSE.replace("    read_only: true\n", ""))
    code, found, _ = since()
    assert {subject for _, subject in found} == {"db"}
    assert {"DK225", "DK231"} <= {rule for rule, _ in found}
    assert code == 1


def test_lines_above_and_other_line_endings_change_no_service() -> None:
    text = "# ten\n" * 10 + COMPOSE
    Path("compose.yaml").write_bytes(text.replace("\n", "\r\n").encode())
    assert since()[1] == set()


def test_a_dockerfile_shows_its_changed_lines_and_what_its_stage_as_a_whole_has_lost() -> None:
    Path("Dockerfile").write_text(DOCKERFILE.replace("CMD", "RUN sudo false\nCMD"))
    _, _, report = since()
    assert 4 in {one["line"] for one in report["findings"]}
    assert 2 not in {one["line"] for one in report["findings"]}
    Path("Dockerfile").write_text(DOCKERFILE.replace("USER 1000\n", ""))
    assert ("DK102", "0") in since()[1]


def test_a_new_file_is_shown_and_one_that_only_moved_is_not() -> None:
    os.rename("compose.yaml", "compose.prod.yaml")
    Path("sub").mkdir()
    Path("sub/Dockerfile").write_text("FROM node\n")
    _, _, report = since()
    assert {one["path"] for one in report["findings"]} == {"sub/Dockerfile"}


def test_a_container_of_a_record_is_a_service_too() -> None:
    made = [
        {"Name": f"/{name}", "Config": {"Image": "a:1"}, "HostConfig": {"Privileged": True}} for name in "ab"
    ]
    Path("inspect.json").write_text(json.dumps(made, indent=1))
    git("add", "--all")
    git("commit", "--quiet", "--message=y")
    made[1]["HostConfig"] = {"Privileged": True, "PidMode": "host"}
    Path("inspect.json").write_text(json.dumps(made, indent=1))
    assert {subject for _, subject in since("HEAD", "inspect.json")[1]} == {"b"}


@pytest.mark.parametrize("rev", ["--output=x", "-p", "", "a\nb"])
def test_what_git_would_take_for_an_option_is_refused(rev: str) -> None:
    with pytest.raises(UsageError, match="is not a git revision"):
        options_of(CheckLine(since=rev))
    code, _, report = since(rev)
    assert code == 2
    assert "--since" in report["said"]
    assert not Path("x").exists()


@pytest.mark.parametrize("rev", ["gone", "HEAD:compose.yaml"])
def test_a_revision_that_is_not_there_is_an_error(rev: str) -> None:
    code, _, report = since(rev)
    assert (code, f"--since {rev}: no commit" in report["said"]) == (2, True)


def test_outside_of_a_repository_it_is_an_error(tmp_path: Path) -> None:
    code, _, report = since("HEAD", str(tmp_path))
    assert (code, "no git repository" in report["said"]) == (2, True)


def test_a_repository_runs_nothing(tmp_path: Path) -> None:
    script = tmp_path / "evil"
    script.write_text(f"#!/bin/sh\necho ran >> {tmp_path}/ran\ncat\n")
    script.chmod(0o755)
    Path(".gitattributes").write_text("* diff=evil filter=evil text\n")
    for key in (
        "diff.external",
        "diff.evil.textconv",
        "diff.evil.command",
        "filter.evil.clean",
        "core.fsmonitor",
    ):
        git("config", key, str(script))
    Path(".git/hooks").mkdir(exist_ok=True)
    for hook in ("post-index-change", "post-checkout"):
        Path(".git/hooks", hook).symlink_to(script)
    Path("compose.yaml").write_text(COMPOSE.replace("    read_only: true\n", ""))
    assert since()[1]
    assert not (tmp_path / "ran").exists()


def test_changed_lines_are_those_that_a_diff_would_mark() -> None:
    old = "a\nb\nc\nd\n"
    assert changed_lines(old, "a\nB\nc\nd\n").ranges == ((2, 3),)
    assert changed_lines(old, "a\nc\nd\n").ranges == ((2, 2),)
    assert changed_lines(old, old).ranges == ()
    assert changed_lines("", "x\ny").ranges == ((1, 3),)
    assert changed_lines("x\n" * 9, "x\n" * 9 + "y\n").ranges == ((10, 11),)


def test_unchanged_lines_are_found_in_both_texts_in_their_order() -> None:
    random.seed(7)
    for _ in range(200):
        old = [random.choice("abcdefgh") for _ in range(random.randrange(30))]
        new = [one for one in old if random.random() > 0.2]
        for _ in range(random.randrange(4)):
            new.insert(random.randrange(len(new) + 1), random.choice("abcxyz"))
        ranges = changed_lines("\n".join(old), "\n".join(new)).ranges
        kept = [line for at, line in enumerate(new, 1) if not any(low <= at < high for low, high in ranges)]
        waiting = iter(old)
        assert all(line in waiting for line in kept)


def test_ten_thousand_lines_that_are_all_alike_cost_no_square() -> None:
    old = "x\n" * 10_000
    new = "y\n" + "x\ny\n" * 5_000
    assert changed_lines(old, new).ranges
