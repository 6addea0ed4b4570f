"""Debian's docker-registry on loopback, as people run it: see README.md beside this file."""

from __future__ import annotations

import shutil

import pytest

PROGRAMS = ("docker-registry", "htpasswd")


@pytest.fixture(scope="session", autouse=True)
def programs() -> None:
    """Whoever asks for these tests has the programs, or learns what is missing: none passes without."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        pytest.fail(
            f"not in PATH: {', '.join(missing)}; apt-get install docker-registry apache2-utils", pytrace=False
        )
