"""The file of stored facts: three lines, of which a run reads what it needs.

The first says what the file is, the others are the documents of `imagedocs`. The sum in the first is for
accidents: whoever can write the file can also write the sum.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any, Final, NamedTuple

from dockerlint.errors import UserError
from dockerlint.ruleset.stored.place import checkout_around
from dockerlint.workspace.door import Unreadable, read_bytes
from dockerlint.workspace.roots import repository_top
from dockerlint.workspace.target import write_file

FORMAT: Final = 1
"""Counts the shapes of the two documents; facts of another shape are not used."""
LARGEST: Final = 16_000_000
"""Bytes of a file of stored facts; ours have 400,000."""
_LINES: Final = 3


class StoredFacts(NamedTuple):
    """What the file of stored facts holds."""

    day: date
    """The day of the facts."""
    digest: str
    """SHA-256 of the bundle that they were made from, in hexadecimal digits."""
    dates: Mapping[str, str]
    """The days of the tables, and of the newest fact about an image, by name."""
    texts: tuple[bytes, bytes]
    """The documents `knowledge` and `bases`, as JSON."""

    def knowledge(self) -> dict[str, Any]:
        """The facts about images, as `compile_knowledge` gives them."""
        document: dict[str, Any] = json.loads(self.texts[0])
        return document

    def bases(self) -> dict[str, Any]:
        """Tags, promises and packages, as `compile_bases` gives them."""
        document: dict[str, Any] = json.loads(self.texts[1])
        return document


class UnusableFacts(UserError):
    """Facts that are stored, or should be, and cannot be used; the text says why and what to do."""


def read_stored(path: str) -> StoredFacts:
    """The facts of a file; raises UnusableFacts."""
    if checkout := checkout_around(path):
        raise UnusableFacts(
            f"{path}: it lies in the repository {checkout}, and may be a stranger's; "
            "set XDG_DATA_HOME to a directory outside of it"
        )
    try:
        return _parsed(read_bytes(path, os.path.dirname(path), LARGEST))
    except Unreadable as error:
        raise UnusableFacts(f"{path}: {error}; {_WAY_OUT}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise UnusableFacts(f"{path}: the stored facts are damaged; {_WAY_OUT}") from error


_WAY_OUT: Final = "store them anew with dockerlint facts update, or remove them with dockerlint facts reset"


def _parsed(data: bytes) -> StoredFacts:
    """Raises ValueError, KeyError or TypeError for what `write_stored` did not write so."""
    first, *texts = data.split(b"\n", _LINES - 1)
    head = json.loads(first)
    if head["format"] != FORMAT:
        raise Unreadable(f"the stored facts have format {head['format']}, and this release reads {FORMAT}")
    if len(texts) != _LINES - 1 or head["sum"] != _sum(texts[0], texts[1]):
        raise ValueError
    return StoredFacts(
        date.fromisoformat(head["date"]), str(head["sha256"]), dict(head["dates"]), (texts[0], texts[1])
    )


def write_stored(path: str, facts: StoredFacts) -> None:
    """Put facts in place of those that are stored, whole or not at all.

    Raises UnusableFacts, in a checkout above all, and Unwritten.
    """
    if checkout := checkout_around(path):
        raise UnusableFacts(
            f"{path}: not stored in the repository {checkout}; set XDG_DATA_HOME to a directory outside of it"
        )
    head = {
        "format": FORMAT,
        "date": str(facts.day),
        "sha256": facts.digest,
        "dates": dict(facts.dates),
        "sum": _sum(*facts.texts),
    }
    try:
        os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
    except OSError as error:
        raise UnusableFacts(f"{path}: cannot be written: {(error.strerror or str(error)).lower()}") from error
    text = b"\n".join((json.dumps(head).encode(), *facts.texts))
    write_file(path, text.decode("utf-8"), repository_top)


def remove_stored(path: str) -> bool:
    """Remove what is stored; False where nothing is. Raises OSError."""
    with suppress(FileNotFoundError):
        os.unlink(path)
        return True
    return False


def _sum(*texts: bytes) -> int:
    found = 0
    for text in texts:
        found = zlib.crc32(text, found)
    return found
