"""A short run of the fuzzer, and every file that once broke the program."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fuzz import FIXTURES, LOST_BAR, MOST_MEMORY, Outcome, batches, run_batch, seeds

FOUND = sorted(path for path in (FIXTURES / "fuzz").rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def short_run() -> Outcome:
    total, texts = Outcome(), seeds()
    for seed, size in batches(100, 50, 20_261_130):
        total.add(run_batch(seed, size, texts))
    return total


def test_mutated_files_break_nothing_and_no_secret_of_theirs_is_shown(short_run: Outcome) -> None:
    assert short_run.files == 100
    assert short_run.failures == []
    assert short_run.memory < MOST_MEMORY


def test_damage_hides_no_finding_beside_it(short_run: Outcome) -> None:
    assert short_run.single > 30
    assert short_run.lost_share <= LOST_BAR, short_run.lost


@pytest.mark.parametrize("path", FOUND, ids=lambda path: str(path.relative_to(FIXTURES)))
def test_a_file_that_once_broke_the_program_is_checked_and_fixed(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / path.name
    shutil.copy(path, copy)
    for command in (["check", "--format", "json"], ["fix", "--harden"], ["check", "--format", "json"]):
        done = subprocess.run(
            [sys.executable, "-m", "dockerlint", *command, "--fail-on", "never", path.name],
            capture_output=True,
            cwd=tmp_path,
            timeout=600,
        )
        assert b"internal error" not in done.stdout + done.stderr
        assert done.returncode in (0, 2)
        if command[0] == "check":
            report = json.loads(done.stdout)
            assert report["findings"] or report["problems"]
