"""`.dockerignore`: which names of a build context never reach the builder (moby/patternmatcher)."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import Final

from dockerlint import regex
from dockerlint.budget import spend
from dockerlint.patterns import Pattern, parse_patterns

REPOSITORY: Final = ".git"
BASICS: Final = (REPOSITORY, ".env")
"""What nearly every context holds at some time."""
LONGEST_PATH: Final = 4096
"""Bytes of a path that a kernel takes (PATH_MAX of Linux)."""
_REMARK: Final = regex.pattern(r"\S[ \t]+#")
_STEPS_PER_PATTERN: Final = 3
"""What it costs to compare a folder with a pattern, in steps of the budget."""


def parse_ignore_file(text: str) -> tuple[Pattern, ...]:
    """Patterns in their order. Unlike in `.gitignore`, each is a path from the root of the context."""
    return parse_patterns("\n".join(_anchored(line.strip()) for line in text.splitlines() if line[:1] != "#"))


def _anchored(line: str) -> str:
    mark = "!" if line.startswith("!") else ""
    path = line[len(mark) :].strip()
    return mark + "/" + posixpath.normpath(path).lstrip("/") if path else ""


def remark_behind(text: str) -> str | None:
    """The first pattern with a blank and a `#` in it; only a line that starts with `#` is a comment."""
    lines = (line.strip() for line in text.splitlines() if line[:1] != "#")
    return next((line for line in lines if _REMARK.search(line)), None)


def is_ignored(patterns: Sequence[Pattern], path: str) -> bool:
    """Whether the last pattern that matches the path, or a folder it lies in, leaves it out.

    Raises OverBudget where many paths meet many patterns.
    """
    if len(path) > LONGEST_PATH:
        return False
    parts = [part for part in path.split("/") if part not in ("", ".")]
    spend(_STEPS_PER_PATTERN * len(parts) * (len(parts) + len(patterns)), "paths and lines of .dockerignore")
    prefixes = [parts[:depth] for depth in range(1, len(parts) + 1)]
    for pattern in reversed(patterns):
        if any(pattern.matches(prefix) for prefix in prefixes):
            return not pattern.is_negated
    return False


def exposed_names(patterns: Sequence[Pattern] | None, names: Sequence[str] = BASICS) -> tuple[str, ...]:
    """Which of some names a copy of the whole context may bring into the image; None: there is no file."""
    return tuple(name for name in names if patterns is None or not is_ignored(patterns, name))
