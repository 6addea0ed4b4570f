"""What every rule comes to on every subject of a text: for lists of questions that rules answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from dockerlint.linting.outcomes import Outcome, outcome_of, outcome_without
from dockerlint.linting.passing import DAEMON, Checked
from dockerlint.linting.subject import subject_of
from dockerlint.model.node import Node
from dockerlint.ruleset.fields import kinds_below
from dockerlint.ruleset.rule import Scope
from dockerlint.ruleset.ruleset import Ruleset

DOCKERFILE: Final = "dockerfile"
PROJECT: Final = "project"
FILE: Final = "file"
_SUBJECTS: Final = ("container", "image_config", "host_network", DAEMON)
_ROOTS: Final = {"build": DOCKERFILE, "project": PROJECT}
"""Kinds of files that are subjects as a whole, as far as none of the others is."""

_RANKS: Final = (Outcome.SILENT, Outcome.PASSED, Outcome.UNKNOWN, Outcome.FAILED)
"""Of several nodes the last of these counts: what is no news hides nothing."""

_Key = tuple[str, str]


def judged(nodes: Iterable[tuple[Node, Scope]], ruleset: Ruleset) -> tuple[Checked, ...]:
    """Every subject in the order of the text, with the outcome of each rule that has something to do with it.

    A subject is a container, an image, a network, a daemon; the rest of a file is one more.
    """
    found: dict[_Key, dict[str, Outcome]] = {}
    for node, scope in nodes:
        key = _key(scope)
        if key not in found:
            found[key] = dict(_without(node, scope, ruleset))
        outcomes = found[key]
        for id, outcome in _outcomes(node, scope, ruleset):
            outcomes[id] = max(outcome, outcomes.get(id, outcome), key=_RANKS.index)
    return tuple(Checked(*key, outcomes=tuple(outcomes.items())) for key, outcomes in found.items())


def _key(scope: Scope) -> _Key:
    if DAEMON in scope:
        return DAEMON, DAEMON
    if any(kind in scope for kind in _SUBJECTS):
        subject, kind, _ = subject_of(scope)
        return subject or kind, kind
    return "", next((said for kind, said in _ROOTS.items() if kind in scope), FILE)


def _outcomes(node: Node, scope: Scope, ruleset: Ruleset) -> Iterator[tuple[str, Outcome]]:
    for kind in node.KINDS:
        for rule in ruleset.of_kind(kind).every:
            yield rule.info.id, outcome_of(rule, node, scope)


def _without(subject: Node, scope: Scope, ruleset: Ruleset) -> Iterator[tuple[str, Outcome]]:
    """What is said should the subject hold nothing that a rule looks at; its nodes say the rest."""
    for kind in kinds_below(type(subject), _SUBJECTS):
        for rule, passes in ruleset.of_kind(kind).passing:
            if (outcome := outcome_without(passes, subject, scope)) is not None:
                yield rule.info.id, outcome
