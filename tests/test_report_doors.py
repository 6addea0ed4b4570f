"""The pre-commit hook and the GitHub action ask the command line for what it can do."""

from __future__ import annotations

import pathlib
import re
from typing import Any

import pytest

from dockerlint.kinds import kind_of_name, kind_of_wide_name
from dockerlint.yaml.tree import load_plain

ROOT = pathlib.Path(__file__).parent.parent


def loaded(name: str) -> Any:
    data, _, problems = load_plain((ROOT / name).read_text("utf-8"))
    assert not problems
    return data


def hook_takes(name: str) -> bool:
    hook = loaded(".pre-commit-hooks.yaml")[0]
    return bool(re.search(hook["files"], name)) and not re.search(hook["exclude"], name)


@pytest.mark.parametrize(
    "name",
    [
        "Dockerfile",
        "app/Containerfile",
        "Dockerfile.prod",
        "dockerfile.go",
        "DockerFile.cs",
        "app/Dockerfile.go",
        "api.dockerfile",
        "x/Web.Containerfile",
        "compose.yaml",
        "compose.yml",
        "compose.override.yaml",
        "docker-compose.yml",
        "docker-compose-test.yml",
        "docker-compose.prod.YAML",
        "--config=x/compose.yml",
        "Dockerfile.md",
        "Dockerfile.j2",
        "docker-compose.yml.tmpl",
        "Dockerfile.orig",
        "my-compose.yaml",
        "podman-compose.yml",
        "stack.yml",
        "my-stack.yml",
        "stack.json",
        "Dockerfile-alpine",
        "app/Dockerfile_dev",
        "Dockerfile-notes.md",
        "dockerfile-parse.py",
        "Dockerfile_test.go",
        "decompose.yaml",
        "compose.json",
        "Dockerfiles/readme",
        "dockerfile_lint.py",
        "values.yaml",
        "etc/daemon.json",
        "my-daemon.json",
    ],
)
def test_the_hook_takes_the_files_that_a_walk_takes(name: str) -> None:
    base = name.rpartition("/")[2]
    assert hook_takes(name) == (
        (kind_of_name(base) or kind_of_wide_name(base)) in ("dockerfile", "compose", "daemon")
    )


def test_the_hook_ends_its_options_so_that_no_file_name_is_one() -> None:
    hook = loaded(".pre-commit-hooks.yaml")[0]
    assert hook["args"] == ["--"]


def test_the_action_hands_inputs_over_as_variables_never_as_script() -> None:
    (step,) = loaded("action.yml")["runs"]["steps"]
    assert "${{" not in step["run"]
    names = re.findall(r"\$\{\{ inputs\.([a-z-]+) \}\}", " ".join(step["env"].values()))
    assert sorted(names) == sorted(loaded("action.yml")["inputs"])


def test_the_hook_that_fixes_sees_the_files_of_the_one_that_checks() -> None:
    """And runs before it, which tells what is left."""
    fix, check = loaded(".pre-commit-hooks.yaml")
    assert (check["entry"], fix["entry"]) == ("dockerlint check", "dockerlint fix --quiet")
    assert [check[key] for key in ("files", "exclude", "types", "args")] == [
        fix[key] for key in ("files", "exclude", "types", "args")
    ]
