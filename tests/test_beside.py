"""Files beside a Compose file are read when somebody asks, and never from outside of its folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from dockerlint.workspace.neighbours import Beside


@pytest.fixture(name="beside")
def folder(tmp_path: Path) -> Beside:
    below = tmp_path / "project"
    (below / "app").mkdir(parents=True)
    (below / "app" / "Dockerfile").write_text("FROM node:22\n")
    (tmp_path / "Dockerfile").write_text("FROM secret:1\n")
    (below / ".hidden").write_text("FROM node:22\n")
    (below / "link").symlink_to(tmp_path / "Dockerfile")
    return Beside(str(below), {".env": "A=1"})


def test_a_dockerfile_is_read_when_it_is_asked_for_and_not_listed(beside: Beside) -> None:
    assert (list(beside), "app/Dockerfile" in beside) == ([".env"], False)
    assert (beside["app/Dockerfile"], beside[".env"]) == ("FROM node:22\n", "A=1")


@pytest.mark.parametrize("name", ["../Dockerfile", "link", "app", "app/none", "a\0b", ".hidden"])
def test_what_is_no_file_below_the_folder_is_not_there(beside: Beside, name: str) -> None:
    assert beside.get(name) is None


def test_what_a_fix_would_write_counts_in_its_place(beside: Beside) -> None:
    more = beside.and_more({".env": "A=2", "app/Dockerfile": "FROM node:24\n"})
    assert (more[".env"], more["app/Dockerfile"]) == ("A=2", "FROM node:24\n")
    assert beside[".env"] == "A=1"
