"""One node × rules → what is found on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from dockerlint.findings import Confidence, Finding, Fix, Refusal
from dockerlint.link.inline import Offsets
from dockerlint.link.sources import Sources
from dockerlint.linting.failures import THROUGH, Failures, note
from dockerlint.linting.subject import subject_of
from dockerlint.model.node import Node
from dockerlint.ruleset.rule import CompiledRule, Reader, Scope
from dockerlint.ruleset.ruleset import Ruleset
from dockerlint.text import Span


class Fixes(Protocol):
    """What gives findings their fixes; the room that lints knows none."""

    def of(
        self, rule: CompiledRule, node: Node, scope: Scope, underlined: Span, sources: Sources, kind: str
    ) -> tuple[Fix | None, Refusal | None]:
        """The fix that a rule offers on a node, in the file of the finding, or why it offers none."""
        ...

    def brought(self, inner: str, outer: str, offsets: Offsets) -> Callable[[Finding], Finding]:
        """What gives a finding in an inner text its fix in the outer one, or the reason why it has none."""
        ...


class Listener(Protocol):
    """Who hears what rules said of nodes."""

    def note(self, node: Node, scope: Scope, said: Mapping[str, bool | None]) -> None:
        """Take up what the rules said, by their ids, that may fire on a node or cannot tell."""
        ...


@dataclass(frozen=True, slots=True)
class NodeLinter:
    """What is the same for all nodes of a text."""

    ruleset: Ruleset
    fixes: Fixes
    path: str
    kind: str
    sources: Sources
    failures: Failures

    def lint(self, nodes: Iterable[tuple[Node, Scope]]) -> Iterator[Finding]:
        """What rules find on nodes."""
        for node, scope in nodes:
            for node_kind in node.KINDS:
                for rule in self.ruleset.of_kind(node_kind).candidates(node, scope):
                    found = self.found(rule, node, scope)
                    if found is not None:
                        yield found

    def heard(self, nodes: Iterable[tuple[Node, Scope]], listener: Listener) -> Iterator[Finding]:
        """The same, while a listener hears what the rules said that were asked."""
        for node, scope in nodes:
            said: dict[str, bool | None] = {}
            for node_kind in node.KINDS:
                asked = self.ruleset.of_kind(node_kind).candidates(node, scope, with_undecided=True)
                for rule in asked:
                    said[rule.id] = fires = self._fires(rule, node, scope)
                    if fires is True and (found := self.found(rule, node, scope, fires=True)) is not None:
                        yield found
            listener.note(node, scope, said)

    def _fires(self, rule: CompiledRule, node: Node, scope: Scope) -> bool | None:
        try:
            return rule.test(node, scope)
        except THROUGH:
            raise
        except Exception as error:
            note(self.failures, rule.info, error)
            return None

    def found(
        self, rule: CompiledRule, node: Node, scope: Scope, *, fires: bool | None = None
    ) -> Finding | None:
        """What a rule finds on a node; `fires` says whether it does, where that is known."""
        try:
            if fires is None and rule.test(node, scope) is not True:
                return None
            confidence, unsure = _confidence(rule, node, scope)
            if confidence < self.ruleset.min_confidence:
                return None
            return self._finding(rule, node, scope, confidence, unsure)
        except THROUGH:
            raise
        except Exception as error:
            note(self.failures, rule.info, error)
            return None

    def _finding(
        self, rule: CompiledRule, node: Node, scope: Scope, confidence: Confidence, unsure: Reader | None
    ) -> Finding:
        then = rule.consequence
        severity, message = rule.info.severity, then.message
        for worse in then.worse:
            if worse.test(node, scope) is True:
                severity, message = worse.severity, worse.message or message
                break
        subject, subject_kind, label = subject_of(scope)
        span = _span(then.at(node, scope) if then.at else None) or node.span
        fix: Fix | None = None
        unfixed: Refusal | None = None
        if then.fixes:
            fix, unfixed = self.fixes.of(rule, node, scope, span, self.sources, self.kind)
        return Finding(
            rule=rule.info,
            span=span,
            message=str((unsure or message)(node, scope)),
            severity=severity,
            confidence=confidence,
            path=self.path,
            kind=self.kind,
            subject=subject,
            subject_kind=subject_kind,
            fix=fix,
            unfixed=unfixed,
            label=label,
            built_by=_builders(scope.get("stage")),
            purpose=rule.info.purpose if _is_purposeful(rule, node, scope) else "",
            parts=_parts(then.parts, node, scope, span) if then.parts else (),
            dockerfile=_dockerfile(scope.get("container")) if rule.info.told_by else "",
        )


def _confidence(rule: CompiledRule, node: Node, scope: Scope) -> tuple[Confidence, Reader | None]:
    """How sure a rule is of a node, and the message that says why it is not."""
    confidence, message = rule.info.confidence, None
    for unsure in rule.consequence.unsure:
        if unsure.test(node, scope) is True:
            confidence, message = min(confidence, unsure.confidence), unsure.message
            break
    if getattr(scope.get("instruction"), "is_onbuild", False):
        confidence = min(confidence, Confidence.MEDIUM)  # whether it ever runs, another file decides
    return confidence, message


def _dockerfile(container: Any) -> str:
    """The Dockerfile of its own that a container builds, as far as it can be read."""
    built = None if container is None else container.built
    return "" if built is None or built.stage is None else built.path


def _builders(stage: Any) -> tuple[str, ...]:
    """The services that build a stage, which are those that run what is wrong in it."""
    return tuple(dict.fromkeys(one.service for one in stage.builders)) if stage is not None else ()


def _parts(paths: tuple[Reader, ...], node: Node, scope: Scope, underlined: Span) -> tuple[Span, ...]:
    """The places that belong to a finding besides the one that is underlined."""
    targets = (path(node, scope) for path in paths)
    every = (one for target in targets for one in (target if type(target) is tuple else (target,)))
    spans = dict.fromkeys(map(_span, every))
    return tuple(span for span in spans if span is not None and span != underlined)


def _is_purposeful(rule: CompiledRule, node: Node, scope: Scope) -> bool:
    """Whether the purpose of a rule counts for what it found."""
    test = rule.consequence.purpose_when
    return test is None or test(node, scope) is True


def _span(target: object) -> Span | None:
    """The place of what `at` leads to: a node, a located value, a span, or the first of several."""
    if isinstance(target, Span):
        return target
    if isinstance(target, tuple):
        return _span(target[0]) if target else None
    span = getattr(target, "span", None)
    return span if isinstance(span, Span) else None
