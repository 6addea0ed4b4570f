"""Which rules that decide whether all is clear could not be decided, and on what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dockerlint.data import records
from dockerlint.linting.failures import THROUGH
from dockerlint.linting.passing import key_of
from dockerlint.model.node import Node
from dockerlint.ruleset.fields import kinds_below
from dockerlint.ruleset.rule import CompiledRule, Scope
from dockerlint.ruleset.ruleset import Ruleset

_CONTAINER = "container"


def undecided(
    nodes: Iterable[tuple[Node, Scope]], ruleset: Ruleset
) -> dict[tuple[str, str], tuple[str, ...]]:
    """The ids of the rules by subject and its kind."""
    wanted = {id for row in records("clearance", "all-clear") for id in row["rules"].split()}
    about = {rule.id: rule.each for rule in ruleset.rules if rule.id in wanted}
    found: dict[tuple[str, str], dict[str, None]] = {}
    for node, scope in nodes:
        key = key_of(scope)
        if key is not None:
            found.setdefault(key, {}).update(dict.fromkeys(_of(node, scope, ruleset, about)))
    return {key: tuple(rules) for key, rules in found.items()}


def _of(node: Node, scope: Scope, ruleset: Ruleset, about: dict[str, str]) -> Iterator[str]:
    for kind in node.KINDS:
        for rule in ruleset.of_kind(kind).every:
            if rule.info.id in about and _is_open(rule, node, scope):
                yield rule.info.id
    if _CONTAINER in node.KINDS:
        container: Any = node
        if container.is_partial:
            below = kinds_below(type(node), ())
            yield from (id for id, each in about.items() if each in below)
        if container.image is None and not container.is_built:
            yield from (id for id, each in about.items() if each == "image")


def _is_open(rule: CompiledRule, node: Node, scope: Scope) -> bool:
    """Whether a rule cannot tell; one that fails to be evaluated cannot, either."""
    try:
        return rule.test(node, scope) is None
    except THROUGH:
        raise
    except Exception:
        return True
