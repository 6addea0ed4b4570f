"""The text of a config file → Config, with file and line for every mistake.

docs/config.schema.json tells editors the same; a test keeps both in step.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Any, Final, TypeVar

from dockerlint.findings import Confidence, Severity
from dockerlint.kinds import SUPPORTED
from dockerlint.patterns import Pattern, parse_patterns
from dockerlint.quoting import excerpt, name_of, shortened
from dockerlint.text import decode
from dockerlint.workspace.config import NEVER, PROFILES, PURPOSES, Config, ConfigError, Override
from dockerlint.workspace.configtext import ConfigText, Place, read_toml, read_yaml
from dockerlint.workspace.door import Unreadable
from dockerlint.workspace.trees import Tree, WorkingTree

Level = TypeVar("Level", bound=IntEnum)


def parse_config(data: bytes, path: str, folder: str = "", tree: Tree | None = None) -> Config:
    """Read TOML for `*.toml`, else YAML. Raises ConfigError with all mistakes.

    `folder` is what the patterns and folders in it count from; that of `path` where none is given. The
    rules that it names are those of `tree`, else of the disk.
    """
    source = decode(data, path)
    file = read_toml(source) if path.endswith(".toml") else read_yaml(source)
    folder = folder or os.path.dirname(os.path.realpath(path))
    reader = ConfigReader(file, folder, tree or WorkingTree())
    config = reader.config()
    if reader.errors:
        raise ConfigError("\n".join(reader.errors))
    return config


@dataclass(slots=True)
class ConfigReader:
    """Turns plain data into a Config and collects every mistake on the way."""

    file: ConfigText
    folder: str
    tree: Tree
    rule_texts: dict[str, bytes] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    selectors: list[tuple[str, str]] = field(default_factory=list)

    def config(self) -> Config:
        values = self._fields(self.file.data, (), CONFIG_KEYS)
        words = {key: self.file.where(("words", key)) for key in values.get("words", {})}
        return Config(
            path=self.file.source.path,
            folder=self.folder,
            selectors=tuple(self.selectors),
            keys=tuple(self.file.data) if isinstance(self.file.data, dict) else (),
            word_places=words,
            rule_texts=self.rule_texts,
            **values,
        )

    def fail(self, place: Place, message: str) -> None:
        self.errors.append(f"{self.file.where(place)}: {message}")

    def _fields(self, data: object, place: Place, keys: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of a mapping by attribute name; unknown keys and wrong values are mistakes."""
        found: dict[str, Any] = {}
        if not isinstance(data, dict):
            self.fail(place, f"{_name(place)} must be a mapping, not {excerpt(data)}")
            return found
        for key, value in data.items():
            if key not in keys:
                self.fail((*place, key), f"unknown key {name_of(key, keys)}")
                continue
            read: Callable[[ConfigReader, Place, object], Any] = keys[key]
            result = read(self, (*place, key), value)
            if result is not None:
                found[key.replace("-", "_")] = result
        return found

    def texts(self, place: Place, value: object) -> tuple[str, ...]:
        items = value if isinstance(value, list) else [value]
        for item in items:
            if not isinstance(item, str):
                self.fail(place, f"{_name(place)} must be a list of strings, not {excerpt(item)}")
        return tuple(item for item in items if isinstance(item, str))

    def rule_names(self, place: Place, value: object) -> tuple[str, ...]:
        names = self.texts(place, value)
        for index, name in enumerate(names):
            self.selectors.append((name, self.file.where((*place, index))))
        return names

    def patterns(self, place: Place, value: object) -> tuple[Pattern, ...]:
        return parse_patterns("\n".join(self.texts(place, value)))

    def names(self, place: Place, value: object) -> dict[str, tuple[Pattern, ...]]:
        return self._fields(value, place, NAMES_KEYS)

    def folders(self, place: Place, value: object) -> tuple[str, ...]:
        folders: list[str] = []
        for name in self.texts(place, value):
            try:
                rules = self.tree.rule_folder(name, self.folder)
            except Unreadable as error:
                self.fail(place, str(error))
                continue
            folders += rules.folders
            self.rule_texts |= rules.texts
        return tuple(folders)

    def words(self, place: Place, value: object) -> dict[str, tuple[str | int, ...]]:
        return {key: self.entries((*place, key), one) for key, one in self._items(place, value)}

    def entries(self, place: Place, value: object) -> tuple[str | int, ...]:
        """Texts, and numbers for the lists of ports."""
        items = value if isinstance(value, list) else [value]
        good = tuple(one for one in items if isinstance(one, (str, int)) and not isinstance(one, bool))
        if len(good) < len(items):
            self.fail(place, f"{_name(place)} must be a list of strings or integers")
        return good

    def severities(self, place: Place, value: object) -> dict[str, Severity]:
        found: dict[str, Severity] = {}
        for key, one in self._items(place, value):
            self.selectors.append((key, self.file.where((*place, key))))
            level = self.severity((*place, key), one)
            if level is not None:
                found[key] = level
        return found

    def _items(self, place: Place, value: object) -> list[tuple[str, object]]:
        if isinstance(value, dict):
            return [(str(key), one) for key, one in value.items()]
        self.fail(place, f"{_name(place)} must be a mapping, not {excerpt(value)}")
        return []

    def severity(self, place: Place, value: object) -> Severity | None:
        return self._level(place, value, Severity)

    def confidence(self, place: Place, value: object) -> Confidence | None:
        return self._level(place, value, Confidence)

    def threshold(self, place: Place, value: object) -> Severity | str | None:
        return NEVER if value == NEVER else self._level(place, value, Severity, NEVER)

    def _level(self, place: Place, value: object, levels: type[Level], *others: str) -> Level | None:
        known = {str(level): level for level in reversed(levels)}
        if isinstance(value, str) and value in known:
            return known[value]
        self._refuse_choice(place, value, [*known, *others])
        return None

    def profile(self, place: Place, value: object) -> str | None:
        if value in PROFILES:
            return str(value)
        self._refuse_choice(place, value, PROFILES)
        return None

    def purpose(self, place: Place, value: object) -> str | None:
        if value in PURPOSES:
            return str(value)
        self._refuse_choice(place, value, PURPOSES)
        return None

    def _refuse_choice(self, place: Place, value: object, known: Collection[str]) -> None:
        self.fail(place, f"{_name(place)} must be one of {', '.join(known)}, not {excerpt(value)}")

    def flag(self, place: Place, value: object) -> bool:
        if not isinstance(value, bool):
            self.fail(place, f"{_name(place)} must be true or false, not {excerpt(value)}")
        return value is True

    def text(self, place: Place, value: object) -> str:
        if not isinstance(value, str):
            self.fail(place, f"{_name(place)} must be a string, not {excerpt(value)}")
        return str(value)

    def day(self, place: Place, value: object) -> date | None:
        """A date; TOML has values of its own for it."""
        if type(value) is date:
            return value
        with suppress(ValueError):
            return date.fromisoformat(str(value))
        self.fail(place, f"{_name(place)} must be a date such as 2027-01-31, not {excerpt(value)}")
        return None

    def fixes(self, place: Place, value: object) -> dict[str, str | float]:
        return self._fields(value, place, FIX_KEYS)

    def path(self, place: Place, value: object) -> str | None:
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.fail(place, f"{_name(place)} must be the path of a file, not {excerpt(value)}")
        return None

    def days(self, place: Place, value: object) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        self.fail(place, f"{_name(place)} must be a number of days above 0, not {excerpt(value)}")
        return None

    def projects(self, place: Place, value: object) -> tuple[tuple[str, ...], ...]:
        """Each project is a string of paths with ` + ` between them, or a list of paths."""
        items = value if isinstance(value, list) else [value]
        found: list[tuple[str, ...]] = []
        for index, item in enumerate(items):
            paths = item.split(" + ") if isinstance(item, str) else item
            are_texts = isinstance(paths, list) and all(isinstance(one, str) and one.strip() for one in paths)
            if paths and are_texts:
                found.append(tuple(one.strip() for one in paths))
            else:
                what = "a project is written as `compose.yaml + compose.prod.yaml`"
                self.fail((*place, index), f"{what}, not {excerpt(item)}")
        return tuple(found)

    def memory(self, place: Place, value: object) -> str | None:
        from dockerlint.model.container.limits import LEAST_MEMORY, amount

        if isinstance(value, str) and amount(value) >= LEAST_MEMORY:
            return value
        self.fail(place, f"memory must be 6m or more, such as 512m or 2g, not {excerpt(value)}")
        return None

    def cpus(self, place: Place, value: object) -> float | None:
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0:
            return value
        self.fail(place, f"cpus must be a number above 0, not {excerpt(value)}")
        return None

    def pids(self, place: Place, value: object) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        self.fail(place, f"pids must be an integer above 0, not {excerpt(value)}")
        return None

    def overrides(self, place: Place, value: object) -> tuple[Override, ...]:
        if not isinstance(value, list):
            self.fail(place, f"overrides must be a list, not {excerpt(value)}")
            return ()
        return tuple(self._override((*place, index), one) for index, one in enumerate(value))

    def _override(self, place: Place, value: object) -> Override:
        override = Override(**self._fields(value, place, OVERRIDE_KEYS))
        if isinstance(value, dict) and not value.keys() & {"files", "services", "stages"}:
            self.fail(place, "an override needs files, services or stages")
        for key in ("select", "purpose"):
            if getattr(override, key) and (override.services or override.stages):
                self.fail(place, f"{key} applies to whole files; remove services and stages")
        return override


