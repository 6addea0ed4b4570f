"""The rules of the checkout as the build writes them, read once for all tests of a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from dockerlint.ruleset.bundle import build_bundle


@cache
def bundled() -> tuple[dict[str, Any], dict[str, Any]]:
    """The bundle and the examples of its rules; nobody changes them."""
    return build_bundle(str(Path(__file__).parent.parent / "rules"))
