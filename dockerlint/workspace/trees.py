"""Where the files that steer a run are read: configs, rules, the lock and ignore files of a project."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from dockerlint.quoting import shortened
from dockerlint.workspace.discovery import ignore_file, shown
from dockerlint.workspace.door import Unreadable, leads_inside, list_files, read_bytes, refuse_elsewhere
from dockerlint.workspace.roots import project_root


class RuleFolder(NamedTuple):
    """Rules that a config names: a folder of the disk, or files that were read already."""

    folders: tuple[str, ...] = ()
    texts: Mapping[str, bytes] = {}
    """By the names that messages give them."""


class Tree(Protocol):
    """The files of a project as somebody trusted left them. Paths are absolute."""

    def read(self, path: str) -> bytes | None:
        """A file; None where nothing has this name. Raises Unreadable where it cannot be read."""

    def read_ignore_file(self, path: str) -> bytes | None:
        """As `read`, but None for what git does not obey either: a link, and what cannot be read."""

    def name(self, path: str) -> str:
        """A path as messages show it."""

    def files(self, folder: str, ending: str) -> list[str]:
        """The files in a folder whose names end so, in stable order; raises Unreadable."""

    def rule_folder(self, name: str, config_folder: str) -> RuleFolder:
        """The rules in a folder that the config in another one names; raises Unreadable."""


@dataclass(frozen=True, slots=True)
class WorkingTree:
    """What lies on the disk."""

    def read(self, path: str) -> bytes | None:
        if not os.path.lexists(path):
            return None
        return read_bytes(path, project_root(os.path.realpath(os.path.dirname(path))))

    def read_ignore_file(self, path: str) -> bytes | None:
        return ignore_file(path)

    def name(self, path: str) -> str:
        return shown(path)

    def files(self, folder: str, ending: str) -> list[str]:
        if not os.path.lexists(folder):
            return []
        refuse_elsewhere(folder)
        return list_files(folder, (ending,))

    def rule_folder(self, name: str, config_folder: str) -> RuleFolder:
        folder, project = os.path.join(config_folder, name), project_root(config_folder)
        if not leads_inside(folder, project):
            raise Unreadable("rules are outside the project; --rules accepts any directory")
        if not os.path.isdir(folder):
            raise Unreadable(f"no directory {shortened(name)}")
        return RuleFolder((shown(folder),))


@dataclass(frozen=True, slots=True)
class NoTree:
    """Nothing: what a stranger left is not obeyed."""

    def read(self, path: str) -> bytes | None:
        return None

    def read_ignore_file(self, path: str) -> bytes | None:
        return None

    def name(self, path: str) -> str:
        return shown(path)

    def files(self, folder: str, ending: str) -> list[str]:
        return []

    def rule_folder(self, name: str, config_folder: str) -> RuleFolder:
        return RuleFolder()
