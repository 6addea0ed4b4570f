"""Help texts and completion: what they offer is what the command line takes."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from dockerlint.cli.commands import _joined, app
from dockerlint.report import FORMATS
from dockerlint.run.host.docker import DockerError

ROOT = str(Path(__file__).parent.parent)


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command that does something, by the words that name it."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
    for name, one in (inner or {}).items():
        yield from commands(one, (*path, name))


COMMANDS = dict(commands(get_command(app)))


def examples(text: str) -> list[str]:
    """The lines below the heading."""
    return [line.strip() for line in text.partition("Examples:\n")[2].splitlines()]


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_shows_examples_that_it_understands(path: tuple[str, ...]) -> None:
    epilog = COMMANDS[path].epilog
    assert epilog.startswith("Exit code: 0 ")
    found = examples(epilog)
    assert any(line.split()[1 : len(path) + 1] == list(path) for line in found)
    for line in (one for part in found for one in part.split(" && ")):
        words = line.rpartition(" | ")[2].partition(" < ")[0].partition(" > ")[0]
        program, *arguments = shlex.split(words)
        assert program == "dockerlint"
        with suppress(DockerError):  # asked at once, where there is a docker
            app(
                _joined(arguments), prog_name="dockerlint", standalone_mode=False
            )  # what it gives is not done


def offered(words: str) -> list[str]:
    """What a shell is told to offer for the last word."""
    position = str(len(words.split(" ")))
    environment = {"_DOCKERLINT_COMPLETE": "complete_bash", "COMP_WORDS": f"dockerlint {words}"}
    done = subprocess.run(
        [sys.executable, "-m", "dockerlint"],
        env=os.environ | environment | {"COMP_CWORD": position, "PYTHONPATH": ROOT},
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    return done.stdout.split()


def test_a_shell_is_offered_commands_options_values_and_rules() -> None:
    assert offered("expl") == ["explain", "explain-file"]
    assert offered("fix --sel") == ["--select"]
    assert offered("check --select DK101,root-in-fin") == ["DK101,root-in-final-stage"]


def completed(path: tuple[str, ...], name: str, incomplete: str) -> list[str]:
    command = COMMANDS[path]
    (parameter,) = [one for one in command.params if one.name == name]
    context = command.make_context("dockerlint", [], resilient_parsing=True)
    return [item.value for item in parameter.shell_complete(context, incomplete)]


@pytest.mark.parametrize(
    ("path", "name", "incomplete", "found"),
    [
        (("check",), "fail_on", "n", ["never"]),
        (("check",), "format", "", list(FORMATS)),
        (("fix",), "profile", "s", ["strict"]),
        (("explain",), "rule", "DK231", ["DK231"]),
        (("rules", "map"), "peer", "had", ["hadolint"]),
        (("rules", "facts"), "node", "stop", ["stopsignal"]),
        (("rules", "list"), "severity", "high,cr", ["high,critical"]),
        (("init",), "ci", "gitl", ["gitlab"]),
    ],
)
def test_values_that_are_known_are_offered(
    path: tuple[str, ...], name: str, incomplete: str, found: list[str]
) -> None:
    assert completed(path, name, incomplete) == found
