"""Everything that a rule may name, with its type and a line about it: read from the code."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from dockerlint.quoting import suggestion
from dockerlint.ruleset.facts import facts_of
from dockerlint.ruleset.fields import PLAIN, FieldType, above, files_with, hints, kinds
from dockerlint.ruleset.fitting import PLAIN_NAMES
from dockerlint.text import Span


class Term(NamedTuple):
    """One name that a rule may use."""

    name: str
    type: str
    about: str
    """What it says, in one line."""


class Vocabulary(NamedTuple):
    """The fields of one kind of node, or of a value that fields lead to."""

    name: str
    about: str
    files: tuple[str, ...]
    """The kinds of files that it is found in; none for a value."""
    around: tuple[str, ...]
    """Kinds of nodes that it can stand in, which a path may start with."""
    more: tuple[str, ...]
    """Kinds that are special cases of it, with more fields."""
    fields: tuple[Term, ...]


class UnknownNode(Exception):
    """A name that no kind of node and no value has; the text has a suggestion."""


def vocabulary(name: str) -> Vocabulary:
    """What can be asked of a kind of node or a value, by its name; raises UnknownNode."""
    every = {**{_folded(one): one for one in values()}, **{_folded(one): one for one in kinds()}}
    found = every.get(_folded(name))
    if found is None:
        raise UnknownNode(f"unknown node {name!r}{suggestion(name, every.values())}")
    return _of_kind(found) if found in kinds() else _of_class(found, values()[found])


def node_names() -> list[str]:
    """Every kind of node."""
    return sorted(kinds())


@cache
def values() -> dict[str, type]:
    """The classes that fields lead to and that are no nodes, by name."""
    found: dict[str, type] = {}
    waiting = sorted({cls for classes in kinds().values() for cls in classes}, key=_name_of_class)
    seen = set(waiting)
    while waiting:
        cls = waiting.pop()
        if _name_of_class(cls) not in kinds():
            found[cls.__name__] = cls
        fresh = {one for there in hints(cls).values() for one in there.classes} - seen - {*PLAIN, Span}
        seen |= fresh
        waiting += fresh
    return dict(sorted(found.items()))


def type_name(there: FieldType) -> str:
    """A type in few words: `text`, `list of command`."""
    names = sorted({PLAIN_NAMES.get(cls) or _name_of_class(cls) for cls in there.classes})
    told = " or ".join(names) or "anything"
    return f"list of {told}" if there.is_tuple else told


def first_line(text: str | None) -> str:
    """The first paragraph of a docstring, as one line."""
    return " ".join((text or "").strip().partition("\n\n")[0].split())


def _folded(name: str) -> str:
    return name.replace("_", "").lower()


def _name_of_class(cls: type) -> str:
    if cls is Span:
        return "place"
    names: tuple[str, ...] = getattr(cls, "KINDS", ())
    return names[-1] if names and names[-1] in kinds() else cls.__name__


def _of_kind(kind: str) -> Vocabulary:
    classes = kinds()[kind]
    own = [cls for cls in classes if _name_of_class(cls) == kind] or sorted(classes, key=_name_of_class)
    special = sorted({_name_of_class(cls) for cls in classes} - {kind})
    itself = {one for cls in classes for one in getattr(cls, "KINDS", ())}
    around = sorted(above(classes).keys() - itself)
    told = _of_class(kind, own[0])
    return told._replace(files=files_with(classes), around=tuple(around), more=tuple(special))


def _of_class(name: str, cls: type) -> Vocabulary:
    fields = tuple(Term(one, type_name(there), about(cls, one)) for one, there in hints(cls).items())
    return Vocabulary(name, first_line(cls.__doc__), (), (), (), fields)


def about(cls: type, name: str) -> str:
    """The line about a field, property or hardening fact; of one without, that about what it leads to."""
    return first_line(_docstring(cls, name)) or _about_target(hints(cls)[name])


def _docstring(cls: type, name: str) -> str | None:
    if name in (answers := facts_of(cls)):
        return answers[name].__doc__
    for base in cls.__mro__:
        member = vars(base).get(name)
        if isinstance(member, property):
            return member.__doc__
        if name in vars(base).get("__annotations__", {}) or name in vars(base).get("__answers__", {}):
            return _lines_under_fields(base).get(name)
    return None


def _about_target(there: FieldType) -> str:
    lines = {first_line(cls.__doc__) for cls in there.classes if cls not in PLAIN}
    return " ".join(sorted(lines))


@cache
def _lines_under_fields(cls: type) -> dict[str, str]:
    """The text under each field of a class, and of its properties; none where there are no sources.

    Python throws the former away, the compiler the latter, too; a compiled module has its source beside it.
    """
    folder, name = os.path.split(str(sys.modules[cls.__module__].__file__))
    try:
        with open(os.path.join(folder, f"{name.partition('.')[0]}.py"), encoding="utf-8") as stream:
            tree = ast.parse(stream.read())
    except OSError:
        return {}
    found = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == cls.__name__)
    return dict(pair for node in found for pair in _documented(node.body))


def _documented(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for method in body:
        if isinstance(method, ast.FunctionDef):
            yield method.name, ast.get_docstring(method) or ""
    for statement, below in pairwise(body):
        if not isinstance(statement, ast.AnnAssign) or not isinstance(below, ast.Expr):
            continue
        name, text = statement.target, below.value
        if isinstance(name, ast.Name) and isinstance(text, ast.Constant) and isinstance(text.value, str):
            yield name.id, text.value
