"""A run that took up a file says what became of it, or it does not end well."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dockerlint.findings import Severity, Tier
from dockerlint.linting.selection import SelectionFlags
from dockerlint.report.results import FileReport
from dockerlint.report.summary import Summary
from dockerlint.run import pool
from dockerlint.run.check import FEW, Options, run
from dockerlint.run.file import FileLinter
from dockerlint.run.fix import run_fix
from dockerlint.run.output import Format
from dockerlint.run.rollcall import NAMED, RollCall
from dockerlint.workspace.discovery import Candidate

ROOT = str(Path(__file__).parent.parent)
CLEAN = "FROM scratch\nUSER 65532\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", ROOT)
    (tmp_path / ".git").mkdir()
    return tmp_path


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


def write_many(count: int) -> list[str]:
    paths = [f"{number:04}/Dockerfile" for number in range(count)]
    for path in paths:
        write(path, CLEAN)
    return paths


def check(format: str = "json", **options: Any) -> tuple[int, str, str]:
    stdout, stderr = io.StringIO(), io.StringIO()
    code = run(
        Options(formats=(Format(format),), flags=SelectionFlags(select=("DK502",)), **options), stdout, stderr
    )
    return code, stdout.getvalue(), stderr.getvalue()


def shell(line: str) -> subprocess.CompletedProcess[str]:
    command = line.replace("dockerlint", f"'{sys.executable}' -m dockerlint", 1)
    return subprocess.run(command, shell=True, capture_output=True, text=True)


def losing(linter: FileLinter, files: Iterable[Candidate], *_: Any) -> Iterator[FileReport]:
    """A pool that takes up thirty files, forgets the tenth and never asks for the rest."""
    taken = [next(iter(files)) for _ in range(30)]
    yield from (linter.file(one) for at, one in enumerate(taken) if at != 9)


def test_a_clean_run_took_up_as_many_files_as_it_judged() -> None:
    write_many(3)
    code, report, errors = check()
    summary = json.loads(report)["summary"]
    assert (code, errors) == (0, "")
    assert [summary[key] for key in ("taken", "judged", "unjudged")] == [3, 3, 0]


def test_a_file_that_cannot_be_judged_was_taken_up_all_the_same() -> None:
    write("Dockerfile", CLEAN)
    code, report, _ = check(paths=("Dockerfile", "gone"))
    summary = json.loads(report)["summary"]
    assert code == 2
    assert [summary[key] for key in ("taken", "judged", "unjudged", "troubles")] == [2, 1, 1, 1]


@pytest.mark.parametrize("format", ["json", "sarif", "text", "github"])
def test_files_that_went_missing_are_named_and_the_run_fails(
    format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = write_many(2 * FEW)
    monkeypatch.setattr(pool, "lint_many", losing)
    code, report, errors = check(format, jobs=2)
    lost = [paths[9], *paths[30:]]
    assert code == 2
    assert all(path in report for path in lost)
    assert errors.startswith(f"dockerlint: {len(lost)} of {len(paths)} files found but never linted")
    assert errors.count("\n") == 1
    assert lost[0] in errors
    assert errors.rstrip().endswith(f"{lost[NAMED - 1]} and {len(lost) - NAMED} more")


def test_a_run_that_reported_less_than_it_took_up_cannot_end_well() -> None:
    assert Summary(files=3, taken=3).exit_code == 0
    assert Summary(files=3, taken=4).exit_code == 2
    assert Summary(files=3, taken=4).unlinted == 1


def test_a_report_on_a_file_that_was_not_taken_up_is_a_mistake() -> None:
    roll = RollCall([Candidate("a")])
    for candidate in roll:
        roll.answer(candidate.path)
    with pytest.raises(KeyError):
        roll.answer("a")


def test_a_path_that_is_named_twice_answers_twice() -> None:
    roll = RollCall([Candidate("gone"), Candidate("gone")])
    list(roll)
    roll.answer("gone")
    assert list(roll.unanswered()) == ["gone"]


def test_what_a_roll_remembers_is_what_is_under_way() -> None:
    roll = RollCall(Candidate(str(number)) for number in range(1000))
    for candidate in roll:
        roll.answer(candidate.path)
        assert not roll._awaited
    assert (roll.taken, roll.complaint()) == (1000, "")


@pytest.mark.parametrize("command", ["check -", "fix -", "fix --diff -"])
def test_a_closed_standard_input_is_one_clear_line(command: str) -> None:
    done = shell(f"dockerlint {command} <&-")
    assert done.returncode == 2
    told = [line for line in (done.stdout + done.stderr).splitlines() if "standard input is closed" in line]
    assert len(told) == 1
    assert "Error" not in done.stderr


def test_a_closed_standard_input_does_not_hide_the_files_behind_it() -> None:
    write("Dockerfile", "FROM node:latest\n")
    report = json.loads(shell("dockerlint check --format json - Dockerfile <&-").stdout)
    assert {one["path"] for one in report["findings"]} == {"Dockerfile"}
    assert [(one["path"], one["message"]) for one in report["problems"]] == [
        ("<stdin>", "standard input is closed")
    ]


@pytest.mark.parametrize("command", ["check -", "fix -"])
def test_a_standard_input_that_cannot_be_read_is_one_clear_line(command: str) -> None:
    done = shell(f"dockerlint {command} 0> out")
    assert done.returncode == 2
    assert (done.stdout + done.stderr).count("standard input cannot be read: ") == 1


def test_standard_input_is_read_up_to_the_largest_file() -> None:
    done = shell("yes | dockerlint check -")  # what an engine prints may be larger than other files
    assert done.returncode == 2
    assert "too large: more than 10 MB" in done.stdout
    done = shell("yes | dockerlint check --kind dockerfile -")
    assert "too large: more than 1 MB" in done.stdout


def test_fix_counts_what_it_did_not_judge() -> None:
    write("Dockerfile", CLEAN)
    stdout, stderr = io.StringIO(), io.StringIO()
    code = run_fix(Options(paths=("Dockerfile", "gone")), Tier.SAFE, False, stdout, stderr)
    assert code == 2
    assert "   1 not linted" in stdout.getvalue().splitlines()[-1]


def test_fix_fails_at_what_is_left_from_the_threshold_on() -> None:
    write("Dockerfile", "FROM node:latest\n")
    flags = SelectionFlags(select=("DK502",))
    for fail_on, expected in ((Severity.MEDIUM, 1), (Severity.CRITICAL, 0)):
        code = run_fix(Options(flags=flags, fail_on=fail_on), Tier.SAFE, True, io.StringIO(), io.StringIO())
        assert code == expected


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(
    "command", ["fix", "fix --diff", "fix - < Dockerfile", "check --jobs 2 --format json"]
)
def test_an_output_without_room_is_one_clear_line(command: str) -> None:
    write("Dockerfile", "FROM debian:13\nADD app /srv/\nUSER 1000\n")
    write_many(2 * FEW)
    done = shell(f"dockerlint {command} > /dev/full")
    *before, last = done.stderr.splitlines()
    assert (done.returncode, last) == (2, "dockerlint: output: No space left on device")
    assert not any("Traceback" in line or "Exception ignored" in line for line in before)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_report_without_room_is_told_by_its_name() -> None:
    write_many(2 * FEW)
    done = shell("dockerlint check --format json:/dev/full")
    assert done.returncode == 2
    assert done.stderr == "dockerlint: /dev/full: cannot be written: No space left on device\n"


@pytest.mark.parametrize("closed", [">&-", "<&- >&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", ["check", "fix", "fix --diff"])
def test_closed_streams_change_nothing_about_the_exit_code(closed: str, command: str) -> None:
    write("Dockerfile", "FROM node:latest\n")
    assert shell(f"dockerlint {command} --select DK502 --fail-on low {closed}").returncode == 1
