"""The config of another tool as plain data, with file and line for every mistake."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

from dockerlint.errors import UserError
from dockerlint.quoting import excerpt, plain_problem
from dockerlint.regex import pattern
from dockerlint.text import Source, decode
from dockerlint.workspace.door import Unreadable, read_bytes

_ASSIGNMENT: Final = pattern(r"[ \t]*(\"?)[A-Za-z][\w-]*\1[ \t]*=")
_TRUE: Final = frozenset(("true", "yes", "on"))
_FALSE: Final = frozenset(("false", "no", "off"))


class MigrationError(UserError):
    """A config of another tool that cannot be carried over; the text names file and line."""


def source_at(path: str) -> Source:
    """The text of a config; raises MigrationError."""
    try:
        source = decode(read_bytes(path), path)
    except Unreadable as error:
        raise MigrationError(f"{path}: {error}") from error
    if source.notes:
        raise MigrationError(f"{path}: {source.notes[0]}")
    return source


@dataclass(slots=True)
class PeerConfig:
    """A mapping in the config of another tool, and where it stands."""

    source: Source
    data: dict[str, Any]
    place: str = ""
    """The keys that lead to it, for messages."""
    taken: set[str] = field(default_factory=set)
    """Keys that somebody asked for."""

    def error(self, key: str, message: str) -> MigrationError:
        """A mistake at a key."""
        return MigrationError(f"{self.source.path}:{self.line_of(key)}: {message}")

    def line_of(self, key: str) -> int:
        """The first line that names a key."""
        at = self.source.text.find(key)
        return self.source.position(max(at, 0)).line

    def has(self, key: str) -> bool:
        """Whether a key has a value; it counts as taken."""
        self.taken.add(key)
        return self.data.get(key) is not None

    def texts(self, key: str, separator: str = "") -> tuple[str, ...]:
        """A list of strings, or one; parted at `separator` where there is one."""
        if not self.has(key):
            return ()
        value = self.data[key]
        items = value if isinstance(value, list) else [value]
        for item in items:
            if not isinstance(item, str):
                raise self.error(key, f"{self.place}{key} must be a list of strings, not {excerpt(item)}")
        parts = [part for item in items for part in (item.split(separator) if separator else [item])]
        return tuple(part.strip() for part in parts if part.strip())

    def flag(self, key: str) -> bool:
        """True or false; false for an absent key."""
        if not self.has(key):
            return False
        value = self.data[key]
        word = str(value).lower()
        if isinstance(value, (bool, str)) and word in _TRUE | _FALSE:
            return word in _TRUE
        raise self.error(key, f"{self.place}{key} must be true or false, not {excerpt(value)}")

    def choice(self, key: str, known: Collection[str]) -> str | None:
        """One of several words, in lower case; None for an absent key."""
        if not self.has(key):
            return None
        value = str(self.data[key]).lower()
        if value in known:
            return value
        raise self.error(
            key, f"{self.place}{key} must be one of {', '.join(known)}, not {excerpt(self.data[key])}"
        )

    def mapping(self, key: str) -> PeerConfig:
        """The mapping below a key; an empty one for an absent key."""
        value = self.data[key] if self.has(key) else {}
        if not isinstance(value, dict):
            raise self.error(key, f"{self.place}{key} must be a mapping, not {excerpt(value)}")
        return PeerConfig(self.source, value, f"{self.place}{key}.")

    def left(self) -> list[str]:
        """The keys that nobody asked for."""
        return [key for key in self.data if key not in self.taken]


def read_config(source: Source, *, is_hcl: bool = False) -> PeerConfig:
    """The mapping in a text: JSON, YAML, and with `is_hcl` also TOML and such HCL as TOML is.

    Raises MigrationError.
    """
    first = next((line for line in source.text.splitlines() if line.strip()[:1] not in ("", "#")), "")
    if first.lstrip().startswith("{"):
        data = _json(source)
    elif is_hcl and _ASSIGNMENT.match(first):
        data = _toml(source)
    else:
        data = _yaml(source)
    if data is None:
        data = {}
    if not isinstance(data, dict):
        raise MigrationError(f"{source.path}:1: the config must be a mapping, not {excerpt(data)}")
    return PeerConfig(source, data)


def _json(source: Source) -> object:
    try:
        return json.loads(source.text)
    except json.JSONDecodeError:
        return _yaml(source)  # braces of YAML, comments
    except RecursionError:
        raise MigrationError(f"{source.path}:1: nested too deeply") from None


def _toml(source: Source) -> object:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(source.text.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError):
        raise MigrationError(
            f"{source.path}:1: neither TOML nor HCL with plain values; write the config as JSON or YAML"
        ) from None


def _yaml(source: Source) -> object:
    from dockerlint.yaml.tree import load_plain

    data, _, problems = load_plain(source.text)
    for problem in problems:
        line = source.position(problem.span.start).line
        raise MigrationError(f"{source.path}:{line}: {plain_problem(problem)}")
    return data
