"""What passed: rules that say so of a container, an image, a network or a daemon, and what nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple

from dockerlint.linting.outcomes import Outcome, outcome_of, outcome_without
from dockerlint.linting.subject import subject_of
from dockerlint.model.node import Node
from dockerlint.ruleset.fields import hints
from dockerlint.ruleset.rule import Scope
from dockerlint.ruleset.ruleset import Ruleset

DAEMON: Final = "daemon"
"""The kind of what has no name: there is one in a file."""
_SUBJECTS: Final = frozenset(("container", "image_config", "host_network", DAEMON))


class Checked(NamedTuple):
    """What one subject passed, in the words of the rules, or what each of them comes to."""

    subject: str
    subject_kind: str
    """service, container, image, network or daemon."""
    passed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    """What neither passed nor failed."""
    outcomes: tuple[tuple[str, Outcome], ...] = ()
    """What each rule comes to, by its id, where somebody asks for verdicts."""
    undecided: tuple[str, ...] = ()
    """The rules that all-clear asks and that do not know, where somebody asks for that."""


def checked(nodes: Iterable[tuple[Node, Scope]], ruleset: Ruleset) -> tuple[Checked, ...]:
    """Every subject in the order of the text, with what it passed."""
    found: dict[tuple[str, str], dict[str, Outcome]] = {}
    for node, scope in nodes:
        key = key_of(scope)
        if key is None:
            continue
        outcomes = found.setdefault(key, {})
        for said, outcome in _outcomes(node, scope, ruleset):
            outcomes[said] = max(outcome, outcomes.get(said, Outcome.PASSED))
    return tuple(
        Checked(*key, _saying(outcomes, Outcome.PASSED), _saying(outcomes, Outcome.UNKNOWN))
        for key, outcomes in found.items()
    )


def key_of(scope: Scope) -> tuple[str, str] | None:
    """The subject that a node belongs to, and its kind; None for what belongs to the file."""
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
            yield passes.said, outcome_of(rule, node, scope)
    if not _SUBJECTS.isdisjoint(node.KINDS):
        for kind in _listed_below(type(node)):
            for _, passes in ruleset.of_kind(kind).passing:
                if (outcome := outcome_without(passes, node, scope)) is not None:
                    yield passes.said, outcome


@cache
def _listed_below(cls: type) -> tuple[str, ...]:
    """The kinds of which a node may hold many, so that to hold none says something, too."""
    fields = ((name, hints(cls)[name]) for name in getattr(cls, "CHILDREN", ()))
    listed = (one for _, field in fields if field.is_tuple for one in field.classes)
    return tuple(dict.fromkeys(kind for one in listed for kind in getattr(one, "KINDS", ())))
