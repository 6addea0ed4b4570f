"""When Docker is asked: see README.md beside this file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import docker_engine
import pytest

HERE = Path(__file__).parent
REASON = pytest.StashKey[str]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    ours = [item for item in items if HERE in item.path.parents]
    reason = _why_not(config) if ours else ""
    if reason:
        config.stash[REASON] = reason
        for item in ours:
            item.add_marker(pytest.mark.skip(reason=reason))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if reason := config.stash.get(REASON, ""):
        terminalreporter.write_line(f"tests/engine skipped: {reason}")


def _why_not(config: pytest.Config) -> str:
    named = (Path(config.invocation_params.dir, argument.partition("::")[0]) for argument in config.args)
    if os.environ.get("DOCKERLINT_ENGINE") != "1" and not any(
        HERE in (path.resolve(), *path.resolve().parents) for path in named
    ):
        return "minutes on a Docker Engine: asked for with `pytest tests/engine` or DOCKERLINT_ENGINE=1"
    return docker_engine.what_is_missing()


@pytest.fixture(scope="session")
def image() -> Iterator[Callable[[str, str], None]]:
    """See that an image is there under this name, by its stand-in where nobody pulled it."""
    given: set[str] = set()

    def provide(name: str, standin: str) -> None:
        docker_engine.provide(name, standin)
        given.add(name)

    yield provide
    if "PYTEST_XDIST_WORKER" not in os.environ:
        for name in given:
            docker_engine.give_up(name)
