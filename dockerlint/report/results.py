"""What a run hands to the reports of one file: findings with their places in the text, secrets masked.

Named tuples, because one is made for every finding and sent between processes: they import and pickle faster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dockerlint.findings import Finding
from dockerlint.masking.mask import hide_alone
from dockerlint.ruleset.rule import RuleMistake
from dockerlint.workspace.omissions import FileOmissions

if TYPE_CHECKING:  # seldom asked for
    from dockerlint.linting.census import Census
    from dockerlint.linting.passing import Checked


class Place(NamedTuple):
    """Where a finding stands, for people. Lines and columns are 1-based and count characters."""

    line: int
    column: int
    end_line: int
    end_column: int
    """The column after the last character."""
    excerpt: str
    """The source line with every secret masked; a long line is cut to the part around the mark."""
    mark: tuple[int, int]
    """0-based half-open columns of `excerpt` to underline; both are equal for an empty span."""
    path: str
    """The file the place is in: the linted file, or the one beside it that set the value."""
    byte_columns: tuple[int, int] = (1, 1)
    """`column` and `end_column` counted in bytes of UTF-8, a byte order mark included."""


class Region(NamedTuple):
    """Where an edit replaces text, end excluded: 1-based lines, and columns in bytes of UTF-8 from 1."""

    line: int
    column: int
    end_line: int
    end_column: int


class Diagnostic(NamedTuple):
    """A finding and its place; `reason`, `by` and `until` say why, where and how long it is suppressed."""

    finding: Finding
    place: Place
    reason: str = ""
    by: str = ""
    chain: tuple[Place, ...] = ()
    """Where each file declares the service, when several do."""
    parts: tuple[Place, ...] = ()
    """The other places that make it what it is."""
    regions: tuple[Region, ...] = ()
    """Where the edits of its fix stand, in their order; () in a file that is not UTF-8."""
    until: str = ""
    """The last day on which it is suppressed, `2027-01-31`; "" for no end."""
    accepted_by: str = ""
    """Who suppressed it, where a baseline says so."""
    more: tuple[Place, ...] = ()
    """Where the same is found again, when findings are told as one."""

    @property
    def related(self) -> list[tuple[Place, str]]:
        """Where the service is declared, and the other places that belong to the finding; each in words."""
        declared = [(place, f"declares {self.finding.subject}") for place in self.chain]
        return declared + [(place, "belongs to it") for place in self.parts]


class Unread(NamedTuple):
    """Something that a file names and that was not read, so that nothing is known of what depends on it."""

    path: str
    line: int
    column: int
    message: str


class FileReport(NamedTuple):
    """All there is to say about one file, with nothing of its text but masked excerpts."""

    path: str
    kind: str = ""
    findings: tuple[Diagnostic, ...] = ()
    """In the order of the text."""
    suppressed: tuple[Diagnostic, ...] = ()
    obstacle: str | None = None
    """Why the file could not be linted."""
    notes: tuple[str, ...] = ()
    """What the reader of the file had to assume, such as an encoding."""
    gaps: tuple[Unread, ...] = ()
    """What it names and was not read."""
    omissions: FileOmissions = FileOmissions()
    """What hides findings of it."""
    failures: tuple[str, ...] = ()
    """Rules that could not be evaluated on it, whose findings are missing."""
    mistakes: tuple[RuleMistake, ...] = ()
    """Rules of users that hold for it, and cannot be used."""
    revealed: FileReport | None = None
    """The same with nothing masked, where the user asked for reports that show secrets."""
    checked: tuple[Checked, ...] = ()
    """What passed, where a format tells it."""
    images: tuple[str, ...] = ()
    """The images that it names, where somebody asks."""
    census: Census | None = None
    """The images and services that it names, where somebody counts them."""


def unlinted(path: str, obstacle: str) -> FileReport:
    """The report on a file that could not be linted, and why."""
    return FileReport(hide_alone(path), obstacle=hide_alone(obstacle))
