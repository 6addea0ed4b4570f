"""rules/lists/*.yaml → the documents that `dockerlint.data` reads. Only for building them, and a checkout.

Whatever reads them while it is imported must not be imported here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from dockerlint.data import TOPICS, Document
from dockerlint.ruleset.documents.files import RuleFile, read_plain_file, schema_mistakes
from dockerlint.ruleset.rule import RuleError

LIST_SCHEMA = "lists.schema.json"
_KINDS = ("words", "table", "rows")


def compile_lists(rules_dir: str) -> dict[str, Document]:
    """The document of each topic; raises RuleError, with file and line, at the first mistake."""
    folder = os.path.join(rules_dir, "lists")
    files = {topic: read_plain_file(os.path.join(folder, f"{topic}.yaml")) for topic in TOPICS}
    taken = dict.fromkeys(read_plain_file(os.path.join(rules_dir, "words.yaml")).data, "words.yaml")
    for topic, file in files.items():
        for mistake in _mistakes(file):
            raise mistake
        for name in file.data:
            if name in taken:
                raise file.error((name,), f"a list in {taken[name]} has the name {name}, too")
            taken[name] = f"{topic}.yaml"
    return {topic: _document(file.data) for topic, file in files.items()}


def read_lists(path: str) -> Document:
    """The document of one file; raises RuleError at the first mistake in it."""
    file = read_plain_file(path)
    for mistake in _mistakes(file):
        raise mistake
    return _document(file.data)


def word_lists(documents: dict[str, Document]) -> dict[str, list[str]]:
    """Every list of words in them, for rules that name one as `$name`."""
    entries = (entry for document in documents.values() for entry in document.items())
    return {name: content.split() for name, content in entries if isinstance(content, str)}


def _mistakes(file: RuleFile) -> Iterator[RuleError]:
    yield from schema_mistakes(file, LIST_SCHEMA)
    for name, entry in file.data.items():
        yield from _twice(file, (name, "words"), entry.get("words", "").split())
        keys = [key for keys in entry.get("table", ()) for key in keys.split()]
        yield from _twice(file, (name, "table"), keys)


def _twice(file: RuleFile, place: tuple[str, str], found: list[str]) -> Iterator[RuleError]:
    for word in {word: None for word in found if found.count(word) > 1}:
        yield file.error(place, f"{word} stands there twice")


def _document(data: dict[str, Any]) -> Document:
    """What the entries hold, without what is only for readers."""
    lists: Document = {name: _content(entry) for name, entry in data.items()}
    lists["extendable"] = [name for name, entry in data.items() if entry.get("extend")]
    return lists


def _content(entry: dict[str, Any]) -> Any:
    kind = next(kind for kind in _KINDS if kind in entry)
    return " ".join(entry[kind].split()) if kind == "words" else entry[kind]
