"""What is wrong with the findings of a text, or of a project, once some of them are fixed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from dockerlint.findings import Finding, Refusal, Severity
from dockerlint.fixing.blame import Failure
from dockerlint.fixing.matching import Identity, OldFindings, identity_of
from dockerlint.fixing.together import Step
from dockerlint.text import Span


class WrittenText(Protocol):
    """What steps wrote, of which each has a number."""

    def moved(self, place: Span) -> Span:
        """Where an old place is by now."""
        ...

    def guilty(self, finding: Finding) -> Sequence[int]:
        """The steps that must have brought a finding; none where nothing says which."""
        ...


def fixed_by(chosen: Sequence[Step]) -> dict[Identity, int]:
    """The findings that steps fix, each with the number of its step."""
    return {identity_of(one): number for number, step in enumerate(chosen) for one in step.findings}


def leaving(chosen: Sequence[Step]) -> set[str]:
    """The ids of the rules that may find what these steps leave behind."""
    return {rule for step in chosen for one in step.findings if one.fix for rule in one.fix.leaves}


def compared(
    before: Iterable[Finding],
    after: Iterable[Finding],
    fixed: Mapping[Identity, int],
    leaves: set[str],
    written: WrittenText,
) -> Failure | None:
    """Which findings are new, or are still there although they were fixed; None where none is.

    `fixed` are those, with the number of the step that fixes each; new ones of the rules in `leaves` do not
    count. What remains blames the step that was to fix it.
    """
    old = OldFindings(before, written.moved, fixed.keys())
    first: Refusal | None = None
    blamed: dict[int, Refusal] = {}
    for finding, same in [(finding, old.take_same(finding)) for finding in after]:
        origin = same or old.take_alike(finding)
        step = None if origin is None else fixed.get(identity_of(origin))
        # A matter of taste is no reason to leave a weakness where it is.
        if origin is None and finding.severity > Severity.INFO and finding.rule.id not in leaves:
            refusal = Refusal(f"it would cause {finding.rule.id} {finding.rule.name}")
        elif step is not None:
            refusal = Refusal("the finding would remain")
        else:
            continue
        first = first or refusal
        for number in written.guilty(finding) if step is None else (step,):
            blamed.setdefault(number, refusal)
    return None if first is None else Failure(first, blamed)
