"""What `.ci/release` makes: twice the same bytes, and one program in every form."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
MOMENT = "1790000000"
KEPT = ("dockerlint", "rules", "tests", "fixtures", "editors", "docs", "docker", "requirements", ".ci")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This tree as it is now: somebody may work in it."""
    folder = tmp_path_factory.mktemp("tree")
    skipped = shutil.ignore_patterns("_rules", "__pycache__")
    for name in KEPT:
        shutil.copytree(ROOT / name, folder / name, ignore=skipped)
    for path in (*ROOT.glob("*.md"), *ROOT.glob("*.toml"), ROOT / "LICENSE", ROOT / ".pre-commit-hooks.yaml"):
        shutil.copy(path, folder)
    return folder


def release(tree: Path, folder: Path, umask: str) -> Path:
    """A release of a copy of a tree, whose files are all of today, with modes of its own."""
    shutil.copytree(tree, folder, copy_function=shutil.copyfile)
    (folder / ".venv").symlink_to(Path(sys.prefix))
    command = ["bash", "-c", f"umask {umask}; exec bash .ci/release"]
    subprocess.run(command, cwd=folder, env=os.environ | {"SOURCE_DATE_EPOCH": MOMENT}, check=True)
    return folder / "dist"


@pytest.fixture(scope="module")
def dist(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release(tree, tmp_path_factory.mktemp("first") / "tree", "077")


@pytest.fixture(scope="module")
def installed(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with the wheel and what it needs."""
    folder = tmp_path_factory.mktemp("wheel") / "venv"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    (wheel,) = dist.glob("*.whl")
    subprocess.run([folder / "bin" / "pip", "install", "-q", wheel], check=True)
    return folder / "bin" / "python"


def found(command: list[str]) -> Any:
    """The report on all fixtures, without the words of YAML parsers, of which the archive has another."""
    line = [*command, "check", "--profile", "strict", "--fail-on", "never", "--format", "json", "fixtures"]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    del report["summary"]["seconds"]
    for finding in report["findings"]:
        if finding["rule"] == "DK000":
            del finding["message"]
    return report


def test_two_builds_are_equal_to_the_byte(tree: Path, dist: Path, tmp_path: Path) -> None:
    again = release(tree, tmp_path / "elsewhere", "022")
    digests = [
        {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in sorted(folder.iterdir())}
        for folder in (dist, again)
    ]
    assert digests[0] == digests[1]
    assert [Path(name).suffix for name in digests[0]] == ["", ".whl", ".gz", ".json", ".pyz"]


def test_the_checksums_are_those_of_the_files(dist: Path) -> None:
    lines = [line.split() for line in (dist / "SHA256SUMS").read_text().splitlines()]
    assert {name for _, name in lines} == {one.name for one in dist.iterdir()} - {"SHA256SUMS"}
    assert all(hashlib.sha256((dist / name).read_bytes()).hexdigest() == digest for digest, name in lines)


def test_the_archive_and_the_wheel_find_the_same_in_all_fixtures(
    dist: Path, installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    archive = found([sys.executable, "-I", str(dist / "dockerlint.pyz")])
    assert archive == found([str(installed), "-I", "-m", "dockerlint"])
    assert archive["findings"]
    (kept,) = (tmp_path / "dockerlint").iterdir()
    assert (kept.stat().st_mode & 0o777, (kept / "site" / "dockerlint").is_dir()) == (0o700, True)


def test_the_archive_runs_nothing_that_another_user_could_have_written(
    dist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    command = [sys.executable, str(dist / "dockerlint.pyz"), "version"]
    assert subprocess.run(command, capture_output=True).returncode == 0
    (kept,) = (tmp_path / "dockerlint").iterdir()
    kept.chmod(0o777)
    (kept / "site" / "dockerlint" / "__init__.py").write_text("raise SystemExit(70)\n")
    assert subprocess.run(command, capture_output=True).returncode == 0


def test_the_sources_install_too(dist: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    (sources,) = dist.glob("*.tar.gz")
    subprocess.run([tmp_path / "venv" / "bin" / "pip", "install", "-q", sources], check=True)
    command = [tmp_path / "venv" / "bin" / "dockerlint", "check", "fixtures/sample"]
    assert subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 1


def test_the_bill_of_materials_is_valid_and_names_all_that_is_installed(
    dist: Path, installed: Path, tmp_path: Path
) -> None:
    bill = json.loads((dist / "dockerlint.cdx.json").read_text())
    listing = subprocess.run(
        [installed, "-m", "pip", "list", "--format", "json"], capture_output=True, check=True, text=True
    )
    there = {one["name"].lower().replace(".", "-").replace("_", "-") for one in json.loads(listing.stdout)}
    named = {one["name"] for one in bill["components"]} | {bill["metadata"]["component"]["name"]}
    assert there - {"pip", "setuptools"} <= named
    validate = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", validate], check=True)
    pip = [validate / "bin" / "pip", "install", "-q", "cyclonedx-python-lib[json-validation]"]
    subprocess.run(pip, check=True)
    script = (
        "import sys; from cyclonedx.validation.json import JsonStrictValidator as V; "
        "from cyclonedx.schema import SchemaVersion as S; "
        "found = V(S.V1_6).validate_str(open(sys.argv[1]).read()); sys.exit(str(found) if found else 0)"
    )
    checked = [validate / "bin" / "python", "-c", script, dist / "dockerlint.cdx.json"]
    done = subprocess.run(checked, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
