"""The search for those steps among many that stand the test together, in so many tests as it may cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from dockerlint.findings import Refusal
from dockerlint.fixing.blame import Failure
from dockerlint.fixing.together import Step

Outcome = TypeVar("Outcome")
Outcome_co = TypeVar("Outcome_co", covariant=True)


class Trial(Protocol[Outcome_co]):
    """What steps are tried on: a text, or all texts of a project."""

    def pay(self) -> None:
        """Spend what one more test costs; raises OverBudget."""

    def verified(self, chosen: Sequence[Step]) -> Outcome_co | Failure:
        """What linting gives with these steps, or why they must not be applied."""
        ...


@dataclass(slots=True)
class Search(Generic[Outcome]):
    """So many tests as one round may cost."""

    trial: Trial[Outcome]
    left: int
    linted: Outcome
    """With the steps that stood the last test together."""
    blamed: dict[int, Refusal] = field(default_factory=dict)
    """Why a step failed together with others, by its identity."""

    def of(self, steps: Sequence[Step]) -> Outcome | Failure:
        """One more test."""
        self.left -= 1
        self.trial.pay()
        return self.trial.verified(steps)

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
