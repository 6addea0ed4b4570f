"""`--show-secrets`: unmasked reports go to files of the user alone, and nowhere else."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from pathlib import Path

import pytest
from program import as_text, program

PW = "Zq8mK2xWv9LrTd"
FILE = f"FROM debian\nENV DB_PASSWORD={PW}\nADD http://bob:{PW}@host.example/x /x\n"


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("Dockerfile").write_text(FILE)


def check(*arguments: str) -> subprocess.CompletedProcess[str]:
    return as_text(program("check", "--show-secrets", *arguments))


def mode(path: str) -> int:
    return stat.S_IMODE(os.stat(path).st_mode)


@pytest.mark.parametrize("name", ["text", "json", "sarif", "github"])
def test_the_file_shows_secrets_and_the_screen_does_not(name: str) -> None:
    done = check("--format", f"{name}:report")
    assert done.returncode == 1
    assert PW in Path("report").read_text()
    assert PW not in done.stdout + done.stderr
    assert "ENV DB_PASSWORD=****" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize("before", [None, 0o644, 0o666])
def test_only_the_user_may_read_the_file_even_where_there_was_one(before: int | None) -> None:
    if before is not None:
        Path("report").write_text("old")
        os.chmod("report", before)
        os.link("report", "watched")
    check("--format", "json:report")
    assert mode("report") == 0o600
    if before is not None:
        assert Path("watched").read_text() == "old", "who has the old file reads nothing of the new one"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_other_reports_keep_the_mode_of_other_files() -> None:
    program("check", "--format", "json:report")
    umask = os.umask(0)
    os.umask(umask)
    assert mode("report") == 0o666 & ~umask
    assert PW not in Path("report").read_text()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((), "not to the screen; write to a file"),
        (("--format", "json"), "not to the screen; write to a file"),
        (("--format", "json:report", "--untrusted"), "cannot be combined with --untrusted"),
        (("--untrusted", "--format", "text:report", "--quiet"), "cannot be combined with --untrusted"),
    ],
)
def test_without_a_file_or_with_untrusted_nothing_is_judged(arguments: tuple[str, ...], reason: str) -> None:
    done = check(*arguments)
    assert done.returncode == 2
    assert reason in done.stderr
    assert done.stdout == ""
    assert not Path("report").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such devices")
@pytest.mark.parametrize("path", ["/dev/stdout", "/dev/stderr", "/dev/null", "/proc/self/fd/1", "pipe"])
def test_a_device_or_pipe_is_no_file_for_secrets(path: str) -> None:
    if path == "pipe":
        os.mkfifo(path)
        holder = os.open(path, os.O_RDWR)
    done = check("--format", f"json:{path}")
    assert done.returncode == 2
    assert PW not in done.stdout + done.stderr
    assert "secrets" in done.stderr
    if path == "pipe":
        os.close(holder)


def test_edits_that_hold_a_secret_are_in_the_file() -> None:
    check("--format", "json:report", "--format", "text")
    fixes = [one["fix"] for one in json.loads(Path("report").read_text())["findings"]]
    assert all(fix is None or fix["edits"] is not None for fix in fixes)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_many_files_are_shown_by_several_processes_too(jobs: str) -> None:
    for n in range(40):
        Path(f"{n}.Dockerfile").write_text(FILE)
    done = check("--format", "json:report", "--jobs", jobs)
    assert Path("report").read_text().count(f"bob:{PW}@host") >= 41
    assert PW not in done.stdout + done.stderr


def test_fix_knows_no_such_option() -> None:
    done = as_text(program("fix", "--show-secrets", "--diff"))
    assert done.returncode == 2
    assert PW not in done.stdout + done.stderr
