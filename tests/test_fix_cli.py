"""`dockerlint fix` as a user meets it: another process, its streams, its exit code, the files afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = str(Path(__file__).parent.parent)
OLD = "FROM debian:13\nADD app /srv/\nRUN chmod 777 /srv/app\nUSER 1000\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", ROOT)
    return tmp_path


def fix(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "dockerlint", "fix", *arguments], input=stdin, capture_output=True
    )


def test_a_file_is_fixed_and_the_rest_is_told_with_the_way_on() -> None:
    Path("Dockerfile").write_text(OLD)
    done = fix("--fail-on", "medium")
    assert Path("Dockerfile").read_text() == OLD.replace("ADD", "COPY")
    assert b"fixed 2:1  [safe] DK108 add-for-local-files: write COPY" in done.stdout
    assert b"(with --harden: let only the owner write)" in done.stdout
    assert (done.returncode, done.stderr) == (1, b"")


def test_nothing_left_is_exit_code_0() -> None:
    Path("Dockerfile").write_text(OLD)
    assert fix("--harden", "--fail-on", "low").returncode == 0
    assert Path("Dockerfile").read_text() == OLD.replace("ADD", "COPY").replace("777", "755")


def test_a_difference_is_shown_applies_and_writes_nothing() -> None:
    Path("Dockerfile").write_text(OLD)
    done = fix("--diff", "--harden")
    assert Path("Dockerfile").read_text() == OLD
    told = done.stdout.decode().splitlines()
    assert told[:2] == [
        "# [safe] DK108 add-for-local-files: write COPY",
        "# [harden] DK163 world-writable-mode: let only the owner write;"
        " mind: a program of another user that writes there needs to own it",
    ]
    subprocess.run(["git", "apply"], input=done.stdout, check=True)
    assert Path("Dockerfile").read_text() == OLD.replace("ADD", "COPY").replace("777", "755")


def test_every_change_of_a_long_file_is_a_patch_of_its_own() -> None:
    padding = "".join(f"LABEL n{number}=x\n" for number in range(20))
    text = f"FROM debian:13\nADD a /srv/\n{padding}ADD b /srv/\nUSER 1000"
    Path("Dockerfile").write_text(text)
    done = fix("--diff")
    assert done.stdout.count(b"# [safe] DK108") == 2
    subprocess.run(["git", "apply"], input=done.stdout, check=True)
    assert Path("Dockerfile").read_text() == text.replace("ADD", "COPY")


def test_standard_input_comes_out_fixed_byte_by_byte() -> None:
    data = b"\xef\xbb\xbf" + OLD.replace("\n", "\r\n").encode()
    done = fix("-", stdin=data)
    assert done.stdout == data.replace(b"ADD", b"COPY")
    assert b"fixed 2:1" in done.stderr


def test_standard_input_that_cannot_be_judged_comes_out_as_it_was() -> None:
    done = fix("-", stdin=b"nothing\n")
    assert (done.returncode, done.stdout) == (2, b"nothing\n")


def test_a_suppressed_finding_is_not_fixed() -> None:
    text = OLD.replace("ADD", '# dockerlint: ignore[DK108] reason="here"\nADD')
    Path("Dockerfile").write_text(text)
    fix()
    assert Path("Dockerfile").read_text() == text


def test_rules_are_chosen_as_for_a_check() -> None:
    Path("Dockerfile").write_text(OLD)
    fix("--harden", "--select", "DK163")
    assert Path("Dockerfile").read_text() == OLD.replace("777", "755")


def test_a_file_that_must_not_be_written_is_exit_code_2() -> None:
    Path("real").write_text(OLD)
    Path("Dockerfile").symlink_to("real")
    done = fix("Dockerfile")
    assert (done.returncode, Path("real").read_text()) == (2, OLD)
    assert b"not fixed: a symbolic link" in done.stdout


def test_nothing_to_fix_is_exit_code_2() -> None:
    done = fix()
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"dockerlint: nothing to fix")


def test_secrets_are_masked_in_differences() -> None:
    Path("Dockerfile").write_text(OLD + "ENV DB_PASSWORD=hunter2-not-real\n")
    done = fix("--diff", "--harden")
    assert b"hunter2" not in done.stdout + done.stderr
    assert os.listdir(".") == ["Dockerfile"]


def test_the_bounds_of_services_come_from_the_config() -> None:
    Path(".dockerlint.yaml").write_text(
        "fix: {memory: 256m, cpus: 2, pids: 100}\n"
        "overrides:\n  - services: [graph, big-*]\n    fix: {memory: 4g}\n"
    )
    Path("compose.yaml").write_text(
        "services:\n"
        "  web: {image: 'a:1'}\n  big-web: {image: 'a:1'}\n"
        "  sql: {image: 'mcr.microsoft.com/mssql/server:2022-CU14'}\n  graph: {image: 'neo4j:2026'}\n"
    )
    fix("--harden", "--select", "DK226,DK227,DK228")
    limits = [line.partition(", mem")[2] for line in Path("compose.yaml").read_text().splitlines()[1:]]
    assert limits == [
        "_limit: 256m, cpus: 2, pids_limit: 100}",
        "_limit: 4g, cpus: 2, pids_limit: 100}",
        "_limit: 2g, cpus: 2, pids_limit: 1000}",
        "_limit: 4g, cpus: 2, pids_limit: 100}",
    ]
