"""The trial of fixes on one text: those that stand it, and why others do not.

Where a batch of fixes fails, it is tried without those that are known to fail, else its halves are.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from dockerlint.budget import spend
from dockerlint.findings import NewFile, Refusal
from dockerlint.fixing.blame import Failure, WrittenPlaces
from dockerlint.fixing.comparing import compared, fixed_by, leaving
from dockerlint.fixing.effects import harm_of
from dockerlint.fixing.results import Linter, LintResult, Withheld
from dockerlint.fixing.search import Search
from dockerlint.fixing.together import Step, edits_of, files_of, findings_of, singles
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


def work_of(text: str, linted: LintResult) -> int:
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
        spend(STEPS_OF_WORK * work_of(self.text, self.before), "fixes and their verification")

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
        harm = harm_of([(self.text, changed)], self.before.effects, after.effects, findings_of(chosen))
        if harm is not None:
            return Failure(harm.refusal)
        places = WrittenPlaces(changed, chosen, Shift(edits))
        fixed, leaves = fixed_by(chosen), leaving(chosen)
        return compared(self.before.every, after.every, fixed, leaves, places) or after

    def as_many_as_go(
        self, planned: Sequence[Step], tried: Sequence[Step], failure: Failure
    ) -> tuple[list[Step], LintResult, list[Withheld]]:
        """The steps that stand the test together, and why others do not stand it alone.

        Those that were `tried` together failed. One that fails and holds several fixes is taken apart.
        """
        affordable = max(FEWEST_TESTS, min(MOST_TESTS, MOST_WORK // max(work_of(self.text, self.before), 1)))
        tests = Search(self, affordable, self.before)
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
