"""From a rule that fired on a node to the fix it offers there, or the reason why it offers none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dockerlint.findings import Edit, Finding, Fix, Refusal, Tier
from dockerlint.fixing.request import Change, Outcome, Request
from dockerlint.kinds import KINDS
from dockerlint.link.inline import Offsets
from dockerlint.link.sources import SourceFile, Sources
from dockerlint.model.node import Node
from dockerlint.ruleset.facts import fact
from dockerlint.ruleset.rule import CompiledRule, FixPlan, Scope
from dockerlint.text import Span
from dockerlint.values import UNKNOWN

_BLOCKS: Final = frozenset(("container", "daemon"))
"""Kinds of nodes whose keys are set together."""
_ELSEWHERE: Final = "this value is set in another file"


@dataclass(frozen=True, slots=True)
class Offers:
    """Gives findings the edits that repair them."""

    only: str = ""
    """The one file of the project whose findings get edits; "" for all of them."""

    def of(
        self, rule: CompiledRule, node: Node, scope: Scope, underlined: Span, sources: Sources, kind: str
    ) -> tuple[Fix | None, Refusal | None]:
        """The first fix of a rule that its node allows, else None; and why the one before it was refused.

        `underlined` is the place of the finding: the fix changes that file of `sources`, and its edits count
        there. `kind` is the kind of them all.
        """
        file = sources.files[0] if underlined.source else sources.file_at(underlined.start)
        is_wanted = not self.only or file.path == self.only
        if not is_wanted or underlined.end > file.end or sources.is_repeated(file):
            return None, Refusal(_ELSEWHERE)
        refusal: Refusal | None = None
        for plan in rule.consequence.fixes if KINDS[kind].act else ():
            if plan.test is not None and plan.test(node, scope) is not True:
                continue
            offered = _offered(plan, node, scope, underlined, file, kind)
            if isinstance(offered, Fix):
                return offered, refusal if plan.tier is Tier.ADVICE else None
            refusal = offered
        return None, refusal

    def brought(self, inner: str, outer: str, offsets: Offsets) -> Callable[[Finding], Finding]:
        """What gives a finding in a text inside another one edits of the outer one."""
        from dockerlint.fixing.dockerfile.inline import Inside

        return Inside(inner, outer, offsets).brought


def _offered(
    plan: FixPlan, node: Node, scope: Scope, underlined: Span, file: SourceFile, kind: str
) -> Fix | Refusal:
    request = _request(plan, node, scope, underlined, file)
    if isinstance(request, Refusal):
        return request
    outcome: Outcome = KINDS[kind].part("act")(request)
    return outcome if isinstance(outcome, Refusal) else _fix(plan, request, outcome)


def _request(
    plan: FixPlan, node: Node, scope: Scope, underlined: Span, file: SourceFile
) -> Request | Refusal:
    if getattr(scope.get("instruction"), "is_onbuild", False):
        return Refusal("an ONBUILD trigger runs in other builds")
    target = underlined if plan.place is None else plan.place(node, scope)
    span = _place(target)
    if span is None:
        return Refusal("the value to change is not in this file")
    if underlined.source or not file.holds(span):
        return Refusal(_ELSEWHERE)
    if not node.span.source and not file.holds(node.span):
        return Refusal("the service is declared in another file")
    argument = plan.argument(node, scope)
    if argument is UNKNOWN:
        return _unknown(plan, node)
    place = file.local(span)
    return Request(plan.action, argument, plan.anchor, target, place, node, scope, file.text, file.start)


def _unknown(plan: FixPlan, node: Node) -> Refusal:
    """Why the argument of a plan is not known."""
    if plan.action in ("replace_image", "move_image"):
        return Refusal("its releases are not known")
    if plan.action == "set" and "container" in node.KINDS:
        return Refusal("what it needs is not known, or depends on its settings")
    user = _user_of(node) if plan.action == "run_as" else None
    return user if isinstance(user, Refusal) else Refusal("the value to write is not known")


def _user_of(node: Node) -> object:
    """Whom a stage can run as, or why as nobody but root."""
    answer = fact(type(node), "fitting_user")
    return None if answer is None else answer(node)


def _fix(plan: FixPlan, request: Request, outcome: tuple[Edit, ...] | Change) -> Fix:
    node, scope = request.node, request.scope
    change = outcome if isinstance(outcome, Change) else Change(outcome)
    caveat = change.caveat or (None if plan.caveat is None else str(plan.caveat(node, scope)))
    told = "; ".join(filter(None, (caveat, change.more_notes)))
    title, keys, moves = str(plan.title(node, scope)), _keys(request), _moves(request)
    tier = plan.tier if change.most is None else min(plan.tier, change.most)
    return Fix(tier, title, change.edits, told, plan.leaves, keys, change.files, moves, purpose=plan.purpose)


def _keys(request: Request) -> Mapping[str, Any]:
    """What is set on a whole service or daemon."""
    is_set = request.action == "set" and not _BLOCKS.isdisjoint(request.node.KINDS)
    return request.argument if is_set and isinstance(request.argument, Mapping) else {}


def _moves(request: Request) -> tuple[str, str] | None:
    """The variable that moves to a file, and the one that names the file."""
    if request.action != "move_to_secret" or not isinstance(request.argument, dict):
        return None
    return request.argument["from"], request.argument["to"]


def _place(target: object) -> Span | None:
    """The place of a node, a located value or a span, or of the first of several; None for what is absent."""
    if isinstance(target, Span):
        return target
    if type(target) is tuple and target:  # a span is a tuple too
        return _place(target[0])
    span = getattr(target, "span", None)
    return span if isinstance(span, Span) else None
