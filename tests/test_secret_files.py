"""Files of variables, secrets and configs: what git does with them, and which builds take them in."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from test_projects import check

SECRET = "Wk29" + "vTq81zPwLLq"
COMPOSE = """services:
  db:
    image: "postgres:${TAG}"
    ports: ["5432:5432"]
    environment: {POSTGRES_PASSWORD: "${PW}"}
    configs: [app]
  web:
    build: .
    secrets: [token]
configs:
  app: {file: conf/app.yml}
secrets:
  token: {file: token.txt}
"""
TEXTS = {
    "compose.yaml": COMPOSE,
    ".env": f"PW={SECRET}\nTAG=17\n",
    "conf/app.yml": f"# password: not this one\ndb:\n  password: {SECRET}x\n",
    "token.txt": f"{SECRET}y\n",
    "Dockerfile": "FROM node:22\nCOPY . /app\nUSER node\n",
}
TRACKED, OPEN, SENT = "DK541", "DK547", "DK548"


@pytest.fixture(autouse=True)
def in_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "-q", "."], check=True)


def told(texts: dict[str, str]) -> dict[str, set[str]]:
    """The files of which each rule speaks."""
    report, _ = check(texts, "compose.yaml")
    assert SECRET not in json.dumps(report)
    found: dict[str, set[str]] = {}
    for one in report["findings"]:
        found.setdefault(one["rule"], set()).add(one["message"].split()[0])
    return found


def test_what_git_does_with_each_file_is_told_and_which_image_copies_it() -> None:
    Path("conf").mkdir()
    Path("conf/app.yml").write_text("x: y\n")
    subprocess.run(["git", "add", "conf"], check=True)
    found = told({**TEXTS, ".gitignore": "token.txt\n"})
    assert (found[TRACKED], found[OPEN]) == ({"conf/app.yml"}, {".env"})
    assert found[SENT] == {".env", "conf/app.yml", "token.txt"}


def test_what_ignore_files_leave_out_is_not_told() -> None:
    ignores = {".gitignore": "/.env\n/token.txt\n/conf\n", ".dockerignore": ".env\nconf\n*.txt\n"}
    assert {TRACKED, OPEN, SENT}.isdisjoint(told({**TEXTS, **ignores}))
    own = {"Dockerfile.dockerignore": "conf\n", **ignores}  # BuildKit reads this one alone
    assert told({**TEXTS, **own})[SENT] == {".env", "token.txt"}


def test_a_password_that_is_tried_first_counts_wherever_it_comes_from() -> None:
    report, _ = check({**TEXTS, ".env": "PW=postgres\nTAG=17\n"}, "compose.yaml")
    (found,) = (one for one in report["findings"] if one["rule"] == "DK231")
    assert "its password is well known" in found["message"]
    assert [one["line"] for one in found["parts"]] == [5]
