"""A part of the input, which can be judged by itself, and is known by what it holds."""

from __future__ import annotations

import hashlib
from typing import Final, NamedTuple

from dockerlint.errors import UserError

SIZE: Final = 2_000
"""Files of a part, more or less."""


class SurveyError(UserError):
    """An input or output that a survey cannot use; the text says why and what to do."""


class FoundFile(NamedTuple):
    """A file that a search of a folder found."""

    path: str
    """Below that folder."""
    kind: str | None
    obstacle: str
    """Why it cannot be judged; "" where nothing is known against it."""


class SurveyPart(NamedTuple):
    """Some files of the input."""

    id: str
    """What its files of the tables are called; the same for the same place of the input."""
    source: str
    """The Parquet file, or the folder of repositories; absolute."""
    digest: str
    """SHA-256 of what it holds."""
    group: int = 0
    """The row group of a Parquet file."""
    offset: int = 0
    """Its first row in that group."""
    length: int = 0
    """How many rows or files it has."""
    found: tuple[FoundFile, ...] = ()
    """Its files in the folder of repositories."""
    depth: int = 1
    """How many folders name a repository there."""


def part_id(*names: object) -> str:
    """A short name that hardly any other part has."""
    return hashlib.sha256("\0".join(map(str, names)).encode("utf-8", "surrogateescape")).hexdigest()[:16]
