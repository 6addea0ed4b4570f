"""Neovim without a screen, with the settings of `editors/neovim`; without Neovim the tests fail."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dockerlint.findings import Tier
from dockerlint.linting.selection import SelectionFlags
from dockerlint.run.check import Options, run
from dockerlint.run.fix import run_fix
from dockerlint.run.output import Format

ROOT = Path(__file__).parent.parent.parent
COMPOSE = 'services:\n  db:\n    image: postgres:17\n    ports:\n      - "5432:5432"\n    hostname: "é𝄞"\n'
UPDATE = "FROM debian:12.5\nRUN apt-get update && apt-get install curl\nMAINTAINER me\n"


@pytest.fixture(autouse=True, scope="session")
def neovim() -> str:
    """Who asks for these tests has the editor, or learns that it is missing."""
    found = shutil.which("nvim")
    if found is None:
        pytest.fail("nvim is not installed (apt-get install neovim)", pytrace=False)
    return found


def codes(path: Path) -> list[str]:
    """What the command line finds."""
    out = io.StringIO()
    run(Options(paths=(str(path),), formats=(Format("json"),)), out, io.StringIO())
    return sorted(one["rule"] for one in json.loads(out.getvalue())["findings"])


def fix(path: Path, least: Tier, *select: str) -> None:
    options = Options(paths=(str(path),), flags=SelectionFlags(select))
    run_fix(options, least, False, io.StringIO(), io.StringIO())


@pytest.mark.parametrize(
    ("name", "text", "rule", "title", "line", "column"),
    [
        ("compose.yaml", COMPOSE, "DK231", "bind it to 127.0.0.1", 4, 10),
        ("Dockerfile", UPDATE, "DK171", "add -y", 1, 32),
    ],
)
def test_neovim_shows_the_findings_makes_a_fix_and_writes_what_fix_writes(
    tmp_path: Path, name: str, text: str, rule: str, title: str, line: int, column: int
) -> None:
    for folder in ("edited", "fixed"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(text)
    opened, other, seen = tmp_path / "edited" / name, tmp_path / "fixed" / name, tmp_path / "seen.json"
    environment = {
        **os.environ,
        "EDITORS": str(ROOT / "editors"),
        "COMMAND": json.dumps([sys.executable, "-m", "dockerlint", "lsp"]),
        "OPENED": str(opened),
        "SEEN": str(seen),
        "TITLE": title,
        "LINE": str(line),
        "COLUMN": str(column),
        "XDG_STATE_HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path),
        "XDG_CACHE_HOME": str(tmp_path),
    }
    command = ["nvim", "--headless", "-u", "NONE", "-i", "NONE", "-n", "-S", "drive.lua"]
    subprocess.run(command, cwd=Path(__file__).parent, env=environment, timeout=300, check=True)
    told = json.loads(seen.read_text())
    assert "error" not in told, told["error"]
    assert sorted(one[0] for one in told["before"]) == codes(other)
    fix(other, Tier.HARDEN, rule)
    assert sorted(one[0] for one in told["after"]) == codes(other)
    fix(other, Tier.HARDEN)
    assert told["text"] == opened.read_text() == other.read_text() != text
    assert told["client"] == "dockerlint"
