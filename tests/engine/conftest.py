"""When Docker is asked: see README.md beside this file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import docker_engine
import pytest


@pytest.fixture(scope="session", autouse=True)
def engine() -> None:
    """Whoever asks for these tests has an engine, or learns what is missing: no test passes without it."""
    if missing := docker_engine.what_is_missing():
        pytest.fail(missing, pytrace=False)


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
