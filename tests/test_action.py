"""The GitHub action on a checkout that a stranger wrote: its script is run as the runner would run it."""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import sys

import pytest
from github_runner import made_checkout, run_action

ROOT = pathlib.Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the runner's bash is needed")


@pytest.fixture
def checkout(tmp_path: pathlib.Path) -> pathlib.Path:
    return made_checkout(tmp_path)


@pytest.mark.parametrize(
    ("untrusted", "base", "event", "expected"),
    [
        ("auto", "", "push", ""),
        ("auto", "", "schedule", ""),
        ("auto", "", "pull_request", "--untrusted"),
        ("auto", "", "pull_request_target", "--untrusted"),
        ("auto", "", "workflow_run", "--untrusted"),
        ("auto", "4f1c", "pull_request", "--untrusted=4f1c"),
        ("true", "", "push", "--untrusted"),
        ("false", "", "pull_request", ""),
    ],
)
def test_strangers_changes_are_told_by_the_event(
    checkout: pathlib.Path, tmp_path: pathlib.Path, untrusted: str, base: str, event: str, expected: str
) -> None:
    """Python stands aside here: a stand-in writes down what it is asked to do."""
    tools = tmp_path / "tools"
    tools.mkdir()
    stand_in = tools / "python3"
    stand_in.write_text(
        "#!/bin/sh\n"
        'if [ "$3" = venv ]; then mkdir -p "$4/bin"; cp "$0" "$4/bin/python"; fi\n'
        'echo "$PWD: $*"\n'
    )
    stand_in.chmod(0o755)
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    done = run_action(
        checkout, tmp_path / "temp", PATH=path, UNTRUSTED=untrusted, BASE=base, GITHUB_EVENT_NAME=event
    )
    *installing, check = done.stdout.splitlines()
    assert f" {expected} --".replace("  ", " ") in check
    assert ("--untrusted" in check) == bool(expected)
    assert check.startswith(f"{checkout}: -I -m dockerlint check")
    assert all(not line.startswith(f"{checkout}: ") for line in installing)
    assert all(": -I -m " in line for line in installing)


@pytest.mark.parametrize("code", [0, 1, 2])
def test_the_summary_of_the_job_is_written_whatever_the_check_says(
    checkout: pathlib.Path, tmp_path: pathlib.Path, code: int
) -> None:
    """Python stands aside here: a stand-in writes the report that it is asked for, and says how it went."""
    tools = tmp_path / "tools"
    tools.mkdir()
    stand_in = tools / "python3"
    stand_in.write_text(
        "#!/bin/sh\n"
        'if [ "$3" = venv ]; then mkdir -p "$4/bin"; cp "$0" "$4/bin/python"; fi\n'
        '[ "$3" = dockerlint ] || exit 0\n'
        'for one; do case "$one" in markdown:*) echo "## told" > "${one#markdown:}" ;; esac; done\n'
        f"exit {code}\n"
    )
    stand_in.chmod(0o755)
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    done = run_action(checkout, tmp_path / "temp", PATH=path, GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == code
    assert summary.read_text() == "before\n## told\n"


def test_another_word_for_untrusted_is_refused(checkout: pathlib.Path, tmp_path: pathlib.Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    shutil.copy("/bin/true", tools / "python3")
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    done = run_action(checkout, tmp_path / "temp", PATH=path, UNTRUSTED="maybe")
    assert done.returncode != 0


def test_what_is_installed_is_pinned_by_hash_and_is_what_the_project_asks_for() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    needed = re.search(r"^dependencies = \[(.*?)^\]", project, re.DOTALL | re.MULTILINE)
    build = re.search(r"^requires = \[(.*?)\]", project, re.MULTILINE)
    assert needed
    assert build
    asked = {
        re.split(r"[<>=; ]", one)[0] for one in re.findall(r'^\s*"([^"]+)"', needed[1], re.MULTILINE)
    } | {re.split(r"[<>=; ]", one)[0] for one in re.findall(r'"([^"]+)"', build[1])}
    source = (ROOT / "requirements" / "action.in").read_text("utf-8")
    listed = {re.split(r"[<>=; ]", line)[0] for line in source.splitlines() if line and line[0] != "#"}
    assert listed == asked

    locked = (ROOT / "requirements" / "action.txt").read_text("utf-8")
    entries = re.split(r"\n(?=\S)", locked.strip())
    names = {entry.partition("==")[0] for entry in entries}
    assert {name.replace(".", "-") for name in asked} <= names
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)
