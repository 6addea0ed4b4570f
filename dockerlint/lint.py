"""Nodes × rules → findings. Pure: no disk, no clock but the day the ruleset was loaded for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from dockerlint.evidence import identified, in_order
from dockerlint.expressions import pattern
from dockerlint.findings import Confidence, Finding, Fix
from dockerlint.link.inline import Offsets, comment_to_file, to_file
from dockerlint.model.credential import secret_spans
from dockerlint.model.shared import Comment, Node, known
from dockerlint.records import dataclass, replace
from dockerlint.ruleset.rule import CompiledRule, Reader, Scope
from dockerlint.ruleset.ruleset import Ruleset
from dockerlint.text import Span

if TYPE_CHECKING:  # a Dockerfile is judged without the classes of Compose, and the other way round
    from dockerlint.model.bounds import Bounds
    from dockerlint.model.container import Container
    from dockerlint.model.dockerfile import Build
    from dockerlint.model.project import Project

LOCK = "dockerlint.lock"
"""The project's digests, among the files beside a text; `dockerlint.lock` reads it."""
# A password with a dollar in it, by mistake not doubled, is not in capitals and braces.
_REFERENCE = pattern(r"(['\"]?)\$(?:[A-Z_][A-Z0-9_]*|\{[A-Za-z_]\w*\})\1\Z")


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything a file gave."""

    findings: list[Finding]
    comments: tuple[Comment, ...]
    secrets: tuple[Span, ...]
    """What must be masked wherever the text of the file is shown."""


def parse(text: str, kind: str, ruleset: Ruleset, beside: Mapping[str, str]) -> Build | Project:
    """The model of a text of kind `dockerfile` or `compose`; raises LockError for a bad lock beside it."""
    knowledge = ruleset.knowledge
    if LOCK in beside:
        from dockerlint.lock import read_lock

        knowledge = replace(knowledge, digests=read_lock(beside[LOCK]))
    if kind == "dockerfile":
        from dockerlint.parse.dockerfile import parse_dockerfile

        return parse_dockerfile(text, knowledge, beside)
    from dockerlint.parse.compose import parse_compose

    return parse_compose(text, knowledge, beside)


def lint_text(
    text: str,
    kind: str,
    ruleset: Ruleset,
    *,
    path: str = "",
    beside: Mapping[str, str] | None = None,
) -> list[Finding]:
    """Findings in a text, in the order of their places. Suppression comments are not applied."""
    return judge(text, kind, ruleset, path=path, beside=beside).findings


def judge(
    text: str,
    kind: str,
    ruleset: Ruleset,
    *,
    path: str = "",
    beside: Mapping[str, str] | None = None,
    edits: bool = True,
    bounds: Callable[[str | None], Bounds] | None = None,
) -> Judgement:
    """Parse and lint one text, with what suppression and masking need.

    Without `edits` a fix says its tier and title only, which is quicker. `bounds` says for the name of a
    service what fixes write where it has no limits.
    """
    beside = {} if beside is None else beside
    document = parse(text, kind, ruleset, beside)
    if bounds is not None:
        document = _bounded(document, bounds)
    here = _judge_document(document, text, kind, ruleset, path, edits)
    containers: tuple[Container, ...] = getattr(document, "containers", ())
    lock = {name: beside[name] for name in (LOCK,) if name in beside}
    return _joined([here, *(_judge_inline(one, ruleset, path, text, lock, edits) for one in containers)])


def _bounded(document: Any, bounds: Callable[[str | None], Bounds]) -> Any:
    """The document with bounds given to the services of a Compose file."""
    containers: tuple[Container, ...] = getattr(document, "containers", ())
    if not containers:
        return document
    bounded = tuple(replace(one, bounds=bounds(known(one.name))) for one in containers)
    return replace(document, containers=bounded)


def _judge_document(
    document: Build | Project, text: str, kind: str, ruleset: Ruleset, path: str, edits: bool
) -> Judgement:
    from dockerlint.model.secret_text import secrets_in_text

    known = (span for span in secret_spans(document) if not _is_reference(span, text))
    secrets = tuple(sorted({*known, *secrets_in_text(text)}))
    return Judgement(
        findings=identified(
            _judge_nodes(walk(document), ruleset, path, kind, text if edits else None), text, secrets
        ),
        comments=document.comments,
        secrets=secrets,
    )


def _is_reference(span: Span, text: str) -> bool:
    """All that stands there is the name of a variable, which is no secret: `${DB_PASSWORD}`."""
    return not span.source and _REFERENCE.match(text[span.start : span.end]) is not None


def _judge_inline(
    container: Container, ruleset: Ruleset, path: str, outer: str, lock: Mapping[str, str], edits: bool
) -> Judgement:
    """Judge a service's inline Dockerfile; every place counts in the file `outer` that holds it."""
    text = known(container.inline_dockerfile)
    if text is None or not container.inline_offsets:
        return Judgement([], (), ())
    offsets, name = container.inline_offsets, known(container.name)
    build: Any = parse(text, "dockerfile", ruleset, lock)
    build = replace(build, is_started_unprivileged=container.is_root is False)
    inner = _judge_document(build, text, "dockerfile", ruleset, path, edits)
    return Judgement(
        findings=[
            replace(
                _with_fix_inside(one, text, outer, offsets) if edits else one,
                span=to_file(one.span, offsets),
                subject=name,
                subject_kind="service",
            )
            for one in inner.findings
        ],
        comments=tuple(comment_to_file(one, offsets) for one in inner.comments),
        secrets=tuple(to_file(one, offsets) for one in inner.secrets),
    )


