"""A file that `dockerlint init` makes or adds to, planned before any is written."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import NamedTuple

from dockerlint.errors import UserError
from dockerlint.findings import Edit, Refused
from dockerlint.text import Source, decode, splice
from dockerlint.workspace.door import read_bytes
from dockerlint.workspace.writing import create, write
from dockerlint.yaml.comparison import yaml_differs
from dockerlint.yaml.document import Document, open_document


class NotAdded(UserError):
    """A file that nothing can be added to; `added` is what a person may add."""

    def __init__(self, path: str, why: Refused, added: str) -> None:
        super().__init__(f"{path}: left as it is: {why}; add by hand what is printed")
        self.added = added


class Existing(NamedTuple):
    """A file that is there already."""

    source: Source
    data: bytes

    def document(self) -> Document:
        """It, read for editing; raises Refused."""
        if self.source.notes:
            raise Refused(self.source.notes[0])
        return open_document(self.source.text)


class Addition(NamedTuple):
    """What one file gets."""

    path: str
    added: str = ""
    """The text that is new; "" where everything stands there already."""
    existing: Existing | None = None
    edits: tuple[Edit, ...] = ()
    note: str = ""
    """What the user has to know or to do."""

    @property
    def told(self) -> str:
        """What was done, in a line."""
        if not self.added:
            return f"{self.path}: {self.note}"
        done = f"added to {self.path}" if self.existing else f"wrote {self.path}"
        return f"{done}   note: {self.note}" if self.note else done

    def apply(self) -> None:
        """Write it; raises Unwritable."""
        if self.existing is not None and self.edits:
            source, data = self.existing
            write(source, splice(source.text, self.edits), data)
        elif self.added:
            create(self.path, self.added)


def existing(path: str) -> Existing | None:
    """A file of the working directory, or None; raises Unreadable for what is none."""
    if not os.path.lexists(path):
        return None
    data = read_bytes(path, os.getcwd())
    return Existing(decode(data, path), data)


def proven(path: str, added: str, there: Existing, edits: Iterable[Edit], note: str = "") -> Addition:
    """An addition to a file that changes nothing else of it; raises Refused where it would."""
    edits = tuple(edits)
    refusal = yaml_differs(there.source.text, splice(there.source.text, edits), edits)
    if refusal is not None:
        raise Refused(refusal.reason)
    return Addition(path, added, there, edits, note)
