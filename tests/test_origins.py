"""Whose repository a file lies in, by where it was cloned from."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dockerlint.kinds import ORIGIN
from dockerlint.workspace.locks import Origins
from dockerlint.workspace.roots import Roots

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def origin(folder: Path, *, is_obeyed: bool = True) -> str | None:
    return Origins(Roots([str(folder)]), is_obeyed=is_obeyed).of(str(folder / "Dockerfile")).get(ORIGIN)


def cloned_from(address: str, folder: Path) -> None:
    subprocess.run(["git", "-C", folder, "remote", "add", "origin", address], check=True)


@pytest.mark.parametrize(
    "address",
    [
        "https://code.example/graph-works/webapp.git",
        "https://code.example/graph-works/webapp/",
        "https://somebody:" + "x" * 12 + "@code.example/graph-works/webapp",
        "git@code.example:graph-works/webapp.git",
        "ssh://git@code.example:2222/group/graph-works/webapp",
    ],
)
def test_owner_and_name_are_the_last_parts_of_the_address(address: str, clone: Path) -> None:
    cloned_from(address, clone)
    assert origin(clone) == "graph-works/webapp"


def test_folders_below_belong_to_the_repository_too(clone: Path) -> None:
    cloned_from("https://code.example/graph-works/webapp", clone)
    (clone / "a/b").mkdir(parents=True)
    assert origin(clone / "a/b") == "graph-works/webapp"


def test_a_repository_within_another_has_its_own_origin_or_none(clone: Path) -> None:
    cloned_from("https://code.example/graph-works/webapp", clone)
    subprocess.run(["git", "init", "-q", clone / "inner"], check=True)
    assert origin(clone / "inner") is None


def test_other_remotes_and_links_and_large_configs_say_nothing(clone: Path) -> None:
    subprocess.run(["git", "-C", clone, "remote", "add", "fork", "https://code.example/a/b"], check=True)
    assert origin(clone) is None
    cloned_from("https://code.example/graph-works/webapp", clone)
    config = clone / ".git/config"
    config.write_text(config.read_text() + "#" * 100_000)
    assert origin(clone) is None
    elsewhere = clone.with_name("elsewhere")
    elsewhere.write_text('[remote "origin"]\n\turl = https://code.example/a/b\n')
    config.unlink()
    config.symlink_to(elsewhere)
    assert origin(clone) is None


def confidences(*options: str) -> dict[str, str]:
    """Of DK502, by service."""
    arguments = ["--format", "json", "--fail-on", "never", "--min-confidence", "low", "--select", "DK502"]
    command = [sys.executable, "-m", "dockerlint", "check", *arguments, *options, "."]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    return {one["subject"]: one["confidence"] for one in json.loads(done.stdout)["findings"]}


SERVICES = """
services:
  by-owner: {image: "graphworks/other:latest"}
  by-name: {image: "ghcr.io/somebody/webapp:latest"}
  by-namespace: {image: "web-app/core:latest"}
  foreign: {image: "somebody/else:latest"}
  official: {image: "redis:latest"}
"""


def test_moving_tags_of_own_images_are_told_with_low_confidence(clone: Path) -> None:
    cloned_from("https://code.example/graph-works/webapp", clone)
    (clone / "compose.yaml").write_text(SERVICES)
    own = dict.fromkeys(("by-owner", "by-name", "by-namespace"), "low")
    foreign = {"foreign": "high", "official": "high"}
    assert confidences() == own | foreign
    assert set(confidences("--untrusted").values()) == {"high"}
