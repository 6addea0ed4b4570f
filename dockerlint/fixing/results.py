"""What linting a text gave, and what became of it when it was fixed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from dockerlint.findings import Finding, Fix, NewFile, Refusal
from dockerlint.fixing.changes import Changes
from dockerlint.fixing.effects import Effect
from dockerlint.masking.mask import NOTHING_HIDDEN, Mask
from dockerlint.ruleset.rule import RuleMistake
from dockerlint.workspace.omissions import FileOmissions


class LintResult(NamedTuple):
    """What linting a text gave."""

    wanted: Sequence[Finding]
    """Findings of the rules that the user asked for, without the suppressed ones."""
    every: Sequence[Finding]
    """Findings of every rule there is, broken places included."""
    mask: Mask = NOTHING_HIDDEN
    """What must not be shown of the text."""
    effects: tuple[Effect, ...] = ()
    """What the projects come to that it is part of."""


class Applied(NamedTuple):
    """A finding that was fixed, the text right before, and the fixes that were applied together with it."""

    finding: Finding
    fix: Fix
    before: str
    changes: Changes = Changes()
    """What had become of the first text by then."""


class Withheld(NamedTuple):
    """A fix that did not stand the test."""

    finding: Finding
    refusal: Refusal


@dataclass(slots=True)
class Result:
    """A text after all rounds."""

    text: str
    left: Sequence[Finding] = ()
    """What the user asked about and is still there, in order."""
    applied: list[Applied] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)
    """What would be tried again in vain, in the last round."""
    mask: Mask = NOTHING_HIDDEN
    """What must not be shown of `text`."""
    mask_before: Mask = NOTHING_HIDDEN
    """What must not be shown of the text as it was."""
    files: tuple[NewFile, ...] = ()
    """Other files to make or complete, which must be done before the text is written."""
    changes: Changes = Changes()
    """What became of the first text."""
    omissions: FileOmissions = FileOmissions()
    """What hides findings of the first text."""
    failures: tuple[str, ...] = ()
    """Rules that could not be evaluated in one of the rounds."""
    mistakes: tuple[RuleMistake, ...] = ()
    """Rules of users that hold for it, and cannot be used."""


Linter = Callable[[str], LintResult]
