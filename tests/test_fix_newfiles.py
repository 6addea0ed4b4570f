"""Files that fixes make beside the changed one: where they may be, what they hold, what is never harmed."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from dockerlint.findings import NewFile
from dockerlint.fixing.folder import FixFolder, folder_of
from dockerlint.text import decode
from dockerlint.workspace.newfiles import Conflict, completed, merged
from dockerlint.workspace.writing import Unwritable, write_all

OLD = b"services: {}\n"
IGNORED = NewFile(".gitignore", "secrets/", "add_line")
SECRET = NewFile("secrets/pw.txt", "hunter2-not-real", "create", is_secret=True)


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "compose.yaml").write_bytes(OLD)
    monkeypatch.chdir(folder)
    return folder


def folder() -> FixFolder:
    return folder_of("compose.yaml")


def why_not(*files: NewFile, at: FixFolder | None = None) -> str:
    refusal = (at or folder()).refusal(files)
    return "" if refusal is None else refusal.reason


def attempt(*files: NewFile, text: str = "services: {a: b}\n") -> None:
    data = Path("compose.yaml").read_bytes()
    write_all(decode(data, "compose.yaml"), text, data, folder().plans(files))


def everything() -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in Path().rglob("*") if path.is_file()}


def test_a_secret_is_for_the_container_to_read_and_its_folder_for_the_owner() -> None:
    old = os.umask(0o077)
    try:
        attempt(SECRET, IGNORED)
    finally:
        os.umask(old)
    assert Path("secrets").stat().st_mode & 0o777 == 0o700
    assert Path("secrets/pw.txt").stat().st_mode & 0o777 == 0o644
    assert Path("secrets/pw.txt").read_bytes() == b"hunter2-not-real"
    assert Path(".gitignore").read_text() == "secrets/\n"
    assert Path("compose.yaml").read_text() == "services: {a: b}\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "secrets/\n"),
        ("*.log\n", "*.log\nsecrets/\n"),
        ("*.log", "*.log\nsecrets/"),
        ("*.log\r\n", "*.log\r\nsecrets/\r\n"),
        ("*.log\r\n*.tmp", "*.log\r\n*.tmp\r\nsecrets/"),
        ("secrets/", "secrets/"),
        ("/secrets\n", "/secrets\n"),
        ("# ours\n  secrets/  \n", "# ours\n  secrets/  \n"),
    ],
)
def test_an_ignore_file_gets_the_line_it_lacks_in_its_own_line_ends(old: str, new: str) -> None:
    assert completed(old, "secrets/") == new
    assert completed(new, "secrets/") == new


def test_encoding_and_mode_of_a_completed_file_stay() -> None:
    Path(".gitignore").write_bytes(b"\xef\xbb\xbf*.log\r\n")
    Path(".gitignore").chmod(0o640)
    attempt(IGNORED)
    assert Path(".gitignore").read_bytes() == b"\xef\xbb\xbf*.log\r\nsecrets/\r\n"
    assert Path(".gitignore").stat().st_mode & 0o777 == 0o640


def link_secrets(outside: Path) -> None:
    Path("secrets").symlink_to(outside)


def file_for_folder(outside: Path) -> None:
    Path("secrets").write_text("not a folder")


def secret_is_there(outside: Path) -> None:
    Path("secrets").mkdir()
    Path("secrets/pw.txt").write_text("another")


def secret_is_a_link(outside: Path) -> None:
    Path("secrets").mkdir()
    Path("secrets/pw.txt").symlink_to(outside / "new")


def other_files_are_there(outside: Path) -> None:
    Path("secrets").mkdir()
    Path("secrets/module.py").touch()


def ignore_file_is_a_link(outside: Path) -> None:
    Path(".gitignore").symlink_to(outside / "new")


def ignore_file_is_a_folder(outside: Path) -> None:
    Path(".gitignore").mkdir()


def ignore_file_is_no_text(outside: Path) -> None:
    Path(".gitignore").write_bytes(b"caf\xe9\n")


def ignore_file_says_otherwise(outside: Path) -> None:
    Path(".gitignore").write_text("!secrets/\n")


@pytest.mark.parametrize(
    ("trap", "why"),
    [
        (link_secrets, "secrets is a symbolic link"),
        (file_for_folder, "secrets is not a directory"),
        (secret_is_there, "secrets/pw.txt exists already with other content"),
        (secret_is_a_link, "secrets/pw.txt is a symbolic link"),
        (other_files_are_there, "the directory secrets contains module.py, which is not such a secret"),
        (ignore_file_is_a_link, ".gitignore is a symbolic link"),
        (ignore_file_is_a_folder, ".gitignore cannot be read: "),
        (ignore_file_is_no_text, ".gitignore is not valid UTF-8"),
        (ignore_file_says_otherwise, ".gitignore says !secrets/"),
    ],
)
def test_a_trap_is_seen_before_anything_is_written(trap: object, why: str, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    trap(outside)  # type: ignore[operator]
    assert why_not(IGNORED, SECRET).startswith(why)
    assert list(outside.iterdir()) == []


def test_the_same_secret_that_is_there_is_used() -> None:
    secret_is_there(Path())
    Path("secrets/pw.txt").write_text(SECRET.text)
    assert why_not(SECRET) == ""
    assert folder().plans([SECRET]) == []


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x", "a//b", "", "a\\b", "a/.", "x\0y"])
def test_a_path_out_of_the_folder_is_refused(path: str) -> None:
    assert why_not(NewFile(path, "")).endswith("would be outside the directory")


def test_a_folder_that_became_a_link_meanwhile_is_not_written_through(tmp_path: Path) -> None:
    planned = folder().plans([SECRET])
    outside = tmp_path / "outside"
    outside.mkdir()
    link_secrets(outside)
    source = decode(OLD, "compose.yaml")
    with pytest.raises(
        Unwritable, match=r"secrets/pw.txt cannot be written: a directory on its path is a link out of"
    ):
        write_all(source, "services: {a: b}\n", OLD, planned)
    assert list(outside.iterdir()) == []
    assert Path("compose.yaml").read_bytes() == OLD


def test_a_file_that_came_meanwhile_is_not_written_over() -> None:
    planned = folder().plans([IGNORED, SECRET])
    secret_is_there(Path())
    with pytest.raises(Unwritable, match=r"secrets/pw.txt cannot be written: file exists"):
        write_all(decode(OLD, "compose.yaml"), "services: {a: b}\n", OLD, planned)
    assert everything() == {"compose.yaml": OLD, "secrets/pw.txt": b"another"}


@pytest.mark.parametrize("nth", range(4))
@pytest.mark.parametrize("ignored", [None, b"*.log\n"])
def test_a_disk_that_fills_up_at_any_point_leaves_all_as_it_was(
    nth: int, ignored: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if ignored is not None:
        Path(".gitignore").write_bytes(ignored)
    before, calls, sync = everything(), iter(range(100)), os.fsync

    def full(handle: int) -> None:
        if next(calls) == nth:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(handle)

    monkeypatch.setattr(os, "fsync", full)
    if nth == 3:
        attempt(IGNORED, SECRET)
        assert everything() != before
        return
    with pytest.raises(Unwritable, match="no space left"):
        attempt(IGNORED, SECRET)
    assert everything() == before
    assert not Path("secrets").exists()


def test_nothing_is_made_where_the_file_itself_cannot_be_written() -> None:
    data = Path("compose.yaml").read_bytes()
    planned = folder().plans([IGNORED, SECRET])
    Path("compose.yaml").write_bytes(b"services: {changed: x}\n")
    with pytest.raises(Unwritable, match="changed since"):
        write_all(decode(data, "compose.yaml"), "x", data, planned)
    assert sorted(os.listdir()) == ["compose.yaml"]


def test_a_secret_is_never_there_before_it_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> NoReturn:
        assert Path(".gitignore").read_text() == "secrets/\n"
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "mkdir", stop)
    with pytest.raises(Unwritable, match="input/output error"):
        attempt(SECRET, IGNORED)


def test_a_linked_folder_that_leads_out_of_the_project_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "compose.yaml").write_bytes(OLD)
    Path("link").symlink_to(outside)
    with pytest.raises(Unwritable, match="a directory on its path is a link out of the project"):
        write_all(decode(OLD, "link/compose.yaml"), "services: {a: b}\n", OLD, [])
    assert (outside / "compose.yaml").read_bytes() == OLD


def test_the_repository_is_the_project_of_a_file_elsewhere(tmp_path: Path) -> None:
    repository, outside = tmp_path / "repository", tmp_path / "outside"
    for path in (repository, outside, repository / ".git"):
        path.mkdir()
    (outside / "compose.yaml").write_bytes(OLD)
    (repository / "link").symlink_to(outside)
    with pytest.raises(Unwritable, match="out of the project"):
        write_all(decode(OLD, str(repository / "link/compose.yaml")), "services: {a: b}\n", OLD, [])
    write_all(decode(OLD, str(outside / "compose.yaml")), "services: {a: b}\n", OLD, [])
    assert (outside / "compose.yaml").read_bytes() == b"services: {a: b}\n"


def test_a_link_within_the_project_is_fine(project: Path) -> None:
    (project / "real").mkdir()
    (project / "real/compose.yaml").write_bytes(OLD)
    Path("link").symlink_to("real")
    write_all(decode(OLD, "link/compose.yaml"), "services: {a: b}\n", OLD, [])
    assert Path("real/compose.yaml").read_bytes() == b"services: {a: b}\n"


def test_two_fixes_agree_on_a_file_or_one_has_to_wait() -> None:
    more = NewFile(".gitignore", "*.key\nsecrets/", "add_line")
    assert merged([IGNORED, more, SECRET, SECRET]) == (
        NewFile(".gitignore", "secrets/\n*.key", "add_line"),
        SECRET,
    )
    assert merged([IGNORED, NewFile(".gitignore", "*.log\n")])[0].text == "*.log\nsecrets/\n"
    with pytest.raises(Conflict, match=r"secrets/pw.txt"):
        merged([SECRET, NewFile("secrets/pw.txt", "another", is_secret=True)])


DOCKERIGNORE = NewFile(".dockerignore", "# why\n.git\n**/.env\nsecrets/", "add_line", expects=("app.js",))


def test_an_ignore_file_is_made_only_where_what_is_copied_lies() -> None:
    assert why_not(DOCKERIGNORE).startswith("app.js is not next to the file")
    Path("app.js").touch()
    assert why_not(DOCKERIGNORE) == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("FROM a\nCOPY . .\n", ""),
        ("FROM a\nCOPY secrets/ca.pem /\n", "another instruction copies secrets"),
        ("FROM a\nCOPY --from=b secrets/ca.pem /\n", ""),
        ("FROM a\nRUN git describe\n", "a build step uses the git history"),
        ("FROM a\nRUN go build -buildvcs=true ./...\n", "a build step uses the git history"),
        ("FROM a\nCOPY . .\nRUN cargo build\n", "build.rs uses the git history"),
        ("FROM a\nRUN git clone https://example.com/a.git\n", ""),
        ("FROM a\nRUN . ./.env\n", "the Dockerfile mentions .env"),
    ],
)
def test_another_dockerfile_of_the_folder_keeps_what_it_needs(text: str, why: str) -> None:
    Path("app.js").touch()
    Path("build.rs").write_text('fn main() { Command::new("git").arg("describe"); }')
    Path("Dockerfile.dev").write_text(text)
    said = f"Dockerfile.dev is built here too, and {why}" if why else ""
    assert why_not(DOCKERIGNORE) == said


def test_a_folder_of_dockerfiles_alone_is_not_what_is_built_from() -> None:
    Path("builds").mkdir()
    for name in ("Dockerfile.dev", "Dockerfile.test"):
        Path("builds", name).write_text("FROM a\nCOPY . .\n")
    wanted = [replace(DOCKERIGNORE, expects=())]
    assert why_not(*wanted, at=folder_of("builds/Dockerfile.dev")).startswith(
        "there are only Dockerfiles here"
    )
    Path("builds/app.js").touch()
    assert why_not(*wanted, at=folder_of("builds/Dockerfile.dev")) == ""


def test_a_folder_full_of_dockerfiles_gets_none() -> None:
    Path("app.js").touch()
    for number in range(21):
        Path(f"Dockerfile.{number}").write_text("FROM a\n")
    assert why_not(DOCKERIGNORE).startswith("there are so many Dockerfiles here")


def test_the_ignore_file_of_one_dockerfile_is_the_one_that_is_completed() -> None:
    Path("Dockerfile.dev.dockerignore").write_text("*.log\n")
    (planned,) = folder_of("Dockerfile.dev").plans([replace(DOCKERIGNORE, expects=())])
    assert (planned.shown, planned.text[:6]) == ("Dockerfile.dev.dockerignore", "*.log\n")
