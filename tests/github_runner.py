"""The script of the GitHub action, run as the runner would run it."""

from __future__ import annotations

import os
import pathlib
import subprocess
from typing import Any

from dockerlint.yaml.tree import load_plain

ROOT = pathlib.Path(__file__).parent.parent


def script() -> str:
    data: Any = load_plain((ROOT / "action.yml").read_text("utf-8"))[0]
    return str(data["runs"]["steps"][0]["run"])


def run_action(
    checkout: pathlib.Path, runner_temp: pathlib.Path, **inputs: str
) -> subprocess.CompletedProcess[str]:
    """The script of the composite step, with the shell and the variables of a runner."""
    runner_temp.mkdir(exist_ok=True)
    defaults = {
        "PATHS": ".",
        "FAIL_ON": "high",
        "PROFILE": "",
        "CONFIG": "",
        "SARIF": "",
        "UNTRUSTED": "auto",
        "BASE": "",
        "GITHUB_EVENT_NAME": "push",
        "ACTION_PATH": str(ROOT),
        "RUNNER_TEMP": str(runner_temp),
        "PIP_NO_COMPILE": "1",  # most of what is installed never runs here
    }
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script()],
        cwd=checkout,
        env=environment | defaults | inputs,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def made_checkout(parent: pathlib.Path) -> pathlib.Path:
    """A folder with a service that fails the check."""
    folder = parent / "checkout"
    folder.mkdir()
    (folder / "compose.yaml").write_text("services:\n  app:\n    image: app:1.0\n    privileged: true\n")
    return folder
