"""What a rule comes to on one node, or on a subject that holds none of its nodes."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from dockerlint.linting.failures import THROUGH
from dockerlint.model.node import Node
from dockerlint.ruleset.rule import CompiledRule, Pass, Scope


class Outcome(IntEnum):
    """What a rule comes to; of several nodes the greatest counts."""

    PASSED = 0
    UNKNOWN = 1
    """What is read does not decide."""
    SILENT = 2
    """It does not fire, and that is no news."""
    FAILED = 3


_SAYS: Final = {True: Outcome.PASSED, False: Outcome.SILENT, None: Outcome.UNKNOWN}
"""What comes of a rule that does not fire, by what must hold for that to be news."""


def outcome_of(rule: CompiledRule, node: Node, scope: Scope) -> Outcome:
    """What a rule comes to on one node; one that fails to be evaluated is told with the findings."""
    try:
        fires = rule.test(node, scope)
    except THROUGH:
        raise
    except Exception:
        return Outcome.UNKNOWN
    return outcome_said(fires, rule.passes, node, scope)


def outcome_said(fires: bool | None, passes: Pass | None, node: Node, scope: Scope) -> Outcome:
    """What a rule comes to that says whether it fires on a node."""
    if fires is not False:
        return Outcome.FAILED if fires else Outcome.UNKNOWN
    if passes is None:
        return Outcome.SILENT
    if passes.test is None:
        return Outcome.PASSED
    try:
        return _SAYS[passes.test(node, scope)]
    except THROUGH:
        raise
    except Exception:
        return Outcome.UNKNOWN


def outcome_without(passes: Pass, subject: Node, scope: Scope) -> Outcome | None:
    """What is said should a subject hold nothing that the rule looks at; None for nothing.

    What must hold as well is asked of the subject, which lacks the fields of what it does not hold.
    """
    says = True if passes.test is None else passes.test(subject, scope)
    if says is False:
        return None
    is_partial = getattr(subject, "is_partial", False)
    return Outcome.UNKNOWN if says is None or is_partial else Outcome.PASSED
