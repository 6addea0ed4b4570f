"""What the config of another tool amounts to, before it is written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from dockerlint.findings import Severity
from dockerlint.quoting import LONGEST_NAME

IGNORED: Final = "ignore"
"""The level of rules that a tool runs only when it is asked to."""


class NotCarried(NamedTuple):
    """What is not carried over, and why."""

    what: str
    why: str


class CarriedOverride(NamedTuple):
    """Rules of a tool that are silent for some files or services."""

    ignore: tuple[str, ...]
    files: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    reason: str = ""
    until: date | None = None
    """The last day on which it holds."""


@dataclass(slots=True)
class Carried:
    """The settings of one config; rules go by the ids of the tool."""

    peer: str
    path: str
    levels: dict[str, Severity | None] = field(default_factory=dict)
    """Every rule that the tool runs, with its severity in words of ours; None where that is not known."""
    only: bool = False
    """The config names the rules to run; else it runs those of the tool."""
    ignored: dict[str, str] = field(default_factory=dict)
    """Rules that the config switches off, each with the reason that it gives, if any."""
    changed: set[str] = field(default_factory=set)
    """Rules whose severity the config sets."""
    fail_on: Severity | None = None
    """None where no config of the tool says it."""
    never_fails: bool = False
    exclude: list[str] = field(default_factory=list)
    words: dict[str, list[str]] = field(default_factory=dict)
    forbid_inline: bool = False
    overrides: list[CarriedOverride] = field(default_factory=list)
    lost: list[NotCarried] = field(default_factory=list)

    def lose(self, what: str, why: str) -> None:
        """Tell of a setting that has no place in our config."""
        self.lost.append(NotCarried(name_shown(what), why))


def default_levels(
    told: Mapping[str, Iterable[str]], severities: Mapping[str, Severity]
) -> dict[str, Severity | None]:
    """The severity of every rule that a tool runs without a config, from its rules by their levels."""
    return {id: severities[level] for level, ids in told.items() if level != IGNORED for id in ids}


def name_shown(name: str) -> str:
    """A name of somebody else's file, short enough for a line."""
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"


def literal_pattern(text: str) -> str:
    """A text as a pattern of `.gitignore` that means this text."""
    return "".join(f"\\{one}" if one in "\\*?[" else one for one in text)


def below_anything(text: str) -> str:
    """The pattern for every path that holds a text."""
    escaped = literal_pattern(text.removeprefix("./"))
    return f"**/*{escaped}*" if "/" in escaped else f"*{escaped}*"
