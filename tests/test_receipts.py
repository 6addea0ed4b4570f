"""Receipts of `prove`: what is read of them, what fixes make of them, and when they speak no more."""

from __future__ import annotations

import io
import json
from pathlib import Path

import jsonschema
import pytest

from dockerlint.cli.arguments import CheckLine, options_of
from dockerlint.findings import Tier
from dockerlint.run.check import run
from dockerlint.run.fix import run_fix
from dockerlint.workspace.receipts.reading import ReceiptError, read_receipt

SCHEMA = json.loads((Path(__file__).parent.parent / "docs/receipt.schema.json").read_text("utf-8"))
DIGEST = "sha256:" + "a" * 64
COMPOSE = "services:\n  app:\n    image: example/app:1.4\n"
SETUP = "01ba4719c80b6fe9"


PROVEN = {"read_only": True, "tmpfs": ["/run"], "capabilities": ["SETUID"], "no_new_privileges": True}


def receipt(**changes: object) -> dict[str, object]:
    """What prove writes of a small service, with changes; None takes a key away."""
    data = {
        "version": 1,
        "service": "app",
        "image": "example/app:1.4",
        "digest": DIGEST,
        "setup": SETUP,
        "engine": "Docker Engine 26.1.5",
        "date": "2026-11-30",
        "proven": {
            "read_only": True,
            "tmpfs": ["/run"],
            "capabilities": ["SETUID"],
            "no_new_privileges": True,
        },
    } | changes
    return {key: value for key, value in data.items() if value is not None}


def proven(**changes: object) -> dict[str, object]:
    return receipt(proven=changes)


@pytest.mark.parametrize(
    "data",
    [
        proven(capabilities=["SYS_ADMIN"]),
        proven(capabilities=["ALL"]),
        proven(user="root"),
        proven(user="0:0"),
        proven(user="+0"),
        proven(tmpfs=["/"]),
        proven(tmpfs=["/run:suid"]),
        proven(tmpfs=["/run\n    privileged: true"]),
        proven(tmpfs=["../etc"]),
        proven(memory="1"),
        proven(pids=-1),
        proven(privileged=True),
        receipt(service="../app"),
        receipt(image="Example/App"),
        receipt(digest="sha256:1"),
        receipt(engine="x" * 301),
        receipt(strength="tested"),
        receipt(setup=None),
        receipt(version=2),
    ],
    ids=repr,
)
def test_a_receipt_can_say_no_more_than_its_schema(data: dict[str, object]) -> None:
    with pytest.raises(ReceiptError):
        read_receipt(json.dumps(data), "app.yaml")
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(data)


def test_the_schema_takes_what_is_read() -> None:
    read_receipt(json.dumps(receipt()), "app.yaml")
    jsonschema.Draft202012Validator(SCHEMA).validate(receipt())


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".dockerlint/images").mkdir(parents=True)
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    (tmp_path / ".dockerlint/images/app.yaml").write_text(json.dumps(receipt()))
    return tmp_path


def hardened(**said: object) -> str:
    """The project's Compose file after `fix --harden`."""
    options = options_of(CheckLine(paths=["compose.yaml"], select=["DK222", "DK223", "DK225"], **said))
    run_fix(options, Tier.HARDEN, False, io.StringIO(), io.StringIO())
    return Path("compose.yaml").read_text()


def test_what_was_proven_here_is_written_as_tested(project: Path) -> None:
    text = hardened()
    assert "read_only: true" in text
    assert "tmpfs:\n      - /run\n" in text
    assert "cap_add:\n      - SETUID\n" in text
    assert "no-new-privileges:true" in text


def test_a_user_is_written_with_the_set_that_was_proven_for_it(project: Path) -> None:
    data = proven(user="app", read_only=True, tmpfs=["/run:mode=1777"], capabilities=[])
    (project / ".dockerlint/images/app.yaml").write_text(json.dumps(data))
    text = hardened()
    assert "user: app" in text
    assert "/run:mode=1777" in text
    assert "cap_add" not in text


def test_a_capability_that_it_does_not_have_today_is_never_given(project: Path) -> None:
    data = proven(capabilities=["NET_ADMIN"])
    (project / ".dockerlint/images/app.yaml").write_text(json.dumps(data))
    assert "NET_ADMIN" not in hardened()
    assert "does not have today" in told("DK289")


def test_an_untrusted_checkout_has_no_receipts(project: Path) -> None:
    assert hardened(untrusted="") == COMPOSE


def told(*select: str) -> str:
    out = io.StringIO()
    run(options_of(CheckLine(paths=["compose.yaml"], select=list(select), min_confidence="low")), out, out)
    return out.getvalue()


def test_a_later_tag_of_the_line_is_hardened_with_a_note(project: Path) -> None:
    (project / "compose.yaml").write_text(COMPOSE.replace("1.4", "1.5"))
    out, options = io.StringIO(), options_of(CheckLine(paths=["compose.yaml"], select=["DK222"]))
    run_fix(options, Tier.HARDEN, True, out, io.StringIO())
    assert "an older tag of its line" in out.getvalue()
    assert "tested here with example/app:1.4, Docker Engine 26.1.5, 2026-11-30" in out.getvalue()
    assert told("DK289").count("stale-receipt") == 0


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (COMPOSE.replace("1.4", "2.0"), "it ran example/app:1.4"),
        (COMPOSE.replace("1.4", "1.3"), "it ran example/app:1.4"),
        (COMPOSE.replace("1.4", "1.4@sha256:" + "b" * 64), "another digest"),
        (COMPOSE + "    command: serve\n", "its command, mounts or variables"),
        (COMPOSE + "    volumes: [data:/data]\nvolumes: {data: }\n", "its command, mounts or variables"),
        (COMPOSE + "    build: .\n", "it is built now"),
    ],
    ids=["line", "older", "digest", "command", "mount", "build"],
)
def test_a_receipt_for_something_else_is_stale_and_says_why(project: Path, text: str, why: str) -> None:
    (project / "compose.yaml").write_text(text)
    assert why in told("DK289")
    assert "SETUID" not in hardened()


def test_a_changed_dockerfile_makes_its_receipt_stale(project: Path) -> None:
    text = "services:\n  app:\n    build: .\n"
    (project / "compose.yaml").write_text(text)
    (project / "Dockerfile").write_text("FROM example/base:1\n")
    digest = "5e3cab0c4a36a2d6f6b65ba2d6d5f3e5d9c9b9f5a5d4e8f3c2b1a0918273645f"
    data = receipt(image=None, digest=None, dockerfile=digest)
    (project / ".dockerlint/images/app.yaml").write_text(json.dumps(data))
    assert "its Dockerfile is another one now" in told("DK289")


def test_a_bad_receipt_is_an_error_with_its_place(project: Path) -> None:
    (project / ".dockerlint/images/app.yaml").write_text("version: 1\nservice: app\nprovne: {}\n")
    out = io.StringIO()
    assert run(options_of(CheckLine(paths=["compose.yaml"])), out, out) == 2
    assert ".dockerlint/images/app.yaml:1: no 'setup'" in out.getvalue()
