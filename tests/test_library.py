"""`import dockerlint`: a text is linted and fixed without a command line, a config or a file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import dockerlint

TEXT = "FROM node:latest\nRUN pip install x\nCOPY . /app\n"
COMPOSE = "services:\n  db:\n    image: postgres:17.6\n    privileged: true\n"


@pytest.mark.parametrize(
    ("text", "kind", "name"), [(TEXT, "dockerfile", "Dockerfile"), (COMPOSE, "compose", "compose.yaml")]
)
def test_the_findings_are_those_of_the_command(text: str, kind: str, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    command = [sys.executable, "-m", "dockerlint", "check", "--no-config", "--format", "json", name]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    told = [(one["rule"], one["message"]) for one in json.loads(done.stdout)["findings"]]
    assert told
    assert [(one.rule.id, one.message) for one in dockerlint.lint(text, kind)] == told


def test_comments_are_obeyed_and_no_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".dockerlint.yaml").write_text("ignore: [DK502]\n")
    Path(".env").write_text("TAG=1\n")
    assert "DK502" in {one.rule.id for one in dockerlint.lint(TEXT, "dockerfile")}
    quiet = "# dockerlint: ignore-file[DK502]\n" + TEXT
    assert "DK502" not in {one.rule.id for one in dockerlint.lint(quiet, "dockerfile")}


def test_a_text_is_fixed_and_hardened() -> None:
    assert dockerlint.fix(TEXT, "dockerfile") == TEXT.replace("install x", "install --no-cache-dir x")
    hardened = dockerlint.fix(COMPOSE, "compose", harden=True)
    assert "no-new-privileges" in hardened
    assert dockerlint.fix(hardened, "compose", harden=True) == hardened


def test_what_nobody_has_tried_is_asked_for_by_name() -> None:
    text = "services:\n  shop:\n    image: example/shop:1.4\n"
    assert "cap_drop" not in dockerlint.fix(text, "compose", harden=True)
    assert "cap_drop: [ALL]" in dockerlint.fix(text, "compose", harden=True, unproven=True).replace(
        "\n      - ALL", " [ALL]"
    )
    with pytest.raises(ValueError, match="goes with harden"):
        dockerlint.fix(text, "compose", unproven=True)


def test_a_fix_that_needs_another_file_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = (
        "services:\n  db:\n    image: postgres:17.6\n    environment: {POSTGRES_PASSWORD: kaefer-im-glas}\n"
    )
    assert "POSTGRES_PASSWORD: kaefer-im-glas" in dockerlint.fix(text, "compose", harden=True)
    assert list(tmp_path.iterdir()) == []


def test_another_kind_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="use dockerfile or compose or inspect"):
        dockerlint.lint("", "swarm")


def test_importing_it_loads_nothing_else() -> None:
    script = "import sys, dockerlint; print([one for one in sys.modules if one.startswith('dockerlint.')])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
