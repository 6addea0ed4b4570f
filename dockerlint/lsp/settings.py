"""What the editor says about how its files are linted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple, TypeVar

from dockerlint.errors import UserError
from dockerlint.findings import Confidence, Severity
from dockerlint.linting.selection import SelectionFlags
from dockerlint.run.check import Options
from dockerlint.workspace.config import PROFILES
from dockerlint.workspace.trust import UNTRUSTED, Trust

Level = TypeVar("Level", Confidence, Severity)


class EditorSettings(NamedTuple):
    """All settings; most have the meaning of the option of that name."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profile: str | None = None
    min_confidence: Confidence | None = None
    min_severity: Severity | None = None
    """What is milder is left out."""
    config: str | None = None
    is_untrusted: bool = False
    """A stranger wrote the folder: nothing in it is obeyed."""
    defer_to: tuple[str, ...] = ()
    """Tools that the editor runs as well: what they report, too, is left out."""
    asks_reasons: bool = False
    """The client asks the user why a finding is to be ignored."""

    def options(self, folders: Sequence[str]) -> Options:
        """Those of a run over these folders."""
        return Options(
            paths=tuple(folders) or (".",),
            flags=SelectionFlags(self.select, self.ignore, self.profile, self.min_confidence),
            config=self.config,
            trust=UNTRUSTED if self.is_untrusted else Trust(),
        )


NO_SETTINGS: Final = EditorSettings()


def read_settings(
    data: object, is_untrusted: bool = False, before: EditorSettings = NO_SETTINGS
) -> EditorSettings:
    """The settings that a client sent; what it does not name is as it was `before`.

    `is_untrusted` was said on a way that no folder can write to, and holds. Raises UserError for a value that
    is none.
    """
    said: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
    new = {key: read(said, key) for key, (_, read) in READERS.items() if said.get(key) is not None}
    named: dict[str, Any] = {READERS[key][0]: value for key, value in new.items()}
    settings = before._replace(**named)
    return settings._replace(is_untrusted=is_untrusted or settings.is_untrusted)


def _text(said: Mapping[str, Any], key: str) -> str | None:
    value = said.get(key)
    if value == "":
        return None
    if not isinstance(value, str):
        raise UserError(f"setting {key}: expected a string")
    return value


def _words(said: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = said.get(key)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise UserError(f"setting {key}: expected a list of strings")
    return tuple(value)


def _one_of(said: Mapping[str, Any], key: str, known: Sequence[str]) -> str | None:
    value = _text(said, key)
    if value is not None and value not in known:
        raise UserError(f"setting {key}: expected one of {', '.join(known)}")
    return value


def _level(said: Mapping[str, Any], key: str, levels: type[Level]) -> Level | None:
    by_name = {str(level): level for level in reversed(levels)}
    value = _one_of(said, key, tuple(by_name))
    return None if value is None else by_name[value]


def _flag(said: Mapping[str, Any], key: str) -> bool:
    if not isinstance(said[key], bool):
        raise UserError(f"setting {key}: expected true or false")
    return said[key] is True


READERS: Final[Mapping[str, tuple[str, Callable[[Mapping[str, Any], str], object]]]] = {
    "select": ("select", _words),
    "ignore": ("ignore", _words),
    "profile": ("profile", partial(_one_of, known=PROFILES)),
    "minConfidence": ("min_confidence", partial(_level, levels=Confidence)),
    "minSeverity": ("min_severity", partial(_level, levels=Severity)),
    "config": ("config", _text),
    "untrusted": ("is_untrusted", _flag),
    "deferTo": ("defer_to", _words),
    "asksReasons": ("asks_reasons", _flag),
}
"""What reads each setting, and the name of the field that it is kept in."""
