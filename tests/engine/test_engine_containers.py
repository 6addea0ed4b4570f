"""A real Engine makes of each line what we read in it, and accepts the settings that fixes write."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from container_lines import FLAGS, by_engine, by_line, view, words_of
from docker_engine import docker

from dockerlint.ruleset.bundle import load_examples

NUMBERS = itertools.count(1)


@pytest.mark.parametrize("flags", FLAGS)
def test_the_engine_makes_what_the_line_says(flags: str) -> None:
    name = [] if "--name" in flags else ["--name", f"dockerlint-line-{next(NUMBERS)}"]
    made = docker("create", *name, *words_of(flags))
    assert made.code == 0, made.text
    try:
        inspected = json.loads(docker("inspect", made.last_line).text)
    finally:
        docker("rm", "--force", "--volumes", made.last_line)
    with_cgroup = "--cgroupns" in flags  # without the flag, the host decides
    assert view(by_line(flags), with_cgroup=with_cgroup) == view(
        by_engine(inspected), with_cgroup=with_cgroup
    )


@pytest.mark.parametrize("text", ["{}", '{"debug": true}', '{\n  "log-driver": "json-file"\n}\n'])
def test_the_daemon_accepts_what_fixes_write(text: str, tmp_path: Path) -> None:
    import dockerlint

    assert shutil.which("dockerd"), "put the engine's dockerd on the PATH: it is the judge here"
    file = tmp_path / "daemon.json"
    file.write_text(dockerlint.fix(text, "daemon", harden=True, unproven=True), encoding="utf-8")
    done = subprocess.run(
        ["dockerd", "--validate", "--config-file", str(file)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def daemon_files() -> list[str]:
    """Every daemon.json in the examples of rules."""
    examples = (one for rows in load_examples().values() for one in rows if one["kind"] == "daemon")
    texts = [one.get("bad", one.get("good", "")) for one in examples]
    return [
        text for text in texts if text.lstrip("\ufeff \n").startswith("{") and "ServerVersion" not in text
    ]


@pytest.mark.parametrize("text", daemon_files())
def test_the_daemon_accepts_a_file_or_the_parser_tells_why_not(text: str, tmp_path: Path) -> None:
    import dockerlint

    assert shutil.which("dockerd"), "put the engine's dockerd on the PATH: it is the judge here"
    file = tmp_path / "daemon.json"
    file.write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["dockerd", "--validate", "--config-file", str(file)], capture_output=True, text=True
    )
    problems = [one.message for one in dockerlint.lint(text, "daemon") if one.rule.id == "DK000"]
    if "X509 key pair" in done.stderr:  # certificates of examples lie nowhere
        assert not problems
    elif done.returncode == 0:  # a newer engine refuses what this one takes
        assert all("is refused since" in one for one in problems)
    else:
        assert problems, done.stderr
