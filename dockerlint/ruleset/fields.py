"""Which fields the nodes of a kind have: what a path in a rule may say, read off the model's own types."""

from __future__ import annotations

import sys
import types
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

from dockerlint import images, model
from dockerlint.model.container.project import Project
from dockerlint.model.daemon.daemon import DaemonFile
from dockerlint.model.dockerfile.build import Build
from dockerlint.model.host.inspection import Inspection
from dockerlint.model.host.runfile import RunFile
from dockerlint.model.suppression import Suppression
from dockerlint.ruleset.facts import facts_of
from dockerlint.syntax import Problem
from dockerlint.text import Span
from dockerlint.values import Located, Unknown

ROOTS: tuple[type, ...] = (Build, Project, Inspection, RunFile, DaemonFile, Suppression)
_FILES: Final[dict[str, type]] = {
    "dockerfile": Build,
    "compose": Project,
    "inspect": Inspection,
    "run": RunFile,
    "daemon": DaemonFile,
}
"""Kinds of files, and the node that holds all others of such a file."""
PLAIN: Final = (str, bool, int, float, date)
"""The types of values that have no fields."""


@dataclass(frozen=True)
class FieldType:
    """What a path leads to: the classes it may be, and whether it is a tuple of them."""

    classes: frozenset[type]
    is_tuple: bool = False
    is_located: bool = False
    """Whether it is a value that knows its place in the text."""

    @property
    def has_place(self) -> bool:
        """Whether a finding or an edit can stand at it."""
        return self.is_located or any(cls is Span or "span" in hints(cls) for cls in self.classes)


@cache
def hints(cls: type) -> dict[str, FieldType]:
    """Name to type of every field, property and hardening fact of a node class that a rule can ask.

    A compiled class has no properties to look at; what they answer stands in its `__answers__`.
    """
    if cls in PLAIN or cls is Span:
        return {}
    found: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        declared = {**vars(base).get("__annotations__", {}), **vars(base).get("__answers__", {})}
        found |= _types_of(type(base.__name__, (), {"__annotations__": declared}), base.__module__)
        found |= {name: _answer_of(member.fget) for name, member in _properties(base)}
    found |= {name: _answer_of(answer) for name, answer in facts_of(cls).items()}
    every = {name: _flatten(hint) for name, hint in found.items() if _is_public(name)}
    return {name: one for name, one in every.items() if all(map(_can_be_asked, one.classes))}


def _properties(cls: type) -> list[tuple[str, Any]]:
    return [(name, member) for name, member in vars(cls).items() if isinstance(member, property)]


def _answer_of(function: Any) -> Any:
    return _types_of(function, function.__module__).get("return", object)


def _types_of(one: Any, module: str) -> dict[str, Any]:
    """The annotations of what a module defines, as types; some are imported for the type checker only."""
    return get_type_hints(one, {**_model_classes(), **vars(sys.modules[module])})


@cache
def _model_classes() -> dict[str, type]:
    """Every class of the model and of what is known about images, by a name that it shares with no other."""
    rooms = ((room.__path__, f"{room.__name__}.") for room in (model, images))
    paths = [one.name for room in rooms for one in walk_packages(*room)]
    found = [
        value
        for path in paths
        for value in vars(import_module(path)).values()
        if isinstance(value, type) and value.__module__ == path
    ]
    count = Counter(cls.__name__ for cls in found)
    return {cls.__name__: cls for cls in found if count[cls.__name__] == 1}


def _is_public(name: str) -> bool:
    return not name.startswith("_") and not name.isupper()


def _can_be_asked(cls: Any) -> bool:
    """Whether it is a plain type or a class of ours; functions and tables are for the program alone."""
    return cls in PLAIN or str(getattr(cls, "__module__", "")).startswith("dockerlint.")


def _flatten(hint: Any) -> FieldType:
    """Strip Optional, Unknown, Located and tuple from a type."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        parts = [_flatten(one) for one in arguments if one not in (type(None), Unknown)]
        return _joined(parts)
    if origin is Located:
        return FieldType(_flatten(arguments[0]).classes, is_located=True)
    if origin in (tuple, frozenset):
        item = _flatten(arguments[0]) if arguments else FieldType(frozenset())
        return FieldType(item.classes, True, item.is_located)
    if hint is range:
        return FieldType(frozenset({int}), True)
    if isinstance(hint, TypeVar) or hint is object:
        return FieldType(frozenset())
    return FieldType(frozenset({origin or hint}))


def _joined(parts: list[FieldType]) -> FieldType:
    return FieldType(
        frozenset(cls for part in parts for cls in part.classes),
        any(part.is_tuple for part in parts),
        any(part.is_located for part in parts),
    )


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
def kinds_below(cls: type, apart: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds of which a node may hold any number, near or far, so that to hold none says something, too.

    Nodes of the kinds `apart` speak for themselves, and for what is below them.
    """
    found: dict[str, None] = {}
    waiting, seen = [(cls, False)], set[tuple[type, bool]]()
    while waiting:
        one = waiting.pop()
        for name in getattr(one[0], "CHILDREN", ()):
            field = hints(one[0])[name]
            is_many = one[1] or field.is_tuple
            for child in (sub for near in field.classes for sub in (near, *_subclasses(near))):
                kinds = getattr(child, "KINDS", ())
                if (child, is_many) in seen or not frozenset(apart).isdisjoint(kinds):
                    continue
                seen.add((child, is_many))
                found |= dict.fromkeys(kinds) if is_many else {}
                waiting.append((child, is_many))
    return tuple(found)


def files_with(classes: frozenset[type]) -> tuple[str, ...]:
    """The kinds of files in which nodes of these classes stand; comments and problems are in all of them."""
    around = {cls for members in above(classes).values() for cls in members}
    found = tuple(kind for kind, root in _FILES.items() if root in around)
    return found or tuple(_FILES)


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
    return _joined(found) if found else None


def names_of(classes: frozenset[type]) -> list[str]:
    """All field names of these classes."""
    return sorted({name for cls in classes for name in hints(cls)})
