"""A plain Dockerfile, hardened by `dockerlint fix --harden`, builds and runs as the user it then names."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from docker_engine import Answer, docker

BUILDS = Path(__file__).parent / "builds"
ROOT = str(Path(__file__).parents[2])


@dataclass(frozen=True)
class Case:
    """One folder of `builds/`: what it builds on, and how its image is used."""

    folder: str
    base: str
    standin: str
    says: str
    """What it says once it has written what it must write."""
    user: str
    ask: str = ""
    """A command inside that makes a server say it; "" for a program that says it by itself."""


CASES = (
    Case("node", "node:22", "node", says="node stayed", user="node"),
    Case("python", "python:3.13-slim", "python", says="app stayed", user="app"),
    Case("debian", "debian:trixie-slim", "debian", says="stayed", user="app"),
    Case("script", "debian:trixie-slim", "debian", says="stayed", user="app"),
    Case("stages", "debian:trixie-slim", "debian", says="app stayed", user="app"),
    Case(
        *("nginx-unprivileged", "nginxinc/nginx-unprivileged:1.30", "nginx-unprivileged"),
        says="stayed",
        user="101",
        ask="curl -fsS http://localhost:8080/",
    ),
    Case(
        *("php", "php:8.4-apache", "php"),
        says="www-data stayed",
        user="www-data",
        ask="curl -fsS http://localhost/",
    ),
)


@pytest.fixture(params=CASES, ids=lambda case: case.folder)
def case(request: pytest.FixtureRequest, image: Callable[[str, str], None]) -> Case:
    chosen: Case = request.param
    image(chosen.base, chosen.standin)
    return chosen


@pytest.fixture
def built(case: Case, tmp_path: Path) -> Iterator[str]:
    """The image that the fixed Dockerfile builds; the plain one is built before, to see that it could be."""
    folder = Path(shutil.copytree(BUILDS / case.folder, tmp_path / case.folder))
    name = f"dockerlint-built:{uuid.uuid4().hex[:12]}"
    try:
        _build(folder, name)
        fixed = subprocess.run(
            [
                sys.executable,
                "-m",
                "dockerlint",
                "fix",
                "--harden",
                "--unproven",
                "--fail-on",
                "never",
                str(folder),
            ],
            env={**os.environ, "PYTHONPATH": ROOT},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert fixed.returncode == 0, fixed.stderr
        print((folder / "Dockerfile").read_text())
        _build(folder, name)
        yield name
    finally:
        docker("rmi", "-f", name)


def _build(folder: Path, name: str) -> None:
    answer = docker("build", "--network", "host", "-t", name, str(folder), seconds=300)
    assert answer.code == 0, answer.text[-2000:]


def test_a_hardened_image_runs_as_the_user_that_its_dockerfile_names(built: str, case: Case) -> None:
    configuration = json.loads(docker("image", "inspect", built).text)[0]["Config"]
    assert configuration["User"] == case.user
    asked = docker("run", "--rm", "--network", "none", "--entrypoint", "id", built)
    assert asked.code == 0, asked.text
    assert f"({case.user})" in asked.text or f"uid={case.user}(" in asked.text
    assert "uid=0" not in asked.text
    assert "(root)" not in asked.text


def test_a_hardened_image_writes_what_it_must_with_no_rights_at_all(built: str, case: Case) -> None:
    rights = ("--cap-drop", "ALL", "--security-opt", "no-new-privileges")
    answer = _asked(built, case, rights) if case.ask else docker("run", "--rm", *rights, built)
    assert answer.code == 0, answer.text
    assert answer.text.strip() == case.says


def _asked(image: str, case: Case, rights: tuple[str, ...]) -> Answer:
    """What a server says within twenty seconds; its log where it does not."""
    started = docker("run", "-d", *rights, image)
    assert started.code == 0, started.text
    container = started.text.strip()
    try:
        for _ in range(40):
            answer = docker("exec", container, "sh", "-c", case.ask)
            if answer.code == 0:
                return answer
            time.sleep(0.5)
        return Answer(1, answer.text + docker("logs", container).text)
    finally:
        docker("rm", "-f", "-v", container)
