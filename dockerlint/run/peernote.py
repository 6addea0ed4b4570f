"""Configs of other tools that stand beside the files of a run, and that no check reads."""

from __future__ import annotations

import os
from typing import Final

from dockerlint.migration.peerfiles import PEER_FILES
from dockerlint.workspace.config import ConfigError
from dockerlint.workspace.configs import Configs
from dockerlint.workspace.discovery import shown

_MOST: Final = 5
"""Files that are named."""


class PeerNote:
    """Looks once into each folder of linted files, for one note at the end of a run."""

    def __init__(self, configs: Configs) -> None:
        self._configs = configs
        self._folder = ""
        self._found: dict[str, list[str]] = {}
        """By folder: what stands in it; the first folders only."""

    def look_beside(self, path: str) -> None:
        """Look for such configs beside a file; files come folder by folder."""
        folder = os.path.dirname(os.path.abspath(path))
        if folder == self._folder or folder in self._found or len(self._found) == _MOST:
            return
        self._folder = folder
        files = [name for name in PEER_FILES if os.path.isfile(os.path.join(folder, name))]
        if files and not self._is_governed(folder):
            self._found[folder] = files

    def _is_governed(self, folder: str) -> bool:
        try:
            return bool(self._configs.of_folder(folder).path)
        except ConfigError:
            return True

    def text(self) -> str | None:
        """The note; None where there is nothing to tell."""
        if not self._found:
            return None
        paths = [shown(os.path.join(folder, name)) for folder, names in self._found.items() for name in names]
        first, names = next(iter(self._found.items()))
        command = " ".join(f"--from {shown(os.path.join(first, name))}" for name in names)
        are = "is" if len(paths) == 1 else "are"
        more = ", …" if len(paths) > _MOST else ""
        return (
            f"note: {', '.join(paths[:_MOST])}{more} {are} not read; "
            f"`dockerlint init {command}` carries over what other tools were told"
        )
