"""The rules of the checkout as the build writes them, read once for all tests of a process."""

from __future__ import annotations

from functools import cache
from typing import Any

from dockerlint.data import CHECKOUT
from dockerlint.ruleset.bundle import build_bundle


@cache
def bundled() -> tuple[dict[str, Any], dict[str, Any]]:
    """The bundle and the examples of its rules; nobody changes them."""
    return build_bundle(CHECKOUT)
