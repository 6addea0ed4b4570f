"""What the README shows is what happens."""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import sys
from functools import cache

import pytest

from dockerlint.ruleset.bundle import load_day
from dockerlint.workspace.configfile import parse_config

ROOT = pathlib.Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
DURATION = re.compile(r"\(\d+ ms\)|\(\d+\.\d s\)")


def block(marker: str) -> str:
    """The fenced block that follows `<!-- marker -->`."""
    found = re.search(rf"<!-- {marker} -->\n```\w+\n(.*?)```", README, re.DOTALL)
    assert found, marker
    return found[1]


def dockerlint(*arguments: str) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if name != "FORCE_COLOR"}
    return subprocess.run(
        [sys.executable, "-m", "dockerlint", *arguments],
        cwd=ROOT,
        env=plain | {"PYTHONUTF8": "1", "NO_COLOR": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_session_is_what_a_user_sees() -> None:
    command, _, shown = block("session").partition("\n")
    day = str(load_day())  # later the report would end with the age of the facts
    done = dockerlint(*command.removeprefix("$ dockerlint ").split(), "--today", day)
    assert DURATION.sub("(…)", done.stdout) == DURATION.sub("(…)", shown)
    assert (done.returncode, done.stderr) == (1, "")


def test_the_picture_shows_the_session() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "picture.py")],
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == (ROOT / "docs" / "session.svg").read_text("utf-8"), "run benchmarks/picture.py"


def test_the_first_command_ends_with_the_session() -> None:
    command = block("session").splitlines()[0].removeprefix("$ ")
    assert block("try").strip().endswith(f".venv/bin/{command}")


def test_the_configuration_is_one(tmp_path: pathlib.Path) -> None:
    (tmp_path / "policy").mkdir()
    config = parse_config(block("config").encode(), str(tmp_path / ".dockerlint.yaml"))
    assert (config.profile, config.require_reasons, len(config.overrides)) == ("strict", True, 1)


def test_the_rule_keeps_its_examples(tmp_path: pathlib.Path) -> None:
    (tmp_path / "ACME001-image-from-elsewhere.yaml").write_text(block("rule"), "utf-8")
    done = dockerlint("rules", "test", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr


@cache
def help_of(*command: str) -> str:
    return dockerlint(*command, "--help").stdout


@pytest.mark.parametrize("option", sorted(set(re.findall(r"(?<=[ `\[])--[a-z][a-z-]+", README))))
def test_every_option_it_names_is_one_of_ours(option: str) -> None:
    of_commands = "".join(map(help_of, ("check", "fix", "audit", "init", "pin")))
    assert option in of_commands + help_of()


def test_it_is_short() -> None:
    assert len(README.splitlines()) < 200
