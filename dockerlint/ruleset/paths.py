"""How the path of a rule, such as `stage.user.name`, is followed: fields of a node, and nodes around it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final, TypeVar

from dockerlint.ruleset.facts import FACT_NAMES, fact
from dockerlint.ruleset.rule import MEMORY, NotedAnswer, Reader, Scope, WatchedScope
from dockerlint.values import UNKNOWN, Located

Found = TypeVar("Found")
MISSING: Final = object()
"""What a value gives for a name that it has not."""


def compile_path(path: str) -> Reader:
    """Follow `a.b.c` from a value: first a field of it, else a node around it by kind; then fields."""
    head, *rest = path.split(".")
    if not rest:
        return field_reader(head)
    own = _own_reader(head)

    def read(value: object, scope: Scope) -> object:
        here = own(value)
        if here is not MISSING:
            return _followed(here, rest)
        return remembered(path, head, scope, lambda node: _followed(node, rest))

    return read


def _followed(here: object, names: Iterable[str]) -> object:
    for name in names:
        if isinstance(here, Located) and name not in ("value", "span"):
            here = here.value
        if here is None or here is UNKNOWN:
            return here
        here = _own_reader(name)(here)
        if here is MISSING:
            return None
    return here


@cache
def _own_reader(name: str) -> Callable[[object], object]:
    """A field of a value, or what `hardening` knows about it; MISSING for neither."""
    if name not in FACT_NAMES:
        return lambda value: getattr(value, name, MISSING)

    def read(value: object) -> object:
        answer = fact(type(value), name)
        return getattr(value, name, MISSING) if answer is None else answer(value)

    return read


def remembered(key: object, kind: str, scope: Scope, find: Callable[[Any], Found]) -> Found:
    """What holds of the node of a kind around the linted one, found out once for all that lie below it."""
    if isinstance(scope, WatchedScope):
        noted = remembered(key, kind, scope.plain, find)
        scope.note(key, NotedAnswer(kind, find, noted))
        return noted
    node, memory = scope.get(kind), scope.get(MEMORY)
    if memory is None:
        return find(node)
    known = memory.get(key)
    if known is None or known[0] is not node:
        known = memory[key] = (node, find(node))
    found: Found = known[1]
    return found


def field_reader(name: str) -> Reader:
    """The commonest path, of one name, without the loop."""

    if name in FACT_NAMES:
        return _fact_reader(name)

    def read(value: object, scope: Scope) -> object:
        here = getattr(value, name, MISSING)
        return scope.get(name) if here is MISSING else here

    return read


def _fact_reader(name: str) -> Reader:
    """The same for what `hardening` knows: many rules and their fixes ask it of one node in a row."""
    own, mark = _own_reader(name), f".{name}"  # no path begins so: all rules share the answer

    def read(value: object, scope: Scope) -> object:
        memory = scope.get(MEMORY)
        known = None if memory is None else memory.get(mark)
        if known is None or known[0] is not value:
            known = (value, own(value))
            if memory is not None:
                memory[mark] = known
        return scope.get(name) if known[1] is MISSING else known[1]

    return read
