"""What CONTRIBUTING.md tells a newcomer to do works, as it is written there."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_rooms import LAYERS, LOOSE, modules, room_of

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n)+)", TEXT, re.MULTILINE))
TASKS = ["Add a rule on existing facts", "Add a fact", "Add an output format"]
BLOCK = re.compile(r"^(.*)\n```(\w+)\n((?:.*\n)*?)(?=```$)", re.MULTILINE)
"""A fence, and the line right above it that says where its text goes."""
PYTHON = ".venv/bin/python "
NOTHING_COLLECTED = pytest.ExitCode.NO_TESTS_COLLECTED
COPIED = ("dockerlint", "rules", "tests", "fixtures", "docs", "pyproject.toml")


def blocks(task: str) -> list[tuple[str, str, str]]:
    return BLOCK.findall(SECTIONS[task])


def snippets(task: str) -> list[tuple[str, str]]:
    """What is added, and the line that says where."""
    return [(place, text) for place, language, text in blocks(task) if language != "sh"]


def file_of(place: str) -> str:
    (path,) = re.findall(r"`([^`]+/[^`]+)`", place)
    return str(path)


def commands(task: str) -> list[str]:
    return [line for _, language, text in blocks(task) if language == "sh" for line in text.splitlines()]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what a newcomer has cloned, already compiled."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("engine", "golden")
            shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
        else:
            shutil.copy2(ROOT / name, tmp_path / name)
    return tmp_path


def put(place: str, text: str, checkout: Path) -> None:
    """Do with a snippet what the line above it says."""
    said, path = place.replace("`", ""), checkout / file_of(place)
    if said.startswith("New file"):
        assert not path.exists()
        path.write_text(text, "utf-8")
    elif found := re.match(r"At the end of the class (\w+) in ", said):
        _insert(path, rf"^class {found[1]}\b.*\n(?:(?:[ \t].*)?\n)*?(?=\n*^\S)", "\n" + text)
    elif found := re.match(r"In (\w+) of ", said):
        _insert(path, rf"^{found[1]} = \{{\n(?:    .*\n)+", text)
    else:
        assert said.startswith("At the end of "), said
        path.write_text(path.read_text("utf-8") + "\n\n" + text, "utf-8")


def _insert(path: Path, after: str, text: str) -> None:
    before = path.read_text("utf-8")
    found = re.search(after, before, re.MULTILINE)
    assert found, after
    path.write_text(before[: found.end()] + text + before[found.end() :], "utf-8")


def run(command: str, checkout: Path) -> subprocess.CompletedProcess[str]:
    assert command.startswith(PYTHON)
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "DOCKERLINT"))
    }
    return subprocess.run(
        [sys.executable, *shlex.split(command.removeprefix(PYTHON), comments=True)],
        cwd=checkout,
        env=plain | {"PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
    )


@pytest.mark.parametrize("task", TASKS)
def test_a_newcomer_who_does_what_the_text_says_sees_tests_pass_that_were_not_there(
    task: str, checkout: Path
) -> None:
    assert commands(task)
    for command in commands(task):
        if "pytest" in command:
            assert run(command, checkout).returncode == NOTHING_COLLECTED
    for place, text in snippets(task):
        put(place, text, checkout)
    for command in commands(task):
        done = run(command, checkout)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


def test_each_task_touches_as_few_files_as_it_says() -> None:
    files = {task: len({file_of(place) for place, _ in snippets(task)}) for task in TASKS}
    assert list(files.values()) == [1, 2, 2]


def rooms() -> Iterator[str]:
    """The rooms of the table, from top to bottom."""
    for row in re.findall(r"^\| (`.+) \|.*\|$", SECTIONS["The house"], re.MULTILINE):
        yield from re.findall(r"`(\w+)/", row.partition(" | ")[0])


def test_the_house_is_told_in_the_order_of_its_layers() -> None:
    layer = {room: number for number, names in enumerate(LAYERS) for room in names.split()}
    told = [layer[room] for room in rooms()]
    assert told == sorted(told, reverse=True)
    folders = {room_of(path) for path in modules() if path.parent.name != "dockerlint"} - LOOSE
    assert set(rooms()) == folders


def test_every_path_that_is_named_exists() -> None:
    named = set(re.findall(r"`((?:[.\w-]+/)+[\w.-]*)", TEXT))
    new = {path for task in TASKS for path in re.findall(r"^New file `(.+)`:$", SECTIONS[task], re.MULTILINE)}
    rooms_too = [ROOT, ROOT / "dockerlint"]
    wrong = [one for one in named - new if not any((room / one).exists() for room in rooms_too)]
    assert [one for one in wrong if not one.startswith(".venv/")] == []


def test_the_code_fits_the_lines_of_the_linter() -> None:
    lines = [line for task in TASKS for _, text in snippets(task) for line in text.splitlines()]
    assert max(map(len, lines)) <= 110


def test_the_text_is_short() -> None:
    assert len(TEXT.splitlines()) < 120
    assert len(re.findall(r"^\|", SECTIONS["The house"], re.MULTILINE)) <= 15
