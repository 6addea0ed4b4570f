"""From a rule that fired on a node to the fix it offers there, or the reason why it offers none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dockerlint.findings import Fix, Tier
from dockerlint.fix.order import Change, Order, Outcome, Refusal
from dockerlint.model.shared import UNKNOWN, Node
from dockerlint.ruleset.rule import CompiledRule, FixPlan, Scope
from dockerlint.text import Span


def promise(rule: CompiledRule, node: Node, scope: Scope) -> Fix | None:
    """The first fix that a rule declares for its node, without the edits, which may yet be refused."""
    for plan in rule.fixes:
        if plan.test is not None and plan.test(node, scope) is not True:
            continue
        if plan.argument(node, scope) is not UNKNOWN:
            return Fix(plan.tier, str(plan.title(node, scope)))
    return None


def offer(
    rule: CompiledRule, node: Node, scope: Scope, underlined: Span, text: str, kind: str
) -> tuple[Fix | None, str]:
    """The first fix of a rule that its node allows, else None; and why the one before it was refused.

    `underlined` is the place of the finding, `text` the whole file and `kind` its kind.
    """
    reason = ""
    for plan in rule.fixes:
        if plan.test is not None and plan.test(node, scope) is not True:
            continue
        outcome = _edits(plan, node, scope, underlined, text, kind)
        if not isinstance(outcome, Refusal):
            caveat = "" if plan.caveat is None else str(plan.caveat(node, scope))
            title, keys = str(plan.title(node, scope)), _keys(plan, node, scope)
            change = outcome if isinstance(outcome, Change) else Change(outcome)
            return Fix(
                plan.tier,
                title,
                change.edits,
                caveat,
                plan.leaves,
                keys,
                change.files,
                _moves(plan, node, scope),
            ), reason if plan.tier is Tier.ADVICE else ""
        reason = outcome.reason
    return None, reason


def _edits(plan: FixPlan, node: Node, scope: Scope, underlined: Span, text: str, kind: str) -> Outcome:
    if getattr(scope.get("instruction"), "is_onbuild", False):
        return Refusal("the trigger of an ONBUILD is for other builds")
    target = underlined if plan.place is None else plan.place(node, scope)
    span = _place(target)
    if span is None:
        return Refusal("the place to change is not in the text")
    if span.source or underlined.source:
        return Refusal("another file sets this value")
    argument = plan.argument(node, scope)
    if argument is UNKNOWN:
        return Refusal("what to write here is not known")
    order = Order(plan.action, argument, plan.anchor, target, span, node, scope, text)
    return _actions(kind)(order)


def _keys(plan: FixPlan, node: Node, scope: Scope) -> Mapping[str, Any]:
    """What is set on a whole service."""
    argument = plan.argument(node, scope) if plan.action == "set" and "container" in node.KINDS else None
    return argument if isinstance(argument, Mapping) else {}


def _moves(plan: FixPlan, node: Node, scope: Scope) -> tuple[str, str] | None:
    """The variable that moves to a file, and the one that names the file."""
    if plan.action != "move_to_secret":
        return None
    argument = plan.argument(node, scope)
    return (argument["from"], argument["to"]) if isinstance(argument, dict) else None


def _place(target: object) -> Span | None:
    """The place of a node, a located value or a span, or of the first of several; None for what is absent."""
    if isinstance(target, Span):
        return target
    if type(target) is tuple and target:  # a span is a tuple too
        return _place(target[0])
    span = getattr(target, "span", None)
    return span if isinstance(span, Span) else None


def _actions(kind: str) -> Callable[[Order], Outcome]:
    """What carries out orders in files of a kind; loaded when the first fix is asked for."""
    if kind == "dockerfile":
        from dockerlint.fix.dockerfile import act
    else:
        from dockerlint.fix.compose import act
    return act
