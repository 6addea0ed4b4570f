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

ENGINE = Path(__file__).parent / "engine"

settings.register_profile(
    "quick",
    max_examples=200,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
settings.register_profile("long", settings.get_profile("quick"), max_examples=10_000, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the tests that need a Docker Engine, but where they are named: see engine/README.md."""
    return True if collection_path == ENGINE and not _names_engine(config) else None


def pytest_collection_finish() -> None:
    """What collecting made stays: the garbage collector need not look at it, here or in a fork."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def quick_forks() -> None:
    """Processes that this one forks look for garbage in all it holds; what other tests keep is not theirs."""
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if not _names_engine(config):
        terminalreporter.write_line(
            "left out: tests/engine, which needs a Docker Engine (pytest tests/engine)"
        )


def _names_engine(config: pytest.Config) -> bool:
    named = (Path(config.invocation_params.dir, one.partition("::")[0]).resolve() for one in config.args)
    return os.environ.get("DOCKERLINT_ENGINE") == "1" or any(ENGINE in (one, *one.parents) for one in named)
