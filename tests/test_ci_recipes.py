"""The recipes for services in docs/ci: their files are what services read, and their commands are ours."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from dockerlint.cli.arguments import options_of
from dockerlint.cli.plain import plain_check
from dockerlint.yaml.tree import load_plain

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "ci"
CHECK = re.compile(r"""dockerlint"? (check [^'\n]+)""")


def recipe(name: str) -> Any:
    return load_plain((FOLDER / name).read_text("utf-8"))[0]


def written_files(name: str) -> set[str]:
    """The files that the check in a recipe writes; raises where its command line is none."""
    (command,) = CHECK.findall((FOLDER / name).read_text("utf-8"))
    line = plain_check([one for one in shlex.split(command) if one != "$@"])
    assert line is not None
    return {format.path for format in options_of(line).formats if format.path}


def test_gitlab_takes_the_reports_that_the_job_writes_also_when_it_fails() -> None:
    artifacts = recipe("gitlab.yml")["dockerlint"]["artifacts"]
    assert set(artifacts["reports"].values()) == written_files("gitlab.yml")
    assert artifacts["when"] == "always"


def test_jenkins_reads_the_reports_that_the_pipeline_writes() -> None:
    text = (FOLDER / "Jenkinsfile").read_text("utf-8").partition("post {")[2]
    assert set(re.findall(r"'(out/[^']+)'", text)) == written_files("Jenkinsfile")
    assert text.strip().startswith("always")


def test_the_workflow_uploads_what_the_action_writes_also_when_it_fails() -> None:
    _, check, upload = recipe("github.yml")["jobs"]["dockerlint"]["steps"]
    assert check["with"]["sarif"] == upload["with"]["sarif_file"]
    assert upload["if"].startswith("${{ always() &&")
    inputs = load_plain((ROOT / "action.yml").read_text("utf-8"))[0]["inputs"]
    assert set(check["with"]) <= set(inputs)


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_the_script_is_one(shell: str) -> None:
    done = subprocess.run([shell, "-n", str(FOLDER / "check.sh")], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert written_files("check.sh") == {"reports/dockerlint.xml", "reports/dockerlint.sarif"}


def test_megalinter_is_told_a_line_that_the_program_takes_and_files_that_a_walk_takes() -> None:
    """It joins arguments in the order that stands here; keys are those of its schema for descriptors."""
    descriptor = recipe("dockerlint.megalinter-descriptor.yml")
    (linter,) = descriptor["linters"]
    assert {"linter_name", "linter_url", "examples"} <= set(linter)
    sarif = [one.replace("{{SARIF_OUTPUT_FILE}}", "out.sarif") for one in linter["cli_sarif_args"]]
    config = [linter["cli_config_arg_name"], linter["config_file_name"]]
    words = [
        *linter["cli_lint_extra_args"],
        *sarif,
        *config,
        *linter["cli_lint_extra_args_after"],
        "a",
        "--b",
    ]
    line = plain_check(words)
    assert line is not None
    assert (line.paths, line.config) == (["a", "--b"], ".dockerlint.yaml")
    assert [one.path for one in options_of(line).formats] == ["", "out.sarif"]
    told = (
        "2 critical · 1 medium in 1 file (61 ms)   fixes: 4 with `dockerlint fix --harden`   failing at high"
    )
    assert re.findall(linter["cli_lint_errors_regex"], told) == ["2", "1"]
    patterns = [re.compile(one) for one in descriptor["file_names_regex"]]
    for name in ("Dockerfile", "x.dockerfile", "compose.prod.yml", "daemon.json", "Containerfile-a"):
        assert any(one.fullmatch(name) for one in patterns)
    assert not any(one.fullmatch("values.yaml") for one in patterns)
