"""What a project asks of us, and where it says so: the nearest config at or above each file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Final

from dockerlint.files import Unreadable, read_bytes, shown
from dockerlint.findings import Confidence, Severity
from dockerlint.patterns import Pattern, covers, verdict
from dockerlint.records import dataclass, field

YAML_NAMES: Final = (".dockerlint.yaml", ".dockerlint.yml")
PROFILES: Final = ("default", "strict")
NEVER: Final = "never"


class ConfigError(Exception):
    """A config that cannot be used; every line of the text starts with file and line."""


@dataclass(frozen=True, slots=True)
class Override:
    """What holds for some files, services or stages only."""

    files: tuple[Pattern, ...] = ()
    services: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    reason: str = ""
    fix: Mapping[str, str | float] = field(default_factory=dict)
    """What fixes write there: see `Config.fix`."""

    def speaks_of(self, subject: str | None, kind: str) -> bool:
        """Whether what holds for the file holds for this service or stage."""
        if not self.services and not self.stages:
            return True
        names = self.stages if kind == "stage" else self.services
        return subject is not None and any(fnmatchcase(subject, name) for name in names)


@dataclass(frozen=True, slots=True)
class Config:
    """One config file, or what holds without one."""

    path: str = ""
    select: tuple[str, ...] = ()
    """Rules, prefixes of ids, other tools' ids or profiles; empty where the profile decides."""
    ignore: tuple[str, ...] = ()
    profile: str | None = None
    min_confidence: Confidence | None = None
    fail_on: Severity | str | None = None
    """A severity, NEVER, or None where nothing is said."""
    rules: tuple[str, ...] = ()
    """Folders of users' own rules."""
    words: Mapping[str, tuple[str | int, ...]] = field(default_factory=dict)
    exclude: tuple[Pattern, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    require_reasons: bool = False
    forbid_inline: bool = False
    overrides: tuple[Override, ...] = ()
    fix: Mapping[str, str | float] = field(default_factory=dict)
    """What fixes write where a service has no bound: `memory`, `cpus`, `pids`."""
    selectors: tuple[tuple[str, str], ...] = ()
    """Every name of a rule in the file, with `file:line`, to be checked once the rules are known."""
    word_places: Mapping[str, str] = field(default_factory=dict)
    """`file:line` of every key of `words`."""

    def excludes(self, path: str, is_folder: bool) -> bool:
        """Whether the patterns of `exclude` leave this path out."""
        return bool(self.exclude) and verdict(self.exclude, self._below(path), is_folder) is True

    def overrides_for(self, path: str) -> tuple[Override, ...]:
        """The overrides that speak about this file, in their order."""
        if not self.overrides:
            return ()
        parts = self._below(path)
        return tuple(one for one in self.overrides if not one.files or covers(one.files, parts))

    def _below(self, path: str) -> list[str]:
        """The segments of a path from the folder of the config."""
        return os.path.relpath(path, os.path.dirname(self.path) or os.curdir).split(os.sep)


@dataclass(slots=True)
class Configs:
    """Finds the config of every file; each folder is looked at once."""

    only: str | None = None
    """A config that the user named: it holds for everything."""
    _found: dict[str, Config] = field(default_factory=dict)

    def of(self, path: str) -> Config:
        """The config of a file; raises ConfigError."""
        return self.of_folder(os.path.dirname(os.path.abspath(path)))

    def of_folder(self, folder: str) -> Config:
        """The nearest config at or above an absolute folder, up to the top of its repository."""
        if self.only is not None:
            folder = ""
        if folder not in self._found:
            self._found[folder] = self._look(folder)
        return self._found[folder]

    def _look(self, folder: str) -> Config:
        if self.only is not None:
            return read_config(self.only)
        for name in YAML_NAMES:
            if os.path.isfile(os.path.join(folder, name)):
                return read_config(shown(os.path.join(folder, name)))
        path = os.path.join(folder, "pyproject.toml")
        if os.path.isfile(path) and b"tool.dockerlint" in _read(shown(path)):
            return read_config(shown(path))
        above = os.path.dirname(folder)
        if above == folder or os.path.exists(os.path.join(folder, ".git")):
            return Config()
        return self.of_folder(above)


def read_config(path: str) -> Config:
    """Read one config file by its name: TOML for `*.toml`, else YAML. Raises ConfigError."""
    from dockerlint.configfile import parse_config

    return parse_config(_read(path), path)


def _read(path: str) -> bytes:
    try:
        return read_bytes(path)
    except Unreadable as error:
        raise ConfigError(f"{path}: {error}") from error
