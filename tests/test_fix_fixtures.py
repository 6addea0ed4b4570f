"""Whole folders under `fixtures/fix`: what `fix --harden` makes of `input/` is `expected/`, to the byte."""

from __future__ import annotations

import codecs
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dockerlint.findings import Tier
from dockerlint.ruleset.ruleset import Ruleset, load_ruleset
from dockerlint.run.check import Options
from dockerlint.run.examples import EXAMPLE_DAY
from dockerlint.run.fix import run_fix

FOLDERS = sorted((Path(__file__).parent.parent / "fixtures" / "fix").iterdir())
RULESET = load_ruleset(today=EXAMPLE_DAY)
SECRET = b"not-real"
"""Part of every secret in the fixtures."""

Variant = Callable[[bytes], bytes]
VARIANTS: dict[str, Variant] = {
    "as it is": lambda data: data,
    "Windows line ends": lambda data: data.replace(b"\n", b"\r\n"),
    "byte order mark": lambda data: codecs.BOM_UTF8 + data,
    "no final newline": lambda data: data.rstrip(b"\n"),
}


@pytest.fixture(autouse=True)
def _day_of_the_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(*_: object) -> Ruleset:
        return RULESET

    monkeypatch.setattr("dockerlint.run.file._load", load)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def fix(is_diff: bool = False) -> str:
    """Everything that is printed."""
    out, err = io.StringIO(), io.StringIO()
    assert run_fix(Options(paths=(".",)), Tier.UNPROVEN, is_diff, out, err) < 2
    return out.getvalue() + err.getvalue()


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def case(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.param
    return folder


@pytest.fixture
def copy(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(case / "input", tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy")
    return tmp_path / "copy"


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_folder_becomes_what_is_expected_and_stays_so(case: Path, copy: Path, variant: str) -> None:
    vary = VARIANTS[variant]
    given = files(case / "input")
    for name, data in given.items():
        (copy / name).write_bytes(vary(data))
    fix()
    wanted = {name: vary(data) if name in given else data for name, data in files(case / "expected").items()}
    assert files(copy) == wanted
    fix()
    assert files(copy) == wanted


def test_a_difference_writes_nothing(case: Path, copy: Path) -> None:
    fix(is_diff=True)
    assert files(copy) == files(case / "input")


def test_secrets_are_in_no_output(case: Path, copy: Path) -> None:
    assert SECRET.decode() not in fix(is_diff=True) + fix() + fix()


def test_secrets_move_to_files_and_nowhere_else(case: Path, copy: Path) -> None:
    fix()
    held = {name for name, data in files(copy).items() if SECRET in data}
    assert {name for name in held if name.startswith("secrets/")} == {
        name for name in files(case / "expected") if name.startswith("secrets/")
    }
