"""Our own image, from docker/Dockerfile: it passes our strict profile, and works with next to no rights."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from docker_engine import BASE, docker

from dockerlint.findings import Severity
from dockerlint.linting.selection import SelectionFlags
from dockerlint.run.check import Options, run
from dockerlint.run.output import Format

ROOT = Path(__file__).parent.parent.parent
NAME = "dockerlint-own:test"
HARDENED = (
    *("--rm", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--network", "none"),
    *("--user", "4711:4711", "--memory", "512m", "--pids-limit", "100"),
)


def judged(folder: Path, *paths: str, profile: str = "") -> list[tuple[str, str, int]]:
    """What the program of this tree finds there: rule, path, line."""
    out, here = io.StringIO(), Path.cwd()
    os.chdir(folder)
    try:
        flags = SelectionFlags(profile=profile or None)
        options = Options(paths=paths, formats=(Format("json"),), flags=flags, fail_on=Severity.INFO)
        run(options, out, io.StringIO())
    finally:
        os.chdir(here)
    return sorted((one["rule"], one["path"], one["line"]) for one in json.loads(out.getvalue())["findings"])


def test_the_recipe_and_its_compose_file_pass_the_strict_profile() -> None:
    assert judged(ROOT, "docker", profile="strict") == []


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    dist = tmp_path_factory.mktemp("release") / "dist"
    environment = {"SOURCE_DATE_EPOCH": "1790000000"} | os.environ
    subprocess.run(["bash", str(ROOT / ".ci" / "release"), str(dist)], check=True, env=environment)
    shutil.copy(ROOT / "docker" / "Dockerfile", dist)
    built = docker(
        "build", "--network", "host", "--build-arg", f"BASE={BASE}", "-t", NAME, str(dist), seconds=900
    )
    assert built.code == 0, built.text
    yield NAME
    docker("rmi", NAME)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that anybody can read and nobody but its owner can write."""
    shutil.copytree(ROOT / "fixtures" / "sample", tmp_path / "sample")
    for folder, _, names in os.walk(tmp_path):
        for path in (folder, *(os.path.join(folder, name) for name in names)):
            os.chmod(path, 0o755)
    for above in tmp_path.parents[:3]:
        above.chmod(above.stat().st_mode | 0o055)
    return tmp_path / "sample"


def test_it_checks_a_project_without_rights_as_the_program_beside_it(image: str, project: Path) -> None:
    mounted = ("-v", f"{project}:/project:ro", image)
    said = docker("run", *HARDENED, *mounted, "check", "--format", "json", "--fail-on", "never", ".")
    assert said.code == 0, said.text
    found = sorted((one["rule"], one["path"], one["line"]) for one in json.loads(said.text)["findings"])
    assert found == judged(project, ".")
    assert found
    assert docker("run", *HARDENED, *mounted).code == 1  # what it does by itself: check, and fail at high
    assert docker("run", *HARDENED, *mounted, "version").text.startswith("dockerlint ")


def test_it_changes_nothing_that_it_may_only_read(image: str, project: Path) -> None:
    before = (project / "compose.yaml").read_text()
    said = docker("run", *HARDENED, "-v", f"{project}:/project:ro", image, "fix", "--harden", ".")
    assert said.code == 2
    assert "cannot be written" in said.text or "read-only" in said.text
    assert (project / "compose.yaml").read_text() == before


def test_its_image_holds_no_file_that_its_user_could_write_but_in_temporary_folders(image: str) -> None:
    look = "find / -xdev -writable -not -type l -not -path '/proc/*' 2>/dev/null; true"
    found = docker("run", "--rm", "--user", "4711:4711", "--entrypoint", "/bin/sh", image, "-c", look)
    assert found.code == 0
    assert set(found.text.split()) <= {"/tmp", "/var/tmp", "/run/lock"}
