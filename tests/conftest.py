"""Profiles of Hypothesis, and the tests that are left out where nobody asks for them.

`HYPOTHESIS_PROFILE=long` tries 10,000 other examples of each property. The quick one tries the same examples
each time, so that a red run is the fault of what was changed.
"""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ASKED_FOR = {
    Path(__file__).parent / "engine": "needs a Docker Engine",
    Path(__file__).parent / "editors": "needs Neovim",
    Path(__file__).parent / "registry": "needs docker-registry",
    Path(__file__).parent / "clients": "installs what it asks from a package index",
}
"""Folders of tests that need another program, and fail without it."""

os.environ["XDG_DATA_HOME"] = "/nonexistent"  # no test goes by the facts that whoever runs it has stored

settings.register_profile(
    "quick",
    max_examples=100,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
settings.register_profile("long", settings.get_profile("quick"), max_examples=10_000, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working directory is an empty one of the test's own."""
    monkeypatch.chdir(tmp_path)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the tests that need another program, but where they are named: see engine/README.md."""
    is_left_out = collection_path in ASKED_FOR and not _names(collection_path, config)
    return True if is_left_out else None


def pytest_collection_finish() -> None:
    """What collecting made stays: the garbage collector need not look at it, here or in a fork."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def quick_forks() -> None:
    """Processes that this one forks look for garbage in all it holds; what other tests keep is not theirs."""
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for folder, need in ASKED_FOR.items():
        if not _names(folder, config):
            name = f"tests/{folder.name}"
            terminalreporter.write_line(f"left out: {name}, which {need} (pytest {name})")


def _names(folder: Path, config: pytest.Config) -> bool:
    named = (Path(config.invocation_params.dir, one.partition("::")[0]).resolve() for one in config.args)
    is_wanted = os.environ.get(f"DOCKERLINT_{folder.name.upper()}") == "1"
    return is_wanted or any(folder in (one, *one.parents) for one in named)
