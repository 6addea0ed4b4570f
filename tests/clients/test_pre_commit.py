"""Our hooks as pre-commit runs them, installed from this repository, on files of every name."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
STAGE = """\
FROM debian:13
RUN apt-get update && apt-get install -y --no-install-recommends curl
MAINTAINER someone
USER 1000
CMD ["curl"]
"""
"""Two findings with safe fixes, and one that is advice."""
SERVICE = "version: '3.8'\nservices:\n  web:\n    image: registry.example/web:1.4\n"
DOCKERFILES = (
    *("Dockerfile", "Dockerfile.prod", "Dockerfile-alpine", "app/Dockerfile_slim", "x.dockerfile"),
    *("Containerfile", "app/Containerfile.prod", "--help.dockerfile", "with space/Dockerfile"),
)
COMPOSE = (
    *("compose.yaml", "site/compose.prod.yml", "docker-compose.yml", "docker-compose.prod.yml"),
    *("my-compose.yaml", "podman-compose.yml", "deploy/stack.yml"),
)
OTHERS = {
    "Dockerfile.dev": STAGE,  # read, and silent: it is for development
    "daemon.json": '{"icc": false, "no-new-privileges": true}\n',
    "Dockerfile.md": "FROM debian\n",
    "dockerfile-parse.py": "FROM = 1\n",
    "Dockerfile.j2": "FROM {{ image }}\n",
    "decompose.yaml": "a: b\n",
    "values.yaml": "a: b\n",
}


@pytest.fixture(scope="session")
def pre_commit(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, str]]:
    """The program, and the environment that keeps what it installs to itself."""
    home = tmp_path_factory.mktemp("pre-commit")
    subprocess.run([sys.executable, "-m", "venv", home / "venv"], check=True)
    bin = home / "venv" / "bin"
    subprocess.run([bin / "pip", "install", "-q", "pre-commit"], check=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return str(bin / "pre-commit"), environment | {"PRE_COMMIT_HOME": str(home / "home")}


@pytest.fixture(scope="session")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This tree as a repository, whatever is committed of it."""
    folder = tmp_path_factory.mktemp("hooks") / "dockerlint"
    folder.mkdir()
    for name in ("dockerlint", "rules"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("_rules", "__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, folder)
    commit(folder)
    return folder


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    return subprocess.run(
        ["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True
    ).stdout


def commit(folder: Path) -> None:
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "all")


def ended(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """How each hook ended, by its name."""
    return dict(re.findall(r"^(dockerlint(?: fix)?)\.+(\w+)$", done.stdout, re.MULTILINE))


def test_both_hooks_take_files_of_every_name_and_are_content_with_what_they_wrote(
    pre_commit: tuple[str, dict[str, str]], hooks: Path, tmp_path: Path
) -> None:
    texts = dict.fromkeys(DOCKERFILES, STAGE) | dict.fromkeys(COMPOSE, SERVICE) | OTHERS
    for name, text in texts.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    commit(tmp_path)

    def tried() -> subprocess.CompletedProcess[str]:
        program, environment = pre_commit
        command = [program, "try-repo", str(hooks), "--all-files", "--verbose"]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)

    first = tried()
    assert ended(first) == {"dockerlint": "Passed", "dockerlint fix": "Failed"}, first.stdout + first.stderr
    changed = git(tmp_path, "-c", "core.quotePath=false", "diff", "--name-only").splitlines()
    assert sorted(changed) == sorted((*DOCKERFILES, *COMPOSE))
    assert len(re.findall("^  fixed  ", first.stdout, re.MULTILINE)) == len(changed)
    assert "\n  left " not in first.stdout  # which the other hook tells
    assert "\ndaemon.json\n" in first.stdout
    assert "by purpose development" in first.stdout

    second = tried()
    assert ended(second) == {"dockerlint": "Passed", "dockerlint fix": "Passed"}, second.stdout
    assert "\n0 fixed in 0 files" in second.stdout


def test_a_finding_that_stays_is_told_by_one_of_the_hooks(
    pre_commit: tuple[str, dict[str, str]], hooks: Path, tmp_path: Path
) -> None:
    (tmp_path / "compose.yaml").write_text(SERVICE + "    privileged: true\n")
    commit(tmp_path)
    program, environment = pre_commit
    command = [program, "try-repo", str(hooks), "--all-files"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert ended(done) == {"dockerlint": "Failed", "dockerlint fix": "Failed"}
    assert done.stdout.count("privileged: true gives the container all capabilities") == 1
    assert done.stdout.count("DK200") == 2  # the line, and the command that explains it