def _with_fix_inside(finding: Finding, inner: str, outer: str, offsets: Offsets) -> Finding:
    """The finding with its fix at home in the outer text, or with the reason why it has none."""
    if finding.fix is None:
        return finding
    from dockerlint.fix.inline import Inside

    fix, unfixed = Inside(inner, outer, offsets).brought(finding)
    return replace(finding, fix=fix, unfixed=unfixed)


def _joined(parts: list[Judgement]) -> Judgement:
    if len(parts) == 1:
        return parts[0]
    return Judgement(
        in_order(finding for part in parts for finding in part.findings),
        tuple(comment for part in parts for comment in part.comments),
        tuple(span for part in parts for span in part.secrets),
    )


def lint_nodes(roots: Iterable[Node], ruleset: Ruleset, text: str, *, path: str, kind: str) -> list[Finding]:
    """Judge trees that are no file of their own, such as suppressions."""
    placed = [pair for root in roots for pair in walk(root)]
    return identified(_judge_nodes(placed, ruleset, path, kind, None), text, [])


def walk(root: Node) -> Iterator[tuple[Node, Scope]]:
    """Every node of a tree with the nodes around it (and itself) by kind, in order of the text."""
    waiting: list[tuple[Node, dict[str, Node]]] = [(root, {})]
    while waiting:
        node, around = waiting.pop()
        scope = {**around, **dict.fromkeys(node.KINDS, node)}
        yield node, scope
        for name in reversed(node.CHILDREN):
            children: Any = getattr(node, name)
            if children is None:
                continue
            for child in reversed(children) if isinstance(children, tuple) else (children,):
                waiting.append((child, scope))


def _judge_nodes(
    placed: Iterable[tuple[Node, Scope]], ruleset: Ruleset, path: str, kind: str, text: str | None
) -> Iterator[Finding]:
    for node, scope in placed:
        for node_kind in node.KINDS:
            for rule in ruleset.of_kind(node_kind).candidates(node, scope):
                if rule.test(node, scope) is True:
                    confidence, unsure = _confidence(rule, node, scope)
                    if confidence >= ruleset.min_confidence:
                        yield _finding(rule, node, scope, path, kind, text, confidence, unsure)


def _confidence(rule: CompiledRule, node: Node, scope: Scope) -> tuple[Confidence, Reader | None]:
    """How sure a rule is of a node, and the message that says why it is not."""
    confidence, message = rule.info.confidence, None
    for unsure in rule.unsure:
        if unsure.test(node, scope) is True:
            confidence, message = min(confidence, unsure.confidence), unsure.message
            break
    if getattr(scope.get("instruction"), "is_onbuild", False):
        confidence = min(confidence, Confidence.MEDIUM)  # whether it ever runs, another file decides
    return confidence, message


def _finding(
    rule: CompiledRule,
    node: Node,
    scope: Scope,
    path: str,
    kind: str,
    text: str | None,
    confidence: Confidence,
    unsure: Reader | None,
) -> Finding:
    severity, message = rule.info.severity, rule.message
    for worse in rule.worse:
        if worse.test(node, scope) is True:
            severity, message = worse.severity, worse.message or message
            break
    subject, subject_kind = _subject(scope)
    span = _span(rule.at(node, scope) if rule.at else None) or node.span
    fix, unfixed = _fix(rule, node, scope, span, text, kind) if rule.fixes else (None, "")
    return Finding(
        rule=rule.info,
        span=span,
        message=str((unsure or message)(node, scope)),
        severity=severity,
        confidence=confidence,
        path=path,
        kind=kind,
        subject=subject,
        subject_kind=subject_kind,
        fix=fix,
        unfixed=unfixed,
    )


def _fix(
    rule: CompiledRule, node: Node, scope: Scope, span: Span, text: str | None, kind: str
) -> tuple[Fix | None, str]:
    """The fix that the rule offers, or why it offers none; only its promise where there is no text."""
    from dockerlint.fix.offer import offer, promise

    if text is None:
        return promise(rule, node, scope), ""
    return offer(rule, node, scope, span, text, kind)


def _span(target: object) -> Span | None:
    """The place of what `at` leads to: a node, a located value, a span, or the first of several."""
    if isinstance(target, Span):
        return target
    if isinstance(target, tuple):
        return _span(target[0]) if target else None
    span = getattr(target, "span", None)
    return span if isinstance(span, Span) else None


def _subject(scope: Scope) -> tuple[str | None, str]:
    """What the finding is about: the service or the stage."""
    container: Any = scope.get("container")
    if container is not None:
        return known(container.name), "service"
    stage: Any = scope.get("stage")
    if stage is not None:
        return known(stage.name) or str(stage.index), "stage"
    return None, ""
