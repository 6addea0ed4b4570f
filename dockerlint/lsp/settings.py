"""What the editor says about how its files are linted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dockerlint.errors import UserError
from dockerlint.findings import Confidence
from dockerlint.linting.selection import SelectionFlags
from dockerlint.run.check import Options
from dockerlint.workspace.config import PROFILES
from dockerlint.workspace.trust import UNTRUSTED, Trust


class EditorSettings(NamedTuple):
    """All settings; each has the meaning of the option of that name."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profile: str | None = None
    min_confidence: Confidence | None = None
    config: str | None = None
    is_untrusted: bool = False
    """A stranger wrote the folder: nothing in it is obeyed."""
    defer_to: tuple[str, ...] = ()
    """Tools that the editor runs as well: what they report, too, is left out."""

    def options(self, folders: Sequence[str]) -> Options:
        """Those of a run over these folders."""
        return Options(
            paths=tuple(folders) or (".",),
            flags=SelectionFlags(self.select, self.ignore, self.profile, self.min_confidence),
            config=self.config,
            trust=UNTRUSTED if self.is_untrusted else Trust(),
        )


def read_settings(data: object, is_untrusted: bool = False) -> EditorSettings:
    """The settings that a client sent; what it does not name has its default.

    `is_untrusted` was said on a way that no folder can write to, and holds. Raises UserError for a value that
    is none.
    """
    said: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
    return EditorSettings(
        select=_words(said, "select"),
        ignore=_words(said, "ignore"),
        profile=_one_of(said, "profile", PROFILES),
        min_confidence=_confidence(said),
        config=_text(said, "config"),
        is_untrusted=is_untrusted or said.get("untrusted") is True,
        defer_to=_words(said, "deferTo"),
    )


def _text(said: Mapping[str, Any], key: str) -> str | None:
    value = said.get(key)
    if value in (None, ""):
        return None
    if not isinstance(value, str):
        raise UserError(f"setting {key}: expected a text")
    return value


def _words(said: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = said.get(key) or []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise UserError(f"setting {key}: expected a list of texts")
    return tuple(value)


def _one_of(said: Mapping[str, Any], key: str, known: Sequence[str]) -> str | None:
    value = _text(said, key)
    if value is not None and value not in known:
        raise UserError(f"setting {key}: expected one of {', '.join(known)}")
    return value


def _confidence(said: Mapping[str, Any]) -> Confidence | None:
    levels = {str(level): level for level in reversed(Confidence)}
    value = _one_of(said, "minConfidence", tuple(levels))
    return None if value is None else levels[value]
