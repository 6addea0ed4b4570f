"""What has been proven of one service: it grows with each trial that works, and never otherwise."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol

from dockerlint.prove.host.observing import Changed, Process
from dockerlint.prove.layers.users import judged_by_users
from dockerlint.prove.trials.trial import TrialResult, Trials
from dockerlint.prove.trials.variant import Variant

_FIRST_SECONDS: Final = 120.0
"""How long a start of the service as it is may take."""
_LEAST_SECONDS: Final = 8.0
_FACTOR: Final = 3
"""A hardened start that takes so many times as long as before does not work."""
MOST_TRIALS: Final = 60


class Lack(NamedTuple):
    """What the service fails without, and what told so."""

    of: str
    """`capability SETUID`, `tmpfs /run`."""
    phase: str
    line: str


class Note(NamedTuple):
    """A layer that was not proven, and why."""

    layer: str
    """`read_only`, `user`, `cap_drop`, `no-new-privileges`."""
    why: str


class NotProven(Exception):
    """Nothing can be concluded; the text says why."""


class OutOfBudget(Exception):
    """The time or the number of trials that a service may take is used up."""


class Screen(Protocol):
    """What shows the trials."""

    def begin(self, number: int, said: str) -> None:
        """What is tried now."""

    def trial(self, number: int, said: str, verdict: TrialResult) -> None:
        """A trial that has ended, and how it went."""


@dataclass
class Proof:
    """What has been proven of a service so far."""

    trials: Trials
    screen: Screen
    until: float
    """When the trials have to be over, by the monotonic clock."""
    proven: Variant = Variant()
    lacks: list[Lack] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    verdicts: list[TrialResult] = field(default_factory=list)
    """Of the service as it is, then of each variant that worked, the last one being what is proven."""
    seconds: float = _FIRST_SECONDS
    """What one start may take."""
    _last: TrialResult | None = None

    def begin(self) -> None:
        """Try the service as it is; raises NotProven where it does not work, so that nothing can be said."""
        verdict = self._run(Variant(), "as it is", observes=True)
        if not verdict.works:
            raise NotProven(f"it does not work as it is: {verdict.phase}: {verdict.line}")
        self.verdicts.append(verdict)
        self.seconds = max(_LEAST_SECONDS, _FACTOR * verdict.slowest + 2)

    def attempt(self, variant: Variant, said: str, lack: str = "") -> TrialResult:
        """Try a variant, which is what is proven from now on where it works; raises OutOfBudget.

        `lack` names what it has no more, so that it is told what the service fails without.
        """
        verdict = self._run(variant, said)
        if verdict.works:
            self.proven = variant
            self.verdicts.append(verdict)
        elif lack:
            self.lacks.append(Lack(lack, verdict.phase, verdict.line))
        return verdict

    @property
    def changes(self) -> tuple[Changed, ...]:
        """What the service changes in its own file system as it is."""
        return tuple(dict.fromkeys(one for seen in self.verdicts[0].seen for one in seen.changes))

    @property
    def processes(self) -> tuple[Process, ...]:
        """What runs in the service as it is."""
        return self.verdicts[0].seen[-1].processes

    @property
    def last(self) -> TrialResult:
        """The verdict of the last trial."""
        assert self._last is not None
        return self._last

    def _run(self, variant: Variant, said: str, *, observes: bool = False) -> TrialResult:
        if self.trials.count >= MOST_TRIALS:
            raise OutOfBudget(f"stopped after {MOST_TRIALS} trials")
        left = self.until - time.monotonic()
        if left <= 0:
            raise OutOfBudget("stopped at the time limit (--time-limit)")
        self.screen.begin(self.trials.count + 1, said)
        verdict = self.trials.run(variant, min(self.seconds, max(left, 1.0)), observes=observes)
        if self.verdicts:
            verdict = judged_by_users(verdict, self.processes)
        self._last = verdict
        self.screen.trial(self.trials.count, said, verdict)
        return verdict
