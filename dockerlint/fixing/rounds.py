"""Lint, choose, splice, verify, again: a text without the findings that can be fixed.

A fix counts only when the text around it still reads as before, its finding is gone and no other one came.
So it is tried first and believed afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from dockerlint.findings import NewFile, Refusal, Tier
from dockerlint.fixing.blame import Failure
from dockerlint.fixing.matching import Evidence, evidence_of
from dockerlint.fixing.results import Applied, Linter, Result, Withheld
from dockerlint.fixing.together import edits_of, files_of, findings_of, steps
from dockerlint.fixing.trial import Attempt, FixContext, apart
from dockerlint.fixing.untouched import second_opinion
from dockerlint.text import splice
from dockerlint.workspace.newfiles import merged

ROUNDS: Final = 10
"""After so many rounds what is left stays."""


class _Anywhere(NamedTuple):
    """A folder that takes every file, and in which no file changes a finding."""

    linter_always: Linter

    def refusal(self, files: Sequence[NewFile]) -> Refusal | None:
        return None

    def linter(self, files: Sequence[NewFile]) -> Linter:
        return self.linter_always


def fix_text(
    text: str,
    kind: str,
    least: Tier,
    linter: Linter,
    around: FixContext | None = None,
    begun: Result | None = None,
) -> Result:
    """Apply every fix that promises `least` or more and stands the test; the same text where none does.

    `linter` is asked about each text that is tried, and `around` about the files that fixes make. What was
    `begun` with the text before is gone on with.
    """
    around = around or _Anywhere(linter)
    before = linted = linter(text if begun is None else begun.text)
    result = begun or Result(text, mask_before=linted.mask)
    failed: set[Evidence] = set()
    for _ in range(ROUNDS):
        attempt = Attempt(result.text, kind, linted, around, result.files)
        candidates = [one for one in linted.wanted if one.fix is not None and one.fix.tier >= least]
        if candidates:
            attempt.pay()
        planned = steps(result.text, candidates)
        planned.sort(key=lambda step: evidence_of(step.findings[0]) in failed)
        chosen = list(apart(planned))
        after = attempt.verified(chosen)
        result.withheld = []
        if isinstance(after, Failure):
            chosen, after, result.withheld = attempt.as_many_as_go(planned, chosen, after)
        known, failed = failed, failed | {evidence_of(one.finding) for one in result.withheld}
        if not chosen and failed == known:
            break
        for one in findings_of(chosen):
            if one.fix:
                result.applied.append(Applied(one, one.fix, result.text, result.changes))
        edits = edits_of(chosen)
        result.changes = result.changes.then(edits)
        result.text, linted = splice(result.text, edits), after
        result.files = merged([*result.files, *files_of(chosen)])
    if refusal := second_opinion(text, result.text, result.changes, kind):
        withheld = [Withheld(one.finding, refusal) for one in result.applied]
        return Result(text, before.wanted, withheld=withheld, mask=before.mask, mask_before=before.mask)
    result.left, result.mask = linted.wanted, linted.mask
    return result
