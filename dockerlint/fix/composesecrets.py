"""Values in the environment of Compose services that move to files: `secrets:` and `NAME_FILE`.

The value is written to a file only; no text, reason or title made here holds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from dockerlint.expressions import pattern
from dockerlint.findings import Edit, NewFile
from dockerlint.fix.order import Change, Order
from dockerlint.fix.yamledit import insert_entries, insert_lines
from dockerlint.fix.yamllists import add_items
from dockerlint.fix.yamlstyle import Value, block_lines, is_plain, quoted
from dockerlint.fix.yamltext import Path, Refused, YamlText, service_path
from dockerlint.parse.yamlnodes import Mapping, Node, Scalar, as_mapping
from dockerlint.parse.yamlnodes import Sequence as YamlList
from dockerlint.text import Span

FOLDER: Final = "secrets"
"""Beside the Compose file; out of version control and out of what is built from there."""
IGNORED: Final = f"{FOLDER}/"
_MOUNTED = "/run/secrets"
_FILE_NAME = pattern(r"[a-z0-9][a-z0-9_.-]{0,99}\Z", re.IGNORECASE)
_BLANK_LINE = pattern(r"\n[ \t]*\r?\n")
_DATE = pattern(r"\d{4}-\d\d?-\d\d?")


class Move(NamedTuple):
    """One value that is to leave the environment of a service."""

    service: str
    variable: str
    names_file: str
    """The variable that names the file instead."""


class _Found(NamedTuple):
    """Where the value stands."""

    move: Move
    entry: Path
    value: str


def move_to_secret(file: YamlText, order: Order, service: str) -> Change:
    """Carry out one order, whose argument names the variable and the one that names its file."""
    return move_all(file, [Move(service, str(order.argument["from"]), str(order.argument["to"]))])


def move_all(file: YamlText, moves: Iterable[Move]) -> Change:
    """Move values to files; services share one where name and value are the same. Raises Refused."""
    found = [_find(file, move) for move in moves]
    names = _names(file, found)
    edits: list[Edit] = []
    for one, name in zip(found, names, strict=True):
        edits += _rename(file, one, f"{_MOUNTED}/{name}")
    for service in dict.fromkeys(one.move.service for one in found):
        own = [name for one, name in zip(found, names, strict=True) if one.move.service == service]
        edits += _grant(file, service, list(dict.fromkeys(own)))
    files = {name: _secret(name, one) for one, name in zip(found, names, strict=True)}
    edits += _declare(file, list(files))
    return Change(tuple(edits), (*_ignored(file), *files.values()))


def path_of(name: str) -> str:
    """Where the value of a secret is kept, from the folder of the Compose file."""
    return f"{FOLDER}/{name}.txt"


def _secret(name: str, found: _Found) -> NewFile:
    return NewFile(path_of(name), found.value, "create", is_secret=True, variable=found.move.variable)


def _ignored(file: YamlText) -> Iterator[NewFile]:
    """The lines that keep the folder to itself."""
    yield NewFile(".gitignore", IGNORED, "add_line")
    if file.is_built_here:
        yield NewFile(".dockerignore", IGNORED, "add_line")


def _find(file: YamlText, move: Move) -> _Found:
    """The variable and its value, once nothing speaks against moving it."""
    service = service_path(file, move.service)
    _refuse_other_start(file.mapping(service))
    if file.has((*service, "env_file")):
        raise Refused("a file of variables may set it as well, and the image refuses both")
    environment = (*service, "environment")
    node = file.node(environment)
    names = [name for name, _ in _entries(node)]
    if move.names_file in names or names.count(move.variable) != 1:
        raise Refused(f"{move.names_file} is set as well" if move.names_file in names else "it is set twice")
    step = next(step for name, step in _entries(node) if name == move.variable)
    entry = (*environment, step)
    held = file.node(entry)
    if not isinstance(held, Scalar):
        raise Refused("its value is not one text")
    raw = held.text if isinstance(node, Mapping) else held.text.partition("=")[2]
    value = _value(held if isinstance(node, Mapping) else None, raw)
    _refuse_other_readers(file, file.mapping(service), move.variable, held)
    return _Found(move, entry, value)


def _entries(environment: Node) -> Iterator[tuple[str, str | int]]:
    """The names of variables and the step that leads to each."""
    if isinstance(environment, Mapping):
        yield from ((name, name) for name in environment.entries)
    elif isinstance(environment, YamlList):
        for at, item in enumerate(environment.items):
            if isinstance(item, Scalar):
                yield item.text.partition("=")[0], at


def _value(scalar: Scalar | None, raw: str) -> str:
    """What Compose hands to the container; `scalar` is the node where the value stands alone."""
    if not raw:
        raise Refused("it has no value here")
    if scalar is not None and (not _is_as_written(scalar) or _DATE.match(raw)) and not scalar.style:
        raise Refused("YAML makes another value of what is written")
    value = raw.replace("$$", "\0")
    if "$" in value or "\0" in raw:
        raise Refused("a variable stands in it")
    value = value.replace("\0", "$")
    if value.endswith(("\n", "\r")):
        raise Refused("a line break ends the value, which a file would lose")
    if any("\ud800" <= sign <= "\udfff" for sign in value):
        raise Refused("its value cannot be written to a file")
    return value


def _is_as_written(scalar: Scalar) -> bool:
    """A plain word is the string it looks like, also where it is a number or a truth value."""
    value = scalar.value
    if isinstance(value, bool):
        return scalar.text in ("true", "false")
    return isinstance(value, str) or (isinstance(value, int) and str(value) == scalar.text)


def _refuse_other_start(body: Mapping) -> None:
    """Only the entrypoint of the image reads the file; the facts of the image say behind which commands."""
    if body.get("build") is not None or body.get("entrypoint") is not None:
        raise Refused("only the entrypoint of the image reads the file, and this is another one")


def _refuse_other_readers(file: YamlText, body: Mapping, variable: str, held: Scalar) -> None:
    """A health check or command that reads the variable would find nothing."""
    name = re.escape(variable)
    word = pattern(rf"(?<![A-Za-z0-9_]){name}(?![A-Za-z0-9_])")
    from_project = pattern(rf"(?<!\$)((?:\$\$)*)\$(?:\{{{name}(?=[}}:?+-])|{name}(?![A-Za-z0-9_]))")
    for key, scalar in _scalars(body):
        if scalar is not held and word.search(from_project.sub("", scalar.text)):
            raise Refused(f"{key} reads it from the environment")


def _scalars(body: Mapping) -> Iterator[tuple[str, Scalar]]:
    """Every value of a service, with the key of the service that it stands under."""
    waiting: list[tuple[str, Node]] = [(key, entry.value) for key, entry in body.entries.items()]
    seen: set[int] = set()
    while waiting:
        key, node = waiting.pop()
        if isinstance(node, Scalar):
            yield key, node
        elif id(node) not in seen:
            seen.add(id(node))
            inner = node.items if isinstance(node, YamlList) else [one.value for one in node.entries.values()]
            waiting += [(key, one) for one in inner]


def _names(file: YamlText, found: Sequence[_Found]) -> list[str]:
    """A name for each secret: that of the variable, and of the service where another one has it."""
    declared = as_mapping(file.root.get("secrets")).entries
    values: dict[str, set[str]] = {}
    for one in found:
        values.setdefault(one.move.variable.lower(), set()).add(one.value)
    names = [_name(one.move, declared, values) for one in found]
    holds: dict[str, str] = {}
    for one, name in zip(found, names, strict=True):
        # Some file systems take letters in capitals for the same.
        if holds.setdefault(name.lower(), one.value) != one.value:
            raise Refused(f"two secrets would be called {name}")
    return names


def _name(move: Move, declared: Iterable[str], values: dict[str, set[str]]) -> str:
    name = move.variable.lower()
    if name in declared or len(values[name]) > 1:
        name = f"{move.service}_{name}"
        if name in declared or name in values:
            raise Refused(f"there is a secret called {name} already")
    if not _FILE_NAME.match(name):
        raise Refused("its name is none for a file")
    return name


def _rename(file: YamlText, found: _Found, path: str) -> list[Edit]:
    """The variable that names the file, in the place and the quotes of the one that held the value."""
    node = file.node(found.entry)
    assert isinstance(node, Scalar)
    if isinstance(found.entry[-1], int):
        return [Edit(node.span, _in_quotes(file, node, f"{found.move.names_file}={path}"))]
    key = file.entry(found.entry).entry.key
    if node.tag or file.text[key.span.end : node.span.start].strip(" ") != ":":
        raise Refused("it is written in a way that is not understood")
    return [
        Edit(key.span, _in_quotes(file, key, found.move.names_file)),
        Edit(_content(file, node), _in_quotes(file, node, path)),
    ]


def _content(file: YamlText, node: Scalar) -> Span:
    """The span of a value without the line break that ends a block."""
    end = node.span.end
    while end > node.span.start and file.text[end - 1] in " \r\n":
        end -= 1
    return Span(node.span.start, end)


def _in_quotes(file: YamlText, node: Scalar, text: str) -> str:
    if node.style in ("'", '"'):
        return quoted(text, node.style)
    return text if is_plain(text) else quoted(text, file.habits.quote)


_BEFORE_SECRETS: Final = ("environment", "env_file", "secrets")


def _grant(file: YamlText, service: str, names: list[str]) -> list[Edit]:
    """Give a service its secrets."""
    path: Path = ("services", service)
    if not file.has((*path, "secrets")):
        return insert_entries(file, path, {"secrets": names}, _BEFORE_SECRETS)
    return add_items(file, (*path, "secrets"), names)


def _declare(file: YamlText, names: list[str]) -> list[Edit]:
    """Say where the secrets are kept: below `secrets`, which becomes the last block of the file."""
    entries: dict[str, Value] = {name: {"file": f"./{path_of(name)}"} for name in names}
    if file.has(("secrets",)):
        return insert_entries(file, ("secrets",), entries)
    if file.root.is_flow:
        return insert_entries(file, (), {"secrets": entries})
    indent = file.indent_of(file.root)
    services = file.mapping(("services",))
    step = file.indent_of(services) - indent if not services.is_flow else 2
    lines = list(block_lines({"secrets": entries}, file.style(file.root, step)))
    gap = [""] if _has_gaps(file) and not file.text.endswith(("\n\n", "\n\r\n")) else []
    return [insert_lines(file.text, len(file.text), indent, [*gap, *lines])]


def _has_gaps(file: YamlText) -> bool:
    """Blank lines stand between the blocks of the file, as far as it has several."""
    blocks = list(file.root.entries.values())
    between = [file.text[one.span.end : other.span.start] for one, other in pairwise(blocks)]
    return not between or any(_BLANK_LINE.search(text) for text in between)
