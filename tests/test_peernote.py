"""Configs of other tools beside linted files are named once, with the command that carries them over."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from dockerlint.run.check import Options, run
from dockerlint.run.output import Format
from dockerlint.workspace.trust import UNTRUSTED


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("Dockerfile", "FROM alpine:3.20\n")
    write("b.Dockerfile", "FROM alpine:3.20\n")
    write(".hadolint.yaml", "ignored: [DL3008]\n")


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


def told(options: Options = Options()) -> str:  # noqa: B008
    errors = StringIO()
    run(options, StringIO(), errors)
    return errors.getvalue()


NOTE = (
    "dockerlint: note: .hadolint.yaml is not read; "
    "`dockerlint init --from .hadolint.yaml` carries over what other tools were told\n"
)


def test_a_config_of_another_tool_is_named_once_with_the_command() -> None:
    assert told() == NOTE


def test_several_are_named_in_one_command() -> None:
    write(".trivyignore", "")
    assert "`dockerlint init --from .hadolint.yaml --from .trivyignore`" in told()


def test_one_in_another_folder_is_named_with_its_path() -> None:
    write("a/compose.yaml", "services: {x: {image: 'alpine:3.20'}}\n")
    write("a/.compose-lint.yml", "")
    assert "note: .hadolint.yaml, a/.compose-lint.yml are not read" in told()
    assert "--from a/.compose-lint.yml" in told(Options(paths=("a",)))


@pytest.mark.parametrize("name", [".dockerlint.yaml", "pyproject.toml"])
def test_nothing_is_said_where_a_config_of_ours_governs(name: str) -> None:
    write(name, "[tool.dockerlint]\n" if name.endswith("toml") else "{}\n")
    assert told() == ""


@pytest.mark.parametrize(
    "options",
    [
        Options(quiet=True),
        Options(formats=(Format("json"),)),
        Options(trust=replace(Options().trust, config=False)),
        Options(trust=UNTRUSTED),
    ],
    ids=["quiet", "json", "no config", "untrusted"],
)
def test_nothing_is_said_to_programs_nor_where_no_config_is_wanted(options: Options) -> None:
    assert told(options) == ""
