"""Files beside a Compose file are read when somebody asks, and never from outside of its folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from dockerlint.workspace.neighbours import Neighbours


@pytest.fixture(name="neighbours")
def folder(tmp_path: Path) -> Neighbours:
    below = tmp_path / "project"
    (below / "app").mkdir(parents=True)
    (below / "app" / "Dockerfile").write_text("FROM node:22\n")
    (tmp_path / "Dockerfile").write_text("FROM secret:1\n")
    (below / ".hidden").write_text("FROM node:22\n")
    (below / "link").symlink_to(tmp_path / "Dockerfile")
    return Neighbours(str(below), {".env": "A=1"})


def test_a_dockerfile_is_read_when_it_is_asked_for(neighbours: Neighbours) -> None:
    assert (neighbours.text_of("app/Dockerfile"), neighbours.text_of(".env")) == ("FROM node:22\n", "A=1")


@pytest.mark.parametrize("name", ["../Dockerfile", "link", "app", "app/none", "a\0b", ".hidden"])
def test_what_is_no_file_below_the_folder_is_not_there(neighbours: Neighbours, name: str) -> None:
    assert neighbours.text_of(name) is None


@pytest.mark.parametrize("name", [".env.prod", ".npmrc"])
def test_a_hidden_file_of_variables_or_settings_of_npm_is_read(
    neighbours: Neighbours, tmp_path: Path, name: str
) -> None:
    (tmp_path / "project" / name).write_text("A=3")
    assert neighbours.text_of(name) == "A=3"


def test_what_a_fix_would_write_counts_in_its_place(neighbours: Neighbours) -> None:
    more = neighbours.and_more({".env": "A=2", "app/Dockerfile": "FROM node:24\n"})
    assert (more.text_of(".env"), more.text_of("app/Dockerfile")) == ("A=2", "FROM node:24\n")
    assert neighbours.text_of(".env") == "A=1"


def test_a_file_of_the_project_is_read_above_the_folder_too(tmp_path: Path) -> None:
    below = tmp_path / "project" / "deploy"
    below.mkdir(parents=True)
    for folder in (tmp_path, tmp_path / "project"):
        (folder / "Dockerfile").write_text(f"FROM {folder.name}\n")
        (folder / ".env").write_text("A=1")
    (tmp_path / "project" / "link").symlink_to(tmp_path / "Dockerfile")
    neighbours = Neighbours(str(below), {}, str(tmp_path / "project")).and_more({"x": "y"})
    assert (neighbours.text_of("../Dockerfile"), neighbours.text_of("../.env")) == ("FROM project\n", "A=1")
    for name in ("../../Dockerfile", "../../.env", "../link", "../gone", str(tmp_path / "Dockerfile")):
        assert neighbours.text_of(name) is None


def test_paths_outside_of_the_project_are_read_where_they_are_allowed(tmp_path: Path) -> None:
    for name in ("project/app", "shared/more", "other"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "a.yml").write_text(name)
    (tmp_path / "shared" / "link.yml").symlink_to(tmp_path / "other" / "a.yml")
    allowed = (str(tmp_path / "shared"), str(tmp_path / "other" / "a.yml"))
    neighbours = Neighbours(str(tmp_path / "project"), {}, str(tmp_path / "project"), allowed)
    names = ("../shared/more/a.yml", "../other/a.yml", str(tmp_path / "shared/more/a.yml"))
    assert [neighbours.text_of(name) for name in names] == ["shared/more", "other", "shared/more"]
    assert neighbours.text_of("../shared/link.yml") is None
    assert neighbours.text_of("../shared/../a.yml") is None
