"""What `rules facts` prints: everything that a rule may name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TextIO

from dockerlint.data import extendable
from dockerlint.report.screen import complaint, harmless
from dockerlint.ruleset.bundle import load_bundle
from dockerlint.ruleset.grammar import OPERATORS
from dockerlint.ruleset.vocabulary import (
    UnknownNode,
    Vocabulary,
    first_line,
    node_names,
    values,
    vocabulary,
)

_CALLED: Final = {
    "dockerfile": "Dockerfiles",
    "compose": "Compose files",
    "inspect": "docker inspect",
    "run": "docker run",
    "daemon": "daemon.json",
}
MORE_LISTS: Final = "Lists that no rule of ours names and a config may add to (words:)"
JSON: Final = "json"
_SHOWN_WORDS: Final = 6


def print_facts(name: str | None, stdout: TextIO, stderr: TextIO, format: str = "text") -> int:
    """Print the fields of one kind of node or value, or an overview; 2 for a name that is neither.

    As JSON, the overview has the fields of every kind with it.
    """
    try:
        if format == JSON:
            told = _everything() if name is None else _as_json(vocabulary(name))
            stdout.write(json.dumps(told, indent=2) + "\n")
            return 0
        lines = _overview() if name is None else _fields(vocabulary(name))
    except UnknownNode as error:
        stderr.write(complaint(f"{error}; see dockerlint rules facts"))
        return 2
    stdout.write(harmless("".join(f"{line}\n" for line in lines)))
    return 0


def _overview() -> Iterator[str]:
    yield "What rules can select (each) and ask. The fields of each: dockerlint rules facts NODE"
    nodes = [vocabulary(name) for name in node_names()]
    for files in chapters(nodes):
        rows = [(one.name, one.about) for one in nodes if one.files == files]
        yield from _chapter(chapter_title(files), rows)
    parts = [(name, first_line(cls.__doc__)) for name, cls in values().items()]
    yield from _chapter("Values that fields have", parts)
    yield from _chapter(
        "Operators",
        [(name, f"{one.holds} For example {one.example}") for name, one in OPERATORS.items()],
    )
    words = load_bundle()["words"]
    yield from _chapter("Lists of words", [(f"${name}", shown_words(words[name])) for name in words])
    ours = extendable()
    yield from _chapter(MORE_LISTS, [(name, shown_words(ours[name])) for name in ours if name not in words])


def chapters(nodes: Iterable[Vocabulary]) -> list[tuple[str, ...]]:
    """The kinds of files that nodes are found in together: each alone first, then several."""
    order = list(_CALLED)
    found = {one.files for one in nodes}
    return sorted(found, key=lambda files: (len(files), [order.index(one) for one in files]))


def chapter_title(files: tuple[str, ...]) -> str:
    """What a list of nodes in such files is headed."""
    names = [_CALLED[one] for one in files]
    return f"Nodes of {', '.join(names[:-1])} and {names[-1]}" if names[1:] else f"Nodes of {names[0]}"


def _everything() -> dict[str, Any]:
    words = load_bundle()["words"]
    return {
        "nodes": [_as_json(vocabulary(name)) for name in node_names()],
        "values": [_as_json(vocabulary(name)) for name in values()],
        "operators": {name: {"about": one.holds, "example": one.example} for name, one in OPERATORS.items()},
        "words": {**extendable(), **words},
    }


def _as_json(told: Vocabulary) -> dict[str, Any]:
    fields = [{"name": one.name, "type": one.type, "about": one.about} for one in told.fields]
    return {
        "name": told.name,
        "about": told.about,
        "files": list(told.files),
        "stands_in": list(told.around),
        "more": list(told.more),
        "fields": fields,
    }


def shown_words(words: list[Any]) -> str:
    """The beginning of a list, and how long it is."""
    more = ", …" if len(words) > _SHOWN_WORDS else ""
    return f"{len(words)}: {', '.join(map(str, words[:_SHOWN_WORDS]))}{more}"


def _fields(told: Vocabulary) -> Iterator[str]:
    yield f"{told.name}: {told.about}"
    named: Mapping[str, Iterable[str]] = {
        "found in": told.files,
        "stands in": told.around,
        "with more fields": told.more,
    }
    yield from (f"{title}: {', '.join(names)}" for title, names in named.items() if names)
    width = max((len(one.type) for one in told.fields), default=0)
    yield from _chapter("Fields", [(one.name, f"{one.type:{width}}  {one.about}") for one in told.fields])


def _chapter(title: str, lines: Iterable[tuple[str, str]]) -> Iterator[str]:
    rows = list(lines)
    width = max((len(name) for name, _ in rows), default=0)
    yield from ("", title)
    yield from (f"  {name:{width}}  {about}".rstrip() for name, about in rows)
