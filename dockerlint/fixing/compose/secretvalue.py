"""The value of a variable in a Compose service, and what speaks against a file that holds it instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from dockerlint.findings import Refused
from dockerlint.fixing.compose.text import ComposeText, service_path
from dockerlint.regex import pattern
from dockerlint.yaml.document import Path
from dockerlint.yaml.nodes import Mapping, Node, Scalar
from dockerlint.yaml.nodes import Sequence as YamlList

_DATE = pattern(r"\d{4}-\d\d?-\d\d?")


class Move(NamedTuple):
    """One value that is to leave the environment of a service."""

    service: str
    variable: str
    names_file: str
    """The variable that names the file instead."""


class SecretValue(NamedTuple):
    """Where the value stands."""

    move: Move
    entry: Path
    value: str


def find_value(file: ComposeText, move: Move) -> SecretValue:
    """The variable and its value, once nothing speaks against moving it."""
    service = service_path(file, move.service)
    _refuse_other_start(file.mapping(service))
    if file.has((*service, "env_file")):
        raise Refused("env_file may set it as well, and the image rejects both")
    environment = (*service, "environment")
    node = file.node(environment)
    names = [name for name, _ in entries_of(node)]
    if move.names_file in names or names.count(move.variable) != 1:
        raise Refused(f"{move.names_file} is set as well" if move.names_file in names else "it is set twice")
    step = next(step for name, step in entries_of(node) if name == move.variable)
    entry = (*environment, step)
    held = file.node(entry)
    if not isinstance(held, Scalar):
        raise Refused("its value is not a string")
    raw = held.text if isinstance(node, Mapping) else held.text.partition("=")[2]
    value = _value(held if isinstance(node, Mapping) else None, raw)
    _refuse_other_readers(file, file.mapping(service), move.variable, held)
    return SecretValue(move, entry, value)


def entries_of(environment: Node) -> Iterator[tuple[str, str | int]]:
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
        raise Refused("YAML changes the value as written")
    value = raw.replace("$$", "\0")
    if "$" in value or "\0" in raw:
        raise Refused("it contains a variable")
    value = value.replace("\0", "$")
    if value.endswith(("\n", "\r")):
        raise Refused("the value ends with a line break, which a file would lose")
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
        raise Refused("only the entrypoint of the image reads the file, and the service has another one")


def _refuse_other_readers(file: ComposeText, body: Mapping, variable: str, held: Scalar) -> None:
    """A health check or command that reads the variable would find nothing."""
    name = re.escape(variable)
    word = pattern(rf"(?<![A-Za-z0-9_]){name}(?![A-Za-z0-9_])")
    from_project = pattern(rf"(?<!\$)((?:\$\$)*)\$(?:\{{{name}(?=[}}:?+-])|{name}(?![A-Za-z0-9_]))")
    for key, scalar in _scalars(body):
        if scalar is not held and word.search(from_project.sub("", scalar.text)):
            raise Refused(f"{key} reads it from the environment")
    _refuse_mounted_check(body)


def _refuse_mounted_check(body: Mapping) -> None:
    """A health check that is mounted may read it, and it has nothing but the environment to read it from."""
    mounts = (scalar.text.split(":") for key, scalar in _scalars(body) if key == "volumes")
    folders = [target for parts in mounts if (target := parts[min(len(parts), 2) - 1])[:1] == "/"]
    if not folders:
        return
    whole, roots = set(folders), {folder.rstrip("/") for folder in folders}
    lengths = set(map(len, roots))
    for key, scalar in _scalars(body):
        for word in scalar.text.split() if key == "healthcheck" else ():
            slashes = (at for at, sign in enumerate(word) if sign == "/" and at in lengths)
            if word in whole or any(word[:at] in roots for at in slashes):
                raise Refused(f"its health check runs {word}, which may read it from the environment")


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
