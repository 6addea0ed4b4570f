"""The CI files of a repository, each by itself, and as one text without their comments."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final, NamedTuple

from dockerlint.data import ordered_words
from dockerlint.recent import Recent
from dockerlint.regex import pattern
from dockerlint.workspace.roots import repository_top

KEPT: Final = 20
"""Repositories that are remembered."""
MOST_FILES: Final = 100
"""Files of one folder that are read."""
_COMMENT: Final = pattern(r"^[ \t]*(?:#|//)[^\n]*$|[ \t]#[^\n]*$", re.MULTILINE)
_YAML: Final = (".yml", ".yaml")


class PipelineFile(NamedTuple):
    """One of them."""

    path: str
    """Absolute."""
    text: str


class Pipelines:
    """Finds what runs when somebody pushes to the repository of a file."""

    def __init__(self, text_at: Callable[[str], str | None]) -> None:
        """`text_at` gives texts by absolute paths."""
        self._text_at = text_at
        self._known: Recent[str, tuple[PipelineFile, ...]] = Recent(KEPT)
        self._joined: Recent[str, str] = Recent(KEPT)

    def files(self, path: str) -> tuple[PipelineFile, ...]:
        """Those of the repository that a file lies in; none without one."""
        top = repository_top(os.path.realpath(os.path.dirname(os.path.abspath(path))))
        return () if top is None else self._of_top(top)

    def of(self, path: str) -> str | None:
        """Their text; None where there are none, or no repository."""
        top = repository_top(os.path.realpath(os.path.dirname(os.path.abspath(path))))
        files = () if top is None else self._of_top(top)
        if top is None or not files:
            return None
        if top not in self._joined:
            self._joined[top] = "\n".join(_without_comments(one.text, one.path) for one in files)
        return self._joined[top]

    def _of_top(self, top: str) -> tuple[PipelineFile, ...]:
        if top not in self._known:
            found = ((one, self._text_at(one)) for one in _files(top))
            self._known[top] = tuple(PipelineFile(one, text) for one, text in found if text is not None)
        return self._known[top]


def _files(top: str) -> Iterator[str]:
    for name in ordered_words("scans", "ci-files"):
        yield os.path.join(top, *name.split("/"))
    for name in ordered_words("scans", "ci-folders"):
        folder = os.path.join(top, *name.split("/"))
        try:
            with os.scandir(folder) as entries:
                names = sorted(one.name for one in islice(entries, MOST_FILES) if one.name.endswith(_YAML))
        except OSError:
            continue
        yield from (os.path.join(folder, one) for one in names)


def _without_comments(text: str, path: str) -> str:
    """A text of YAML or Groovy; a pattern such as `**/*.py` begins no comment in the former."""
    if not path.endswith(_YAML):
        parts = text.split("/*")
        text = parts[0] + " ".join(part.partition("*/")[2] for part in parts[1:])
    return _COMMENT.sub("", text)
