"""From the data of a rule to closures.

A test is a scalar (equals), a list (in) or a mapping whose keys are operators, combiners or paths, all of
which must hold. A path key applies its argument, again a test, to what the path leads to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from dockerlint.budget import spend
from dockerlint.findings import Confidence, Severity, Tier
from dockerlint.regex import pattern
from dockerlint.ruleset.facts import FACT_NAMES, fact
from dockerlint.ruleset.operators import COMBINERS, QUANTIFIERS, SCALAR_OPERATORS, Check, among, equals, plain
from dockerlint.ruleset.rule import (
    ACTIONS,
    ANCHORS,
    MEMORY,
    CompiledRule,
    Consequence,
    FixPlan,
    Reader,
    Rule,
    Scope,
    Test,
    Unsure,
    Worse,
)
from dockerlint.values import UNKNOWN, Located

Words = Mapping[str, list[object]]
Found = TypeVar("Found")
_MISSING = object()
PLACEHOLDER = pattern(r"\{([a-z_][\w.]*)\}")
LONGEST_SHOWN = 120
"""Characters of a value that a message shows."""
LONGEST_LIST = 600
"""Characters after which a list in a message ends in an ellipsis."""


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


def compile_path(path: str) -> Reader:
    """Follow `a.b.c` from a value: first a field of it, else a node around it by kind; then fields."""
    head, *rest = path.split(".")
    if not rest:
        return _field_reader(head)
    own = _own_reader(head)

    def read(value: object, scope: Scope) -> object:
        here = own(value)
        if here is not _MISSING:
            return _followed(here, rest)
        return _remembered(path, head, scope, lambda node: _followed(node, rest))

    return read


def _followed(here: object, names: Iterable[str]) -> object:
    for name in names:
        if isinstance(here, Located) and name not in ("value", "span"):
            here = here.value
        if here is None or here is UNKNOWN:
            return here
        here = _own_reader(name)(here)
        if here is _MISSING:
            return None
    return here


@cache
def _own_reader(name: str) -> Callable[[object], object]:
    """A field of a value, or what `hardening` knows about it; _MISSING for neither."""
    if name not in FACT_NAMES:
        return lambda value: getattr(value, name, _MISSING)

    def read(value: object) -> object:
        answer = fact(type(value), name)
        return getattr(value, name, _MISSING) if answer is None else answer(value)

    return read


def _remembered(key: object, kind: str, scope: Scope, find: Callable[[Any], Found]) -> Found:
    """What holds of the node of a kind around the linted one, found out once for all that lie below it."""
    node, memory = scope.get(kind), scope.get(MEMORY)
    if memory is None:
        return find(node)
    known = memory.get(key)
    if known is None or known[0] is not node:
        known = memory[key] = (node, find(node))
    found: Found = known[1]
    return found


def _field_reader(name: str) -> Reader:
    """The commonest path, of one name, without the loop."""

    if name in FACT_NAMES:
        own = _own_reader(name)
        return lambda value, scope: scope.get(name) if (here := own(value)) is _MISSING else here

    def read(value: object, scope: Scope) -> object:
        here = getattr(value, name, _MISSING)
        return scope.get(name) if here is _MISSING else here

    return read


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
    """A test of what `_field_reader` reads, in one call less."""

    if name in FACT_NAMES:
        read = _field_reader(name)
        return lambda value, scope: test(read(value, scope), scope)

    def of_field(value: object, scope: Scope) -> bool | None:
        here = getattr(value, name, _MISSING)
        return test(scope.get(name) if here is _MISSING else here, scope)

    return of_field


def _compile_relation(key: str, read: Reader, test: Test, names: frozenset[str]) -> Test:
    """A test of what lies around a node, such as all variables of the service of a port."""
    kind = key.partition(".")[0]
    mark = object()

    def related(value: object, scope: Scope) -> bool | None:
        if hasattr(value, kind) or not names.isdisjoint(scope):
            return test(read(value, scope), scope)
        return _remembered(mark, kind, scope, lambda _: test(read(value, scope), scope))

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


def compile_message(template: str) -> Reader:
    """A reader that fills `{path}` places; lists are joined, long values cut."""
    opening, *pieces = PLACEHOLDER.split(template)
    places = [(compile_path(path), behind) for path, behind in zip(pieces[::2], pieces[1::2], strict=True)]

    def render(value: object, scope: Scope) -> str:
        text = opening
        for read, behind in places:
            text += show(read(value, scope)) + behind
        return text

    return render


def show(value: object) -> str:
    """A value as a message shows it."""
    value = plain(value)
    if isinstance(value, range):
        return _show_range(value)
    if isinstance(value, tuple):
        return _joined(value)
    text = "?" if value is None else str(value)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _joined(items: tuple[object, ...]) -> str:
    """A list in words, cut like a long value: a message must not grow with what it is about."""
    shown: list[str] = []
    left = LONGEST_LIST
    for item in items:
        shown.append(show(item))
        left -= len(shown[-1])
        if left < 0 and len(shown) < len(items):
            return ", ".join([*shown, "…"])
    return ", ".join(shown)


def _show_range(numbers: range) -> str:
    if len(numbers) < 2:
        return str(numbers.start) if numbers else ""
    return f"{numbers[0]}-{numbers[-1]}"


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
    )


def compile_argument(argument: object) -> Reader:
    """A reader of text with `{path}` places, or of a small value of such texts; nothing is cut short.

    A place that is the whole text may lead to a list or a number, and is that.

    It gives UNKNOWN where one of the places is absent or not known.
    """
    if isinstance(argument, str):
        alone = PLACEHOLDER.fullmatch(argument)
        return _compile_text(argument) if alone is None else _compile_place(compile_path(alone[1]))
    if isinstance(argument, list):
        items = [compile_argument(item) for item in argument]
        return lambda value, scope: _unless_unknown([read(value, scope) for read in items])
    if isinstance(argument, Mapping):
        entries = {str(key): compile_argument(item) for key, item in argument.items()}

        def read_entries(value: object, scope: Scope) -> object:
            filled = {key: read(value, scope) for key, read in entries.items()}
            return UNKNOWN if UNKNOWN in filled.values() else filled

        return read_entries
    return lambda value, scope: argument


def _unless_unknown(items: list[object]) -> object:
    return UNKNOWN if any(item is UNKNOWN for item in items) else items


def _compile_place(read: Reader) -> Reader:
    def fill(value: object, scope: Scope) -> object:
        found = plain(read(value, scope))
        if isinstance(found, tuple):
            return list(found)
        if isinstance(found, range):
            return _show_range(found)
        if found is None or found is UNKNOWN:
            return UNKNOWN
        return found if isinstance(found, (int, float)) else str(found)

    return fill


def _compile_text(template: str) -> Reader:
    pieces = PLACEHOLDER.split(template)
    readers = [compile_path(path) for path in pieces[1::2]]

    def fill(value: object, scope: Scope) -> object:
        filled = [plain(read(value, scope)) for read in readers]
        if any(one is None or one is UNKNOWN or isinstance(one, (tuple, range)) for one in filled):
            return UNKNOWN
        texts = [*map(str, filled), ""]
        return "".join(text for pair in zip(pieces[::2], texts, strict=True) for text in pair)

    return fill


def compile_rule(rule: Rule) -> CompiledRule:
    """Compile one rule; its data must have been checked before (`check.py`)."""
    test = compile_test(rule.data["when"], rule.words)
    return CompiledRule(rule.info, test, lambda: compile_consequence(rule))


def compile_consequence(rule: Rule) -> Consequence:
    """Compile what a rule says and does where it fires."""
    raw, words = rule.data, rule.words

    def message(block: Mapping[str, Any]) -> Reader | None:
        return compile_message(block["message"]) if "message" in block else None

    return Consequence(
        at=compile_path(raw["at"]) if "at" in raw else None,
        message=compile_message(raw["message"]),
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
    )
