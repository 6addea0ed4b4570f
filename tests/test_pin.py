"""`dockerlint pin`: images in, lock out; and what `fix` makes of the lock."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

import pytest
from registry_server import index, manifest, serving, sha256

from dockerlint.cli.arguments import UsageError
from dockerlint.cli.commands import invoke
from dockerlint.images.locked import LockedImage
from dockerlint.workspace.lock import lock_text, read_locked

ONE, TWO, THREE = (f"sha256:{digit * 64}" for digit in "123")
BOTH = index("linux/amd64", "linux/arm64")
Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of its own, with a home in which nobody has logged in."""
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    monkeypatch.setenv("SSL_CERT_FILE", os.devnull)
    return folder


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever connects to something, or asks for its address, is caught."""

    def caught(*_: object, **__: object) -> NoReturn:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket, "getaddrinfo", caught)
    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, caught)


def lock(folder: Path, text: str = "") -> dict[str, LockedImage]:
    """Write a lock where there is a text; what it has."""
    path = folder / "dockerlint.lock"
    if text:
        path.write_text(text)
    return dict(read_locked(path.read_text()))


def locked(**digests: str) -> str:
    return lock_text({name.replace("_", ":"): LockedImage(digest) for name, digest in digests.items()})


def test_an_image_is_resolved_locked_and_pinned_wherever_it_stands(project: Path) -> None:
    with serving() as registry:
        digest = registry.push("team/app:1.4", BOTH)
        image = f"{registry.server}/team/app:1.4"
        files = {
            "Dockerfile": f"# ours\nARG TAG=1.4\nFROM {registry.server}/team/app:${{TAG}} AS base\n"
            f"RUN --mount=from={image},target=/m ls /m\nCOPY --from={image} /a /b\nUSER 65532\n",
            "compose.yaml": f"services:\n  app:\n    image: '{image}' # ours\n"
            f"  inline:\n    build:\n      dockerfile_inline: |\n        FROM {image}\n        USER 1\n",
            "start.sh": f"docker run --rm {image} true # ours\n",
        }
        for name, text in files.items():
            (project / name).write_text(text)
        assert invoke(["pin", "--resolve"]) == 0
    assert lock(project) == {image: LockedImage(digest, lock(project)[image].date)}
    invoke(["fix"])
    invoke(["fix", "--kind", "run", "start.sh"])
    for name, text in files.items():
        wanted = text.replace(image, f"{image}@{digest}").replace("TAG=1.4", f"TAG=1.4@{digest}")
        assert (project / name).read_text() == wanted
    assert invoke(["pin", "--check"]) == 0


def test_nothing_is_asked_without_being_told_to(project: Path, no_network: None, capsys: Output) -> None:
    (project / "Dockerfile").write_text("FROM registry.example.com/app:1\nUSER 1\n")
    for line in (["pin"], ["pin", "--check"], ["pin", "--resolve", "--offline"], ["check"], ["fix"]):
        invoke(line)
    invoke(["pin", "--update", "--offline"])
    with pytest.raises(AssertionError, match="the network was used"):
        invoke(["pin", "--resolve"])
    capsys.readouterr()
    assert invoke(["pin", "--resolve", "--offline"]) == 2
    assert "Dockerfile:1  (no digest is known)" in capsys.readouterr().out


def test_what_files_say_is_known_without_a_registry(project: Path, no_network: None, capsys: Output) -> None:
    (project / "Dockerfile").write_text(f"FROM node:22@{ONE}\nFROM redis:8\nFROM $ANY\nUSER 1\n")
    assert invoke(["pin"]) == 0
    assert {name: one.digest for name, one in lock(project).items()} == {"node:22": ONE}
    out = capsys.readouterr().out
    assert "dockerlint.lock: 1 image, 1 new, 1 unknown\n" in out
    assert "unknown redis:8  Dockerfile:2  (no digest is known)\n" in out
    assert "Dockerfile:3: not pinned: a variable holds a part of the image\n" in out


def test_a_lock_follows_a_file_that_somebody_else_moved(project: Path, no_network: None) -> None:
    lock(project, locked(node_22=ONE))
    (project / "Dockerfile").write_text(f"FROM node:22@{TWO}\nUSER 1\n")
    assert invoke(["pin", "--check"]) == 1
    assert lock(project)["node:22"].digest == ONE
    assert invoke(["pin"]) == 0
    assert lock(project)["node:22"].digest == TWO


def test_files_that_disagree_are_settled_by_nobody_else_than_a_registry(
    project: Path, capsys: Output
) -> None:
    with serving() as registry:
        digest = registry.push("app:1", BOTH)
        image = f"{registry.server}/app:1"
        (project / "Dockerfile").write_text(f"FROM {image}@{ONE}\nFROM {image}@{TWO}\nUSER 1\n")
        assert invoke(["pin"]) == 0
        assert "files have several digests for it" in capsys.readouterr().out
        assert invoke(["pin", "--resolve"]) == 0
    assert lock(project)[image].replaces == (ONE, TWO)
    invoke(["fix"])
    assert (project / "Dockerfile").read_text() == f"FROM {image}@{digest}\nFROM {image}@{digest}\nUSER 1\n"


def test_an_update_moves_lock_and_files_to_what_the_tag_means_today(project: Path, capsys: Output) -> None:
    with serving() as registry:
        old = registry.push("app:1", BOTH)
        image = f"{registry.server}/app:1"
        (project / "Dockerfile").write_text(f"FROM {image}\nUSER 1\n")
        invoke(["pin", "--resolve"])
        invoke(["fix"])
        new = registry.push("app:1", index("linux/amd64", "linux/arm64", text="newer"))
        assert invoke(["pin", "--resolve"]) == 0
        assert invoke(["pin", "--check"]) == 0
        assert lock(project)[image].digest == old
        assert invoke(["pin", "--update", "--check"]) == 1
        assert lock(project)[image].digest == old
        capsys.readouterr()
        assert invoke(["pin", "--update"]) == 0
        assert f"moved   {image}  {new[:19]}…  Dockerfile:1" in capsys.readouterr().out
    assert (lock(project)[image].digest, lock(project)[image].replaces) == (new, (old,))
    assert invoke(["pin"]) == 0  # the file still has the old one, which is no news
    assert lock(project)[image].digest == new
    invoke(["fix"])
    assert (project / "Dockerfile").read_text() == f"FROM {image}@{new}\nUSER 1\n"
    assert invoke(["pin", "--check"]) == 0


def test_one_platform_is_kept_by_an_update(project: Path) -> None:
    with serving() as registry:
        registry.push("app:1", BOTH)
        (project / "Dockerfile").write_text(f"FROM {registry.server}/app:1\nUSER 1\n")
        assert invoke(["pin", "--resolve", "--platform", "linux/arm64"]) == 0
        registry.push("app:1", index("linux/amd64", "linux/arm64", text="newer"))
        assert invoke(["pin", "--update"]) == 0
        (entry,) = lock(project).values()
    assert (entry.digest, entry.platform) == (sha256(b"newer linux/arm64"), "linux/arm64")


def test_what_no_file_names_is_dropped_by_a_run_over_all_of_them(project: Path, no_network: None) -> None:
    lock(project, locked(node_22=ONE, redis_8=TWO))
    (project / "Dockerfile").write_text("FROM node:22\nUSER 1\n")
    assert invoke(["pin", "Dockerfile"]) == 0
    assert set(lock(project)) == {"node:22", "redis:8"}
    assert invoke(["pin", "--check"]) == 1
    assert invoke(["pin"]) == 0
    assert set(lock(project)) == {"node:22"}


def test_what_is_built_here_is_not_asked_for(project: Path, no_network: None) -> None:
    (project / "base").mkdir()
    (project / "base" / "Dockerfile").write_text("FROM scratch\nUSER 1\n")
    (project / "Dockerfile").write_text("FROM example/base:1\nFROM tools\nUSER 1\n")
    (project / "compose.yaml").write_text(
        "services:\n  base:\n    build: base\n    image: example/base:1\n"
        "  app:\n    build:\n      context: .\n      additional_contexts: {tools: ./tools}\n"
        "  local:\n    image: example/local:1\n    pull_policy: never\n"
    )
    assert invoke(["pin", "--check"]) == 0
    assert invoke(["pin"]) == 0


def test_each_lock_is_for_the_files_below_it(project: Path, no_network: None) -> None:
    (project / "inner").mkdir()
    lock(project / "inner", "version: 1\nimages: {}\n")
    for folder, digest in (project, ONE), (project / "inner", TWO):
        (folder / "Dockerfile").write_text(f"FROM node:22@{digest}\nUSER 1\n")
    assert invoke(["pin"]) == 0
    assert lock(project)["node:22"].digest == ONE
    assert lock(project / "inner")["node:22"].digest == TWO


def test_an_error_of_one_image_leaves_the_others(project: Path, capsys: Output) -> None:
    with serving() as registry:
        digest = registry.push("app:1", manifest())
        gone = f"{registry.server}/gone:1"
        (project / "Dockerfile").write_text(f"FROM {registry.server}/app:1\nFROM {gone}\nUSER 1\n")
        assert invoke(["pin", "--resolve"]) == 2
    assert [one.digest for one in lock(project).values()] == [digest]
    assert (
        capsys.readouterr().err
        == f"dockerlint: Dockerfile:2: {gone}: the registry has no image of this name with the tag 1\n"
    )


def test_a_broken_file_is_told_and_drops_nothing(project: Path, no_network: None, capsys: Output) -> None:
    lock(project, locked(node_22=ONE))
    (project / "Dockerfile").write_bytes(b"FROM node:22\n" + b"x" * 1_000_001)
    (project / "compose.yaml").write_text("services:\n  db:\n    image: postgres:18\n")
    assert invoke(["pin"]) == 2
    assert "Dockerfile: too large" in capsys.readouterr().err
    assert set(lock(project)) == {"node:22"}


def test_without_the_extra_the_way_to_it_is_told(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    (project / "Dockerfile").write_text("FROM node:22\nUSER 1\n")
    monkeypatch.setitem(sys.modules, "httpx", None)
    assert invoke(["pin", "--resolve"]) == 2
    assert "pip install 'dockerlint[registry]'" in capsys.readouterr().err
    assert invoke(["pin"]) == 0


def test_a_lock_is_read_as_it_was_written() -> None:
    images = {
        "node:22": LockedImage(ONE, "2026-11-30", "linux/arm64", (TWO, THREE)),
        "a.b:5/c:1": LockedImage(ONE),
    }
    assert dict(read_locked(lock_text(images))) == images
    assert dict(read_locked(lock_text({}))) == {}


@pytest.mark.parametrize(
    "line",
    [["-"], ["--platform", "arm64"], ["--insecure-registry", "http://a/b"], ["--timeout", "never"]],
    ids=str,
)
def test_what_cannot_be_meant_is_refused(line: list[str]) -> None:
    with pytest.raises(UsageError):
        invoke(["pin", *line])


def test_a_line_is_pinned_whatever_stands_behind_the_image(project: Path) -> None:
    lock(project, locked(node_22=ONE))
    text = 'docker run node:22; a\ndocker run "node:22" b\n(docker run node:22)\ndocker run node:22'
    (project / "start.sh").write_text(text)
    invoke(["fix", "--kind", "run", "start.sh"])
    assert (project / "start.sh").read_text() == text.replace("node:22", f"node:22@{ONE}")
