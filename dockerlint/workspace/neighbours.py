"""The files beside one that is linted; Dockerfiles of services are read when somebody needs them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from dockerlint.text import decode
from dockerlint.workspace.door import Unreadable, read_bytes


class Neighbours(Mapping[str, str]):
    """Texts by their paths from a folder; of those below it that nobody has read yet, none is listed."""

    def __init__(self, folder: str, texts: Mapping[str, str]) -> None:
        self._folder = folder
        self._texts = texts
        self._read: dict[str, str | None] = {}

    def __getitem__(self, name: str) -> str:
        if name in self._texts:
            return self._texts[name]
        if name.startswith("."):  # `.env` and `.dockerignore` are given where they are there
            raise KeyError(name)
        if name not in self._read:
            self._read[name] = _text(self._folder, name)
        text = self._read[name]
        if text is None:
            raise KeyError(name)
        return text

    def __contains__(self, name: object) -> bool:
        return name in self._texts

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def and_more(self, texts: Mapping[str, str]) -> Neighbours:
        """The same with other texts in place of some."""
        return Neighbours(self._folder, {**self._texts, **texts}) if texts else self


def _text(folder: str, name: str) -> str | None:
    """The text of a file below an absolute folder; None where it is none, or a link leads out."""
    try:
        return decode(read_bytes(os.path.join(folder, name), folder)).text
    except Unreadable:
        return None
