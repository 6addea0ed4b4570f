"""Rules that raise on a file: a defect of ours, which costs the findings of that rule there and no others."""

from __future__ import annotations

import os
from typing import Final

from dockerlint.budget import OverBudget
from dockerlint.findings import RuleInfo
from dockerlint.ruleset.rule import RuleError

THROUGH: Final = (OverBudget, RuleError, MemoryError)
"""What concerns the whole file and is not the rule's own."""

Failures = dict[str, str]
"""By the id of a rule: its name, and the kind of exception that it raised first."""


def note(failures: Failures, rule: RuleInfo, error: Exception) -> None:
    """Remember that a rule raised; raises the error again where somebody wants to see where it comes from."""
    if os.environ.get("DOCKERLINT_DEBUG"):
        raise error
    failures.setdefault(rule.id, f"{rule.name}: internal error ({type(error).__name__})")


def told(failures: Failures) -> tuple[str, ...]:
    """A line for each rule; what it raised may quote the file and is not shown."""
    where = "please report it, DOCKERLINT_DEBUG=1 shows where"
    return tuple(f"rule {id} {failure}; {where}" for id, failure in failures.items())
