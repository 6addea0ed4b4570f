"""What a project asks of us."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from typing import Final

from dockerlint.errors import UserError
from dockerlint.findings import Confidence, Severity
from dockerlint.patterns import Pattern, covers, last_match

PROFILES: Final = ("default", "strict")
PURPOSES: Final = ("production", "development", "test", "example", "ci", "vendored", "builder", "archived")
"""What a file may be for."""
NEVER: Final = "never"


class ConfigError(UserError):
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
    until: date | None = None
    """The last day on which it holds; None for no end."""
    fix: Mapping[str, str | float] = field(default_factory=dict)
    """What fixes write there: see `Config.fix`."""
    purpose: str = ""
    """What the files are for; "" where their paths and contents say it."""

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
    """As messages show it."""
    folder: str = ""
    """Absolute; what its patterns count from."""
    select: tuple[str, ...] = ()
    """Rules, prefixes of ids, other tools' ids or profiles; empty where the profile decides."""
    ignore: tuple[str, ...] = ()
    profile: str | None = None
    min_confidence: Confidence | None = None
    fail_on: Severity | str | None = None
    """A severity, NEVER, or None where nothing is said."""
    rules: tuple[str, ...] = ()
    """Folders of users' own rules."""
    rule_texts: Mapping[str, bytes] = field(default_factory=dict)
    """Files of such rules that no disk holds, by their names."""
    words: Mapping[str, tuple[str | int, ...]] = field(default_factory=dict)
    exclude: tuple[Pattern, ...] = ()
    names: Mapping[str, tuple[Pattern, ...]] = field(default_factory=dict)
    """By kind: which files are of it, besides those that are known by their names."""
    severity: Mapping[str, Severity] = field(default_factory=dict)
    require_reasons: bool = False
    forbid_inline: bool = False
    overrides: tuple[Override, ...] = ()
    fix: Mapping[str, str | float] = field(default_factory=dict)
    """What fixes write where a service has no bound: `memory`, `cpus`, `pids`; and `write_to`, the
    Compose file that gets what a service lacks, from the folder of the config.
    """
    projects: tuple[tuple[str, ...], ...] = ()
    """The files of each project that it names, in the order in which they are merged."""
    baseline: str = ""
    """The file with the findings that are known, from the folder of the config; "" for none."""
    scan_reports: tuple[str, ...] = ()
    """Reports of scanners, `FILE` or `IMAGE=FILE`, from the folder of the config."""
    scan_stale_after: int = 30
    """Days after which such a report is stale."""
    allow_outside: tuple[str, ...] = ()
    """Paths outside of the repository that a project may take in."""
    selectors: tuple[tuple[str, str], ...] = ()
    """Every name of a rule in the file, with `file:line`, to be checked once the rules are known."""
    keys: tuple[str, ...] = ()
    """The keys in the file, for whoever wants to know what it changes."""
    word_places: Mapping[str, str] = field(default_factory=dict)
    """`file:line` of every key of `words`."""

    def kind_of(self, path: str) -> str | None:
        """The kind of a file by the patterns of `names`."""
        for kind, patterns in self.names.items():
            if last_match(patterns, self._below(path), False) is True:
                return kind
        return None

    def excludes(self, path: str, is_folder: bool) -> bool:
        """Whether the patterns of `exclude` leave this path out."""
        return bool(self.exclude) and last_match(self.exclude, self._below(path), is_folder) is True

    def overrides_for(self, path: str) -> tuple[Override, ...]:
        """The overrides that hold today and speak about this file, in their order."""
        if not self.overrides:
            return ()
        parts, today = self._below(path), date.today()
        return tuple(
            one
            for one in self.overrides
            if (one.until is None or today <= one.until) and (not one.files or covers(one.files, parts))
        )

    def _below(self, path: str) -> list[str]:
        """The segments of a path from the folder of the config."""
        above, name = os.path.split(os.path.abspath(path))
        return os.path.relpath(os.path.join(os.path.realpath(above), name), self.folder).split(os.sep)
