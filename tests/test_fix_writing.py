"""A file is replaced whole or not at all, and never where that could do harm."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import NoReturn

import pytest

from dockerlint.fix.writing import Unwritable, write
from dockerlint.text import decode

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
    with pytest.raises(Unwritable, match="several names"):
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
    def full(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, call, full)
    with pytest.raises(Unwritable, match="no space left"):
        attempt(file)
    assert (file.read_bytes(), os.listdir(file.parent)) == (OLD, ["Dockerfile"])
