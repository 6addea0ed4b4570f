"""The folders around a file in which others that speak of it lie, and the names in one of them."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from dockerlint.data import word_list
from dockerlint.workspace.discovery import METADATA
from dockerlint.workspace.roots import Roots, upwards

MOST_NAMES: Final = 4096
"""Names of a folder that are looked at."""
DEEPEST: Final = 2
"""How far below a folder others are looked into: `deploy/dev/compose.yaml`."""


def folders_above(path: str, roots: Roots) -> tuple[str, ...]:
    """The folder of a file and those above it, up to the root of its project; none where it has no root."""
    above = []
    for folder in upwards(os.path.dirname(path)):
        above.append(folder)
        if roots.end_at(roots.resolved(folder)):
            return tuple(above)
    return ()


def folders_below(folder: str) -> Iterator[str]:
    """The folders below one, nearest first; links are not followed."""
    waiting = deque([(folder, 0)])
    while waiting:
        above, depth = waiting.popleft()
        for one in _folders_in(above):
            yield one
            if depth + 1 < DEEPEST:
                waiting.append((one, depth + 1))


def _folders_in(folder: str) -> list[str]:
    """The folders right below one that hold files of the project; none where it cannot be listed."""
    passed_over = METADATA | word_list("purposes", "default-excludes")
    try:
        with os.scandir(folder) as entries:
            found = [one.path for one in entries if one.is_dir(follow_symlinks=False)]
    except OSError:
        return []
    return [one for one in sorted(found) if os.path.basename(one) not in passed_over]


def names_of(folder: str, is_wanted: Callable[[str], bool], most: int) -> list[str]:
    """The first names of files in a folder that are wanted, in order; none where it cannot be listed."""
    try:
        with os.scandir(folder) as entries:
            found = [one.name for one in islice(entries, MOST_NAMES) if is_wanted(one.name)]
    except OSError:
        return []
    return sorted(found)[:most]
