"""`--shellcheck`: how the program is started, what it is given, and where its findings stand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dockerlint.cli.arguments import CheckLine, UsageError, options_of
from dockerlint.errors import UserError
from dockerlint.run import shellcheck
from dockerlint.run.check import run

PROGRAM = """#!PYTHON
import json, os, sys
scripts = [(one, open(one).read()) for one in sys.argv[1:] if not one.startswith("-")]
texts = [text for _, text in scripts]
start = {"arguments": sys.argv[1:], "texts": texts, "names": sorted(os.environ), "folder": os.getcwd()}
with open("LOG", "a") as log:
    log.write(json.dumps(start) + "\\n")
found = []
for path, text in scripts:
    for at, line in enumerate(text.split("\\n"), 1):
        if "$x" in line:
            column = line.index("$x") + 1
            place = {"line": at, "column": column, "endLine": at, "endColumn": column + 2}
            told = {"level": "warning", "code": 2086, "message": "quote " + line}
            found.append({"file": path, **place, **told})
print(json.dumps({"comments": found}))
"""


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in the place of ShellCheck, which finds every `$x`; the file where it notes its starts."""
    (tmp_path / "bin").mkdir()
    program, log = tmp_path / "bin" / "shellcheck", tmp_path / "log"
    program.write_text(PROGRAM.replace("PYTHON", sys.executable).replace("LOG", str(log)))
    program.chmod(0o755)
    monkeypatch.setattr(shellcheck.sysconfig, "get_path", lambda name: str(tmp_path / "bin"))
    monkeypatch.chdir(tmp_path)
    return log


def starts(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def found(text: str, capsys: pytest.CaptureFixture[str], **said: Any) -> list[dict[str, Any]]:
    Path("Dockerfile").write_text(text)
    run(
        options_of(CheckLine(paths=["Dockerfile"], format=["json"], shellcheck=True, **said)),
        sys.stdout,
        sys.stderr,
    )
    findings: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["findings"]
    return [one for one in findings if one["rule"].startswith("shellcheck:")]


def test_a_finding_stands_where_the_file_has_it(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "FROM a:1 AS b\nARG v\nRUN one \\\n    # note\n  two $x\nRUN <<EOF\nthree\n  $x\nEOF\n"
    told = found(text, capsys)
    assert [(one["line"], one["column"], one["end_column"]) for one in told] == [(5, 7, 9), (8, 3, 5)]
    assert {one["rule"] for one in told} == {"shellcheck:SC2086"}
    assert told[0]["subject"] == "b"
    assert told[0]["aliases"] == ["shellcheck:SC2086", "hadolint:SC2086"]


def test_one_process_gets_all_scripts_and_the_variables_that_are_known(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found(
        'ARG g\nFROM a:1\nARG v=2\nENV w=3\nRUN one\nSHELL ["/bin/bash", "-c"]\nRUN two\nRUN ["three"]\n'
        "ONBUILD RUN four\n",
        capsys,
    )
    [start] = starts(log)
    scripts = (("sh", "one"), ("bash", "two"), ("bash disable=SC2154", "four"))
    assert start["texts"] == [
        f"# shellcheck shell={shell}\nexport v=1 w=1\n{text}\n" for shell, text in scripts
    ]


def test_it_reads_no_settings_and_starts_far_from_the_project(
    log: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELLCHECK_OPTS", "-x")
    found("FROM a:1\nRUN $x\n", capsys)
    [start] = starts(log)
    assert "--norc" in start["arguments"]
    assert not {"-x", "--external-sources"} & set(start["arguments"])
    assert "SHELLCHECK_OPTS" not in start["names"]
    assert start["folder"] == "/"


@pytest.mark.parametrize(
    "comment",
    [
        "hadolint ignore=SC2086",
        "shellcheck disable=SC2086",
        "shellcheck disable=all",
        "dockerlint: ignore[shellcheck:SC2086]",
    ],
)
def test_comments_of_other_tools_hide_its_findings(
    log: Path, capsys: pytest.CaptureFixture[str], comment: str
) -> None:
    assert [one["line"] for one in found(f"FROM a:1\n# {comment}\nRUN $x\nRUN a $x\n", capsys)] == [4]


def test_a_comment_on_another_code_hides_nothing(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(found("FROM a:1\n# hadolint ignore=SC2154\nRUN $x\n", capsys)) == 1


def test_a_secret_in_the_message_is_masked(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [told] = found("FROM a:1\nENV DB_PASSWORD=Zq81-hunter\nRUN echo Zq81-hunter $x\n", capsys)
    assert told["message"] == "quote echo **** $x"


def test_powershell_is_no_script_for_it(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        found(
            'FROM a:1\nSHELL ["pwsh", "-Command"]\nRUN echo $x\nRUN <<EOF\n#!/usr/bin/python\n$x\nEOF\n',
            capsys,
        )
        == []
    )
    assert starts(log) == []


def test_never_for_untrusted_code(log: Path) -> None:
    with pytest.raises(UsageError, match="--shellcheck: cannot be combined with --untrusted"):
        options_of(CheckLine(shellcheck=True, untrusted=""))


def test_where_it_is_not_installed_the_extra_is_named(log: Path) -> None:
    (log.parent / "bin" / "shellcheck").unlink()
    with pytest.raises(UserError, match=r"pip install 'dockerlint\[shellcheck\]'"):
        shellcheck.program()


def test_nothing_of_it_is_loaded_when_it_is_off(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM a:1\nRUN $x\n")
    code = (
        "import sys; from dockerlint.run.check import Options, run; run(Options(), sys.stderr, sys.stderr);"
        "print('dockerlint.run.shellcheck' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
