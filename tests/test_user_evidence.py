"""With which tier a user is written: by what the sources in sight of its program do."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from dockerlint.findings import Tier
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.examples import EXAMPLE_DAY
from dockerlint.run.text import lint_text

RULESET = load_ruleset(today=EXAMPLE_DAY)
PYTHON = 'FROM python:3.13-slim\nWORKDIR /srv\nCOPY . .\nCMD ["python", "app.py"]\n'


def tier(text: str, sources: Mapping[str, str]) -> Tier:
    """Of the fix for a missing USER."""
    found = lint_text(text, "dockerfile", RULESET, text_of=sources.get)
    (fix,) = [one.fix for one in found if one.rule.id == "DK102"]
    assert fix is not None
    return fix.tier


@pytest.mark.parametrize(
    "source",
    [
        "print(1)",
        "import json, sys\nprint(json.load(sys.stdin))",
        "import os\nprint(os.environ['A'], os.path.join('a', 'b'))",
        "from os import getenv\nprint(getenv('A'))",
        "from http.server import HTTPServer, BaseHTTPRequestHandler\nHTTPServer(('', 8080), None)",
        "import urllib.request\nurllib.request.urlopen('https://example.com')",
        "print(open('list.txt').read(), open('b', 'rb'), open('c', mode='r'))",
    ],
)
def test_python_that_writes_nothing_gets_a_new_user_with_harden(source: str) -> None:
    assert tier(PYTHON, {"app.py": source}) is Tier.HARDEN


@pytest.mark.parametrize(
    "source",
    [
        "import sqlite3",
        "import os\nos.mkdir('x')",
        "import os as system\nsystem.setuid(0)",
        "import os\nf(os)",
        "from os import chown",
        "import urllib.request\nurllib.request.urlretrieve('https://example.com', 'x')",
        "open('x', 'w')",
        "open('x', mode)",
        "open('x', **how)",
        "f(open)",
        "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_RAW)",
        "def f():\n    import flask",
        "print(open('/etc/shadow').read())",
        "exec('x')",
        "this is no Python",
        "(" * 9000,
    ],
)
def test_python_that_may_write_gets_a_new_user_only_unproven(source: str) -> None:
    assert tier(PYTHON, {"app.py": source}) is Tier.UNPROVEN


def test_python_out_of_sight_gets_a_new_user_only_unproven() -> None:
    assert tier(PYTHON, {}) is Tier.UNPROVEN


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("import part", "part.py"),
        ("import a.part", "a/part.py"),
        ("from a import part", "a/part.py"),
        ("from a.part import x", "a/part.py"),
        ("from a.b import x", "a/__init__.py"),
        ("import json", "json.py"),
    ],
)
def test_the_modules_of_the_program_itself_are_read_too(source: str, place: str) -> None:
    beside = {"app.py": source, "a/b.py": "x = 1"}
    assert tier(PYTHON, {**beside, place: "x = 1"}) is Tier.HARDEN
    assert tier(PYTHON, {**beside, place: "open('x', 'a')"}) is Tier.UNPROVEN


def test_relative_imports_lead_from_the_file_that_has_them() -> None:
    sources = {"app.py": "import a.b.c", "a/b/c.py": "from ..d import x"}
    assert tier(PYTHON, {**sources, "a/d.py": "x = 1"}) is Tier.HARDEN
    assert tier(PYTHON, {**sources, "a/d.py": "import shutil"}) is Tier.UNPROVEN
    assert tier(PYTHON, {**sources, "d.py": "x = 1"}) is Tier.UNPROVEN


def test_a_user_that_the_file_makes_proves_nothing_by_itself() -> None:
    text = PYTHON.replace("COPY", "RUN useradd web\nCOPY")
    assert tier(text, {"app.py": "import flask"}) is Tier.UNPROVEN
    assert tier(text, {"app.py": "print(1)"}) is Tier.HARDEN
