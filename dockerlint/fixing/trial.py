"""The trial of fixes on one text: those that stand it, and why others do not.

Where a batch of fixes fails, it is tried without those that are known to fail, else its halves are.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from dockerlint.budget import spend
from dockerlint.findings import Edit, Finding, NewFile, Refusal, Severity
from dockerlint.fixing.blame import NO_STEP, Failure, WrittenPlaces
from dockerlint.fixing.effects import refusal_of_effects
from dockerlint.fixing.matching import OldFindings, identity_of
from dockerlint.fixing.results import Linter, LintResult, Withheld
from dockerlint.fixing.together import Step, singles
from dockerlint.fixing.untouched import Shift, differs
from dockerlint.text import splice
from dockerlint.workspace.newfiles import Conflict, merged

MOST_TESTS: Final = 60
"""Where not all fixes go together, so many texts are tried to find those that do, and so many to say why the
others do not; what is left then waits for the next round."""
FEWEST_TESTS: Final = 6
"""So many are tried in any case; of more that failed together, what was said of each then is believed."""
MOST_WORK: Final = 1_000_000
"""Characters, and findings as so many, that may be read for the tests of a round, as long as the fewest
are made."""
STEPS_OF_WORK: Final = 30
"""What each run of the linter but the first spends of the budget: the steps run out before the time."""
WORK_OF_FINDING: Final = 100
"""To lint a finding and offer its fix costs as much as to read so many characters."""


class FixContext(Protocol):
    """The folder of a text, in which fixes may make files."""

    def refusal(self, files: Sequence[NewFile]) -> Refusal | None:
        """Why these files cannot be made; None where nothing speaks against it."""

    def linter(self, files: Sequence[NewFile]) -> Linter:
        """What lints a text beside these files."""


def _work(text: str, linted: LintResult) -> int:
    """About what it costs to lint a text with so many findings again."""
    return len(text) + WORK_OF_FINDING * len(linted.every)


@dataclass(slots=True)
class Attempt:
    """One text, and the trial of fixes on it."""

    text: str
    kind: str
    before: LintResult
    around: FixContext
    files: tuple[NewFile, ...]
    """What was made before."""

    def pay(self) -> None:
        """Spend what linting once more costs; raises OverBudget."""
        spend(STEPS_OF_WORK * _work(self.text, self.before), "fixes and their verification")

    def verified(self, chosen: Sequence[Step]) -> LintResult | Failure:
        """What linting the text with these fixes gives, or why they must not be applied."""
        edits, new = edits_of(chosen), files_of(chosen)
        if not edits and not new:
            return self.before
        try:
            changed, files = splice(self.text, edits), merged([*self.files, *new])
        except ValueError:
            return Failure(Refusal("its edits overlap"))
        except Conflict as conflict:
            return Failure(Refusal(str(conflict)))
        if changed == self.text and files == self.files:
            return Failure(Refusal("it changes nothing"))
        refusal = self.around.refusal(files) if new else None
        refusal = refusal or differs(self.text, changed, edits, self.kind)
        if refusal is not None:
            return Failure(refusal)
        after = self.around.linter(files)(changed)
        fixed = findings_of(chosen)
        harm = refusal_of_effects(self.text, changed, self.before.effects, after.effects, fixed)
        if harm is not None:
            return Failure(harm)
        return self._compared(chosen, after, WrittenPlaces(changed, chosen, Shift(edits))) or after

    def _compared(self, chosen: Sequence[Step], after: LintResult, written: WrittenPlaces) -> Failure | None:
        """What is wrong with the findings afterwards."""
        fixed = {identity_of(one) for one in findings_of(chosen)}
        old = OldFindings(self.before.every, written.shift, fixed)
        leaves = {rule for one in findings_of(chosen) if one.fix for rule in one.fix.leaves}
        wrong: list[tuple[Finding, Refusal]] = []
        for finding, same in [(finding, old.take_same(finding)) for finding in after.every]:
            origin = same or old.take_alike(finding)
            # A matter of taste is no reason to leave a weakness where it is.
            if origin is None and finding.severity > Severity.INFO and finding.rule.id not in leaves:
                cause = f"it would cause {finding.rule.id} {finding.rule.name}"
                wrong.append((finding, Refusal(cause)))
            elif origin is not None and identity_of(origin) in fixed:
                wrong.append((finding, Refusal("the finding would remain")))
        if not wrong:
            return None
        blamed: dict[int, Refusal] = {}
        for finding, refusal in wrong:
            blamed.setdefault(written.only_step_at(finding.span), refusal)
        blamed.pop(NO_STEP, None)
        return Failure(wrong[0][1], blamed)

    def as_many_as_go(
        self, planned: Sequence[Step], tried: Sequence[Step], failure: Failure
    ) -> tuple[list[Step], LintResult, list[Withheld]]:
        """The steps that stand the test together, and why others do not stand it alone.

        Those that were `tried` together failed. One that fails and holds several fixes is taken apart.
        """
        affordable = max(FEWEST_TESTS, min(MOST_TESTS, MOST_WORK // max(_work(self.text, self.before), 1)))
        tests = _Tests(self, affordable, self.before)
        chosen = tests.without_failing([], tried, failure)
        tests.left += affordable
        withheld: list[Withheld] = []
        kept = {id(step) for step in chosen}
        waiting = deque(step for step in planned if id(step) not in kept)
        while waiting and tests.left > 0:
            step = waiting.popleft()
            is_alone = len(step.findings) == 1
            said = tests.blamed.get(id(step)) if is_alone and len(withheld) >= FEWEST_TESTS else None
            alone = Failure(said) if said is not None else tests.of([step])
            if isinstance(alone, Failure) and not is_alone:
                waiting.extendleft(reversed(list(singles(step))))
            elif isinstance(alone, Failure):
                withheld.append(Withheld(step.findings[0], alone.refusal))
            elif len(list(apart([*chosen, step]))) > len(chosen):
                chosen = tests.grown(chosen, [step])
        return chosen, tests.linted, withheld


@dataclass(slots=True)
class _Tests:
    """So many tests as one round may cost."""

    attempt: Attempt
    left: int
    linted: LintResult
    """On the text with the steps that stood the last test together."""
    blamed: dict[int, Refusal] = field(default_factory=dict)
    """Why a step failed together with others, by its identity."""

    def of(self, steps: Sequence[Step]) -> LintResult | Failure:
        """One more test."""
        self.left -= 1
        self.attempt.pay()
        return self.attempt.verified(steps)

    def grown(self, chosen: list[Step], more: Sequence[Step]) -> list[Step]:
        """Steps that go together, with as many more as go with them; fewer where the tests run out."""
        if not more or self.left <= 0:
            return chosen
        together = [*chosen, *more]
        after = self.of(together)
        if isinstance(after, Failure):
            return self.without_failing(chosen, more, after)
        self.linted = after
        return together

    def without_failing(self, chosen: list[Step], more: Sequence[Step], failure: Failure) -> list[Step]:
        """As many as go together of those that just failed: without the blamed ones, else the halves."""
        blamed = {id(more[at - len(chosen)]): why for at, why in failure.blamed.items() if at >= len(chosen)}
        if blamed:
            self.blamed |= blamed
            return self.grown(chosen, [step for step in more if id(step) not in blamed])
        half = len(more) // 2
        if not half:
            return chosen
        return self.grown(self.grown(chosen, more[:half]), more[half:])


def apart(planned: Iterable[Step]) -> Iterator[Step]:
    """Steps whose edits neither overlap nor touch those of an earlier one."""
    taken: list[tuple[int, int]] = []
    for step in planned:
        places = sorted(edit.span[:2] for edit in step.edits)
        if (places or files_of([step])) and all(_is_free(place, taken) for place in places):
            for place in places:
                insort(taken, place)
            yield step


def _is_free(place: tuple[int, int], taken: Sequence[tuple[int, int]]) -> bool:
    """Whether a range touches none of those that are taken, which are apart and in order."""
    at = bisect_left(taken, place)
    return (at == 0 or taken[at - 1][1] < place[0]) and (at == len(taken) or taken[at][0] > place[1])


def edits_of(planned: Iterable[Step]) -> list[Edit]:
    return [edit for step in planned for edit in step.edits]


def files_of(planned: Iterable[Step]) -> list[NewFile]:
    return [file for step in planned for file in step.files]


def findings_of(planned: Iterable[Step]) -> list[Finding]:
    return [finding for step in planned for finding in step.findings]
