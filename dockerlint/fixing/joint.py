"""The files of a project, fixed in one go: what is found is asked of the project, once for all of its files.

Every round tries the fixes of all files together. What fails then is left to `fix_text`, which tries one file
by itself and says why it withholds a fix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from dockerlint.budget import spend
from dockerlint.findings import Edit, Finding, Refusal, Tier
from dockerlint.fixing.blame import NO_STEP, Failure, WrittenPlaces
from dockerlint.fixing.comparing import compared, fixed_by, leaving
from dockerlint.fixing.effects import Effect, harm_of
from dockerlint.fixing.matching import Evidence, evidence_of
from dockerlint.fixing.results import Applied, LintResult, Result
from dockerlint.fixing.rounds import ROUNDS
from dockerlint.fixing.search import Search
from dockerlint.fixing.together import Step, edits_of, findings_of, steps
from dockerlint.fixing.trial import FEWEST_TESTS, STEPS_OF_WORK, apart, work_of
from dockerlint.fixing.untouched import Shift, differs
from dockerlint.text import Span, splice

_KIND = "compose"
"""Of all files that make up a project."""

Texts = Mapping[str, str]
"""The files that are fixed, by their paths."""


class ProjectResult(NamedTuple):
    """What linting all projects gave that hold some files."""

    files: Mapping[str, LintResult]
    """By the path of each file, what is found in it alone."""
    elsewhere: Sequence[Finding]
    """What is found in other files of the projects, and in none."""
    effects: tuple[Effect, ...]
    """What each of the projects comes to."""


ProjectLinter = Callable[[Texts], ProjectResult]


def fix_files(texts: Texts, least: Tier, linter: ProjectLinter) -> dict[str, Result]:
    """Apply what promises `least` or more, makes no other files, and stands the test together with the rest.

    Each result is to be gone on with by `fix_text` where something that could be fixed is left.
    """
    linted = linter(texts)
    results = {path: Result(text, mask_before=linted.files[path].mask) for path, text in texts.items()}
    failed: set[tuple[str, Evidence]] = set()
    for _ in range(ROUNDS):
        attempt = _JointAttempt({path: one.text for path, one in results.items()}, linted, linter)
        planned = attempt.planned(least, failed)
        if not planned:
            break
        chosen, linted = attempt.as_many_as_go(planned)
        going = set(map(id, chosen))
        failed |= {_known_by(one) for step in planned if id(step) not in going for one in step.findings}
        for path, numbers in _by_path(chosen).items():
            _apply(results[path], [chosen[number] for number in numbers])
    for path, result in results.items():
        result.left, result.mask = linted.files[path].wanted, linted.files[path].mask
    return results


def _apply(result: Result, chosen: Sequence[Step]) -> None:
    """Do to a file what steps of one round do together."""
    for one in findings_of(chosen):
        if one.fix:
            result.applied.append(Applied(one, one.fix, result.text, result.changes))
    edits = edits_of(chosen)
    result.text, result.changes = splice(result.text, edits), result.changes.then(edits)


def is_fixable(finding: Finding, least: Tier) -> bool:
    """Whether a fix promises enough."""
    return finding.fix is not None and finding.fix.tier >= least


def _known_by(finding: Finding) -> tuple[str, Evidence]:
    return finding.path, evidence_of(finding)


def _by_path(planned: Sequence[Step]) -> dict[str, list[int]]:
    """The numbers of steps by the file that they change."""
    found: dict[str, list[int]] = {}
    for number, step in enumerate(planned):
        found.setdefault(step.findings[0].path, []).append(number)
    return found


@dataclass(slots=True)
class _JointAttempt:
    """Files of a project, and the trial of fixes on all of them."""

    texts: Texts
    before: ProjectResult
    linter: ProjectLinter

    def planned(self, least: Tier, failed: set[tuple[str, Evidence]]) -> list[Step]:
        """What goes together in each file, but for what failed before and what makes other files."""
        return [
            step
            for path, text in self.texts.items()
            for step in apart(steps(text, self._candidates(path, least, failed)))
            if step.edits and not step.files
        ]

    def _candidates(self, path: str, least: Tier, failed: set[tuple[str, Evidence]]) -> Iterable[Finding]:
        for finding in self.before.files[path].wanted:
            is_alone = finding.fix is not None and not finding.fix.files
            if is_alone and is_fixable(finding, least) and _known_by(finding) not in failed:
                yield finding

    def as_many_as_go(self, planned: Sequence[Step]) -> tuple[list[Step], ProjectResult]:
        """The steps that stand the test together, as far as a few tests for each file tell."""
        search = Search(self, len(self.texts) + FEWEST_TESTS, self.before)
        return search.grown([], planned), search.linted

    def pay(self) -> None:
        """Spend what linting once more costs; raises OverBudget."""
        work = sum(work_of(text, self.before.files[path]) for path, text in self.texts.items())
        spend(STEPS_OF_WORK * work, "fixes and their verification")

    def verified(self, chosen: Sequence[Step]) -> ProjectResult | Failure:
        """What linting the projects with these steps gives, or why they must not be applied together."""
        by_path = _by_path(chosen)
        changed = dict(self.texts)
        refused: dict[int, Refusal] = {}
        for path, numbers in by_path.items():
            text = _changed(self.texts[path], edits_of(chosen[number] for number in numbers))
            if isinstance(text, Refusal):
                refused |= dict.fromkeys(numbers, text)
            else:
                changed[path] = text
        if refused:
            return Failure(next(iter(refused.values())), refused)
        after = self.linter(changed)
        texts = [(self.texts[path], changed[path]) for path in by_path]
        harm = harm_of(texts, self.before.effects, after.effects, findings_of(chosen))
        if harm is not None:
            return Failure(harm.refusal, dict.fromkeys(_about(chosen, harm.services), harm.refusal))
        return self._compared(chosen, changed, after) or after

    def _compared(self, chosen: Sequence[Step], changed: Texts, after: ProjectResult) -> Failure | None:
        """What is wrong with the findings of all files afterwards."""
        written = _WrittenFiles(changed, chosen)
        placed = [step._replace(findings=tuple(map(_placed, step.findings))) for step in chosen]
        before, now = _all_of(self.before), _all_of(after)
        return compared(before, now, fixed_by(placed), leaving(chosen), written)


class _WrittenFiles:
    """What steps wrote in several files, which are the sources of all places."""

    def __init__(self, texts: Texts, chosen: Sequence[Step]) -> None:
        self._chosen = chosen
        self._numbers = _by_path(chosen)
        self._files: dict[str, WrittenPlaces] = {}
        for path, numbers in self._numbers.items():
            own = [chosen[number] for number in numbers]
            self._files[path] = WrittenPlaces(texts[path], own, Shift(edits_of(own)))

    def moved(self, place: Span) -> Span:
        file = self._files.get(place.source)
        return place if file is None else file.moved(place._replace(source=""))._replace(source=place.source)

    def guilty(self, finding: Finding) -> Sequence[int]:
        """The step that wrote something there, unless others alone fix the service that it is about."""
        path, place = finding.span.source, finding.span._replace(source="")
        there = [] if path not in self._files else [self._files[path].only_step_at(place)]
        here = [self._numbers[path][number] for number in there if number != NO_STEP]
        about = _about(self._chosen, frozenset(filter(None, (finding.subject,))))
        return here if not about or not set(here).isdisjoint(about) else about


def _about(chosen: Sequence[Step], services: frozenset[str]) -> list[int]:
    """The numbers of the steps that fix something of one of these services."""
    return [
        number
        for number, step in enumerate(chosen)
        if any(not services.isdisjoint((one.subject, *one.shared_with)) for one in step.findings)
    ]


def _all_of(result: ProjectResult) -> Iterator[Finding]:
    """All findings, each with its file as the source of its place."""
    for found in result.files.values():
        yield from map(_placed, found.every)
    yield from result.elsewhere


def _placed(finding: Finding) -> Finding:
    return replace(finding, span=finding.span._replace(source=finding.path))


def _changed(text: str, edits: Sequence[Edit]) -> str | Refusal:
    """A text with edits, or what they do to a place that they did not mean."""
    try:
        changed = splice(text, edits)
    except ValueError:
        return Refusal("its edits overlap")
    if changed == text:
        return Refusal("it changes nothing")
    return differs(text, changed, edits, _KIND) or changed
