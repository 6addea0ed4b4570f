"""Knowledge that stands in rules/: words, programs, folders, forms of secrets, the keys of Compose files.

The build writes each file of rules/lists, and rules/compose, as one small JSON document; it is read when the
first module asks for something in it. In a checkout whose sources are newer, it is made anew in memory.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Set
from functools import cache
from importlib import import_module
from typing import Any, Final

_HERE: Final = os.path.dirname(os.path.abspath(__file__))
DOCUMENTS: Final = os.path.join(_HERE, "_rules")
"""The folder that the build writes."""
CHECKOUT: Final = os.path.join(os.path.dirname(_HERE), "rules")
"""Where the YAML stands beside the package in a checkout; absent in an installed wheel."""
TOPICS: Final = (
    *("benchmarks", "clearance", "commands", "daemon", "folders", "images", "inspect", "labels"),
    *("limits", "order", "peers", "privileges", "prove", "purposes", "recipes"),
    *("run", "scans", "secrets", "services", "systems"),
)
"""The files of rules/lists."""
COMPOSE: Final = "compose"
"""The topic of the structure of Compose files, in a folder of its own."""

_SOURCES: Final = (".yaml", ".yml", ".json")

Document = dict[str, Any]

_read: dict[str, Document] = {}
_sets: dict[str, tuple[set[str], str]] = {}
"""By name of a list: what its users hold, and the words of our own."""
_caches: list[Callable[[], None]] = []
_added: dict[str, tuple[str, ...]] = {}


def word_list(topic: str, name: str) -> Set[str]:
    """A list of words. A project may add to it (`extend`), also after somebody has got hold of it."""
    if name not in _sets:
        ours = _document(topic)[name]
        _sets[name] = ({*ours.split(), *_added.get(name, ())}, ours)
    return _sets[name][0]


def ordered_words(topic: str, name: str) -> tuple[str, ...]:
    """A list of words whose order counts, or that is asked for the beginnings or ends of something."""
    return tuple(_document(topic)[name].split())


def table(topic: str, name: str) -> dict[str, Any]:
    """A table; a row that stands for several names is given under each of them."""
    rows: Mapping[str, Any] = _document(topic)[name]
    return {key: row for keys, row in rows.items() for key in keys.split()}


def number(topic: str, name: str) -> int:
    """A number."""
    found: int = _document(topic)[name]
    return found


def records(topic: str, name: str) -> list[Any]:
    """A list of records."""
    found: list[Any] = _document(topic)[name]
    return found


def word_table(topic: str, name: str) -> dict[str, tuple[str, ...]]:
    """A table whose rows are lists of words."""
    return {key: tuple(row.split()) for key, row in table(topic, name).items()}


def every_document() -> dict[str, Document]:
    """All that these lists and tables hold, by topic."""
    return {topic: _document(topic) for topic in (*TOPICS, COMPOSE)}


def extend(more: Mapping[str, Iterable[str | int]]) -> None:
    """Let the lists hold the words of a project besides ours, and no longer those of the one before.

    Names of other lists are passed over, and of those that no project may add to.
    """
    if not more and not _added:
        return
    ours = extendable() if more else ()
    wanted = {name: tuple(map(str, added)) for name, added in more.items() if name in ours}
    if wanted == _added:
        return
    changed = {*wanted, *_added}
    _added.clear()
    _added.update(wanted)
    for name in changed & _sets.keys():
        live, told = _sets[name]
        live.clear()
        live.update(told.split(), _added.get(name, ()))
    for forget in _caches:
        forget()


def forget_with_lists(forget: Callable[[], None]) -> None:
    """Call this whenever lists change: what a cache remembers rests on them."""
    _caches.append(forget)


def extendable() -> dict[str, list[str]]:
    """The lists that a project may add to, by name, with the words of our own."""
    documents = [_document(topic) for topic in TOPICS]
    return {name: one[name].split() for one in documents for name in one["extendable"]}


def document_path(topic: str) -> str:
    """Where the build writes the document of a topic."""
    return os.path.join(DOCUMENTS, f"{topic}.json" if topic == COMPOSE else f"lists-{topic}.json")


def is_fresh(path: str, folders: Iterable[str]) -> bool:
    """Whether a written document is newer than every file of these folders of rules/."""
    if not os.path.isdir(CHECKOUT):
        return True
    try:
        written = os.stat(path).st_mtime
    except OSError:
        return False
    return all(_newest(os.path.join(CHECKOUT, folder)) <= written for folder in ("", *folders))


@cache
def _newest(folder: str) -> float:
    """Time of the last change to a folder or a source right in it; asked once a process."""
    try:
        with os.scandir(folder) as entries:
            times = [entry.stat().st_mtime for entry in entries if entry.name.endswith(_SOURCES)]
        return max([os.stat(folder).st_mtime, *times])
    except FileNotFoundError:
        return 0.0


def read_document(path: str) -> Document:
    """A document that the build wrote."""
    import json

    with open(path, encoding="utf-8") as stream:
        document: Document = json.load(stream)
    return document


def _document(topic: str) -> Document:
    if topic not in _read:
        path = document_path(topic)
        if is_fresh(path, ("compose" if topic == COMPOSE else "lists",)):
            _read[topic] = read_document(path)
        else:
            _read.update(_built(topic))
    return _read[topic]


def _built(topic: str) -> dict[str, Document]:
    """A document, made from the sources of a checkout, and others where they are made with it.

    What makes them is named, not imported: it knows the rooms above this one, and no wheel needs it.
    """
    maker = import_module(f"dockerlint.ruleset.documents.{COMPOSE if topic == COMPOSE else 'lists'}")
    return {topic: maker.compile_compose(CHECKOUT)} if topic == COMPOSE else maker.compile_lists(CHECKOUT)
