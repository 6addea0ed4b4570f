"""Everything that linting one file rests on but its text, and how its findings are parted."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from dockerlint.findings import Finding, Suppressed
from dockerlint.linting.linted import Linted
from dockerlint.linting.purpose import Purpose, depends_on_purpose
from dockerlint.linting.selection import Adjustment, Choice, Selection
from dockerlint.linting.suppression import Policy, suppress
from dockerlint.workspace.config import Config, Override
from dockerlint.workspace.neighbours import Neighbours
from dockerlint.workspace.omissions import FileOmissions, Hider, count

if TYPE_CHECKING:
    from dockerlint.model.container.limits import Bounds


def as_content_says(content: Purpose) -> Purpose:
    """The purpose of a text without a path."""
    return content


class Parted(NamedTuple):
    """The findings of a file, those that are shown and those that are not."""

    kept: list[Finding]
    hidden: list[Suppressed]
    omissions: FileOmissions


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything that linting one file rests on but its text."""

    path: str
    kind: str
    config: Config
    overrides: tuple[Override, ...]
    selection: Selection
    choice: Choice
    neighbours: Neighbours
    notes: tuple[str, ...]
    policy: Policy
    purpose: Callable[[Purpose], Purpose] = as_content_says
    """What the file is for, given what its content says."""

    @property
    def bounds(self) -> Callable[[str | None], Bounds] | None:
        """What fixes write for a service without limits; None where the config says nothing about it."""
        speaking = [override for override in self.overrides if override.fix]
        return self._bounds_of if self.config.fix or speaking else None

    @property
    def fix_settings(self) -> str:
        """All that the config says of fixes in the file; equal for files whose fixes are to be the same."""
        speaking = [(one.services, one.stages, one.fix) for one in self.overrides if one.fix]
        return repr((self.write_to, self.config.fix, speaking)) if self.config.fix or speaking else ""

    @property
    def write_to(self) -> str:
        """The absolute path of the file that gets what services lack; "" where the config names none."""
        told = [self.config.fix, *(one.fix for one in self.overrides if not one.services)]
        named = [str(one["write_to"]) for one in told if "write_to" in one]
        return os.path.normpath(os.path.join(self.config.folder, named[-1])) if named else ""

    def _bounds_of(self, service: str | None) -> Bounds:
        from dockerlint.model.container.limits import Bounds

        wanted: dict[str, Any] = dict(self.config.fix)
        for override in self.overrides:
            if override.fix and override.speaks_of(service, "service"):
                wanted |= override.fix
                wanted["is_for_service"] = "memory" in override.fix and bool(override.services)
        wanted.pop("write_to", None)
        return Bounds(**wanted)

    def part(self, linted: Linted, text: str) -> Parted:
        """What is shown of a linted, and what comments and config hide."""
        everything, choice = self.selection.everything, self.choice
        hidden: dict[Hider, int] = {}
        asked = replace(linted, findings=choice.without_ignored(linted.findings, hidden))
        spared, by_comments = suppress(
            asked, text, everything, choice.rules, self.policy, path=self.path, kind=self.kind
        )
        adjustment = Adjustment(self.config, self.overrides, everything)
        kept, by_config, lowered = adjustment.apply(choice.sure(spared, hidden))
        if any(map(depends_on_purpose, kept)):
            kept = choice.fitting(kept, self.purpose(linted.purpose), hidden)
        by_comments = [one for one in by_comments if one.finding.confidence >= choice.min_confidence]
        for one in by_comments:
            count(hidden, Hider("inline", one.tool))
        count(hidden, Hider("overrides", self.config.path), len(by_config))
        below: dict[Hider, int] = {}
        count(below, Hider("severity", self.config.path), lowered)
        omissions = FileOmissions(hidden, below, choice.in_force)
        return Parted(kept, [*by_config, *by_comments], omissions)
