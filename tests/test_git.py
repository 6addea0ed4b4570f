"""Git is asked by one module, and a repository cannot make it run anything."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from dockerlint.workspace import git
from dockerlint.workspace.git import (
    GitError,
    is_ignored,
    is_tracked,
    list_files,
    rev_exists,
    show,
    top_level,
)
from dockerlint.workspace.neighbours import Neighbours

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the attacks are shell scripts")


@pytest.fixture(autouse=True)
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home, folder = tmp_path / "home", tmp_path / "checkout"
    home.mkdir()
    folder.mkdir()
    for name in [name for name in os.environ if name.startswith(("GIT_", "SUDO_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    monkeypatch.chdir(folder)
    plain("init", "--quiet", "--initial-branch=main")
    write("compose.yaml", "services: {}\n")
    write("sub/.dockerlint.yaml", "profile: strict\n")
    os.symlink("compose.yaml", "link.yaml")
    commit()
    return folder


def plain(*arguments: str) -> str:
    """Git as a user runs it."""
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout


def commit() -> str:
    plain("add", "--all")
    plain("commit", "--quiet", "--message=x")
    return plain("rev-parse", "HEAD").strip()


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


def script(path: Path, marker: Path) -> str:
    """A program that leaves a mark where it is run."""
    path.write_text(f"#!/bin/sh\necho ran >> {marker}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def ask_everything(root: str) -> None:
    """All that the module can be asked, whatever it answers."""
    for question in (
        lambda: top_level(root),
        lambda: rev_exists(root, "HEAD"),
        lambda: rev_exists(root, "none"),
        lambda: show(root, "HEAD", "compose.yaml"),
        lambda: list_files(root, "HEAD"),
        lambda: is_ignored(root, ["secrets/a.txt"]),
        lambda: is_ignored(root, ["secrets/a.txt"], {".gitignore": b"secrets/\n"}),
    ):
        try:
            question()
        except GitError:
            continue


def test_files_of_a_commit_are_read_as_they_were(checkout: Path) -> None:
    root = str(checkout)
    write("compose.yaml", "changed\n")
    assert top_level(str(checkout / "sub")) == os.path.realpath(root)
    assert (rev_exists(root, "HEAD"), rev_exists(root, "main"), rev_exists(root, "gone")) == (
        True,
        True,
        False,
    )
    assert show(root, "HEAD", "compose.yaml") == b"services: {}\n"
    assert show(root, "main", "sub/.dockerlint.yaml") == b"profile: strict\n"
    assert show(root, "HEAD", "sub") is None
    assert show(root, "HEAD", "gone.yaml") is None
    assert list_files(root, "HEAD") == ("compose.yaml", "sub/.dockerlint.yaml")
    assert list_files(root, "HEAD", "sub") == ("sub/.dockerlint.yaml",)


def test_a_link_in_a_commit_is_no_file(checkout: Path) -> None:
    assert show(str(checkout), "HEAD", "link.yaml") is None


@pytest.mark.parametrize("rev", ["--output=x", "-h", "HEAD:compose.yaml", ":/x", "a b", "", "HEAD\n"])
def test_what_is_no_name_of_a_commit_is_none(checkout: Path, rev: str) -> None:
    assert not rev_exists(str(checkout), rev)
    with pytest.raises(GitError, match="no commit"):
        show(str(checkout), rev, "compose.yaml")
    assert not Path("x").exists()


def test_a_huge_file_of_a_commit_is_refused(checkout: Path) -> None:
    write("large", "x" * 1_000_001)
    commit()
    with pytest.raises(GitError, match="too large: more than 1 MB"):
        show(str(checkout), "HEAD", "large")


def test_no_setting_of_a_checkout_runs_anything(checkout: Path, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    evil = script(tmp_path / "evil", marker)
    write(".gitattributes", "* filter=x diff=x\n")
    write("more", f'[core]\n\tfsmonitor = "{evil}"\n[alias]\n\tls-tree = "!{evil}"\n')
    head = commit()
    settings = {
        **dict.fromkeys(
            ("core.fsmonitor", "core.pager", "core.sshCommand", "core.editor", "core.askPass"), evil
        ),
        **dict.fromkeys(("filter.x.smudge", "filter.x.clean", "filter.x.process", "diff.x.textconv"), evil),
        **dict.fromkeys(("pager.ls-tree", "pager.cat-file", "pager.rev-parse", "diff.external"), evil),
        **dict.fromkeys(("alias.cat-file", "alias.ls-tree", "alias.check-ignore"), f"!{evil}"),
        "core.hooksPath": str(checkout / "hooks"),
        "core.alternateRefsCommand": evil,
        "credential.helper": evil,
        "gpg.program": evil,
        "log.showSignature": "true",
        "include.path": "../more",
        f"includeIf.gitdir:{checkout}/.path": "../more",
    }
    (checkout / "hooks").mkdir()
    for name in ("post-index-change", "reference-transaction", "fsmonitor-watchman", "pre-auto-gc"):
        script(checkout / "hooks" / name, marker)
    for name, value in settings.items():
        plain("config", name, value)
    ask_everything(str(checkout))
    assert not marker.exists()
    assert show(str(checkout), head, "compose.yaml") == b"services: {}\n"
    with suppress(subprocess.CalledProcessError):
        plain("status")
    assert marker.exists(), "the trap is none"


def test_what_a_partial_clone_lacks_is_not_fetched(checkout: Path, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    evil = script(tmp_path / "evil", marker)
    name = plain("rev-parse", "HEAD:compose.yaml").strip()
    os.unlink(f".git/objects/{name[:2]}/{name[2:]}")
    for key, value in {
        "core.repositoryformatversion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.url": f"ext::{evil}",
        "remote.origin.promisor": "true",
        "protocol.ext.allow": "always",
        "protocol.allow": "always",
    }.items():
        plain("config", key, value)
    with pytest.raises(GitError, match=r"this clone lacks compose\.yaml"):
        show(str(checkout), "HEAD", "compose.yaml")
    ask_everything(str(checkout))
    assert list_files(str(checkout), "HEAD", "compose.yaml") == ("compose.yaml",)
    assert not marker.exists()
    with suppress(subprocess.CalledProcessError):
        plain("cat-file", "blob", name)
    assert marker.exists(), "the trap is none"


def test_a_bare_repository_in_a_folder_of_the_checkout_is_nothing_to_git(
    checkout: Path, tmp_path: Path
) -> None:
    marker = tmp_path / "marker"
    evil = script(tmp_path / "evil", marker)
    plain("init", "--quiet", "--bare", "sub/bare")
    for key in ("core.fsmonitor", "core.pager", "core.sshCommand"):
        plain("-C", "sub/bare", "config", key, evil)
    plain("-C", "sub/bare", "config", "core.worktree", str(tmp_path))
    plain("-C", "sub/bare", "config", "core.bare", "false")
    assert top_level(str(checkout / "sub/bare")) == os.path.realpath(checkout)
    ask_everything(str(checkout / "sub/bare"))
    assert not marker.exists()
    with pytest.raises(GitError, match="no repository"):
        rev_exists(str(checkout / "sub/bare"), "HEAD")


def test_variables_that_direct_git_are_not_passed_on(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = tmp_path / "marker"
    evil = script(tmp_path / "evil", marker)
    for name, value in {
        "GIT_DIR": str(tmp_path),
        "GIT_EXEC_PATH": str(tmp_path),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.fsmonitor",
        "GIT_CONFIG_VALUE_0": evil,
        "GIT_TRACE": str(tmp_path / "trace"),
    }.items():
        monkeypatch.setenv(name, value)
    assert show(str(checkout), "HEAD", "compose.yaml") == b"services: {}\n"
    assert not marker.exists()
    assert not (tmp_path / "trace").exists()


@pytest.mark.parametrize("kind", ["folder", "relative", "link"])
def test_git_is_not_taken_from_the_project(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    marker = tmp_path / "marker"
    (checkout / "bin").mkdir()
    script(checkout / "bin" / "git", marker)
    outside = tmp_path / "bin"
    outside.mkdir()
    (outside / "git").symlink_to(checkout / "bin" / "git")
    first = {"folder": str(checkout / "bin"), "relative": "bin", "link": str(outside)}[kind]
    monkeypatch.setenv("PATH", os.pathsep.join([first, os.environ["PATH"]]))
    assert show(str(checkout), "HEAD", "compose.yaml") == b"services: {}\n"
    assert not marker.exists()


def test_without_git_nothing_is_run_and_the_error_says_so(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(GitError, match="git is not installed"):
        rev_exists(str(checkout), "HEAD")
    assert (top_level(str(checkout)), is_ignored(str(checkout), ["a"])) == (None, None)


def test_git_is_not_waited_for_longer_than_agreed(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    slow = tmp_path / "bin" / "git"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path / "bin"), os.environ["PATH"]]))
    monkeypatch.setattr(git, "SECONDS", 0.2)
    with pytest.raises(GitError, match="took longer"):
        rev_exists(str(checkout), "HEAD")


def test_a_repository_of_another_user_is_refused_with_the_way_out(checkout: Path) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can give a folder away")
    for path in (checkout, checkout / ".git"):
        os.chown(path, 12345, 12345)
    with pytest.raises(GitError, match=r"belongs to another user.*safe\.directory"):
        rev_exists(str(checkout), "HEAD")
    assert is_ignored(str(checkout), ["a"]) is None


def test_git_says_what_is_ignored_as_the_files_are_to_be(checkout: Path) -> None:
    write(".gitignore", "*.log\n!keep.log\n")
    write("sub/.gitignore", "!*/\n")
    root, asked = str(checkout), ["a.log", "keep.log", "sub/secrets/a.txt"]
    assert is_ignored(root, asked) == {"a.log"}
    assert is_ignored(root, asked, {"sub/.gitignore": b"!*/\nsecrets/\n"}) == {"a.log", "sub/secrets/a.txt"}
    assert is_ignored(root, asked, {"sub/.gitignore": b"secrets/\n!*/\n"}) == {"a.log"}
    assert Path("sub/.gitignore").read_text() == "!*/\n"


def test_a_file_that_is_tracked_is_not_ignored(checkout: Path) -> None:
    assert is_ignored(str(checkout), ["compose.yaml"], {".gitignore": b"*\n"}) == frozenset()


def test_a_file_of_the_index_is_tracked_whatever_the_ignore_files_say(checkout: Path) -> None:
    for name in (".env", "sub/[a].env", "sub/a.env"):
        write(name, "A=1\n")
    plain("add", "--force", ".env", ":(literal)sub/[a].env")
    write(".gitignore", ".env\n")
    assert is_tracked(str(checkout), ".env")
    assert is_tracked(str(checkout), "sub/[a].env")
    assert not is_tracked(str(checkout), "sub/a.env")
    assert Neighbours(str(checkout / "sub"), {}).standing_of("../.env") == "tracked"
    assert Neighbours(str(checkout / "sub"), {}).standing_of("a.env") == "open"


def test_nothing_is_tracked_outside_of_a_repository(tmp_path: Path) -> None:
    (tmp_path / "a.env").write_text("A=1\n")
    assert Neighbours(str(tmp_path), {}).standing_of("a.env") == ""
