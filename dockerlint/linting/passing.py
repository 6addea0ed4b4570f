"""What passed: rules that say so of a container, an image, a network or a daemon, and what nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final, NamedTuple

from dockerlint.linting.outcomes import Outcome, outcome_said, outcome_without
from dockerlint.linting.subject import subject_of
from dockerlint.model.node import Node
from dockerlint.ruleset.fields import hints
from dockerlint.ruleset.rule import Pass, Scope
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


class Passing:
    """What the subjects of a text pass, noted while its nodes are linted: no rule is asked twice."""

    def __init__(self, ruleset: Ruleset) -> None:
        self._ruleset = ruleset
        self._found: dict[tuple[str, str], dict[str, Outcome]] = {}
        self._of_kinds: dict[tuple[str, ...], list[tuple[str, Pass]]] = {}

    def note(self, node: Node, scope: Scope, said: Mapping[str, bool | None]) -> None:
        """What a node says; `said` is what rules say that may fire on it or cannot tell."""
        kinds = node.KINDS
        rules = self._of_kinds.get(kinds)
        if rules is None:
            rules = self._of_kinds[kinds] = self._passing_of(kinds)
        is_subject = not _SUBJECTS.isdisjoint(kinds)
        if not rules and not is_subject:
            return
        key = key_of(scope)
        if key is None:
            return
        outcomes = self._found.setdefault(key, {})
        for id, passes in rules:
            known, fires = outcomes.get(passes.said), said.get(id, False)
            if known is Outcome.FAILED:
                continue
            if fires is False and passes.test is None:
                outcome = Outcome.PASSED
            else:
                outcome = outcome_said(fires, passes, node, scope)
            if known is None or outcome > known:
                outcomes[passes.said] = outcome
        if is_subject:
            self._note_lacks(node, scope, outcomes)

    def _passing_of(self, kinds: tuple[str, ...]) -> list[tuple[str, Pass]]:
        """The rules of some kinds that say what passes, by their ids."""
        passing = (self._ruleset.of_kind(kind).passing for kind in kinds)
        return [(rule.id, passes) for rules in passing for rule, passes in rules]

    def _note_lacks(self, node: Node, scope: Scope, outcomes: dict[str, Outcome]) -> None:
        """What is said should a subject hold nothing that a rule looks at."""
        for kind in _listed_below(type(node)):
            for _, passes in self._ruleset.of_kind(kind).passing:
                outcome = outcome_without(passes, node, scope)
                if outcome is not None and outcome >= outcomes.get(passes.said, Outcome.PASSED):
                    outcomes[passes.said] = outcome

    def checked(self) -> tuple[Checked, ...]:
        """Every subject in the order of the text, with what it passed."""
        return tuple(
            Checked(*key, _saying(outcomes, Outcome.PASSED), _saying(outcomes, Outcome.UNKNOWN))
            for key, outcomes in self._found.items()
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


@cache
def _listed_below(cls: type) -> tuple[str, ...]:
    """The kinds of which a node may hold many, so that to hold none says something, too."""
    fields = ((name, hints(cls)[name]) for name in getattr(cls, "CHILDREN", ()))
    listed = (one for _, field in fields if field.is_tuple for one in field.classes)
    return tuple(dict.fromkeys(kind for one in listed for kind in getattr(one, "KINDS", ())))
