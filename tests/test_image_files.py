"""Files of facts about images: their format, and what may be made of a fact by how it was found."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import date
from fnmatch import translate
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from dockerlint.findings import Finding, Tier
from dockerlint.model.container.isolation import capability_name
from dockerlint.parse.commands import parse_shell
from dockerlint.ruleset.documents.files import read_schema
from dockerlint.ruleset.documents.imagedocs import IMAGE_SCHEMA, TABLES, read_image_files
from dockerlint.ruleset.rule import RuleError
from dockerlint.ruleset.ruleset import Ruleset, load_ruleset
from dockerlint.run.text import lint_text

FOLDER = Path(__file__).parent.parent / "rules" / "images"
PATHS = [path for path in sorted(FOLDER.glob("*.yaml")) if path.stem not in TABLES]
FILES = dict(zip((path.stem for path in PATHS), read_image_files(map(str, PATHS)), strict=True))
BLOCKS = tuple(read_schema(IMAGE_SCHEMA)["properties"].keys() - {"images", "role", "ports", "servers"})
ORIGIN = "  strength: read\n  source: 'a README of old'\n  date: '2026-11-22'\n"


def blocks() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for stem, data in FILES.items():
        for name in BLOCKS:
            if name in data:
                yield stem, name, data[name]


def checks() -> list[str]:
    found = [block for _, name, block in blocks() if name == "healthcheck"]
    commands = {
        one for block in found for one in (block.get("command", ""), *block.get("by_tag", {}).values())
    }
    return sorted(commands - {""})


def refusal(folder: Path, *texts: str) -> str:
    paths = [folder / f"{number}.yaml" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    with pytest.raises(RuleError) as error:
        read_image_files(map(str, paths))
    return str(error.value).removeprefix(f"{folder}/")


def one(block: str, line: str, strength: str = "read") -> str:
    return f"images: [one]\n{block}:\n  {line}\n{ORIGIN.replace('read', strength, 1)}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("images: [one]\nrool: base\n", "1: unknown key 'rool'"),
        ("images: [One]\n", "1: 'One' does not match"),
        ("images: [one]\nneeds:\n  root: []\n  strength: read\n", "3: 'source' is a required property"),
        (one("needs", "rot: []"), "3: unknown key 'rot'; did you mean 'root'?"),
        (one("needs", "root: [CHWON]"), "3: 'CHWON' is not one of"),
        (one("needs", "root: []", "known"), "4: 'known' is not one of"),
        (one("writable", "tmpfs: [run]"), "3: 'run' does not match"),
        (one("writable", "tmpfs: ['/run:fast']"), "3: '/run:fast' does not match"),
        (one("secrets", "variables: [password]"), "3: 'password' does not match"),
        (one("secrets", "variables: [A_FILE]"), "3: 'A_FILE' should not be valid"),
        (one("secrets", "variables: [A]", "derived"), "4: 'derived' is not one of"),
        (one("secrets", "variables: [A]\n  since: {A: '2.x'}"), "4: '2.x' does not match"),
        ("images: [one]\nservers: [/bin/a]\n", "2: '/bin/a' does not match"),
        (one("healthcheck", r'command: "a\nb"'), r"3: 'a\nb' does not match"),
        (one("memory", "least: '2g'", "known"), "3: 'depends' was expected"),
        (one("processes", "least: 300", "known"), "4: 'known' is not one of"),
    ],
)
def test_a_mistake_is_refused_with_file_and_line(tmp_path: Path, text: str, told: str) -> None:
    assert refusal(tmp_path, text).startswith(f"0.yaml:{told}")


def test_an_image_stands_in_one_file_only(tmp_path: Path) -> None:
    told = refusal(tmp_path, "images: [one]\n", "images:\n  - two\n  - one\n")
    assert told == "1.yaml:3: one is also in 0.yaml"


def test_a_user_to_start_as_is_never_taken_from_a_manual(tmp_path: Path) -> None:
    text = one("user", "default: root\n  start: app", "documented")
    assert "'documented' is not one of" in refusal(tmp_path, text)


def test_every_block_says_how_where_and_when_it_was_found() -> None:
    for stem, name, block in blocks():
        assert {"strength", "source", "date"} <= block.keys(), f"{stem}: {name}"
        assert len(block["source"]) >= 8, f"{stem}: {name}"


def test_the_schema_knows_capabilities_by_their_real_names() -> None:
    names = read_schema(IMAGE_SCHEMA)["$defs"]["capabilities"]["items"]["enum"]
    assert len(names) == 41  # capability.h of Linux 5.9 and later
    assert all(name == capability_name(name) for name in names)


def test_patterns_of_tags_can_be_read_and_come_before_those_they_are_part_of() -> None:
    for stem, name, block in blocks():
        patterns = list(block.get("by_tag", {}))
        for pattern in patterns:
            re.compile(translate(pattern))
            assert pattern.count("[") == pattern.count("]"), f"{stem}: {name}"
        assert "*" not in patterns[:-1], f"{stem}: {name}"


@pytest.mark.parametrize("check", checks())
def test_health_checks_are_commands_of_a_shell(check: str) -> None:
    assert parse_shell(check), check
    assert "$$" not in check
    if shell := shutil.which("sh"):
        assert subprocess.run([shell, "-n", "-c", check], capture_output=True, check=False).stderr == b""


class Answer(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *words: object) -> None:
        """The output of the tests stays clean."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()


