"""Values in the environment of Compose services that move to files: `secrets:` and `NAME_FILE`.

The value is written to a file only; no text, reason or title made here holds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from dockerlint.findings import Edit, NewFile, Refused, Tier
from dockerlint.fixing.compose.secretholders import same_elsewhere
from dockerlint.fixing.compose.secretvalue import Move, SecretValue, find_value
from dockerlint.fixing.compose.text import ComposeText
from dockerlint.fixing.request import Change, Request
from dockerlint.model.container.project import Project
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.yaml.document import Path
from dockerlint.yaml.edit import insert_entries, insert_lines
from dockerlint.yaml.lists import add_items
from dockerlint.yaml.nodes import Scalar, as_mapping
from dockerlint.yaml.style import Value, block_lines, is_plain, quoted

FOLDER: Final = "secrets"
"""Beside the Compose file; out of version control and out of what is built from there."""
IGNORED: Final = f"/{FOLDER}/"
"""Anchored: folders of the sources may have the same name."""
_MOUNTED = "/run/secrets"
_FILE_NAME = pattern(r"[a-z0-9][a-z0-9_.-]{0,99}\Z", re.IGNORECASE)


def move_to_secret(file: ComposeText, request: Request, service: str) -> Change:
    """Carry out one request, whose argument names the variable and the one that names its file."""
    move = Move(service, str(request.argument["from"]), str(request.argument["to"]))
    change = move_all(file, [move])
    other = same_elsewhere(file, find_value(file, move))
    if other is None:
        return change
    note = f"service {other[0]} has the same value in {other[1]}, so change both"
    return change._replace(more_notes=note, most=None if _moves_too(request, *other) else Tier.UNPROVEN)


def _moves_too(request: Request, service: str, name: str) -> bool:
    """The other value can move as well; else it stays where everybody reads it."""
    project = request.scope.get("project")
    containers = project.containers if isinstance(project, Project) else ()
    variables = (one for each in containers if each.name.known == service for one in each.variables)
    return any(one.name == name and one.names_file for one in variables)


def move_all(file: ComposeText, moves: Iterable[Move]) -> Change:
    """Move values to files; services share one where name and value are the same. Raises Refused."""
    found = [find_value(file, move) for move in moves]
    names = _names(file, found)
    edits: list[Edit] = []
    for one, name in zip(found, names, strict=True):
        edits += _rename(file, one, f"{_MOUNTED}/{name}")
    granted: dict[str, dict[str, None]] = {}
    for one, name in zip(found, names, strict=True):
        granted.setdefault(one.move.service, {})[name] = None
    for service, own in granted.items():
        edits += _grant(file, service, list(own))
    files = {name: _secret(name, one) for one, name in zip(found, names, strict=True)}
    edits += _declare(file, list(files))
    return Change(tuple(edits), (*_ignored(file), *files.values()))


def path_of(name: str) -> str:
    """Where the value of a secret is kept, from the folder of the Compose file."""
    return f"{FOLDER}/{name}.txt"


def _secret(name: str, found: SecretValue) -> NewFile:
    return NewFile(path_of(name), found.value, "create", is_secret=True)


def _ignored(file: ComposeText) -> Iterator[NewFile]:
    """The lines that keep the folder to itself."""
    yield NewFile(".gitignore", IGNORED, "add_line")
    if file.is_built_here:
        yield NewFile(".dockerignore", f"{FOLDER}/", "add_line")


def _names(file: ComposeText, found: Sequence[SecretValue]) -> list[str]:
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
            raise Refused(f"two secrets would be named {name}")
    return names


def _name(move: Move, declared: Iterable[str], values: dict[str, set[str]]) -> str:
    name = move.variable.lower()
    if name in declared or len(values[name]) > 1:
        name = f"{move.service}_{name}"
        if name in declared or name in values:
            raise Refused(f"a secret named {name} exists already")
    if not _FILE_NAME.match(name):
        raise Refused("its name is not valid as a file name")
    return name


def _rename(file: ComposeText, found: SecretValue, path: str) -> list[Edit]:
    """The variable that names the file, in the place and the quotes of the one that held the value."""
    node = file.node(found.entry)
    assert isinstance(node, Scalar)
    if isinstance(found.entry[-1], int):
        return [Edit(node.span, _in_quotes(file, node, f"{found.move.names_file}={path}"))]
    key = file.entry(found.entry).entry.key
    if node.tag or file.text[key.span.end : node.span.start].strip(" ") != ":":
        raise Refused("its syntax is not supported")
    return [
        Edit(key.span, _in_quotes(file, key, found.move.names_file)),
        Edit(_content(file, node), _in_quotes(file, node, path)),
    ]


def _content(file: ComposeText, node: Scalar) -> Span:
    """The span of a value without the line break that ends a block."""
    end = node.span.end
    while end > node.span.start and file.text[end - 1] in " \r\n":
        end -= 1
    return Span(node.span.start, end)


def _in_quotes(file: ComposeText, node: Scalar, text: str) -> str:
    if node.style in ("'", '"'):
        return quoted(text, node.style)
    return text if is_plain(text) else quoted(text, file.habits.quote)


_BEFORE_SECRETS: Final = ("environment", "env_file", "secrets")


def _grant(file: ComposeText, service: str, names: list[str]) -> list[Edit]:
    """Give a service its secrets."""
    path: Path = ("services", service)
    if not file.has((*path, "secrets")):
        return insert_entries(file, path, {"secrets": names}, _BEFORE_SECRETS)
    return add_items(file, (*path, "secrets"), names)


def _declare(file: ComposeText, names: list[str]) -> list[Edit]:
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
    end = file.end
    gap = [""] if file.has_gaps and not file.text.endswith(("\n\n", "\n\r\n"), 0, end) else []
    return [insert_lines(file.text, end, indent, [*gap, *lines])]
