"""Which rules may fire on a node: found by the value of one field, not by asking every rule.

Most rules begin by asking a field for one of a few words (`tool: apt-get`, `keyword: ADD`, `is_final: true`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from dockerlint.budget import OverBudget
from dockerlint.model.node import Node
from dockerlint.ruleset.compile import compile_consequence, compile_rule, expand_words
from dockerlint.ruleset.operators import COMBINERS, QUANTIFIERS, SCALAR_OPERATORS
from dockerlint.ruleset.paths import compile_path
from dockerlint.ruleset.rule import CompiledRule, Pass, Rule, Scope
from dockerlint.values import UNKNOWN, Located

_NO_PATHS = frozenset((*COMBINERS, *QUANTIFIERS, *SCALAR_OPERATORS))

Key = tuple[str, list[Any]]
"""A path, and the words one of which it must lead to for the rule to fire."""


class Index:
    """The rules of one node kind, each compiled when it may fire for the first time."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._always: list[CompiledRule] = []
        self._compiled: dict[str, CompiledRule] = {}
        tables: dict[str, _Table] = {}
        self._rules = tuple(rules)
        for rule in self._rules:
            key = _key_or_none(rule)
            if key is None:
                self._always.append(self._ready(rule))
                continue
            path, values = key
            for value in dict.fromkeys(values):
                table = tables.setdefault(path, _Table({}, {}))
                table.waiting.setdefault(value, []).append(rule)
        self._passing: list[tuple[CompiledRule, Pass]] | None = None
        self._tables = [(compile_path(path), table) for path, table in tables.items()]

    def candidates(self, node: Node, scope: Scope, *, with_undecided: bool = False) -> list[CompiledRule]:
        """Every rule that may fire on the node, and few others; also those that may not know, if asked for.

        Of the rest it is certain that they do not fire.
        """
        found = self._always.copy()
        for read, table in self._tables:
            try:
                value = read(node, scope)
            except OverBudget:
                raise
            except Exception:  # each of the rules will raise it too, and is named then
                found += self._all_of(table, found)
                continue
            if isinstance(value, Located):
                value = value.value
            if isinstance(value, (str, bool)):
                rules = table.ready.get(value)
                if rules is None and value in table.waiting:
                    rules = self._of(table, value)
                if rules:
                    found += rules
            elif with_undecided and value is UNKNOWN:
                found += self._all_of(table, found)
        return found

    def _all_of(self, table: _Table, found: list[CompiledRule]) -> list[CompiledRule]:
        """Every rule that any value leads to, but for those that are found."""
        every = (self._of(table, word) for word in [*table.ready, *table.waiting])
        seen = {rule.id for rule in found}
        return list({rule.id: rule for rules in every for rule in rules if rule.id not in seen}.values())

    @property
    def every(self) -> list[CompiledRule]:
        """All rules, compiled."""
        return [self._ready(rule) for rule in self._rules]

    @property
    def passing(self) -> list[tuple[CompiledRule, Pass]]:
        """The rules that say what passes where they do not fire."""
        if self._passing is None:
            ready = (self._ready(rule) for rule in self._rules if rule.passes is not None)
            self._passing = [(rule, rule.passes) for rule in ready if rule.passes is not None]
        return self._passing

    def _of(self, table: _Table, value: object) -> list[CompiledRule]:
        """The rules that a value leads to."""
        if value in table.waiting:
            table.ready[value] = [self._ready(rule) for rule in table.waiting.pop(value)]
        return table.ready.get(value, [])

    def _ready(self, rule: Rule) -> CompiledRule:
        """A rule, compiled once."""
        if rule.id not in self._compiled:
            self._compiled[rule.id] = _compiled(rule)
        return self._compiled[rule.id]


class _Table(NamedTuple):
    """The rules by the value that they ask for."""

    ready: dict[object, list[CompiledRule]]
    waiting: dict[object, list[Rule]]
    """Those that nothing has led to so far."""


def _compiled(rule: Rule) -> CompiledRule:
    """A rule, compiled; one that cannot be raises on every node, so it is named."""
    try:
        return compile_rule(rule)
    except Exception as error:
        reason = error

    def raises(value: object, scope: Scope) -> bool:
        raise reason

    return CompiledRule(rule, raises, lambda: compile_consequence(rule))


def _key_or_none(rule: Rule) -> Key | None:
    """`key_of`, or None for a rule that will not compile either."""
    try:
        return key_of(rule)
    except Exception:
        return None


def key_of(rule: Rule) -> Key | None:
    """The path and words to find a rule by; words of text before truth values, None where it asks neither."""
    questions = (_plain_question(path, wanted, rule.words) for path, wanted in rule.when.items())
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
