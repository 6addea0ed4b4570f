"""From the data of a rule to closures.

A test is a scalar (equals), a list (in) or a mapping whose keys are operators, combiners or paths, all of
which must hold. A path key applies its argument, again a test, to what the path leads to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from dockerlint.budget import spend
from dockerlint.findings import Confidence, Severity, Tier
from dockerlint.ruleset.facts import FACT_NAMES
from dockerlint.ruleset.operators import COMBINERS, QUANTIFIERS, SCALAR_OPERATORS, Check, among, equals, plain
from dockerlint.ruleset.paths import MISSING, compile_path, field_reader, remembered
from dockerlint.ruleset.rule import (
    ACTIONS,
    ANCHORS,
    CompiledRule,
    Consequence,
    FixPlan,
    Pass,
    Reader,
    Rule,
    Scope,
    Test,
    Unsure,
    Worse,
)
from dockerlint.ruleset.templates import compile_argument, compile_message
from dockerlint.values import UNKNOWN, Located

Words = Mapping[str, list[object]]


def conjunction(results: Iterable[bool | None]) -> bool | None:
    """Kleene's and: false wins over unknown, unknown over true."""
    outcome: bool | None = True
    for result in results:
        if result is False:
            return False
        if result is None:
            outcome = None
    return outcome


def disjunction(results: Iterable[bool | None]) -> bool | None:
    """Kleene's or: true wins over unknown, unknown over false."""
    outcome: bool | None = False
    for result in results:
        if result is True:
            return True
        if result is None:
            outcome = None
    return outcome


def compile_test(spec: object, words: Words) -> Test:
    """Compile one test. `words` are the named lists that `$name` stands for."""
    if isinstance(spec, Mapping):
        parts = [_compile_entry(key, argument, words) for key, argument in spec.items()]
        if len(parts) == 1:
            return parts[0]
        return _all_of(parts)
    expanded = expand_words(spec, words)
    if isinstance(expanded, (bool, str)):
        return _equal_test(expanded)
    check = among(expanded) if isinstance(expanded, list) else equals(expanded)
    return _plain_test(check)


def _plain_test(check: Check) -> Test:
    """A test of the value under a Located; `plain` without the call."""
    return lambda value, scope: check(value.value if isinstance(value, Located) else value)


def _equal_test(wanted: bool | str) -> Test:
    """The commonest test, in one call: `equals` of a word or a truth value, of which there is one object."""

    def test(value: object, scope: Scope) -> bool | None:
        if isinstance(value, Located):
            value = value.value
        if value is UNKNOWN:
            return None
        return value == wanted if is_word else value is wanted

    is_word = isinstance(wanted, str)
    return test


def _all_of(parts: list[Test]) -> Test:
    """`conjunction` of tests on one value; a loop, because most nodes fail the first part of most rules."""

    def test(value: object, scope: Scope) -> bool | None:
        outcome: bool | None = True
        for part in parts:
            result = part(value, scope)
            if result is False:
                return False
            if result is None:
                outcome = None
        return outcome

    return test


def _any_of(parts: list[Test]) -> Test:
    """`disjunction` of tests on one value."""

    def test(value: object, scope: Scope) -> bool | None:
        outcome: bool | None = False
        for part in parts:
            result = part(value, scope)
            if result is True:
                return True
            if result is None:
                outcome = None
        return outcome

    return test


def expand_words(argument: object, words: Words) -> object:
    """Replace `$name` by the list it names, also inside a list."""
    if isinstance(argument, str) and argument.startswith("$"):
        return list(words[argument[1:]])
    if isinstance(argument, list):
        out: list[object] = []
        for item in argument:
            expanded = expand_words(item, words)
            out.extend(expanded if isinstance(expanded, list) else [expanded])
        return out
    return argument


def _compile_entry(key: str, argument: Any, words: Words) -> Test:
    if key in COMBINERS:
        return _compile_combiner(key, argument, words)
    if key in QUANTIFIERS:
        return _compile_quantifier(key, compile_test(argument, words))
    if key in SCALAR_OPERATORS:
        check = SCALAR_OPERATORS[key](expand_words(argument, words))
        return _plain_test(check)
    read, test = compile_path(key), compile_test(argument, words)
    if "." in key and isinstance(argument, Mapping):
        return _compile_relation(key, read, test, frozenset(_names_in(argument)))
    return _field_test(key, test) if "." not in key else lambda value, scope: test(read(value, scope), scope)


