"""One Dockerfile that is linted again and again: what an edit did not touch keeps its findings.

Nothing is taken over unless the rules, the services that build the file and every text around it that was
asked for are the same. Then an instruction that was read before (`WarmReading`) is the same node, and of its
rules only those are asked again that look at the stage or the file around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from dockerlint.findings import Finding
from dockerlint.kinds import TextOf, nobody
from dockerlint.linting.failures import THROUGH
from dockerlint.linting.nodes.findings import NodeLinter
from dockerlint.linting.nodes.walk import walk
from dockerlint.model.dockerfile.build import Build
from dockerlint.model.dockerfile.builder import BuildingService
from dockerlint.model.dockerfile.instruction import Instruction
from dockerlint.model.node import Node
from dockerlint.parse.dockerfile.warm.reading import WarmReading
from dockerlint.parse.seentexts import SeenTexts
from dockerlint.ruleset.paths import remembered
from dockerlint.ruleset.rule import MEMORY, CompiledRule, NotedAnswer, Scope, WatchedScope
from dockerlint.ruleset.ruleset import Ruleset
from dockerlint.syntax import Comment
from dockerlint.text import Span


class WarmFile:
    """What is remembered of one Dockerfile."""

    def __init__(self) -> None:
        self.reading = WarmReading()
        self._ruleset: Ruleset | None = None
        self._builders: Sequence[BuildingService] = ()
        self._texts = SeenTexts(nobody)
        self._outcomes: dict[int, _LintedInstruction] = {}
        """By the identity of the instruction, which an outcome holds."""

    def take_up(self, ruleset: Ruleset, text_of: TextOf, builders: Sequence[BuildingService]) -> TextOf:
        """Begin a version of the text; returns what gives the texts around it."""
        is_same = self._ruleset is ruleset and self._builders == builders
        if not is_same or not self._texts.are_those_of(text_of):
            self.reading, self._outcomes = WarmReading(), {}
            self._ruleset, self._builders, self._texts = ruleset, builders, SeenTexts(text_of)
        return self._texts.text_of

    def lint(
        self, build: Build, linter: NodeLinter, resolved: object = None
    ) -> tuple[list[Finding], tuple[Comment, ...], tuple[Span, ...]]:
        """Findings, comments and secrets of the version that was read last, with places in the file."""
        home = self.reading.stretch.home
        secrets: set[Span] = set()
        before, self._outcomes = self._outcomes, {}
        found = [
            replace(one, span=home(one.span), parts=tuple(map(home, one.parts)))
            for one in self._found(build, linter, before, secrets)
        ]
        return found, tuple(map(self._comment, build.comments)), tuple(sorted(map(home, secrets)))

    def _found(
        self, build: Build, linter: NodeLinter, before: dict[int, _LintedInstruction], secrets: set[Span]
    ) -> Iterator[Finding]:
        for node, scope in walk(build, is_closed=_is_instruction):
            if not _is_instruction(node):
                secrets.update(getattr(node, "secret_spans", ()))
                yield from linter.lint([(node, scope)])
                continue
            outcome = before.get(id(node))
            if outcome is None or not outcome.holds(scope):
                outcome = _outcome(node, scope, linter.ruleset)
            self._outcomes[id(node)] = outcome
            secrets.update(outcome.secrets)
            yield from outcome.found(scope, linter)

    def _comment(self, comment: Comment) -> Comment:
        home = self.reading.stretch.home
        owner, block = (None if one is None else home(one) for one in (comment.owner, comment.block))
        return Comment(comment.text, home(comment.span), owner, block)


def _is_instruction(node: Node) -> bool:
    return isinstance(node, Instruction)


class _OpenRule(NamedTuple):
    """What is still to be asked of a node in an instruction."""

    node: Node
    within: dict[str, Any]
    """The nodes of the instruction around it, and itself, by kind."""
    rule: CompiledRule | None
    """None for all rules, because which of them may fire depends on what stands around the instruction."""
    fires: bool | None


class _LintedInstruction(NamedTuple):
    """What is known of an instruction as long as it is the same node."""

    node: Node
    questions: tuple[_OpenRule, ...]
    secrets: frozenset[Span]
    asked: tuple[tuple[str, NotedAnswer], ...]
    """What rules asked of the nodes around it; none of them says anything else while the answers hold."""

    def holds(self, scope: Scope) -> bool:
        """Whether the nodes that are around it now answer the same."""
        return all(remembered(path, kind, scope, find) == found for path, (kind, find, found) in self.asked)

    def found(self, scope: Scope, linter: NodeLinter) -> Iterator[Finding]:
        """What rules find on it and below it, with other nodes around it."""
        for node, within, rule, fires in self.questions:
            around = {**scope, **within}
            if rule is None:
                yield from linter.lint([(node, around)])
            elif (found := linter.found(rule, node, around, fires=fires)) is not None:
                yield found


def _outcome(instruction: Node, scope: Scope, ruleset: Ruleset) -> _LintedInstruction:
    """Ask all rules about an instruction and what is below it, and note what they ask around it."""
    around = frozenset(scope) - {*instruction.KINDS, MEMORY}
    asked: dict[str, NotedAnswer] = {}
    questions: list[_OpenRule] = []
    secrets: set[Span] = set()
    for node, inner in walk(instruction, scope):
        secrets.update(getattr(node, "secret_spans", ()))
        seen = WatchedScope(inner, around)
        within = {name: one for name, one in inner.items() if name not in around and name != MEMORY}
        questions += (_OpenRule(node, within, *one) for one in _answers(node, seen, ruleset))
        asked |= seen.asked
    return _LintedInstruction(instruction, tuple(questions), frozenset(secrets), tuple(asked.items()))


def _answers(
    node: Node, seen: WatchedScope, ruleset: Ruleset
) -> Iterator[tuple[CompiledRule | None, bool | None]]:
    """The rules that fire on a node, and those that must be asked each time."""
    candidates = [rule for kind in node.KINDS for rule in ruleset.of_kind(kind).candidates(node, seen)]
    if seen.is_open:
        yield None, None
        return
    for rule in candidates:
        seen.is_open = False
        try:
            fires = rule.test(node, seen) is True
        except THROUGH:
            raise
        except Exception:  # it is told of each time
            yield rule, None
            continue
        if seen.is_open:
            yield rule, None
        elif fires:
            yield rule, True
