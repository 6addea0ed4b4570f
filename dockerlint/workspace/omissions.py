"""What a run was told to leave out: files passed over, findings hidden or lowered, and by which settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from dockerlint.masking.mask import hide_alone

USUAL_PROFILE: Final = "default"


class Excluder(NamedTuple):
    """What keeps files or folders out of a run."""

    by: str
    """`exclude` (a pattern of the config), `gitignore`, `default` (folders such as node_modules), `content`
    (which is not what the name suggests), `link` (one that leads out of the project, or nowhere), `special`
    (a pipe, socket or device)."""
    where: str
    """The config or ignore file as shown; "" for what no file says."""
    is_folder: bool


class Hider(NamedTuple):
    """What hides findings, or lowers their severity."""

    by: str
    """`ignore`, `overrides`, `inline`, `min-confidence`, `purpose`; `severity` for what is lowered."""
    where: str
    """The config as shown, the option of the command line, the tool whose comment it is, or the purpose."""


class InForce(NamedTuple):
    """The settings that hold for a file."""

    profile: str
    select: tuple[str, ...] = ()
    """The rules that are asked in place of the profile; empty where that decides."""
    config: str = ""
    """As shown; "" for none."""
    keys: tuple[str, ...] = ()
    """What the config sets."""


class FileOmissions(NamedTuple):
    """What became of the findings of one file."""

    hidden: Mapping[Hider, int] = {}
    lowered: Mapping[Hider, int] = {}
    in_force: InForce | None = None
    """None where it was not linted."""


class Omissions(NamedTuple):
    """What was left out of a whole run."""

    excluded: Mapping[Excluder, int] = {}
    """A folder counts as one: it is not entered."""
    hidden: Mapping[Hider, int] = {}
    lowered: Mapping[Hider, int] = {}
    in_force: tuple[InForce, ...] = ()
    """Each once, in the order of the files they hold for."""

    @property
    def is_usual(self) -> bool:
        """Nothing was left out, and no setting asked for anything."""
        settings = [one for one in self.in_force if one != InForce(USUAL_PROFILE)]
        return not (self.excluded or self.hidden or self.lowered or settings)

    @property
    def profiles(self) -> tuple[str, ...]:
        """Every profile in force; what no select takes the place of."""
        return tuple(dict.fromkeys(one.profile for one in self.in_force))

    @property
    def selected(self) -> tuple[str, ...]:
        """Every name of a rule that is asked in place of a profile."""
        return tuple(dict.fromkeys(name for one in self.in_force for name in one.select))

    @property
    def configs(self) -> dict[str, tuple[str, ...]]:
        """What every config in force sets."""
        return {one.config: one.keys for one in self.in_force if one.config}


class OmissionTally:
    """Counts while a run goes on."""

    def __init__(self) -> None:
        self._excluded: dict[Excluder, int] = {}
        self._hidden: dict[Hider, int] = {}
        self._lowered: dict[Hider, int] = {}
        self._in_force: dict[InForce, None] = {}

    def exclude(self, excluder: Excluder) -> None:
        """Count one file or folder that is passed over."""
        self._excluded[excluder] = self._excluded.get(excluder, 0) + 1

    def add(self, file: FileOmissions) -> None:
        """Count what became of the findings of one file."""
        for hider, number in file.hidden.items():
            count(self._hidden, hider, number)
        for hider, number in file.lowered.items():
            count(self._lowered, hider, number)
        if file.in_force is not None:
            self._in_force[file.in_force] = None

    def total(self) -> Omissions:
        """What was counted so far, with nothing secret in a path."""
        return Omissions(
            {one._replace(where=hide_alone(one.where)): number for one, number in self._excluded.items()},
            {one._replace(where=hide_alone(one.where)): number for one, number in self._hidden.items()},
            {one._replace(where=hide_alone(one.where)): number for one, number in self._lowered.items()},
            tuple(one._replace(config=hide_alone(one.config)) for one in self._in_force),
        )


def count(total: dict[Hider, int], hider: Hider, number: int = 1) -> None:
    """Add to what something hides."""
    if number:
        total[hider] = total.get(hider, 0) + number
