"""Ten containers of a real engine, read and judged, next to what docker-bench-security says about them.

`bench.yaml` holds what it said, and the reason wherever we say something else. With DOCKERLINT_BENCH naming a
checkout of it, it is asked again (its containers must run for that, so they are started).
"""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docker_engine import BASE, docker

from dockerlint.cli.arguments import CheckLine
from dockerlint.cli.cis import benchmark_of, cis_options
from dockerlint.run.check import run
from dockerlint.yaml.tree import load_plain

TOLD: dict[str, Any] = load_plain(Path(__file__).with_name("bench.yaml").read_text("utf-8"))[0]
PREFIX = f"dockerlint-bench-{os.getpid()}-"
CHECKOUT = os.environ.get("DOCKERLINT_BENCH", "")


@pytest.fixture(scope="module")
def containers() -> Iterator[list[str]]:
    """The names of the ten containers; they run only where docker-bench-security is asked."""
    verb = ["run", "-d"] if CHECKOUT else ["create"]
    names = []
    try:
        for name, flags in TOLD["containers"].items():
            made = docker(*verb, "--name", PREFIX + name, *shlex.split(flags), BASE, "sleep", "3600")
            names.append(PREFIX + name)
            assert made.code == 0, made.text
        yield names
    finally:
        docker("rm", "--force", *names)


@pytest.fixture(scope="module")
def ours(containers: list[str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Our verdicts by number."""
    path = tmp_path_factory.mktemp("bench") / "inspect.json"
    answers = (docker("inspect", *containers), docker("info", "--format", "{{json .}}"))
    path.write_text("\n".join(one.text for one in answers), "utf-8")
    written = CheckLine(paths=[str(path)], no_config=True, format=["json"])
    out = io.TextIOWrapper(io.BytesIO(), "utf-8")
    run(cis_options(written, benchmark_of("1.6.0", None)), out, io.StringIO())
    out.seek(0)
    return {one["id"]: one for one in json.loads(out.read())["recommendations"]}


def failing(verdict: dict[str, Any]) -> set[str]:
    return {str(one["subject"]).removeprefix(PREFIX) for one in verdict["evidence"]}


@pytest.mark.parametrize("number", TOLD["warned"])
def test_the_same_containers_fail_or_the_reason_is_written(ours: dict[str, Any], number: str) -> None:
    agrees = failing(ours[number]) == set(TOLD["warned"][number].split())
    assert agrees is (number not in TOLD["differs"])


@pytest.mark.parametrize("number", TOLD["daemon"])
def test_the_daemon_gets_the_same_verdict_or_the_reason_is_written(ours: dict[str, Any], number: str) -> None:
    wanted = {"WARN": "fail", "PASS": "pass"}[TOLD["daemon"][number]]
    agrees = ours[number]["status"] == wanted
    assert agrees is (number not in TOLD["daemon-differs"])


if CHECKOUT:

    def test_what_is_written_is_what_it_says(containers: list[str]) -> None:
        asked = [
            "bash",
            "docker-bench-security.sh",
            "-b",
            "-i",
            PREFIX,
            "-c",
            "container_images,container_runtime",
        ]
        done = subprocess.run(asked, cwd=CHECKOUT, capture_output=True, text=True, timeout=600)
        found: dict[str, set[str]] = {}
        number = ""
        for line in done.stdout.splitlines():
            if head := re.match(r"\[\w+\] (\d+\.\d+) -", line):
                number = head[1]
                found[number] = set()
            elif number and "*" in line:
                found[number] |= set(re.findall(rf"{PREFIX}([a-z]+)", line))
        said = {number: found[number] for number in TOLD["warned"]}
        assert said == {number: set(names.split()) for number, names in TOLD["warned"].items()}
