"""What a fix is told of a file: findings, and what becomes of every project that holds it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from dockerlint.findings import Finding, Fix, Refusal
from dockerlint.fixing.effects import Effect
from dockerlint.fixing.results import LintResult
from dockerlint.kinds import TextOf
from dockerlint.linting.failures import Failures
from dockerlint.linting.linted import Linted
from dockerlint.linting.member import Home
from dockerlint.masking.mask import Mask
from dockerlint.model.dockerfile.builder import BuildingService
from dockerlint.run.members import Members
from dockerlint.run.projects import Held
from dockerlint.run.setup import Parted, Setup
from dockerlint.run.text import lint_whole
from dockerlint.text import Source, Span
from dockerlint.yaml.nodes import Scalar, as_mapping, scalars_in


class _View(NamedTuple):
    """A file in one of its projects."""

    held: Held
    home: Home
    linted: Linted
    """What is found in the file."""
    kept: list[Finding]
    effect: Effect
    is_witness: bool
    """It is only asked whether a fix does it harm."""


@dataclass(slots=True)
class FileFixes:
    """Lints a file that belongs to no project for a fix."""

    source: Source
    kind: str
    setup: Setup
    asked: frozenset[str]
    """Ids of the rules whose findings are to be fixed."""
    builders: Sequence[BuildingService]
    """The services that build it, where it is a Dockerfile."""
    parted: list[Parted] = field(default_factory=list)
    """What was shown and hidden each time; the first is that of the text as it was."""
    failures: Failures = field(default_factory=dict)

    def lint(self, text: str, neighbours: Mapping[str, str]) -> LintResult:
        """What is found in a text in place of the file's, beside these files."""
        around = self.setup.neighbours.and_more(neighbours)
        linted = lint_whole(
            text,
            self.kind,
            self.setup.selection.everything,
            path=self.source.path,
            text_of=around.text_of,
            bounds=self.setup.bounds,
            standing_of=around.standing_of,
            builders=self.builders,
        )
        wanted = [one for one in linted.findings if one.rule.id in self.asked]
        self.parted.append(self.setup.part(replace(linted, findings=wanted), text))
        self.failures.update(linted.failures)
        return LintResult(self.parted[-1].kept, linted.findings, linted.mask)


@dataclass(slots=True)
class ComposeFile:
    """A Compose file that is fixed, and what is told of it in every project that holds it."""

    source: Source
    setup: Setup
    asked: frozenset[str]
    """Ids of the rules whose findings are to be fixed."""
    parted: list[Parted] = field(default_factory=list)
    """What was shown and hidden, one for each project; the first are those of the text as it was."""
    failures: Failures = field(default_factory=dict)

    def result(self, text: str, homes: Iterable[tuple[Held, Home]], text_of: TextOf) -> LintResult:
        """What is found in a text in place of the file's, which has these homes in its projects.

        `text_of` gives the texts of other files, in which there are secrets as well.
        """
        views = [self._view(text, held, home, text_of) for held, home in homes]
        own = [view for view in views if not view.is_witness]
        every = [one for view in views for one in view.home.everything(self.source.path)]
        secrets = [span for view in own for span in view.linted.secrets]
        values = [value for view in own for value in view.linted.values]
        mask = own[0].linted.mask if len(own) == 1 else Mask(text, secrets, text_of, values)
        return LintResult(_agreed(views), every, mask, tuple(view.effect for view in views))

    def _view(self, text: str, held: Held, home: Home, text_of: TextOf) -> _View:
        linted = home.brought(self.source.path, text, text_of)
        wanted = [one for one in linted.findings if one.rule.id in self.asked and not one.span.source]
        parted = self.setup.part(replace(linted, findings=wanted), text)
        self.parted.append(parted)
        self.failures.update(linted.failures)
        is_witness = os.path.abspath(self.source.path) in held.witness_for
        return _View(held, home, linted, parted.kept, effect_of(held, linted), is_witness)


