"""Which files `include` names, and what it makes of theirs.

https://docs.docker.com/reference/compose-file/include/
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname
from typing import Final, NamedTuple

from dockerlint.budget import spend
from dockerlint.link.gaps import Objections
from dockerlint.link.merge import Merger
from dockerlint.link.places import file_below
from dockerlint.link.space import TextOfScalar
from dockerlint.text import Span
from dockerlint.yaml.nodes import DROPPED, Entry, Mapping, Node, Scalar, Sequence, as_mapping

DEEPEST: Final = 50
"""Files that include each other; people stay below 5."""
_IMPORTED: Final = ("services", "volumes", "networks", "secrets", "configs", "models")


class Named(NamedTuple):
    """A path and what names it."""

    path: str
    """From the folder of the project's first file."""
    span: Span


class Inclusion(NamedTuple):
    """One item of `include`: files that are merged, and what they are read with."""

    paths: tuple[Named, ...]
    folder: str
    """Where their relative paths begin."""
    env_files: tuple[Named, ...] | None
    """None for the one that is read where it is there."""


def inclusions(
    document: Mapping, folder: str, text_of: TextOfScalar, told: Objections
) -> Iterator[Inclusion]:
    """What a document whose paths begin in a folder includes, and can be read."""
    items = document.get("include")
    for item in items.items if isinstance(items, Sequence) else ():
        body = item if isinstance(item, Mapping) else None
        written = item if body is None else body.get("path")
        paths = tuple(_named(written, folder, text_of))
        place = next(_named(None if body is None else body.get("project_directory"), folder, text_of), None)
        env_files = None if body is None or body.get("env_file") is None else body.get("env_file")
        named = None if env_files is None else tuple(_named(env_files, folder, text_of))
        wanted = (*paths, *(named or ()), *(() if place is None else (place,)))
        unread = [one for one in wanted if not told.can_be_read(*one)]
        if paths and not unread:
            base = dirname(paths[0].path) if place is None else place.path
            yield Inclusion(paths, base, named)


def _named(node: Node | None, folder: str, text_of: TextOfScalar) -> Iterator[Named]:
    nodes = node.items if isinstance(node, Sequence) else () if node is None else (node,)
    for one in nodes:
        if isinstance(one, Scalar) and one.text and one.tag != DROPPED:
            yield Named(file_below(folder, text_of(one)), one.span)


def imported(document: Mapping, model: Mapping, merger: Merger, told: Objections) -> Mapping:
    """A document with what an included model declares.

    Of something that both declare differently compose-go makes one from version 2.10 on, the document last;
    older ones refuse the project.
    """
    entries = dict(document.entries)
    for name in _IMPORTED:
        there = model.entries.get(name)
        if there is not None and isinstance(there.value, Mapping):
            own = entries.get(name)
            entries[name] = there if own is None else _joined(own, there.value, name, merger, told)
    return document._replace(entries=entries)


def _joined(own: Entry, there: Mapping, section: str, merger: Merger, told: Objections) -> Entry:
    mine = as_mapping(own.value)
    entries = dict(mine.entries)
    for name, entry in there.entries.items():
        first = entries.get(name)
        if first is not None and not _are_alike(first.value, entry.value):
            message = f"{section.removesuffix('s')} {name} is declared by an included file, too"
            told.problem("include-conflict", message, first.key.span, "rename one of them")
            entry = merger.entry(entry, first, section)._replace(key=first.key, span=first.span)
        entries[name] = entry
    value = mine._replace(entries=entries, span=own.value.span)
    return own._replace(value=value)


def _are_alike(one: Node, other: Node) -> bool:
    """Both hold the same, wherever it is written."""
    waiting = [(one, other)]
    while waiting:
        spend(1, "what several included files declare")
        one, other = waiting.pop()
        if (
            isinstance(one, Mapping)
            and isinstance(other, Mapping)
            and one.entries.keys() == other.entries.keys()
        ):
            waiting += [(entry.value, other.entries[key].value) for key, entry in one.entries.items()]
        elif isinstance(one, Sequence) and isinstance(other, Sequence) and len(one.items) == len(other.items):
            waiting += zip(one.items, other.items, strict=True)
        elif not isinstance(one, Scalar) or not isinstance(other, Scalar) or one.value != other.value:
            return False
    return True