@pytest.mark.parametrize("check", [one for one in checks() if "http://127.0.0.1" in one or "GET /" in one])
def test_health_checks_over_http_tell_an_answer_from_silence(check: str, port: int) -> None:
    program = check.split()[0]
    if shutil.which(program) is None or "https:" in check:
        pytest.skip(f"{program} is not here, or nothing that speaks its protocol")
    here = re.sub(r"(http://127\.0\.0\.1)(:\d+)?/", rf"\1:{port}/", check)
    here = re.sub(r"(/dev/tcp/127\.0\.0\.1)/\d+", rf"\1/{port}", here)
    nobody = here.replace(str(port), "1")
    assert subprocess.run(here, shell=True, capture_output=True, timeout=300, check=False).returncode == 0
    assert subprocess.run(nobody, shell=True, capture_output=True, timeout=300, check=False).returncode != 0


@pytest.mark.parametrize("stem", ["redis", "valkey"])
@pytest.mark.parametrize(("reply", "is_well"), [("PONG", True), ("NOAUTH Authentication required.", True)])
def test_a_server_with_a_password_is_well_too(stem: str, reply: str, is_well: bool, tmp_path: Path) -> None:
    assert _check_with_reply(stem, reply, tmp_path) is is_well


def test_a_server_that_still_loads_is_not_well(tmp_path: Path) -> None:
    assert _check_with_reply("redis", "LOADING Redis is loading the dataset in memory", tmp_path) is False


def _check_with_reply(stem: str, reply: str, folder: Path) -> bool:
    client = folder / f"{stem}-cli"
    client.write_text(f"#!/bin/sh\necho '{reply}'\n", encoding="utf-8")
    client.chmod(0o755)
    check = FILES[stem]["healthcheck"]["command"]
    done = subprocess.run(["sh", "-c", check], env={"PATH": f"{folder}:/usr/bin:/bin"}, check=False)
    return done.returncode == 0


@pytest.mark.parametrize(
    "image",
    sorted(
        data["images"][0].replace("*", "some-image")
        for data in FILES.values()
        if data.get("needs", {}).get("strength") == "derived"
    ),
)
def test_what_was_only_concluded_is_never_given_without_saying_so(image: str) -> None:
    for finding in with_fixes(image):
        assert finding.fix is not None
        if {"cap_drop", "cap_add"} & set(finding.fix.keys):
            assert finding.fix.tier is Tier.ADVICE or finding.fix.caveat, finding


@pytest.mark.parametrize(
    "image",
    sorted(
        data["images"][0].replace("*", "some-image")
        for data in FILES.values()
        if data.get("writable", {}).get("strength") in ("read", "derived")
    ),
)
def test_no_file_system_becomes_read_only_where_nobody_tried_or_said_so(image: str) -> None:
    fixes = [finding.fix for finding in with_fixes(image) if finding.fix and "read_only" in finding.fix.keys]
    assert all(fix.tier is Tier.ADVICE or not fix.edits for fix in fixes)


@cache
def rules() -> Ruleset:
    return load_ruleset(today=date(2026, 8, 22))


def with_fixes(image: str) -> list[Finding]:
    text = f"services:\n  one:\n    image: {image}:1.0\n"
    return [finding for finding in lint_text(text, "compose", rules()) if finding.fix is not None]
