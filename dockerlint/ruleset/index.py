"""Which rules may fire on a node: found by the value of one field, not by asking every rule.

Most rules begin by asking a field for one of a few words (`tool: apt-get`, `keyword: ADD`, `is_final: true`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dockerlint.budget import OverBudget
from dockerlint.model.node import Node
from dockerlint.ruleset.compile import compile_path, compile_rule, expand_words
from dockerlint.ruleset.operators import COMBINERS, QUANTIFIERS, SCALAR_OPERATORS
from dockerlint.ruleset.rule import CompiledRule, Reader, Rule, Scope
from dockerlint.values import Located

_NO_PATHS = frozenset((*COMBINERS, *QUANTIFIERS, *SCALAR_OPERATORS))

Key = tuple[str, list[Any]]
"""A path, and the words one of which it must lead to for the rule to fire."""


class Index:
    """The compiled rules of one node kind."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._always: list[CompiledRule] = []
        tables: dict[str, dict[object, list[CompiledRule]]] = {}
        for rule in rules:
            compiled, key = _compiled(rule)
            if key is None:
                self._always.append(compiled)
                continue
            path, values = key
            for value in dict.fromkeys(values):
                tables.setdefault(path, {}).setdefault(value, []).append(compiled)
        self._tables: list[tuple[Reader, dict[object, list[CompiledRule]]]] = [
            (compile_path(path), table) for path, table in tables.items()
        ]

    def candidates(self, node: Node, scope: Scope) -> list[CompiledRule]:
        """Every rule that may fire on the node, and few others."""
        found = self._always.copy()
        for read, table in self._tables:
            try:
                value = read(node, scope)
            except OverBudget:
                raise
            except Exception:  # each of the rules will raise it too, and is named then
                found += [rule for rules in table.values() for rule in rules if rule not in found]
                continue
            if isinstance(value, Located):
                value = value.value
            if isinstance(value, (str, bool)):
                found += table.get(value, ())
        return found


def _compiled(rule: Rule) -> tuple[CompiledRule, Key | None]:
    """A rule and what to find it by; one that cannot be compiled raises on every node, so it is named."""
    try:
        return compile_rule(rule), key_of(rule)
    except Exception as error:
        reason = error

    def raises(value: object, scope: Scope) -> bool:
        raise reason

    return CompiledRule(rule.info, raises, None, lambda value, scope: ""), None


def key_of(rule: Rule) -> Key | None:
    """The path and words to find a rule by; words of text before truth values, None where it asks neither."""
    questions = (_plain_question(path, wanted, rule.words) for path, wanted in rule.data["when"].items())
    return min(filter(None, questions), key=lambda key: isinstance(key[1][0], bool), default=None)


def _plain_question(path: str, wanted: Any, words: Mapping[str, list[object]]) -> Key | None:
    if path in _NO_PATHS:
        return None
    if isinstance(wanted, Mapping):
        if len(wanted) != 1 or not wanted.keys() <= {"equals", "in"}:
            return None
        wanted = next(iter(wanted.values()))
    wanted = expand_words(wanted, words)
    values = wanted if isinstance(wanted, list) else [wanted]
    kinds = {type(value) for value in values}
    return (path, values) if kinds in ({str}, {bool}) else None