FIX_KEYS: Final[Mapping[str, Any]] = {
    "memory": ConfigReader.memory,
    "cpus": ConfigReader.cpus,
    "pids": ConfigReader.pids,
    "write-to": ConfigReader.path,
}
NAMES_KEYS: Final[Mapping[str, Any]] = dict.fromkeys(SUPPORTED, ConfigReader.patterns)
OVERRIDE_KEYS: Final[Mapping[str, Any]] = {
    "files": ConfigReader.patterns,
    "services": ConfigReader.texts,
    "stages": ConfigReader.texts,
    "select": ConfigReader.rule_names,
    "ignore": ConfigReader.rule_names,
    "severity": ConfigReader.severities,
    "fix": ConfigReader.fixes,
    "purpose": ConfigReader.purpose,
    "reason": ConfigReader.text,
    "until": ConfigReader.day,
}
CONFIG_KEYS: Final[Mapping[str, Any]] = {
    "select": ConfigReader.rule_names,
    "ignore": ConfigReader.rule_names,
    "profile": ConfigReader.profile,
    "min-confidence": ConfigReader.confidence,
    "fail-on": ConfigReader.threshold,
    "rules": ConfigReader.folders,
    "words": ConfigReader.words,
    "exclude": ConfigReader.patterns,
    "names": ConfigReader.names,
    "severity": ConfigReader.severities,
    "fix": ConfigReader.fixes,
    "projects": ConfigReader.projects,
    "allow-outside": ConfigReader.texts,
    "baseline": ConfigReader.path,
    "scan-reports": ConfigReader.texts,
    "scan-stale-after": ConfigReader.days,
    "require-reasons": ConfigReader.flag,
    "forbid-inline": ConfigReader.flag,
    "overrides": ConfigReader.overrides,
}


def _name(place: Place) -> str:
    keys = [key for key in place if isinstance(key, str)]
    if not keys:
        return "the config"
    # The keys below `words` and `severity` are the user's own.
    return keys[-1] if len(keys) == 1 or keys[-1] in OVERRIDE_KEYS else shortened(keys[-1])
