"""What passed: rules that say so of a container, an image, a network or a daemon, and what nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntEnum
from functools import cache
from typing import Final, NamedTuple

from dockerlint.linting.failures import THROUGH
from dockerlint.linting.subject import subject_of
from dockerlint.model.node import Node
from dockerlint.ruleset.fields import hints
from dockerlint.ruleset.rule import CompiledRule, Pass, Scope
from dockerlint.ruleset.ruleset import Ruleset

DAEMON: Final = "daemon"
"""The kind of what has no name: there is one in a file."""
_SUBJECTS: Final = frozenset(("container", "image_config", "host_network", DAEMON))


class Outcome(IntEnum):
    """What a rule comes to; of several nodes the greatest counts."""

    PASSED = 0
    UNKNOWN = 1
    """What is read does not decide."""
    SILENT = 2
    """It does not fire, and that is no news."""
    FAILED = 3


class Checked(NamedTuple):
    """What one subject passed, in the words of the rules."""

    subject: str
    subject_kind: str
    """service, container, image, network or daemon."""
    passed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    """What neither passed nor failed."""


def checked(nodes: Iterable[tuple[Node, Scope]], ruleset: Ruleset) -> tuple[Checked, ...]:
    """Every subject in the order of the text, with what it passed."""
    found: dict[tuple[str, str], dict[str, Outcome]] = {}
    for node, scope in nodes:
        key = _key(scope)
        if key is None:
            continue
        outcomes = found.setdefault(key, {})
        for said, outcome in _outcomes(node, scope, ruleset):
            outcomes[said] = max(outcome, outcomes.get(said, Outcome.PASSED))
    return tuple(
        Checked(*key, _saying(outcomes, Outcome.PASSED), _saying(outcomes, Outcome.UNKNOWN))
        for key, outcomes in found.items()
    )


def _key(scope: Scope) -> tuple[str, str] | None:
    if DAEMON in scope:
        return DAEMON, DAEMON
    if _SUBJECTS.isdisjoint(scope):
        return None
    subject, kind, _ = subject_of(scope)
    return subject or kind, kind


def _saying(outcomes: dict[str, Outcome], wanted: Outcome) -> tuple[str, ...]:
    return tuple(said for said, outcome in outcomes.items() if outcome is wanted)


def _outcomes(node: Node, scope: Scope, ruleset: Ruleset) -> Iterator[tuple[str, Outcome]]:
    for kind in node.KINDS:
        for rule, passes in ruleset.of_kind(kind).passing:
            yield passes.said, _outcome(rule, passes, node, scope)
    if not _SUBJECTS.isdisjoint(node.KINDS):
        for kind in _listed_below(type(node)):
            for _, passes in ruleset.of_kind(kind).passing:
                if (outcome := _absent(passes, node, scope)) is not None:
                    yield passes.said, outcome


def _absent(passes: Pass, node: Node, scope: Scope) -> Outcome | None:
    """What is said should a subject hold nothing that the rule looks at; nodes below it say the rest.

    What must hold as well is asked of the subject, which lacks the fields of what it does not hold.
    """
    says = True if passes.test is None else passes.test(node, scope)
    if says is False:
        return None
    return Outcome.UNKNOWN if says is None or getattr(node, "is_partial", False) else Outcome.PASSED


def _outcome(rule: CompiledRule, passes: Pass, node: Node, scope: Scope) -> Outcome:
    """What a rule comes to on one node; one that fails to be evaluated is told with the findings."""
    try:
        fires = rule.test(node, scope)
        if fires is False and passes.test is not None:
            says = passes.test(node, scope)
            return {True: Outcome.PASSED, False: Outcome.SILENT, None: Outcome.UNKNOWN}[says]
    except THROUGH:
        raise
    except Exception:
        return Outcome.UNKNOWN
    return {True: Outcome.FAILED, False: Outcome.PASSED, None: Outcome.UNKNOWN}[fires]


@cache
def _listed_below(cls: type) -> tuple[str, ...]:
    """The kinds of which a node may hold many, so that to hold none says something, too."""
    fields = ((name, hints(cls)[name]) for name in getattr(cls, "CHILDREN", ()))
    listed = (one for _, field in fields if field.is_tuple for one in field.classes)
    return tuple(dict.fromkeys(kind for one in listed for kind in getattr(one, "KINDS", ())))
