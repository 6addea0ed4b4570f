"""What is no config, lock or rule says nothing of itself in the errors about it."""

from __future__ import annotations

import base64
import io
import json
import random
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from dockerlint.cli.commands import invoke
from dockerlint.quoting import excerpt, name_of
from dockerlint.workspace.discovery import forget

RANDOM = random.Random(7)


def word(length: int = 24) -> str:
    return base64.b64encode(RANDOM.randbytes(length)).decode("ascii").rstrip("=")


def key() -> str:
    lines = "\n".join(word(48) for _ in range(12))
    return f"-----BEGIN OPENSSH PRIVATE {'KEY'}-----\n{lines}\n-----END OPENSSH PRIVATE {'KEY'}-----\n"


KNOWN = ("profile", "fail-on", "rules", "select", "ignore", "version", "fix")
TWICE = "x" + word()
SECRETS = {
    "private key": key(),
    "ini with logins": f"[default]\naws_access_key_id = {word()}\naws_secret_access_key = {word()}\n",
    "ini as YAML takes it": f"password: {word()}\ntoken: {word()}\nhost: db.{word(9)}.example.com\n",
    "users": "".join(f"{one}:$6${word()}${word()}:19000:0:99999:7:::\n" for one in ("root", "daemon")),
    "netrc": f"machine {word(12)} login {word(12)} password {word()}\n",
    "docker logins": json.dumps({"auths": {f"https://{word(9)}": {"auth": word()}}}),
    "environment": "".join(f"{word(9)}={word()}\n" for _ in range(3)),
    "keys of a mapping": f"{word()}: {{{word()}: [{word()}]}}\n",
    "values of known keys": "".join(f"{name}: {word()}\n" for name in KNOWN),
    "severities": f"severity: {{{word()}: {word()}}}\n",
    "overrides": f"overrides: [{{files: {word()}, {word()}: 1}}]\n",
    "numbers": "fail-on: 98237498237498\nprofile: 1239874983274\nversion: 239847239847\n",
    "words": f"words: {{{word()}: [{word()}]}}\n",
    "a lock": f"version: 1\nimages: {{'{word()}': {{digest: {word()}, {word()}: 1}}}}\n",
    "a lock without digests": f"version: 1\nimages: {{'{word()}:1': {word()}}}\n",
    "a rule": f"id: {word()}\nname: {word()}\ntitle: {word()}\neach: {word()}\n{word()}: {word()}\n",
    "a key twice": f"{TWICE}: 1\n" * 2,
    "an anchor that is not there": f"a: *{word()}\n",
    "a tag and a directive": f"%{word()} {word()}\n--- !{word()} {word()}\n",
    "quotes that do not close": f"a: '{word()}\nb: \"{word()}\n",
    "TOML": f'[tool.dockerlint]\nselect = "{word()}"\n{TWICE} = "{word()}"\nprofile = "{word()}"\n',
    "TOML that is none": f"[tool.dockerlint]\nx = {word()}\n",
    "a key of TOML twice": "[tool.dockerlint]\n" + f'"{TWICE}" = 1\n' * 2,
    "a table of TOML twice": "[tool.dockerlint]\n" + f"['{TWICE}']\n" * 2,
    "text in an escape": f'[tool.dockerlint]\nx = "\\q{word()}"\n',
}
OURS = {"OPENSSH PRIVATE", "[tool.dockerlint]"}
PLACES = [
    ".dockerlint.yaml",
    "pyproject.toml",
    "dockerlint.lock",
    "rules/x.yaml",
    ".env",
    ".gitignore",
]


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".git").mkdir()
    Path(".git/HEAD").touch()
    Path("Dockerfile").write_text("FROM node:22\nUSER root\n")
    Path("compose.yaml").write_text("services: {a: {image: 'a:${TAG}', environment: {A: '${BEGIN:-b}'}}}\n")


def run(*arguments: str) -> str:
    stdout, stderr = io.StringIO(), io.StringIO()
    forget()
    with redirect_stdout(stdout), redirect_stderr(stderr):
        invoke(arguments)
    assert "internal error" not in stdout.getvalue() + stderr.getvalue()
    return stdout.getvalue() + stderr.getvalue()


def shared(text: str, secret: str) -> list[str]:
    """Runs of eight characters that an output has from a secret, but for words that are ours."""
    vocabulary = "aws_access_key_id aws_secret_access_key overrides password severity"
    lines = [line for line in secret.splitlines() if line not in OURS]
    runs = {line[at : at + 8] for line in lines for at in range(len(line) - 7)}
    return sorted(one for one in runs if one in text and one.strip(" :=") not in vocabulary)


PAIRS = [
    pytest.param(place, secret, id=f"{name} in {place}")
    for at, place in enumerate(PLACES)
    for turn, (name, secret) in enumerate(SECRETS.items())
    if (at + turn) % 5 == 0
]
"""A fifth of all pairs, each place and each secret among them: one pair costs three runs."""


@pytest.mark.parametrize(("place", "secret"), PAIRS)
def test_no_eight_characters_of_what_is_no_such_file_come_out(place: str, secret: str) -> None:
    Path(place).parent.mkdir(exist_ok=True)
    Path(place).write_text(secret)
    extra = ["--rules", "rules"] if place.startswith("rules/") else []
    for command in (
        ["check", *extra],
        ["check", "--format", "json", *extra],
        ["fix", "--diff", *extra],
    ):
        assert shared(run(*command), secret) == [], command
    if place.endswith((".yaml", ".toml")) and not extra:
        assert shared(run("check", "--config", place), secret) == []


@pytest.mark.parametrize("place", PLACES)
def test_random_bytes_do_no_harm(place: str) -> None:
    Path(place).parent.mkdir(exist_ok=True)
    for length in (1, 10, 100, 2000):
        data = RANDOM.randbytes(length)
        Path(place).write_bytes(data)
        said = run("check", *(["--rules", "rules"] if place.startswith("rules/") else []))
        assert shared(said, data.decode("latin-1")) == []


def test_a_name_is_whole_where_it_looks_like_a_known_one_and_short_where_not() -> None:
    known = ("require-reasons", "profile")
    assert name_of("require-reason", known) == "'require-reason'; did you mean 'require-reasons'?"
    assert name_of("something-else", known) == "'some…'"
    assert name_of("profile-of-nobody", known).startswith("'prof…'")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        *(
            ("strcit", "'strcit'"),
            ({"a": 1}, "a mapping"),
            ([1], "a list"),
            (None, "nothing"),
            (True, "true"),
        ),
        *((7, "7"), ("longer text", "'long…'"), (123456789, "1234…")),
    ],
)
def test_a_value_is_shown_by_its_kind_or_its_beginning(value: object, shown: str) -> None:
    assert excerpt(value) == shown


def test_the_line_and_the_expected_kind_are_told() -> None:
    Path(".dockerlint.yaml").write_text("profile: strict\nfail-on: something\n")
    assert ".dockerlint.yaml:2: fail-on must be one of critical" in run("check")
    Path(".dockerlint.yaml").unlink()
    Path("pyproject.toml").write_text("[tool.dockerlint]\nprofile = strict\n")
    assert "pyproject.toml:2: invalid TOML at column 11" in run("check")
