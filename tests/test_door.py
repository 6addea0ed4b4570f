"""What a project's files lead to is read inside the project only, once, and never without bound."""

from __future__ import annotations

import io
import os
import shutil
import signal
import stat
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest

from dockerlint.cli.commands import invoke
from dockerlint.report import FORMATS
from dockerlint.workspace import openfolder
from dockerlint.workspace.discovery import forget
from dockerlint.workspace.door import (
    LARGEST,
    Unreadable,
    leads_inside,
    list_files,
    read_bytes,
)
from dockerlint.workspace.roots import project_root

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of POSIX")

SECRET = "hunter2-" + "x9Q" * 4
COMPOSE = "services: {a: {image: 'a:1', environment: {TOKEN: '" + SECRET + "'}}}\n"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository, and beside it a home with secrets."""
    folder = tmp_path / "project"
    write(folder / ".git/HEAD", "")
    write(tmp_path / "home/key", f"-----BEGIN OPENSSH PRIVATE KEY-----\n{SECRET}\n")
    write(tmp_path / "home/compose.yaml", COMPOSE)
    write(folder / ".git/config", f"[http]\n\textraheader = AUTHORIZATION: basic {SECRET}\n")
    write(folder / ".git/compose.yaml", COMPOSE)
    monkeypatch.chdir(folder)
    return folder


def write(path: Path | str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


class Done(NamedTuple):
    """What came of a run."""

    returncode: int
    stdout: str
    stderr: str


def run(*arguments: str) -> Done:
    """What the command line does, in this process; a file that is waited for is one too many."""
    stdout, stderr = io.StringIO(), io.StringIO()
    forget()
    signal.alarm(20)
    try:
        with redirect_stdout(stdout), redirect_stderr(stderr):
            code = invoke(arguments)
    finally:
        signal.alarm(0)
    return Done(code, stdout.getvalue(), stderr.getvalue())


def said(done: Done) -> str:
    return done.stdout + done.stderr


TARGETS = {
    "a file of the home": "../home/compose.yaml",
    "an absolute path": "{tmp}/home/compose.yaml",
    "the settings of git": ".git/config",
    "a file beside those": ".git/compose.yaml",
    "more words for it": "./.git/../.git/./compose.yaml",
    "a link to a link": "chain",
}


def link_to(name: str, target: str, tmp_path: Path) -> None:
    Path("chain").symlink_to("../home/compose.yaml")
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    steps = os.path.relpath(".", Path(name).parent)
    target = target.format(tmp=tmp_path)
    Path(name).symlink_to(target if os.path.isabs(target) else os.path.join(steps, target))


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
@pytest.mark.parametrize("name", ["compose.yaml", "a/b/compose.yaml"])
def test_a_link_that_leads_out_is_not_judged_be_it_found_or_named(
    tmp_path: Path, target: str, name: str
) -> None:
    link_to(name, target, tmp_path)
    is_first = target == next(iter(TARGETS.values()))  # whether a file is read no format decides
    for paths in ([], [name], [str(Path(name).absolute())], [os.path.dirname(name) or "."]):
        for format in FORMATS if is_first and not paths else ("json", "text"):
            done = run("check", "--profile", "strict", "--kind", "compose", "--format", format, *paths)
            assert SECRET not in said(done)
        if paths and name in paths[0]:
            assert done.returncode == 2
            done = run("check", "--kind", "compose", *paths)
            assert "out of the project" in done.stdout or "version control" in done.stdout


def test_a_folder_on_the_way_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    Path("linked").symlink_to("../home")
    Path("inner").symlink_to(".git")
    for path in ("linked", "inner", "linked/compose.yaml", "inner/compose.yaml", "linked/../linked"):
        done = run("check", "--profile", "strict", path)
        assert (done.returncode, SECRET in said(done)) == (2, False), path


def test_a_folder_that_leads_into_another_repository_leads_out_all_the_same(tmp_path: Path) -> None:
    write(tmp_path / "home/.git/HEAD", "")
    Path("linked").symlink_to("../home")
    done = run("check", "--profile", "strict", "linked/compose.yaml")
    assert (done.returncode, SECRET in said(done)) == (2, False)


def test_a_repository_inside_another_is_a_project_of_its_own(tmp_path: Path) -> None:
    write("sub/.git/HEAD", "")
    write("shared.yaml", COMPOSE)
    Path("sub/compose.yaml").symlink_to("../shared.yaml")
    assert project_root(str(Path("sub/a").absolute())) == str(Path("sub").absolute())
    with pytest.raises(Unreadable, match="out of the project"):
        read_bytes("sub/compose.yaml")


def test_links_inside_the_project_are_followed(tmp_path: Path) -> None:
    write("shared/base.yaml", "services: {}\n")
    Path("a/b").mkdir(parents=True)
    Path("a/b/compose.yaml").symlink_to("../../shared/base.yaml")
    Path("folder").symlink_to("shared")
    Path("absolute.yaml").symlink_to(tmp_path / "project/shared/base.yaml")
    for path in ("a/b/compose.yaml", "folder/base.yaml", "absolute.yaml"):
        assert read_bytes(path) == b"services: {}\n"
        assert read_bytes(path, os.getcwd()) == b"services: {}\n"
    assert '"path": "a/b/compose.yaml"' in run("check", "--format", "json", "a").stdout


def test_a_path_outside_of_any_repository_is_trusted_with_its_links(tmp_path: Path) -> None:
    (tmp_path / "dot").mkdir()
    (tmp_path / "dot/compose.yaml").symlink_to("../home/compose.yaml")
    assert read_bytes("../dot/compose.yaml") == COMPOSE.encode()


def test_a_project_reached_through_a_link_is_one(tmp_path: Path) -> None:
    (tmp_path / "work").symlink_to("project")
    write("compose.yaml", COMPOSE)
    Path("bad.yaml").symlink_to("../home/compose.yaml")
    assert read_bytes(str(tmp_path / "work/compose.yaml")) == COMPOSE.encode()
    with pytest.raises(Unreadable, match="out of the project"):
        read_bytes(str(tmp_path / "work/bad.yaml"))


def test_a_name_that_leads_out_of_a_repository_by_way_of_a_link_to_it_is_refused(tmp_path: Path) -> None:
    Path("sub").mkdir()
    Path("sub/compose.yaml").symlink_to("../../home/compose.yaml")
    (tmp_path / "short").symlink_to("project/sub")
    with pytest.raises(Unreadable, match="out of the project"):
        read_bytes(str(tmp_path / "short/compose.yaml"))


def test_without_a_repository_the_folder_given_is_the_project(tmp_path: Path) -> None:
    shutil.rmtree(".git")
    write("shared/compose.yaml", "services: {}\n")
    Path("a").mkdir()
    Path("a/compose.yaml").symlink_to("../shared/compose.yaml")
    Path("a/compose.prod.yaml").symlink_to("../../home/compose.yaml")
    listed = run("check", "--format", "json", ".").stdout
    assert '"shared/compose.yaml"' in listed or '"a/compose.yaml"' in listed
    assert "compose.prod.yaml" not in listed
    assert SECRET not in listed


CONFIGS = [
    ".dockerlint.yaml",
    ".dockerlint.yml",
    "pyproject.toml",
    "dockerlint.lock",
    ".env",
    ".dockerignore",
]


@pytest.mark.parametrize("name", CONFIGS)
@pytest.mark.parametrize("target", ["../home/key", ".git/config"])
def test_no_file_beside_leads_out(name: str, target: str) -> None:
    write("compose.yaml", "services: {a: {image: 'a:1', environment: {A: '${TOKEN}', B: '${BEGIN}'}}}\n")
    write("Dockerfile", "FROM a:1\nCOPY . .\n")
    Path(name).symlink_to(target)
    for command in (["check"], ["fix", "--diff"]):
        done = run(*command)
        assert SECRET[:8] not in said(done)
        assert "PRIVATE" not in said(done)


def test_variables_of_another_project_are_not_read(tmp_path: Path) -> None:
    write(tmp_path / "home/credentials", f"TOKEN={SECRET}\n")
    write("compose.yaml", "services: {a: {image: '${TOKEN}'}}\n")
    Path(".env").symlink_to("../home/credentials")
    done = run("check", "--profile", "strict")
    assert SECRET not in said(done)
    assert ".env next to it was ignored: a symbolic link out of the project" in done.stdout


def test_the_dockerfile_of_a_service_lies_in_the_project(tmp_path: Path) -> None:
    write(tmp_path / "home/Dockerfile", f"FROM secret:{SECRET}\n")
    write(".git/Dockerfile", f"FROM secret:{SECRET}\n")
    Path("app").symlink_to("../home")
    Path("inner").symlink_to(".git")
    for context in ("app", "../home", str(tmp_path / "home"), ".git", "inner", "./x/../.git"):
        write("compose.yaml", f"services: {{a: {{build: '{context}'}}}}\n")
        assert SECRET not in said(run("check", "--profile", "strict", "compose.yaml"))


def rule(path: str, text: str = "") -> None:
    write(path, text or "a: 1\n")


@pytest.mark.parametrize("folder", ["/", "..", "../home", "linked", "inner", ".git", "{tmp}/home"])
def test_rules_of_a_config_lie_in_the_project(tmp_path: Path, folder: str) -> None:
    write(tmp_path / "home/rule.yaml", COMPOSE)
    Path("linked").symlink_to("../home")
    Path("inner").symlink_to(".git")
    write("Dockerfile", "FROM a:1\n")
    write(".dockerlint.yaml", f"rules: ['{folder.format(tmp=tmp_path)}']\n")
    done = run("check")
    assert (done.returncode, SECRET in said(done)) == (2, False)
    assert ".dockerlint.yaml:1: rules are outside the project" in done.stderr


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def endless(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(3_000_000_000)


def key(path: Path) -> None:
    path.symlink_to("../../home/key")


@pytest.mark.parametrize("put", [pipe, device, endless, key])
@pytest.mark.parametrize("how", ["--rules", "rules:"])
def test_a_rule_file_is_a_regular_one_of_the_project_and_not_large(put: object, how: str) -> None:
    Path("r").mkdir()
    put(Path("r/x.yaml"))  # type: ignore[operator]
    write("Dockerfile", "FROM a:1\n")
    if how == "rules:":
        write(".dockerlint.yaml", "rules: [r]\n")
    limited = ["bash", "-c", 'ulimit -v 1500000; exec "$@"', "-", sys.executable, "-m", "dockerlint", "check"]
    extra = ["--rules", "r"] if how == "--rules" else []
    done = subprocess.run([*limited, *extra], capture_output=True, text=True, timeout=300)
    assert (done.returncode, SECRET in done.stdout + done.stderr) == (2, False)
    assert "r/x.yaml:1: " in done.stderr


def test_a_folder_of_rules_with_too_much_in_it_is_refused() -> None:
    for number in range(2_001):
        write(f"r/{number}.txt", "")
    with pytest.raises(Unreadable, match="more than 2000 files"):
        list_files("r", (".yaml",))
    write("d/" + "a/" * 9 + "x.yaml", "")
    with pytest.raises(Unreadable, match="8 nested directories"):
        list_files("d", (".yaml",))


def test_files_of_version_control_are_no_rules() -> None:
    write("r/.git/x.yaml", "")
    write("r/a/y.yml", "")
    assert list_files("r", (".yaml", ".yml")) == ["r/a/y.yml"]


@pytest.mark.parametrize("name", [*CONFIGS, "compose.yaml"])
def test_no_file_of_the_project_is_waited_for_or_read_without_end(name: str) -> None:
    write("Dockerfile", "FROM a:1\n")
    write("compose.yaml", "services: {}\n")
    for put in (pipe, endless):
        Path(name).unlink(missing_ok=True)
        put(Path(name))
        assert "internal error" not in said(run("check"))


def test_a_file_is_taken_for_what_it_is_once_it_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look at a name and its opening somebody puts a link there."""
    write("a/compose.yaml", "services: {}\n")
    write("b/x", "")
    real_stat = os.stat

    def swap(path: object, **options: object) -> os.stat_result:
        found = real_stat(path, **options)  # type: ignore[call-overload]
        if path == "compose.yaml":
            os.unlink("a/compose.yaml")
            os.symlink("../../home/compose.yaml", "a/compose.yaml")
        return found  # type: ignore[no-any-return]

    monkeypatch.setattr(os, "stat", swap)
    with pytest.raises(Unreadable, match=r"too many levels of symbolic links|out of the project"):
        read_bytes("a/compose.yaml", os.getcwd())


