"""The GitHub action on the checkout of a stranger: it installs dockerlint, and runs nothing of theirs."""

from __future__ import annotations

import pathlib
import shutil
import sys

import pytest
from github_runner import ROOT, made_checkout, run_action

SHADOWED = (
    *("venv", "ensurepip", "pip", "hatchling", "encodings", "site", "sitecustomize", "usercustomize"),
    *("dockerlint", "json", "re", "os", "runpy", "multiprocessing", "typing", "ruamel", "jsonschema"),
)
"""Modules that Python would take from the checkout if the checkout were on its path."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the runner's bash is needed")


@pytest.fixture
def action(tmp_path: pathlib.Path) -> pathlib.Path:
    """A copy of the action's folder: building there writes files."""
    folder = tmp_path / "action"
    folder.mkdir()
    for name in ("dockerlint", "rules", "requirements"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("_rules", "__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"):
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture
def checkout(tmp_path: pathlib.Path) -> pathlib.Path:
    return made_checkout(tmp_path)


def test_no_module_of_the_checkout_is_run_and_none_of_its_settings_count(
    action: pathlib.Path, checkout: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    marker = tmp_path / "ran"
    attack = f"open({str(marker)!r}, 'a').write(__name__ + chr(10))\n"
    for name in SHADOWED:
        (checkout / f"{name}.py").write_text(attack)
    (checkout / "setup.py").write_text(attack)
    (checkout / "setup.cfg").write_text("[install]\nindex-url = http://127.0.0.1:9/\n")
    (checkout / "pip.conf").write_text("[global]\nno-index = true\n")
    (checkout / ".dockerlint.yaml").write_text("ignore: [DK200]\nexclude: ['*']\n")

    done = run_action(
        checkout,
        tmp_path / "temp",
        ACTION_PATH=str(action),
        GITHUB_EVENT_NAME="pull_request",
        PYTHONPATH=str(checkout),
        SARIF="out.sarif",
    )

    assert not marker.exists(), marker.read_text()
    assert done.returncode == 1, done.stderr
    assert "::error file=compose.yaml,line=4" in done.stdout
    assert "DK200 privileged-container" in done.stdout
    assert '"DK200"' in (checkout / "out.sarif").read_text("utf-8")
