"""Discovery: what a walk finds, what it refuses, and in which order."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from dockerlint.kinds import kind_of_name, kind_of_template, kind_of_text, kind_of_wide_name
from dockerlint.workspace.discovery import Candidate, discover, read_neighbours
from dockerlint.workspace.door import LARGEST, Unreadable, read_bytes
from dockerlint.workspace.omissions import Excluder


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make(*paths: str, text: str = "FROM scratch\n") -> None:
    for path in paths:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text)


def found(*paths: str, kind: str | None = None) -> list[str]:
    return [one.path for one in candidates(*paths, kind=kind) if not one.obstacle]


def candidates(*paths: str, kind: str | None = None) -> list[Candidate]:
    return list(discover(paths or (".",), kind, lambda path, is_folder: False))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Dockerfile", "dockerfile"),
        ("dockerfile", "dockerfile"),
        ("Containerfile.dev", "dockerfile"),
        ("Dockerfile.node-22", "dockerfile"),
        ("api.Dockerfile", "dockerfile"),
        ("api.containerfile", "dockerfile"),
        (".dockerfile", None),
        ("Dockerfile.dockerignore", None),
        ("Dockerfile.md", None),
        ("dockerfile.go", None),
        ("DockerFile.cs", None),
        ("Dockerfile.go", "dockerfile"),
        ("Dockerfile.j2", None),
        ("Dockerfile~", None),
        ("compose.yaml", "compose"),
        ("compose.prod.yml", "compose"),
        ("docker-compose.yml", "compose"),
        ("docker-compose-dev.override.yaml", "compose"),
        ("decompose.yaml", None),
        ("compose.yaml.j2", None),
        ("daemon.json", "daemon"),
        ("values.yaml", None),
    ],
)
def test_a_name_promises_a_kind(name: str, kind: str | None) -> None:
    assert kind_of_name(name) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Dockerfile-alpine", "dockerfile"),
        ("Containerfile_dev", "dockerfile"),
        ("dockerfile-parse.py", None),
        ("Dockerfile-notes.md", None),
        ("podman-compose.yml", "compose"),
        ("dev.docker-compose.yaml", "compose"),
        ("compose-dev.yaml", "compose"),
        *((name, "compose") for name in ("stack.yml", "docker-stack.yml", "stack.prod.yaml", "a_stack.yaml")),
        ("haystack.yml", None),
        ("compose.json", None),
    ],
)
def test_a_wide_name_suggests_a_kind(name: str, kind: str | None) -> None:
    assert kind_of_wide_name(name) == kind


def test_under_a_wide_name_the_text_must_agree_also_in_a_file_that_is_named() -> None:
    make("Dockerfile-alpine", "Dockerfile-list")
    make("Dockerfile-list", text="all the Dockerfiles that we have\n")
    make("stack.yml", text="services: {web: {image: a}}\n")
    make("compose-notes.yml", text="notes: []\n")
    told: list[Excluder] = []
    for paths in ["."], sorted(os.listdir()):
        taken = discover(paths, None, lambda path, is_folder: False, tell=told.append)
        assert [one.path for one in taken] == ["Dockerfile-alpine", "stack.yml"]
    assert told == [Excluder("content", "", False)] * 4
    assert found("compose-notes.yml", kind="compose") == ["compose-notes.yml"]


def test_a_config_gives_names_a_kind() -> None:
    make("images/base.txt", "notes.txt")
    taken = discover(
        ["."],
        None,
        lambda path, is_folder: False,
        kind_by_config=lambda path: "dockerfile" if path.startswith("images/") else None,
    )
    assert list(taken) == [Candidate("images/base.txt", "dockerfile")]


def test_folders_of_foreign_code_are_entered_where_the_user_says_so() -> None:
    make("vendor/a/Dockerfile", "third_party/Dockerfile", "testdata/Dockerfile", "Dockerfile")
    assert found() == ["Dockerfile"]
    taken = discover(["."], None, lambda path, is_folder: False, has_default_excludes=False)
    assert len(list(taken)) == 4


def test_a_file_goes_before_a_link_that_leads_to_it() -> None:
    make("docker/Dockerfile.debian")
    Path("Dockerfile").symlink_to("docker/Dockerfile.debian")
    assert found() == ["docker/Dockerfile.debian"]


def test_a_template_has_the_kind_of_what_it_makes() -> None:
    assert kind_of_template("Dockerfile.j2") == kind_of_template("Dockerfile.dev.tmpl") == "dockerfile"
    assert kind_of_template("compose.yaml.j2") == "compose"
    assert kind_of_template("docker-compose.tmpl.yml") == "compose"
    assert kind_of_name("docker-compose.tmpl.yml") is kind_of_wide_name("my-compose.j2.yaml") is None
    assert kind_of_template("Dockerfile") is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("# syntax=docker/dockerfile:1\n\nfrom --platform=linux/amd64 alpine:3.20 as build\n", "dockerfile"),
        ("\r\nARG TAG=3.20\r\nFROM alpine:$TAG\r\n", "dockerfile"),
        ("# stack\nname: shop\nservices:\n  web: {}\n", "compose"),
        ('{"services": {"web": {}}}', "compose"),
        ('[{"Id": "1", "HostConfig": {}}]', "inspect"),
        ('{"icc": false}', "daemon"),
        ("From the first day on we knew.\n", None),
        ("", None),
    ],
)
def test_a_text_shows_its_kind(text: str, kind: str | None) -> None:
    assert kind_of_text(text) == kind


def test_a_walk_is_sorted_and_takes_hidden_folders_but_no_caches() -> None:
    make("b/Dockerfile", "a/compose.yaml", ".ci/Dockerfile", "Dockerfile", "Dockerfile.md", "notes.txt")
    make(".git/Dockerfile", "node_modules/x/Dockerfile", "a/.venv/Dockerfile")
    assert found() == ["Dockerfile", ".ci/Dockerfile", "a/compose.yaml", "b/Dockerfile"]


def test_a_named_file_is_judged_whatever_its_name_and_place() -> None:
    make(".git/Dockerfile", "image.txt", "Dockerfile.j2")
    assert candidates(".git/Dockerfile", "image.txt", "./Dockerfile.j2") == [
        Candidate(".git/Dockerfile", "dockerfile"),
        Candidate("image.txt", None),
        Candidate("Dockerfile.j2", "dockerfile"),
    ]


def test_a_kind_given_by_hand_makes_every_file_of_a_folder_count() -> None:
    make("scripts/build.txt", "scripts/Dockerfile.md")
    assert candidates("scripts", kind="dockerfile") == [
        Candidate("scripts/Dockerfile.md", "dockerfile"),
        Candidate("scripts/build.txt", "dockerfile"),
    ]


def test_gitignore_files_hold_below_their_folder_and_the_deeper_one_wins() -> None:
    make("a/Dockerfile", "a/keep/Dockerfile", "b/Dockerfile", "vendor/Dockerfile", "a/gen/Dockerfile")
    make(".gitignore", text="vendor/\n/b\nkeep/Dockerfile\ngen\n")
    make("a/.gitignore", text="!keep/Dockerfile\n")
    assert found() == ["a/Dockerfile", "a/keep/Dockerfile"]


def test_gitignore_files_above_the_root_hold_up_to_the_top_of_the_repository() -> None:
    make("repo/sub/in/gen/Dockerfile", "repo/sub/in/Dockerfile", "repo/sub/in/x/Dockerfile")
    make("repo/.gitignore", text="gen/\n")
    make(".gitignore", text="in/\nDockerfile\n")
    make("repo/.git/info/exclude", text="/sub/in/x\n")
    assert found("repo/sub/in") == ["repo/sub/in/Dockerfile"]


def test_an_ignored_folder_that_is_named_is_walked() -> None:
    make("vendor/Dockerfile")
    make(".gitignore", text="vendor/\n")
    Path(".git").mkdir()
    assert found("vendor") == ["vendor/Dockerfile"]


def test_every_file_is_judged_once() -> None:
    make("a/Dockerfile", "a/b/Dockerfile")
    assert found("a/b/Dockerfile", "a", ".", str(Path("a").resolve())) == ["a/b/Dockerfile", "a/Dockerfile"]


def test_link_loops_end_and_links_out_of_the_root_are_not_followed() -> None:
    make("outside/Dockerfile", "root/real/api.txt")
    os.symlink("..", "root/real/loop")
    os.symlink("root", "root/self")
    os.symlink("../outside", "root/folder")
    os.symlink("../outside/Dockerfile", "root/Dockerfile")
    os.symlink("real/api.txt", "root/Dockerfile.api")
    os.symlink("Dockerfile.round", "root/Dockerfile.round")
    assert found("root") == ["root/Dockerfile.api"]


def test_pipes_sockets_and_devices_are_never_opened() -> None:
    os.mkfifo("Dockerfile")
    os.symlink("/dev/zero", "compose.yaml")
    server = socket.socket(socket.AF_UNIX)
    server.bind("Dockerfile.sock")
    assert candidates() == []
    named = candidates("Dockerfile", "compose.yaml", "Dockerfile.sock")
    server.close()
    assert ["not a regular file" in one.obstacle for one in named] == [True] * 3
    with pytest.raises(Unreadable, match="not a regular file"):
        read_bytes("Dockerfile")


def test_a_path_that_is_not_there_says_so() -> None:
    assert candidates("gone/Dockerfile") == [Candidate("gone/Dockerfile", None, "no such file or directory")]
    assert "null character" in candidates("a\0b")[0].obstacle


def test_a_folder_with_the_name_of_a_file_is_walked_not_read() -> None:
    make("compose.yaml/Dockerfile")
    assert found() == ["compose.yaml/Dockerfile"]
    with pytest.raises(Unreadable, match="irectory"):
        read_bytes("compose.yaml")


def test_a_huge_file_is_refused() -> None:
    with open("Dockerfile", "wb") as stream:
        stream.truncate(LARGEST + 1)
    with pytest.raises(Unreadable, match="too large: more than 1 MB"):
        read_bytes("Dockerfile")


def test_names_that_are_not_text_survive() -> None:
    odd = os.fsdecode(b"a\xff\nb")
    try:
        make(f"{odd}/Dockerfile")
    except OSError:
        pytest.skip("this file system refuses such names")
    assert found() == [f"{odd}/Dockerfile"]


def test_paths_are_shown_from_the_working_directory(tmp_path: Path) -> None:
    make("a/Dockerfile", "other/Dockerfile")
    assert found(str(tmp_path / "a")) == ["a/Dockerfile"]
    os.chdir("other")
    assert found("../a") == ["../a/Dockerfile"]
    assert found(str(tmp_path / "a")) == [f"{tmp_path.as_posix()}/a/Dockerfile"]


def test_config_leaves_out_files_and_whole_folders() -> None:
    make("a/Dockerfile", "b/c/Dockerfile", "b/Dockerfile")
    asked: list[tuple[str, bool]] = []

    def is_excluded(path: str, is_folder: bool) -> bool:
        asked.append((path, is_folder))
        return path in ("a", "b/Dockerfile")

    assert [one.path for one in discover(["."], None, is_excluded)] == ["b/c/Dockerfile"]
    assert asked == [
        ("a", True),
        ("b", True),
        ("b/Dockerfile", False),
        ("b/c", True),
        ("b/c/Dockerfile", False),
    ]


def test_the_ignore_file_of_one_dockerfile_wins_over_that_of_the_folder() -> None:
    make(".dockerignore", text="all")
    make("api.Dockerfile.dockerignore", text="api")
    assert read_neighbours("api.Dockerfile", "dockerfile") == ({".dockerignore": "api"}, ())
    assert read_neighbours("Dockerfile", "dockerfile") == ({".dockerignore": "all"}, ())
    assert read_neighbours("compose.yaml", "compose") == ({}, ())


def test_a_file_beside_that_cannot_be_read_is_a_note() -> None:
    os.mkfifo(".env")
    texts, notes = read_neighbours("./compose.yaml", "compose")
    assert texts == {}
    assert notes[0].startswith(".env next to it was ignored: not a regular file")
