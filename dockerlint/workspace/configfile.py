"""The text of a config file → Config, with file and line for every mistake.

docs/config.schema.json tells editors the same; a test keeps both in step.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final, TypeVar

from dockerlint.findings import Confidence, Severity
from dockerlint.kinds import SUPPORTED
from dockerlint.patterns import Pattern, parse_patterns
from dockerlint.quoting import excerpt, name_of, plain_problem, shortened
from dockerlint.text import Source, Span, decode
from dockerlint.workspace.config import NEVER, PROFILES, PURPOSES, Config, ConfigError, Override
from dockerlint.workspace.door import Unreadable
from dockerlint.workspace.trees import Tree, WorkingTree

Place = tuple["str | int", ...]
"""Keys and indices that lead to a value."""
Level = TypeVar("Level", bound=IntEnum)


def parse_config(data: bytes, path: str, folder: str = "", tree: Tree | None = None) -> Config:
    """Read TOML for `*.toml`, else YAML. Raises ConfigError with all mistakes.

    `folder` is what the patterns and folders in it count from; that of `path` where none is given. The
    rules that it names are those of `tree`, else of the disk.
    """
    source = decode(data, path)
    file = _read_toml(source) if path.endswith(".toml") else _read_yaml(source)
    folder = folder or os.path.dirname(os.path.realpath(path))
    reader = _Reader(file, folder, tree or WorkingTree())
    config = reader.config()
    if reader.errors:
        raise ConfigError("\n".join(reader.errors))
    return config


@dataclass(frozen=True, slots=True)
class _File:
    """A config file as plain data, and what finds the line of a value."""

    source: Source
    data: Any
    positions: Mapping[Place, Span]

    def where(self, place: Place) -> str:
        """`file:line` of the key that a place ends with."""
        return f"{self.source.path}:{self.source.position(self._offset(place)).line}"

    def _offset(self, place: Place) -> int:
        if place in self.positions:
            end = self.positions[place].start
        elif self.positions:
            return self._offset(place[:-1]) if place else 0
        else:
            return self._search(place)
        key = place[-1] if place else None
        at = self.source.text.rfind(key, 0, end) if isinstance(key, str) else -1
        return end if at < 0 else at

    def _search(self, place: Place) -> int:
        """TOML gives no positions: look for the innermost key that stands at the start of a line."""
        start = max(self.source.text.find("tool.dockerlint"), 0)
        for key in reversed([key for key in place if isinstance(key, str)]):
            found = re.compile(rf"^\s*[\"']?{re.escape(key)}[\"']?\s*=", re.MULTILINE).search(
                self.source.text, start
            )
            if found:
                return found.end()
        return start


def _read_yaml(source: Source) -> _File:
    from dockerlint.yaml.tree import load_plain

    data, positions, problems = load_plain(source.text)
    if problems:
        lines = [(source.position(one.span.start).line, plain_problem(one)) for one in problems]
        raise ConfigError("\n".join(f"{source.path}:{line}: {message}" for line, message in lines))
    return _File(source, {} if data is None else data, positions)


def _read_toml(source: Source) -> _File:
    import sys

    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        data: Any = tomllib.loads(source.text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        line, column = (place[1], place[2]) if place else (source.text.count("\n") + 1, 1)
        raise ConfigError(f"{source.path}:{line}: invalid TOML at column {column}") from error
    data = (
        data.get("tool", {}).get("dockerlint", {})
        if os.path.basename(source.path) == "pyproject.toml"
        else data
    )
    return _File(source, data, {})


@dataclass(slots=True)
class _Reader:
    """Turns plain data into a Config and collects every mistake on the way."""

    file: _File
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
            read: Callable[[_Reader, Place, object], Any] = keys[key]
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

    def fixes(self, place: Place, value: object) -> dict[str, str | float]:
        return self._fields(value, place, FIX_KEYS)

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
    "memory": _Reader.memory,
    "cpus": _Reader.cpus,
    "pids": _Reader.pids,
}
NAMES_KEYS: Final[Mapping[str, Any]] = dict.fromkeys(SUPPORTED, _Reader.patterns)
OVERRIDE_KEYS: Final[Mapping[str, Any]] = {
    "files": _Reader.patterns,
    "services": _Reader.texts,
    "stages": _Reader.texts,
    "select": _Reader.rule_names,
    "ignore": _Reader.rule_names,
    "severity": _Reader.severities,
    "fix": _Reader.fixes,
    "purpose": _Reader.purpose,
    "reason": _Reader.text,
}
CONFIG_KEYS: Final[Mapping[str, Any]] = {
    "select": _Reader.rule_names,
    "ignore": _Reader.rule_names,
    "profile": _Reader.profile,
    "min-confidence": _Reader.confidence,
    "fail-on": _Reader.threshold,
    "rules": _Reader.folders,
    "words": _Reader.words,
    "exclude": _Reader.patterns,
    "names": _Reader.names,
    "severity": _Reader.severities,
    "fix": _Reader.fixes,
    "require-reasons": _Reader.flag,
    "forbid-inline": _Reader.flag,
    "overrides": _Reader.overrides,
}


def _name(place: Place) -> str:
    keys = [key for key in place if isinstance(key, str)]
    if not keys:
        return "the config"
    # The keys below `words` and `severity` are the user's own.
    return keys[-1] if len(keys) == 1 or keys[-1] in OVERRIDE_KEYS else shortened(keys[-1])
