"""What a source in Python does besides computing, by what it imports and calls."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from dockerlint.data import word_list

_HARMLESS: Final = word_list("privileges", "python-modules-without-files")
_EFFECTS: Final = word_list("privileges", "python-calls-with-effects")
_LONGEST: Final = 100_000
"""Characters of a source that is read."""


class Taken(NamedTuple):
    """What a source imports."""

    name: str
    """With dots, and as much as is used of it: `os.path`."""
    files: tuple[str, ...] = ()
    """Where it would lie in the project, without endings; one of them is enough."""
    parents: tuple[str, ...] = ()
    """Packages around it, whose files are run as well if they have any."""

    @property
    def is_harmless(self) -> bool:
        """Importing and using it writes no file and needs no rights."""
        parts = self.name.split(".")
        return any(".".join(parts[:count]) in _HARMLESS for count in range(1, len(parts) + 1))


def read_source(text: str, home: str, folder: str) -> tuple[Taken, ...] | None:
    """What a source takes in that does nothing but compute by itself; None for one that may do more.

    It lies in `folder`; absolute imports are looked for in `home`, the folder of the program.
    """
    if len(text) > _LONGEST:
        return None
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return None if _has_effects(nodes) else tuple(_taken(nodes, home, folder))


def _taken(nodes: Sequence[ast.AST], home: str, folder: str) -> Iterator[Taken]:
    bound: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            yield from _from(node, home, folder)
        elif isinstance(node, ast.Import):
            for one in node.names:
                first = one.name.partition(".")[0]
                bound[one.asname or first] = one.name if one.asname else first
                if not _has_listed_names(one.name):
                    yield _module(one.name, home)
    yield from _used(nodes, bound)


def _module(name: str, home: str) -> Taken:
    """A module as a whole."""
    parts = name.split(".")
    parents = tuple(posixpath.join(home, *parts[:count]) for count in range(1, len(parts)))
    return Taken(name, (posixpath.join(home, *parts),), parents)


def _from(node: ast.ImportFrom, home: str, folder: str) -> Iterator[Taken]:
    """`from a import b` runs the file a, and takes its name b or the file a/b."""
    base = posixpath.normpath(posixpath.join(folder, *[".."] * (node.level - 1))) if node.level else home
    parts = node.module.split(".") if node.module else []
    place = posixpath.join(base, *parts)
    parents = tuple(posixpath.join(base, *parts[:count]) for count in range(1, len(parts)))
    for one in node.names:
        name = "." * node.level + ".".join([*parts, one.name])
        yield Taken(name, (posixpath.join(place, one.name), place), parents)


def _used(nodes: Sequence[ast.AST], bound: dict[str, str]) -> Iterator[Taken]:
    """`os.path` for `os.path.join(…)`, where `os` is a module that writes files elsewhere."""
    owners = {id(node.value): node for node in nodes if isinstance(node, ast.Attribute)}
    for node in nodes:
        if isinstance(node, ast.Name) and _has_listed_names(bound.get(node.id, "")):
            at: ast.expr = node
            name = bound[node.id]
            while (owner := owners.get(id(at))) is not None:
                at, name = owner, f"{name}.{owner.attr}"
            yield Taken(name)


def _has_listed_names(module: str) -> bool:
    """Some names in it are harmless, and others are not."""
    return any(one.startswith(f"{module}.") for one in _HARMLESS) if module else False


def _has_effects(nodes: Sequence[ast.AST]) -> bool:
    reading = {id(node.func) for node in nodes if isinstance(node, ast.Call) and _only_reads(node)}
    names = (
        node.id if isinstance(node, ast.Name) else node.attr
        for node in nodes
        if isinstance(node, (ast.Name, ast.Attribute)) and id(node) not in reading
    )
    return not _EFFECTS.isdisjoint(names)


def _only_reads(call: ast.Call) -> bool:
    """It is one of `open` whose mode, if any, stands there and neither writes nor creates."""
    if not isinstance(call.func, ast.Name) or call.func.id != "open":
        return False
    modes = [*call.args[1:2], *(one.value for one in call.keywords if one.arg in ("mode", None))]
    texts = [one.value if isinstance(one, ast.Constant) else None for one in modes]
    return all(isinstance(text, str) and not set(text) & set("wax+") for text in texts)
