"""Which fields the nodes of a kind have: what a path in a rule may say, read off the model's own types."""

from __future__ import annotations

import types
from collections.abc import Iterator
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from dockerlint.model.container.project import Project
from dockerlint.model.dockerfile.build import Build
from dockerlint.model.suppression import Suppression
from dockerlint.records import dataclass
from dockerlint.ruleset.facts import facts_of
from dockerlint.syntax import Problem
from dockerlint.values import Located, Unknown

ROOTS: tuple[type, ...] = (Build, Project, Suppression)


@dataclass(frozen=True)
class FieldType:
    """What a path leads to: the classes it may be, and whether it is a tuple of them."""

    classes: frozenset[type]
    is_tuple: bool = False


@cache
def hints(cls: type) -> dict[str, FieldType]:
    """Name to type of every public field and property of a node class."""
    found = {name: _flatten(hint) for name, hint in get_type_hints(cls).items() if _is_public(name)}
    for base in reversed(cls.__mro__):
        for name, member in vars(base).items():
            getter = member.fget if isinstance(member, property) else None
            if getter is not None and _is_public(name):
                found[name] = _flatten(get_type_hints(getter).get("return", object))
    for name, answer in facts_of(cls).items():
        found[name] = _flatten(get_type_hints(answer).get("return", object))
    return found


def _is_public(name: str) -> bool:
    return not name.startswith("_") and not name.isupper()


def _flatten(hint: Any) -> FieldType:
    """Strip Optional, Unknown, Located and tuple from a type."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        parts = [_flatten(one) for one in arguments if one not in (type(None), Unknown)]
        classes = frozenset(cls for part in parts for cls in part.classes)
        return FieldType(classes, any(part.is_tuple for part in parts))
    if origin is Located:
        return _flatten(arguments[0])
    if origin in (tuple, frozenset):
        return FieldType(_flatten(arguments[0]).classes if arguments else frozenset(), True)
    if hint is range:
        return FieldType(frozenset({int}), True)
    if isinstance(hint, TypeVar) or hint is object:
        return FieldType(frozenset())
    return FieldType(frozenset({origin or hint}))


def _below(cls: Any) -> Iterator[type]:
    """The node classes that may stand below `cls`, subclasses included."""
    for name in getattr(cls, "CHILDREN", ()):
        for child in hints(cls)[name].classes:
            if hasattr(child, "KINDS"):
                yield child
                yield from _subclasses(child)


def _subclasses(cls: type) -> Iterator[type]:
    child: type
    for child in cls.__subclasses__():
        yield child
        yield from _subclasses(child)


@cache
def kinds() -> dict[str, frozenset[type]]:
    """Every kind a rule can select, with the node classes that carry it."""
    found: dict[str, set[type]] = {}
    for cls in _parents():
        for kind in getattr(cls, "KINDS", ()):
            found.setdefault(kind, set()).add(cls)
    return {kind: frozenset(classes) for kind, classes in found.items()}


@cache
def _parents() -> dict[type, frozenset[type]]:
    """Every node class with the classes that may stand right above it."""
    found: dict[type, set[type]] = {root: set() for root in (*ROOTS, Problem)}
    waiting = list(ROOTS)
    while waiting:
        cls = waiting.pop()
        for child in _below(cls):
            if child not in found:
                found[child] = set()
                waiting.append(child)
            found[child].add(cls)
    return {cls: frozenset(above) for cls, above in found.items()}


@cache
def above(classes: frozenset[type]) -> dict[str, frozenset[type]]:
    """The kinds that may stand anywhere above these classes (or be them), with their classes."""
    seen: set[type] = set(classes)
    waiting = list(classes)
    while waiting:
        for parent in _parents().get(waiting.pop(), ()):
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    found: dict[str, set[type]] = {}
    for cls in seen:
        for kind in getattr(cls, "KINDS", ()):
            found.setdefault(kind, set()).add(cls)
    return {kind: frozenset(members) for kind, members in found.items()}


def field_of(classes: frozenset[type], name: str) -> FieldType | None:
    """The type of a field that at least one of the classes has, else None."""
    found = [hints(cls)[name] for cls in classes if name in hints(cls)]
    if not found:
        return None
    return FieldType(frozenset(one for part in found for one in part.classes), any(p.is_tuple for p in found))


def names_of(classes: frozenset[type]) -> list[str]:
    """All field names of these classes."""
    return sorted({name for cls in classes for name in hints(cls)})
