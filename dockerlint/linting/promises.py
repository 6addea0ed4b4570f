"""What fixes promise, without the edits: enough for a report that shows none, and quicker."""

from __future__ import annotations

from collections.abc import Callable

from dockerlint.findings import Finding, Fix, Refusal
from dockerlint.kinds import KINDS
from dockerlint.link.inline import Offsets
from dockerlint.link.sources import Sources
from dockerlint.model.node import Node
from dockerlint.ruleset.rule import CompiledRule, Scope
from dockerlint.text import Span
from dockerlint.values import UNKNOWN


class Promises:
    """Gives findings the tier and the title of their fix only."""

    def of(
        self, rule: CompiledRule, node: Node, scope: Scope, underlined: Span, sources: Sources, kind: str
    ) -> tuple[Fix | None, Refusal | None]:
        """The first fix that a rule declares for its node, without the edits, which may yet be refused.

        A record of what runs has no text to change.
        """
        is_report = getattr(scope.get("daemon"), "is_report", False)
        for plan in rule.consequence.fixes if KINDS[kind].act and not is_report else ():
            if plan.test is not None and plan.test(node, scope) is not True:
                continue
            if plan.argument(node, scope) is not UNKNOWN:
                return Fix(plan.tier, str(plan.title(node, scope)), purpose=plan.purpose), None
        return None, None

    def brought(self, inner: str, outer: str, offsets: Offsets) -> Callable[[Finding], Finding]:
        """Without edits there is nothing to bring anywhere."""
        return lambda finding: finding
