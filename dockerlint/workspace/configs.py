"""Where a project says what it asks of us: the nearest config at or above each file."""

from __future__ import annotations

import os
from typing import Final

from dockerlint.workspace.config import Config, ConfigError
from dockerlint.workspace.door import Unreadable, read_bytes
from dockerlint.workspace.roots import Nearest, Roots
from dockerlint.workspace.trees import Tree, WorkingTree

YAML_NAMES: Final = (".dockerlint.yaml", ".dockerlint.yml")


class Configs:
    """Finds the config of every file: the one that the user named, else the nearest at or above it."""

    def __init__(self, only: str | None = None, roots: Roots | None = None, tree: Tree | None = None) -> None:
        self._only = only
        self._tree = tree or WorkingTree()
        self._nearest: Nearest[Config] = Nearest(roots or Roots(), self._look, Config())
        self._named: Config | None = None

    def of(self, path: str) -> Config:
        """The config of a file; raises ConfigError."""
        return self.of_folder(os.path.dirname(os.path.abspath(path)))

    def of_folder(self, folder: str) -> Config:
        """The config of the files in an absolute folder; raises ConfigError."""
        if self._only is None:
            return self._nearest.of_folder(folder)
        if self._named is None:
            self._named = read_config(self._only)
        return self._named

    def _look(self, folder: str) -> Config | None:
        """The config that stands in a folder."""
        for name in (*YAML_NAMES, "pyproject.toml"):
            path = os.path.join(folder, name)
            try:
                data = self._tree.read(path)
            except Unreadable as error:
                raise ConfigError(f"{self._tree.name(path)}: {error}") from error
            if data is not None and (name in YAML_NAMES or b"tool.dockerlint" in data):
                return _parse(data, self._tree.name(path), folder, self._tree)
        return None


def read_config(path: str) -> Config:
    """Read one config file by its name: TOML for `*.toml`, else YAML. Raises ConfigError."""
    try:
        return _parse(read_bytes(path), path, os.path.dirname(os.path.realpath(path)), WorkingTree())
    except Unreadable as error:
        raise ConfigError(f"{path}: {error}") from error


def _parse(data: bytes, path: str, folder: str, tree: Tree) -> Config:
    """Most runs have no config, and do without its reader."""
    from dockerlint.workspace.configfile import parse_config

    return parse_config(data, path, folder, tree)
