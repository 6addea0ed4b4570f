"""dockerlint.lock: what is read, and how a mistake in it is told."""

from __future__ import annotations

import io
import json
from pathlib import Path

import jsonschema
import pytest

from dockerlint.run.check import Options, run
from dockerlint.workspace.lock import LockError, read_lock

DIGEST = "sha256:" + "a" * 64
SCHEMA = json.loads((Path(__file__).parent.parent / "docs" / "lock.schema.json").read_text(encoding="utf-8"))


def test_names_are_read_as_people_write_them() -> None:
    lock = {name: {"digest": DIGEST} for name in ("docker.io/library/node:22", "ghcr.io/team/app:1.4")}
    text = json.dumps({"version": 1, "images": lock})
    assert dict(read_lock(text)) == {"node:22": DIGEST, "ghcr.io/team/app:1.4": DIGEST}


GOOD = f"version: 1\nimages:\n  node:22:\n    digest: {DIGEST}\n    date: 2026-08-22\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1: a lock file contains"),
        ("- node:22\n", "1: a lock file contains"),
        (GOOD.replace("version: 1", "version: 2"), "1: version is 2"),
        (GOOD.replace("version: 1", "versoin: 1"), "1: unknown key 'versoin'"),
        (GOOD.replace("node:22", "node"), "3: 'node' is not an image with a tag"),
        (GOOD.replace("node:22", "Node:22"), "3: 'Node:22' is not an image with a tag"),
        (GOOD.replace("node:22", f"node:22@{DIGEST}"), "3: "),
        (GOOD.replace(DIGEST, DIGEST[:-1]), "4: the digest of node:22 is not sha256:"),
        (GOOD.replace("2026-08-22", "yesterday"), "5: the date of node:22"),
        (GOOD.replace("date:", "day:"), "5: unknown key 'day'"),
        ("version: 1\nimages:\n  node:22: {digest\n", "3: "),
        ("version: 1\nimages:\n  node:22:\n", "3: node:22 has no 'digest'"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, message: str) -> None:
    with pytest.raises(LockError) as caught:
        read_lock(text)
    assert str(caught.value).startswith(message)


def test_the_schema_takes_what_is_read_and_refuses_what_is_not() -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    assert validator.is_valid({"version": 1, "images": {"node:22": {"digest": DIGEST, "date": "2026-08-22"}}})
    for wrong in ({"node": {"digest": DIGEST}}, {"node:22": {}}, {"node:22": {"digest": "sha256:1"}}):
        assert not validator.is_valid({"version": 1, "images": wrong})


def test_a_bad_lock_is_the_trouble_of_the_files_below_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "app" / "Dockerfile").write_text("FROM scratch\n")
    (tmp_path / "dockerlint.lock").write_text("version: 1\nimages:\n  node: {}\n")
    out = io.StringIO()
    assert run(Options(("app",)), out, out) == 2
    assert "dockerlint.lock:3: 'node' is not an image with a tag" in out.getvalue()
