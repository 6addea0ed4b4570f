"""All that the report on one file tells, put together from the projects that hold the file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from dockerlint.findings import Finding, Suppressed
from dockerlint.linting.anchored import once_a_text
from dockerlint.linting.failures import Failures, told
from dockerlint.linting.template import without_template_problems
from dockerlint.masking.mask import NOTHING_HIDDEN, Mask, hide_alone
from dockerlint.report.excerpts import file_report
from dockerlint.report.results import FileReport
from dockerlint.ruleset.rule import RuleMistake
from dockerlint.run.setup import Parted, Setup
from dockerlint.run.told import Told
from dockerlint.text import Source, Span
from dockerlint.workspace.omissions import FileOmissions, Hider, count

if TYPE_CHECKING:  # seldom asked for
    from dockerlint.linting.census import Census
    from dockerlint.linting.passing import Checked


@dataclass(frozen=True)
class Found:
    """What is found in a file, each thing once, however many projects say it."""

    text: str
    setup: Setup
    told: Sequence[Told]

    @cached_property
    def parted(self) -> Parted:
        """What is shown, and what comments and config hide."""
        parts = [(one, one.setup.part(one.linted, one.text)) for one in self.told]
        if len(parts) == 1:
            return parts[0][1]
        kept = (one.seen(finding) for one, part in parts for finding in part.kept)
        hidden = (
            replace(excused, finding=one.seen(excused.finding))
            for one, part in parts
            for excused in part.hidden
        )
        return Parted(_once(kept), _excused_once(hidden), _joined(part.omissions for _, part in parts))

    @cached_property
    def mask(self) -> Mask:
        """What is hidden: a secret of one file is so in all of them."""
        own = [one.linted for one in self.told if not one.name]
        if len(own) == 1:
            return own[0].mask
        secrets = [span for one in own for span in one.secrets]
        values = [value for one in own for value in one.values]
        return Mask(self.text, secrets, self.setup.neighbours.text_of, values)

    @property
    def notes(self) -> tuple[str, ...]:
        """On what belongs to it and is not linted."""
        return tuple(dict.fromkeys(note for one in self.told if not one.name for note in one.linted.notes))

    @property
    def gaps(self) -> list[tuple[Span, str]]:
        """What was not read, and the place that names it; of a file that is missing the first one."""
        found: dict[tuple[object, str], tuple[Span, str]] = {}
        for one in self.told:
            for gap in one.linted.gaps:
                place = one.place(gap.span)
                key = "" if gap.code == "missing" else place
                found.setdefault((key, gap.message), (place, gap.message))
        return list(found.values())

    @property
    def images(self) -> tuple[str, ...]:
        """The images that it names, each once."""
        return tuple(dict.fromkeys(image for one in self.told for image in one.linted.images))

    @property
    def checked(self) -> tuple[Checked, ...]:
        """What passed."""
        return tuple(dict.fromkeys(part for one in self.told if not one.name for part in one.linted.checked))

    @property
    def census(self) -> Census | None:
        """The images and services of the file; those of a project are told with its first file."""
        leading = (one for one in self.told if one.home is None or one.home.own == one.home.lead)
        parts = [one.linted.census for one in leading if one.linted.census is not None]
        if not parts:
            return None
        images = dict.fromkeys(row for part in parts for row in part.images)
        services = dict.fromkeys(row for part in parts for row in part.services)
        return parts[0]._replace(images=tuple(images), services=tuple(services))

    def report(
        self, source: Source, kind: str, reveal: bool = False, *, is_trusted: bool = True
    ) -> FileReport:
        """All there is to say about the file, with one that shows secrets in it where somebody asked.

        Where a stranger wrote the file, that it is a template excuses nothing.
        """
        parted, setup = self.parted, self.setup
        kept, note = parted.kept, ""
        if is_trusted:
            kept, note = without_template_problems(kept, source.text)
        masks = (self.mask, NOTHING_HIDDEN) if reveal else (self.mask,)
        report, *revealed = (
            file_report(
                source,
                kind,
                once_a_text(kept),
                parted.hidden,
                mask,
                setup.neighbours.text_of,
                (*setup.notes, *filter(None, [note]), *map(mask.text, self.notes)),
                self.gaps,
            )
            for mask in masks
        )
        failures = told(self.failures)
        revealed = [one._replace(failures=failures) for one in revealed]
        census = self.census
        return report._replace(
            omissions=parted.omissions,
            failures=failures,
            mistakes=tuple(map(shown_mistake, setup.selection.everything.mistakes)),
            revealed=next(iter(revealed), None),
            checked=tuple(one._replace(subject=self.mask.name(one.subject)) for one in self.checked),
            images=tuple(map(self.mask.text, self.images)),
            census=None if census is None else census.masked(self.mask.text),
        )

    @property
    def failures(self) -> Failures:
        """Rules that could not be evaluated."""
        return {key: failure for one in self.told for key, failure in one.linted.failures.items()}


def shown_mistake(mistake: RuleMistake) -> RuleMistake:
    """A mistake in a rule, as reports may show it."""
    return mistake._replace(path=hide_alone(mistake.path), message=hide_alone(mistake.message))


def _identity(finding: Finding) -> tuple[object, ...]:
    return finding.rule.id, finding.span, finding.subject, finding.message


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """Findings that several projects agree on, once."""
    return list({_identity(one): one for one in reversed(list(findings))}.values())[::-1]


def _excused_once(hidden: Iterable[Suppressed]) -> list[Suppressed]:
    return list({_identity(one.finding): one for one in hidden}.values())


def _joined(parts: Iterable[FileOmissions]) -> FileOmissions:
    hidden: dict[Hider, int] = {}
    lowered: dict[Hider, int] = {}
    in_force = None
    for part in parts:
        for hider, number in part.hidden.items():
            count(hidden, hider, number)
        for hider, number in part.lowered.items():
            count(lowered, hider, number)
        in_force = in_force or part.in_force
    return FileOmissions(hidden, lowered, in_force)
