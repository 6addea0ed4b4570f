"""A config file as plain data, YAML or TOML, and the line of each of its values."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dockerlint.quoting import plain_problem
from dockerlint.text import Source, Span
from dockerlint.workspace.config import ConfigError

Place = tuple["str | int", ...]
"""Keys and indices that lead to a value."""


@dataclass(frozen=True, slots=True)
class ConfigText:
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


def read_yaml(source: Source) -> ConfigText:
    """Raises ConfigError with each place where the text is no YAML."""
    from dockerlint.yaml.tree import load_plain

    data, positions, problems = load_plain(source.text)
    if problems:
        lines = [(source.position(one.span.start).line, plain_problem(one)) for one in problems]
        raise ConfigError("\n".join(f"{source.path}:{line}: {message}" for line, message in lines))
    return ConfigText(source, {} if data is None else data, positions)


def read_toml(source: Source) -> ConfigText:
    """The table `tool.dockerlint` of a pyproject.toml, else all of it; raises ConfigError for no TOML."""
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
    return ConfigText(source, data, {})
