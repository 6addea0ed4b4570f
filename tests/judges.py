"""Other programs that say what is right: from the `dev` extra, so that a test without its judge fails."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import pytest


def judge(module: str) -> Any:
    """The module of a judge; raises ImportError where it is missing. Some have no wheel for Windows."""
    if sys.platform == "win32":
        return pytest.importorskip(module)
    return importlib.import_module(module)