def test_a_folder_that_becomes_a_link_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    write("a/compose.yaml", "services: {}\n")
    real_open = os.open

    def swap(path: object, flags: int, *more: object, **options: object) -> int:
        if path == "a":
            os.rename("a", "old")
            os.symlink("../home", "a")
        return real_open(path, flags, *more, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", swap)
    with pytest.raises(Unreadable):
        read_bytes("a/compose.yaml", os.getcwd())


def test_systems_that_cannot_open_from_a_folder_compare_what_they_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(openfolder, "CAN_HOLD", False)
    monkeypatch.setattr(openfolder, "NO_LINK", 0)
    monkeypatch.setattr(openfolder, "_ALWAYS", 0)
    write("real.yaml", "services: {}\n")
    Path("link.yaml").symlink_to("real.yaml")
    Path("bad.yaml").symlink_to("../home/compose.yaml")
    Path("inner").symlink_to(".git")
    assert read_bytes("real.yaml") == read_bytes("link.yaml") == b"services: {}\n"
    for path in ("bad.yaml", "inner/config"):
        with pytest.raises(Unreadable):
            read_bytes(path)


@pytest.mark.parametrize(
    "name",
    [".GIT", ".git ", ".git.", "git~1", "GIT~1", ".g\u200cit", ".git::$INDEX_ALLOCATION", ".hg", ".svn"],
)
def test_every_spelling_of_a_folder_of_version_control_is_known(name: str) -> None:
    Path(name).mkdir(exist_ok=True)
    write(f"{name}/compose.yaml", COMPOSE)
    Path("compose.yaml").symlink_to(f"{name}/compose.yaml")
    assert not leads_inside("compose.yaml", os.getcwd())
    with pytest.raises(Unreadable, match="version control"):
        read_bytes("compose.yaml")


def test_names_that_look_like_those_of_version_control_are_none() -> None:
    for name in (".github", ".gitlab", ".gitea", "git", "x.git", ".git-blame"):
        write(f"{name}/compose.yaml", "services: {}\n")
        assert read_bytes(f"{name}/compose.yaml", os.getcwd()) == b"services: {}\n"


def test_the_file_that_says_what_is_ignored_is_read_where_git_has_it(tmp_path: Path) -> None:
    write("a/Dockerfile", "FROM a:1\n")
    write(".git/info/exclude", "/a/\n")
    assert "nothing to lint" in run("check").stderr
    Path(".git/info/exclude").unlink()
    write(tmp_path / "home/exclude", "/a/\n")
    Path(".git/info/exclude").symlink_to(tmp_path / "home/exclude")
    assert "nothing to lint" not in run("check").stderr


def test_the_bound_is_to_the_byte() -> None:
    write("x", "a" * LARGEST)
    assert len(read_bytes("x")) == LARGEST
    write("x", "a" * (LARGEST + 1))
    with pytest.raises(Unreadable, match="too large: more than 1 MB"):
        read_bytes("x")
    with pytest.raises(Unreadable, match="too large: more than 1 kB"):
        read_bytes("x", largest=1000)


def test_a_folder_that_may_be_entered_and_not_listed_is_no_hindrance() -> None:
    write("a/compose.yaml", "services: {}\n")
    Path("a").chmod(stat.S_IXUSR)
    try:
        assert read_bytes("a/compose.yaml", os.getcwd()) == b"services: {}\n"
    finally:
        Path("a").chmod(0o755)
