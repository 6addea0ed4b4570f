"""A file is replaced whole or not at all, and never where that could do harm."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from dockerlint.text import decode
from dockerlint.workspace.writing import Unwritable, write

OLD = b"FROM a\n"


def attempt(path: Path, text: str = "FROM b\n") -> None:
    data = path.read_bytes()
    write(decode(data, str(path)), text, data)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Dockerfile"
    path.write_bytes(OLD)
    return path


def test_a_file_gets_the_new_text_and_keeps_its_mode(file: Path) -> None:
    file.chmod(0o640)
    attempt(file)
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"FROM b\n", 0o640)
    assert os.listdir(file.parent) == ["Dockerfile"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_mark_and_encoding_stay(file: Path, encoding: str) -> None:
    file.write_bytes("FROM a\r\n".encode(encoding))
    attempt(file, "FROM ü\r\n")
    assert file.read_bytes() == "FROM ü\r\n".encode(encoding)


def test_a_symbolic_link_is_not_followed(file: Path) -> None:
    link = file.parent / "link"
    link.symlink_to(file)
    with pytest.raises(Unwritable, match="a symbolic link"):
        attempt(link)
    assert file.read_bytes() == OLD


def test_a_file_with_two_names_stays_one_file(file: Path) -> None:
    os.link(file, file.parent / "twin")
    with pytest.raises(Unwritable, match="hard links"):
        attempt(file)
    assert file.read_bytes() == OLD


def test_a_read_only_file_is_left_alone(file: Path) -> None:
    file.chmod(0o444)
    with pytest.raises(Unwritable, match="read-only"):
        attempt(file)
    assert file.read_bytes() == OLD


def test_what_somebody_else_wrote_meanwhile_is_not_lost(file: Path) -> None:
    source = decode(OLD, str(file))
    file.write_bytes(b"FROM c\n")
    with pytest.raises(Unwritable, match="changed since"):
        write(source, "FROM b\n", OLD)
    assert file.read_bytes() == b"FROM c\n"


def test_a_text_that_had_to_be_guessed_is_not_written(file: Path) -> None:
    file.write_bytes(b"FROM a\n# caf\xe9\n")
    with pytest.raises(Unwritable, match="not valid UTF-8"):
        attempt(file)


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    file: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*_: object, **__: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, call, full)
    with pytest.raises(Unwritable, match="no space left"):
        attempt(file)
    assert (file.read_bytes(), os.listdir(file.parent)) == (OLD, ["Dockerfile"])


@pytest.mark.parametrize("change", ["other text", "another file", "a link", "gone"])
def test_what_happens_while_the_new_text_goes_to_the_disk_is_not_lost(
    file: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """The last look is the one right before the old file goes."""

    def fsync(handle: int) -> None:
        if change == "other text":
            file.write_bytes(b"FROM c\n")
            return
        file.rename(file.parent / "moved")
        if change == "another file":
            file.write_bytes(b"FROM c\n")
        elif change == "a link":
            file.symlink_to("moved")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(Unwritable):
        attempt(file)
    monkeypatch.undo()
    assert not any(name.endswith(".tmp") for name in os.listdir(file.parent))
    if change in ("other text", "another file"):
        assert file.read_bytes() == b"FROM c\n"
    else:
        assert (file.parent / "moved").read_bytes() == OLD


def test_a_folder_that_is_moved_away_meanwhile_takes_the_change_with_it(
    file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    file.rename(project / "Dockerfile")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "Dockerfile").write_bytes(OLD)

    def fsync(handle: int) -> None:
        project.rename(tmp_path / "moved")
        project.symlink_to("other")

    monkeypatch.setattr(os, "fsync", fsync)
    attempt(project / "Dockerfile")
    assert (tmp_path / "other" / "Dockerfile").read_bytes() == OLD
    assert (tmp_path / "moved" / "Dockerfile").read_bytes() == b"FROM b\n"


def refuse_owner(handle: int, owner: int, group: int) -> None:
    raise PermissionError(errno.EPERM, "Operation not permitted")


needs_root = pytest.mark.skipif(
    not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give a file away"
)


@needs_root
def test_owner_and_group_stay(file: Path) -> None:
    os.chown(file, 12345, 23456)
    file.chmod(0o2640)
    attempt(file)
    about = file.stat()
    assert (about.st_uid, about.st_gid, about.st_mode & 0o7777) == (12345, 23456, 0o2640)
    assert file.read_bytes() == b"FROM b\n"


@needs_root
@pytest.mark.parametrize("mode", [0o4644, 0o2644])
def test_a_file_that_runs_as_its_owner_is_not_made_ours(
    file: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    os.chown(file, 12345, 23456)
    file.chmod(mode)
    monkeypatch.setattr(os, "fchown", refuse_owner)
    with pytest.raises(Unwritable, match="belongs to another user"):
        attempt(file)
    assert (file.read_bytes(), os.listdir(file.parent)) == (OLD, ["Dockerfile"])


@needs_root
def test_any_other_file_becomes_ours_where_its_owner_cannot_be_kept(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.chown(file, 12345, 23456)
    monkeypatch.setattr(os, "fchown", refuse_owner)
    attempt(file)
    assert file.read_bytes() == b"FROM b\n"


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="the system has no extended attributes")
def test_extended_attributes_stay(file: Path) -> None:
    try:
        os.setxattr(file, "user.origin", b"template")
    except OSError as error:
        pytest.skip(f"nor has this file system: {error}")
    attempt(file)
    assert os.getxattr(file, "user.origin") == b"template"


def test_nothing_is_fixed_in_what_git_keeps(tmp_path: Path) -> None:
    (tmp_path / ".git" / "x").mkdir(parents=True)
    (tmp_path / ".git" / "HEAD").touch()
    file = tmp_path / ".git" / "x" / "Dockerfile"
    file.write_bytes(OLD)
    with pytest.raises(Unwritable, match="version control"):
        attempt(file)
    assert file.read_bytes() == OLD


WAITS = """
import os, sys, time
from dockerlint.cli.main import main
os.fsync = lambda handle: (print("writing", file=sys.stderr, flush=True), time.sleep(30))
sys.argv = ["dockerlint", "fix", "Dockerfile"]
main()
"""


def ended(file: Path, number: int, *, is_ignored: bool = False) -> int:
    """Send a signal to a fix that has just written its temporary file; gives its exit code.

    Whether the signal was ignored when the fix began is said here: tests may run under `nohup`, too.
    """
    action = signal.SIG_IGN if is_ignored else signal.SIG_DFL
    file.write_text("FROM alpine:3.20\nMAINTAINER a@example.com\nRUN cd /x\nENV A b\n")
    process = subprocess.Popen(
        [sys.executable, "-c", WAITS],
        cwd=file.parent,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(number, action),
    )
    try:
        assert process.stderr is not None
        assert "writing" in process.stderr.readline()
        assert len(os.listdir(file.parent)) == 2
        process.send_signal(number)
        return process.poll() or 0 if is_ignored else process.wait(300)
    finally:
        process.kill()
        process.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_fix_that_is_ended_leaves_the_file_and_nothing_else(file: Path, name: str) -> None:
    number = getattr(signal, name)
    assert ended(file, number) == -number
    assert os.listdir(file.parent) == ["Dockerfile"]
    assert "MAINTAINER" in file.read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_signal_that_somebody_ignores_is_still_ignored(file: Path) -> None:
    """As `nohup` does it."""
    assert ended(file, signal.SIGHUP, is_ignored=True) == 0