def _field_test(name: str, test: Test) -> Test:
    """A test of what `field_reader` reads, in one call less."""

    if name in FACT_NAMES:
        read = field_reader(name)
        return lambda value, scope: test(read(value, scope), scope)

    def of_field(value: object, scope: Scope) -> bool | None:
        here = getattr(value, name, MISSING)
        return test(scope.get(name) if here is MISSING else here, scope)

    return of_field


def _compile_relation(key: str, read: Reader, test: Test, names: frozenset[str]) -> Test:
    """A test of what lies around a node, such as all variables of the service of a port."""
    kind = key.partition(".")[0]
    mark = object()

    def related(value: object, scope: Scope) -> bool | None:
        if hasattr(value, kind) or not names.isdisjoint(scope):
            return test(read(value, scope), scope)
        return remembered(mark, kind, scope, lambda _: test(read(value, scope), scope))

    return related


def _names_in(argument: object) -> Iterator[str]:
    """The first names of all paths, and the operators, that a test holds."""
    if isinstance(argument, Mapping):
        for key, inner in argument.items():
            yield str(key).partition(".")[0]
            yield from _names_in(inner)
    elif isinstance(argument, list):
        for one in argument:
            yield from _names_in(one)


def _compile_combiner(key: str, argument: Any, words: Words) -> Test:
    if key == "not":
        test = compile_test(argument, words)

        def negated(value: object, scope: Scope) -> bool | None:
            result = test(value, scope)
            return None if result is None else not result

        return negated
    tests = [compile_test(item, words) for item in argument]
    return _any_of(tests) if key == "any" else _all_of(tests)


def _compile_quantifier(key: str, test: Test) -> Test:
    combine = conjunction if key == "every" else disjunction

    def quantified(value: object, scope: Scope) -> bool | None:
        value = plain(value)
        if value is UNKNOWN:
            return None
        items = _items(value)
        result = combine(test(item, scope) for item in items)
        return not result if key == "none" and result is not None else result

    return quantified


def _items(value: object) -> Sequence[object]:
    """What a quantifier goes through; a range of ports stands for as many steps as it has ports."""
    if isinstance(value, range):
        spend(len(value), "port ranges")
    return value if isinstance(value, (tuple, range)) else ()


def compile_fix(block: Mapping[str, Any], words: Words) -> FixPlan:
    """Compile one fix; its data must have been checked before (`check.py`)."""
    action = next(name for name in ACTIONS if name in block)
    anchor = next((name for name in ANCHORS if name in block), "at")
    return FixPlan(
        tier=Tier[block["tier"].upper()],
        title=compile_message(block["title"]),
        caveat=compile_message(block["caveat"]) if "caveat" in block else None,
        test=compile_test(block["when"], words) if "when" in block else None,
        action=action,
        argument=compile_argument(block[action]),
        anchor=anchor,
        place=compile_path(block[anchor]) if anchor in block else None,
        leaves=tuple(block.get("leaves", ())),
        purpose=block.get("purpose", ""),
    )


def compile_rule(rule: Rule) -> CompiledRule:
    """Compile one rule; its data must have been checked before (`check.py`)."""
    test = compile_test(rule.when, rule.words)
    return CompiledRule(rule, test, lambda: compile_consequence(rule), _compile_pass(rule))


def _compile_pass(rule: Rule) -> Pass | None:
    said = rule.passes
    if not isinstance(said, Mapping):
        return None if said is None else Pass(said)
    return Pass(said["say"], compile_test(said["when"], rule.words))


def compile_consequence(rule: Rule) -> Consequence:
    """Compile what a rule says and does where it fires."""
    raw, words = rule.data, rule.words

    def message(block: Mapping[str, Any]) -> Reader | None:
        return compile_message(block["message"]) if "message" in block else None

    return Consequence(
        at=compile_path(raw["at"]) if "at" in raw else None,
        message=compile_message(raw["message"]),
        purpose_when=compile_test(raw["purpose_when"], words) if "purpose_when" in raw else None,
        worse=tuple(
            Worse(compile_test(block["when"], words), Severity[block["severity"].upper()], message(block))
            for block in raw.get("worse", ())
        ),
        unsure=tuple(
            Unsure(
                compile_test(block["when"], words), Confidence[block["confidence"].upper()], message(block)
            )
            for block in raw.get("unsure", ())
        ),
        fixes=tuple(compile_fix(block, words) for block in raw.get("fix", ())),
        parts=tuple(map(compile_path, raw.get("parts", ()))),
    )
