"""A run over real folders: what is judged, by which rules, and what number comes out."""

from __future__ import annotations

import io
import json
import os
import signal
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from dockerlint.findings import Confidence, Severity
from dockerlint.linting.selection import SelectionFlags
from dockerlint.report.results import FileReport
from dockerlint.run import pool
from dockerlint.run.check import FEW, Options, run
from dockerlint.run.file import FileLinter
from dockerlint.run.output import Format
from dockerlint.workspace.discovery import Candidate

OLD = "FROM alpine:3.20\nRUN old-tool\n"
NEW = "FROM alpine:3.20\nRUN new-tool\n"
RULE = """\
id: ACME001
name: old-tool
title: The old tool is used
severity: high
confidence: high
profile: default
each: command
when: {program: old-tool}
message: this runs {program}
docs: {why: "The old tool is not kept up any more.", instead: "Use new-tool."}
aliases: {hadolint: [DL3001]}
examples:
  - bad: "RUN old-tool"
    flags: [old-tool]
  - good: "RUN new-tool"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    write("house/old-tool.yaml", RULE)
    return tmp_path


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


def check(*paths: str, **options: Any) -> tuple[int, dict[str, Any], str]:
    """Run with the house rule alone, unless said otherwise; gives exit code, JSON report and errors."""
    given = {
        "flags": SelectionFlags(select=("ACME001",)),
        "rules": ("house",),
        "formats": (Format("json"),),
        **options,
    }
    stdout, stderr = io.StringIO(), io.StringIO()
    code = run(Options(paths=paths or (".",), **{**given, **options}), stdout, stderr)
    return code, json.loads(stdout.getvalue() or "{}"), stderr.getvalue()


def found(report: dict[str, Any]) -> list[str]:
    return [f"{one['path']}:{one['line']} {one['rule']} {one['severity']}" for one in report["findings"]]


def test_findings_reach_the_report_and_the_exit_code() -> None:
    write("Dockerfile", OLD)
    code, report, errors = check()
    assert (code, errors) == (1, "")
    assert found(report) == ["Dockerfile:2 ACME001 high"]


def test_a_clean_folder_exits_with_0() -> None:
    write("Dockerfile", NEW)
    assert check()[0] == 0


@pytest.mark.parametrize(
    ("fail_on", "code"),
    [(Severity.CRITICAL, 0), (Severity.HIGH, 1), (Severity.INFO, 1), ("never", 0), (None, 1)],
)
def test_the_threshold_decides_the_exit_code(fail_on: Severity | str | None, code: int) -> None:
    write("Dockerfile", OLD)
    assert check(fail_on=fail_on)[0] == code


def test_the_config_of_the_first_path_gives_the_threshold() -> None:
    write("a/Dockerfile", OLD)
    write("a/.dockerlint.yaml", "fail-on: critical")
    assert check("a")[0] == 0
    assert check(".")[0] == 1
    assert check("a", fail_on=Severity.HIGH)[0] == 1


def test_a_folder_with_nothing_to_lint_is_no_error_and_is_told() -> None:
    write("notes.txt", "hello")
    code, _, errors = check()
    assert code == 0
    assert errors == "dockerlint: nothing to lint: no Dockerfile or Compose file in .\n"


def test_a_path_that_is_not_there_does_not_hide_the_others() -> None:
    write("Dockerfile", OLD)
    code, report, _ = check("gone", "Dockerfile")
    assert code == 2
    assert found(report) == ["Dockerfile:2 ACME001 high"]
    assert [(one["path"], one["message"]) for one in report["problems"]] == [
        ("gone", "no such file or directory")
    ]


def test_a_pipe_that_is_named_is_trouble_and_does_not_block() -> None:
    os.mkfifo("compose.yaml")
    code, report, _ = check("compose.yaml")
    assert code == 2
    assert report["problems"][0]["message"].startswith("not a regular file")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_trouble() -> None:
    write("Dockerfile", OLD)
    os.chmod("Dockerfile", 0)
    code, report, _ = check()
    assert code == 2
    assert report["problems"][0]["message"] == "cannot be read: permission denied"


def test_a_file_that_could_be_anything_asks_for_its_kind() -> None:
    write("notes.txt", "hello")
    code, report, _ = check("notes.txt")
    assert code == 2
    assert report["problems"][0]["message"].endswith("use --kind dockerfile, compose, inspect, run or daemon")
    write("image.txt", OLD)
    assert check("image.txt")[0] == 1


def test_a_broken_config_is_told_before_anything_is_judged() -> None:
    write("Dockerfile", OLD)
    write(".dockerlint.yaml", "profil: strict\nignore: [ACME002]\n")
    code, report, errors = check()
    assert (code, report) == (2, {})
    assert errors == "dockerlint: .dockerlint.yaml:1: unknown key 'profil'; did you mean 'profile'?\n"


def test_a_rule_that_no_config_can_mean_is_told_with_file_and_line() -> None:
    write("Dockerfile", OLD)
    write(".dockerlint.yaml", "ignore:\n  - DK2\n  - old-tol\n")
    code, _, errors = check()
    assert code == 2
    assert errors == "dockerlint: .dockerlint.yaml:3: unknown rule 'old-tol'; did you mean 'old-tool'?\n"


def test_a_broken_config_further_down_is_the_trouble_of_the_files_under_it() -> None:
    write("Dockerfile", OLD)
    write("sub/Dockerfile", OLD)
    write("sub/.dockerlint.yaml", "profil: strict")
    code, report, _ = check()
    assert code == 2
    assert found(report) == ["Dockerfile:2 ACME001 high"]
    assert report["problems"][0]["path"] == "sub/Dockerfile"
    assert report["problems"][0]["message"].startswith("sub/.dockerlint.yaml:1: unknown key")


def test_a_misspelt_rule_on_the_command_line_is_told() -> None:
    write("Dockerfile", OLD)
    code, _, errors = check(flags=SelectionFlags(select=("old-tol",)))
    assert (code, errors) == (2, "dockerlint: unknown rule 'old-tol'; did you mean 'old-tool'?\n")


@pytest.mark.parametrize(
    ("flags", "is_found"),
    [
        (SelectionFlags(), True),
        (SelectionFlags(select=("ACME",)), True),
        (SelectionFlags(select=("old-tool",)), True),
        (SelectionFlags(select=("hadolint:DL3001",)), True),
        (SelectionFlags(select=("all",)), True),
        (SelectionFlags(select=("DK1",)), False),
        (SelectionFlags(ignore=("ACME001",)), False),
        (SelectionFlags(ignore=("hadolint:DL3001",)), False),
        (SelectionFlags(profile="strict"), True),
        (SelectionFlags(select=("hadolint:DL3060",), ignore=("hadolint:DL3059",)), False),
    ],
)
def test_rules_are_chosen_by_id_name_prefix_or_another_tools_id(
    flags: SelectionFlags, is_found: bool
) -> None:
    write("Dockerfile", OLD)
    assert ("Dockerfile:2 ACME001 high" in found(check(flags=flags)[1])) == is_found


def test_a_strict_rule_needs_the_profile_or_its_name() -> None:
    write("house/old-tool.yaml", RULE.replace("profile: default", "profile: strict"))
    write("Dockerfile", OLD)
    for flags, count in (
        (SelectionFlags(), 0),
        (SelectionFlags(profile="strict"), 1),
        (SelectionFlags(select=("ACME001",)), 1),
    ):
        assert [one["rule"] for one in check(flags=flags)[1]["findings"]].count("ACME001") == count


def test_an_uncertain_finding_needs_the_strict_profile_or_a_wish() -> None:
    write("house/old-tool.yaml", RULE.replace("confidence: high", "confidence: low"))
    write("Dockerfile", OLD)
    for flags, count in (
        (SelectionFlags(select=("ACME001",)), 0),
        (SelectionFlags(select=("ACME001",), min_confidence=Confidence.LOW), 1),
        (SelectionFlags(select=("ACME001",), profile="strict"), 1),
    ):
        assert len(check(flags=flags)[1]["findings"]) == count


def test_the_config_changes_severities_and_the_later_override_holds() -> None:
    write("a/Dockerfile", OLD)
    write("b/Dockerfile", OLD)
    write(
        ".dockerlint.yaml",
        "severity: {old-tool: medium}\noverrides: [{files: b/, severity: {ACME001: info}}]",
    )
    assert found(check()[1]) == ["a/Dockerfile:2 ACME001 medium", "b/Dockerfile:2 ACME001 info"]


def test_an_override_hides_findings_of_one_stage_and_says_why() -> None:
    write("Dockerfile", "FROM alpine:3.20 AS build-x\nRUN old-tool\nFROM alpine:3.20 AS app\nRUN old-tool\n")
    write(".dockerlint.yaml", "overrides: [{stages: build-*, ignore: ACME001, reason: not shipped}]")
    report = check()[1]
    assert found(report) == ["Dockerfile:4 ACME001 high"]
    hidden = report["suppressed"][0]
    assert (hidden["line"], hidden["by"], hidden["reason"]) == (2, "config", "not shipped")


def test_a_comment_hides_a_finding_and_its_reason_is_reported() -> None:
    write("Dockerfile", 'FROM alpine:3.20\n# dockerlint: ignore[old-tool] reason="legacy"\nRUN old-tool\n')
    code, report, _ = check()
    assert code == 0
    assert [(one["by"], one["reason"]) for one in report["suppressed"]] == [("inline", "legacy")]


def test_the_config_leaves_out_paths_of_a_folder_but_no_named_file() -> None:
    write("old/Dockerfile", OLD)
    write("Dockerfile", NEW)
    write(".dockerlint.yaml", "exclude: old/")
    assert check()[0] == 0
    assert check("old/Dockerfile")[0] == 1


def test_rules_of_the_config_count_from_its_folder() -> None:
    write("sub/.dockerlint.yaml", "rules: ../house")
    write("sub/Dockerfile", OLD)
    assert check("sub", rules=())[0] == 1


def test_standard_input_is_judged_under_the_name_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    write("sub/.dockerlint.yaml", "severity: {ACME001: low}")
    for name, shown in (
        ("sub/app.Dockerfile", "sub/app.Dockerfile:2 ACME001 low"),
        (None, "<stdin>:2 ACME001 high"),
    ):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(OLD.encode())))
        assert found(check("-", stdin_filename=name)[1]) == [shown]


def test_reports_in_files_appear_whole_beside_the_one_on_the_screen() -> None:
    write("Dockerfile", OLD)
    check(formats=(Format("json"), Format("sarif", "out.sarif"), Format("text", "out.txt")))
    assert json.loads(Path("out.sarif").read_text())["version"] == "2.1.0"
    assert "ACME001" in Path("out.txt").read_text()
    assert sorted(os.listdir()) == [".git", "Dockerfile", "house", "out.sarif", "out.txt"]


def test_a_report_that_cannot_be_written_is_told_and_leaves_nothing_behind() -> None:
    write("Dockerfile", OLD)
    code, _, errors = check(formats=(Format("json", "a.json"), Format("sarif", "Dockerfile/out.sarif")))
    assert code == 2
    assert errors == "dockerlint: Dockerfile/out.sarif: cannot be written: Not a directory\n"
    assert sorted(os.listdir()) == [".git", "Dockerfile", "house"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_report_for_a_pipe_goes_through_it_and_the_pipe_stays() -> None:
    write("Dockerfile", OLD)
    os.mkfifo("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    check(formats=(Format("json", "pipe"),))
    assert json.loads(os.read(reader, 100_000))["version"] == 1
    os.close(reader)
    assert stat.S_ISFIFO(os.stat("pipe").st_mode)


def test_a_report_goes_where_a_link_points_and_the_link_stays() -> None:
    write("Dockerfile", OLD)
    os.symlink("real.json", "link.json")
    check(formats=(Format("json", "link.json"),))
    assert os.readlink("link.json") == "real.json"
    assert json.loads(Path("real.json").read_text())["version"] == 1


def test_many_files_give_the_same_report_with_one_process_and_with_several() -> None:
    for number in range(3 * FEW):
        write(f"{number:03}/Dockerfile", OLD if number % 3 else NEW)
    alone, together = check(jobs=1)[1], check(jobs=3)[1]
    assert len(alone["findings"]) == 2 * FEW
    assert together["findings"] == alone["findings"]
    assert together["files"] == alone["files"]


class Moody(FileLinter):
    """Dies at one file."""

    def file(self, candidate: Candidate) -> FileReport:
        if candidate.path == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        return FileReport(candidate.path)


@pytest.mark.usefixtures("quick_forks")
@pytest.mark.skipif(sys.platform != "linux", reason="the test double reaches other processes by fork")
def test_a_file_that_kills_its_process_is_alone_in_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "STOPPED", 0.2)
    names = [*map(str, range(20)), "die", "a", *map(str, range(20, 60)), "die"]
    reports = list(pool.lint_many(Moody(SelectionFlags(), time_limit=0.05), map(Candidate, names), 2))
    assert [report.path for report in reports] == names
    assert [(one.path, (one.obstacle or "").split(";")[0]) for one in reports if one.obstacle] == [
        ("die", "its process died 2 times, the last one was killed by SIGKILL"),
        ("die", "its process died 2 times, the last one was killed by SIGKILL"),
    ]


def test_a_long_walk_is_not_read_ahead_of_the_reports() -> None:
    asked: list[int] = []

    def walk() -> Any:
        for number in range(2000):
            asked.append(number)
            yield Candidate(str(number), obstacle="x")

    reports = pool.lint_many(FileLinter(SelectionFlags()), walk(), 2)
    next(reports)
    assert len(asked) <= 2 * pool.AHEAD * pool.CHUNK + pool.CHUNK
    reports.close()  # type: ignore[attr-defined]


def test_an_error_of_ours_is_the_trouble_of_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    write("Dockerfile", OLD)
    monkeypatch.delenv("DOCKERLINT_DEBUG", raising=False)

    def fail(*_: Any, **__: Any) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr("dockerlint.run.file.lint_whole", fail)
    code, report, _ = check()
    assert code == 2
    assert report["problems"][0]["message"].startswith("internal error (RecursionError); please report")


def test_a_folder_of_rules_that_config_and_option_name_is_read_once() -> None:
    write("Dockerfile", OLD)
    write(".dockerlint.yaml", "rules: [house/]\n")
    code, report, errors = check(rules=("house",))
    assert (code, errors) == (1, "")
    assert found(report) == ["Dockerfile:2 ACME001 high"]
