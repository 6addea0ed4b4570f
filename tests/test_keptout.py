"""A secret moves to a file only where git leaves that file out, by all of git's own rules."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from dockerlint.findings import NewFile
from dockerlint.fixing.folder import folder_of
from dockerlint.workspace import keptout
from dockerlint.workspace.keptout import let_in

IGNORED = NewFile(".gitignore", "secrets/", "add_line")
SECRET = NewFile("secrets/pw.txt", "hunter2", "create", is_secret=True)


@pytest.fixture(autouse=True, params=["git", "our own reader"])
def repository(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every case is put to git and to what stands in for it."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    subprocess.run(["git", "init", "-q", str(tmp_path / "top")], check=True)
    if request.param != "git":
        monkeypatch.setenv("PATH", "")
    (tmp_path / "top/app").mkdir()
    monkeypatch.chdir(tmp_path / "top/app")
    let_in.cache_clear()
    return tmp_path / "top"


def refusal(*files: NewFile) -> str:
    refused = folder_of("compose.yaml").refusal(files or (IGNORED, SECRET))
    return "" if refused is None else refused.reason


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "secrets/\n",
            "secrets\n",
            "/secrets/\n",
            "*\n",
            "*.txt\n",
            "!*/\n",
        ),
        *("secrets/   \n", "!other/\n", "secrets/\r\n", "s*/\n", "[s]ecrets/\n"),
    ],
)
def test_what_git_leaves_out_is_made(text: str) -> None:
    write(".gitignore", text)
    assert refusal() == ""


@pytest.mark.parametrize(
    "text",
    [
        *("secrets/\n!*/\n", "secrets/\n!secrets\n", "secrets/\n!/secrets/\n", "secrets/\n!s*\n"),
        *("secrets/\n!**/secrets\n", "/secrets/\n!*\n", "secrets/\n!secrets/ \n", "secrets/\n![s]ecrets/\n"),
        *("secrets/\r\n!*/\r\n", "secrets/\n!sec*ts\n"),
    ],
)
def test_what_a_later_line_lets_in_is_refused(text: str) -> None:
    write(".gitignore", text)
    assert "secrets" in refusal()


@pytest.mark.parametrize(
    "text", [b"\xff\xfes\0e\0c\0r\0e\0t\0s\0/\0\n\0", b"secrets/\t\n!*/\n", b"secrets//\n!*/\n"]
)
def test_a_line_that_only_looks_like_it_is_not_taken_for_it(text: bytes) -> None:
    Path(".gitignore").write_bytes(text)
    Path("../.gitignore").write_text("!secrets/\n")
    assert let_in((str(Path("secrets/pw.txt").absolute()),), ()) != ""


def test_ignore_files_above_and_those_of_git_count(repository: Path) -> None:
    write("../.gitignore", "!secrets/\n")
    assert refusal() == "", "the nearer file decides"
    write("../.git/info/exclude", "!secrets/\n")
    assert refusal() == ""
    write(".gitignore", "secrets/\n")
    let_in.cache_clear()
    assert refusal() == ""
    write("../.gitignore", "app/\n")
    write(".gitignore", "secrets/\n!*/\n")
    let_in.cache_clear()
    assert refusal() == "", "the whole folder is left out"


def test_nothing_is_left_behind_by_asking(repository: Path) -> None:
    before = sorted(str(path) for path in repository.rglob("*"))
    assert refusal() == ""
    assert sorted(str(path) for path in repository.rglob("*")) == before


def test_without_a_repository_the_file_of_the_folder_decides(repository: Path) -> None:
    os.rename(repository / ".git", repository.parent / "git")
    assert refusal() == ""
    write(".gitignore", "secrets/\n!*/\n")
    assert "add secrets/pw.txt to the repository" in refusal()


def test_git_is_asked_at_once_about_all_secrets_without_the_new_line_and_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []
    original = keptout.is_ignored

    def counted(top: str, paths: Sequence[str], planned: Mapping[str, bytes]) -> frozenset[str] | None:
        asked.append(len(paths))
        return original(top, paths, planned)

    monkeypatch.setattr(keptout, "is_ignored", counted)
    secrets = [NewFile(f"secrets/{at}.txt", "hunter2", "create", is_secret=True) for at in range(40)]
    assert refusal(IGNORED, *secrets) == ""
    assert asked == [40, 40]
    write(".gitignore", "/secrets/*\n!/secrets/7.txt\n")
    let_in.cache_clear()
    lines = NewFile(".gitignore", "/secrets/*", "add_line")
    assert "secrets/7.txt" in refusal(lines, *secrets)


@pytest.mark.parametrize(("above", "made"), [("secrets/", []), ("/secrets/", [".gitignore"])])
def test_no_line_is_added_below_a_folder_whose_ignore_file_says_it_already(
    repository: Path, above: str, made: list[str]
) -> None:
    (repository / ".gitignore").write_text(f"{above}\n")
    files = folder_of("compose.yaml").plans((IGNORED, SECRET))
    assert [plan.shown for plan in files] == [*made, "secrets/pw.txt"]
