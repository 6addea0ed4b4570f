"""What linting gives, with all that suppression and masking need."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntFlag
from typing import TYPE_CHECKING

from dockerlint.findings import Finding
from dockerlint.linting.failures import Failures
from dockerlint.linting.purpose import UNKNOWN, Purpose
from dockerlint.masking.mask import Mask
from dockerlint.model.dockerfile.builder import BuildingService
from dockerlint.syntax import Comment
from dockerlint.text import Span

if TYPE_CHECKING:  # a Dockerfile is linted without what Compose files need
    from dockerlint.link.gaps import Gap
    from dockerlint.link.sources import Sources
    from dockerlint.linting.census import Census
    from dockerlint.linting.passing import Checked
    from dockerlint.yaml.nodes import Mapping


class Telling(IntFlag):
    """What is told beside the findings; of passes and verdicts one at most."""

    NOTHING = 0
    PASSES = 1
    """What passed, in the words of the rules."""
    VERDICTS = 2
    """What every rule comes to."""
    IMAGES = 4
    """Which images it names."""
    UNDECIDED = 8
    """With passes: which rules of all-clear do not know."""
    CENSUS = 16
    """Which images and services it names, with all that is counted of them."""


@dataclass(frozen=True, slots=True)
class Linted:
    """Everything a file gave, or a project."""

    findings: list[Finding]
    comments: tuple[Comment, ...]
    mask: Mask
    """What must not be shown, wherever anything is said about the file."""
    notes: tuple[str, ...] = ()
    """On what belongs to it and is not linted."""
    failures: Failures = field(default_factory=dict)
    """Rules that raised, whose findings are missing."""
    purpose: Purpose = UNKNOWN
    """What the content says that the file is for; asked where a finding depends on it."""
    sources: Sources | None = None
    """The texts of a project, in which all places count; None for a file that is no Compose file."""
    secrets: tuple[Span, ...] = ()
    """What the mask hides, in the same texts."""
    values: tuple[str, ...] = ()
    """And what it hides of them that they spell otherwise."""
    gaps: tuple[Gap, ...] = ()
    """What a project names and was not read."""
    builders: tuple[tuple[str, BuildingService], ...] = ()
    """The services of a project that build a Dockerfile, each behind its path from the project's folder."""
    root: Mapping | None = None
    """What the files of a project come to; None where there is nothing."""
    images: tuple[str, ...] = ()
    """The images that it names, where somebody asks."""
    checked: tuple[Checked, ...] = ()
    """What passed, where somebody asks."""
    census: Census | None = None
    """The images and services that it names, where somebody counts them."""