class ProjectFixes(NamedTuple):
    """Lints a Compose file for a fix, with all projects that hold it."""

    members: Members
    file: ComposeFile
    projects: tuple[Held, ...]

    @property
    def parted(self) -> list[Parted]:
        """What was shown and hidden each time."""
        return self.file.parted

    @property
    def failures(self) -> Failures:
        """Rules that could not be evaluated."""
        return self.file.failures

    def lint(self, text: str, neighbours: Mapping[str, str]) -> LintResult:
        """What is found in a text in place of the file's, beside these files."""
        homes = self._homes(replace(self.file.source, text=text), neighbours)
        return self.file.result(text, homes, self.file.setup.neighbours.text_of)

    def _homes(self, source: Source, neighbours: Mapping[str, str]) -> Iterator[tuple[Held, Home]]:
        setup = self.file.setup
        for held in self.projects:
            yield (
                held,
                self.members.home(held, source, setup, True, neighbours, setup.selection.everything),
            )


def effect_of(held: Held, linted: Linted) -> Effect:
    """What a project comes to."""
    return Effect(" + ".join(held.files.paths), linted.root)


def _agreed(views: Sequence[_View]) -> list[Finding]:
    """The findings of all projects, each once; with a fix where it is right for every one of them."""
    found: dict[object, Finding] = {}
    for view in views:
        if view.is_witness:
            continue
        for finding in view.kept:
            if finding.fix is not None and (refusal := _objection(finding, view, views)):
                finding = replace(finding, fix=None, unfixed=refusal)
            found.setdefault(_identity(finding), finding)
    return list(found.values())


def _objection(finding: Finding, view: _View, views: Sequence[_View]) -> Refusal | None:
    """What other projects have against a fix of a file that they hold, too; all of them are named."""
    concerned = [one for one in views if one is not view and finding.subject in one.effect.services]
    if not concerned:
        return None
    if view.home.own not in view.held.files.paths:
        names = list(dict.fromkeys(one.effect.name for one in (view, *concerned)))
        return Refusal(f"{_and(names)} {'both' if len(names) < 3 else 'all'} include this file")
    theirs = {
        one.effect.name: next((each for each in one.kept if _identity(each) == _identity(finding)), None)
        for one in concerned
    }
    replacing = {one.effect.name for one in concerned if _is_replaced(finding, view, one)}
    content = [name for name, same in theirs.items() if same is None and name not in replacing]
    if content:
        verbs = "includes this file and does" if len(content) == 1 else "include this file and do"
        return Refusal(f"{_and(content)} {verbs} not need that")
    others = [name for name, same in theirs.items() if same and not _is_as_good(same.fix, finding.fix)]
    if others:
        verbs = "includes this file and needs" if len(others) == 1 else "include this file and need"
        return Refusal(f"{_and(others)} {verbs} something else")
    return None


def _is_replaced(finding: Finding, view: _View, other: _View) -> bool:
    """Whether a fix changes nothing but a key's value in whose place a project has that of another file.

    What stands in a list is another matter: Compose joins those.
    """
    span, edits = finding.span, () if finding.fix is None else finding.fix.edits
    if not edits or not all(span.start <= one.span.start and one.span.end <= span.end for one in edits):
        return False
    body = as_mapping(view.effect.service(str(finding.subject)))
    values = (entry.value for entry in body.entries.values() if isinstance(entry.value, Scalar))
    theirs = other.effect.service(str(finding.subject))
    return (
        theirs is not None
        and _is_among(values, span, view)
        and not _is_among(scalars_in(theirs), span, other)
    )


def _is_among(values: Iterable[Scalar], span: Span, view: _View) -> bool:
    """Whether one of the values in a project is that at a place in the file."""
    sources = view.home.linted.sources
    start = next((one.start for one in sources.files if one.path == view.home.own), 0) if sources else 0
    first, last = span.start + start, span.end + start
    return any(one.span.start < last and first < one.span.end for one in values)


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _is_as_good(fix: Fix | None, wanted: Fix | None) -> bool:
    """Whether one project promises of a fix what another one does."""
    return fix is not None and wanted is not None and fix.edits == wanted.edits and fix.tier >= wanted.tier


def _identity(finding: Finding) -> tuple[object, ...]:
    return finding.rule.id, finding.span, finding.subject
