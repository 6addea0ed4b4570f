"""The receipts that hold for a file: those of the nearest folder at or above it that has some."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from dockerlint.kinds import RECEIPTS
from dockerlint.text import decode
from dockerlint.workspace.config import ConfigError
from dockerlint.workspace.door import Unreadable
from dockerlint.workspace.roots import Nearest, Roots
from dockerlint.workspace.trees import Tree

_MOST: Final = 200
"""Receipts of one folder."""
_LARGEST: Final = 100_000


class FoundReceipts:
    """Finds the receipts for every file."""

    def __init__(self, roots: Roots, tree: Tree) -> None:
        self._tree = tree
        nothing: Mapping[str, str] = {}
        self._nearest = Nearest(roots, self._look, nothing)

    def of(self, path: str) -> Mapping[str, str]:
        """Their texts under the name that linters ask for, if any; raises ConfigError for a bad one."""
        return self._nearest.of_folder(os.path.dirname(os.path.abspath(path)))

    def _look(self, folder: str) -> Mapping[str, str] | None:
        place = os.path.join(folder, *RECEIPTS.split("/"))
        try:
            paths = self._tree.files(place, ".yaml")
        except Unreadable as error:
            raise ConfigError(f"{self._tree.name(place)}: {error}") from error
        if not paths:
            return None
        if len(paths) > _MOST:
            raise ConfigError(f"{self._tree.name(place)}: more than {_MOST} receipts")
        from dockerlint.workspace.receipts.reading import joined

        return {RECEIPTS: joined({self._tree.name(path): self._text(path) for path in paths})}

    def _text(self, path: str) -> str:
        from dockerlint.workspace.receipts.reading import ReceiptError, read_receipt

        name = self._tree.name(path)
        try:
            data = self._tree.read(path) or b""
        except Unreadable as error:
            raise ConfigError(f"{name}: {error}") from error
        if len(data) > _LARGEST:
            raise ConfigError(f"{name}: too large for a receipt")
        text = decode(data, path).text
        try:
            read_receipt(text, name)
        except ReceiptError as error:
            raise ConfigError(f"{name}:{error}; run `dockerlint prove` again to replace it") from error
        return text
