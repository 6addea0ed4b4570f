"""The arrows between the rooms of the program point one way."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from sources import nodes

from dockerlint.kinds import KINDS, Kind

ROOT = Path(__file__).parent.parent / "dockerlint"

LAYERS = (
    "errors termination",
    "regex text globs budget held recent data",
    "values syntax findings patterns kinds",
    "quoting",
    "shell yaml images",
    "json",
    "model",
    "masking",
    "scans",
    "workspace",
    "hardening",
    "ruleset",
    "link",
    "parse",
    "linting",
    "fixing",
    "report",
    "review",
    "migration",
    "run",
    "survey",
    "prove registry",
    "pin",
    "lsp",
    "cli",
)
"""The rooms from the ground up: each may import those of the layers below it, and itself. No exceptions."""
LAYER = {room: number for number, rooms in enumerate(LAYERS) for room in rooms.split()}
LOOSE = {"__init__", "__main__", "_build", "_compile", "_methods", "_native", "_plain", "_writeout"}
"""Entry points, and what builds the wheel; no room imports them, but for the version."""


def modules() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Dotted names below `dockerlint` that a module imports, at its top or in a function."""
    for node in nodes()[path.relative_to(ROOT).as_posix()]:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("dockerlint."):
            module = node.module.removeprefix("dockerlint.")
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (
                alias.name.removeprefix("dockerlint.")
                for alias in node.names
                if alias.name.startswith("dockerlint.")
            )


def test_a_module_imports_only_rooms_below_its_own() -> None:
    assert {str(path.relative_to(ROOT)): above for path in modules() if (above := rooms_above(path))} == {}


def rooms_above(path: Path) -> list[str]:
    """What a module imports from its own layer or from higher ones, its own room left out."""
    room = room_of(path)
    if room in LOOSE:
        return []
    others = [(name, name.partition(".")[0]) for name in imports(path)]
    return [name for name, other in others if other != room and LAYER[other] >= LAYER[room]]


def test_every_room_has_its_layer_and_every_layer_its_rooms() -> None:
    rooms = {room_of(path) for path in modules()} - LOOSE
    assert rooms == set(LAYER)


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Imports inside of functions and for the type checker count too."""
    names = {module_name(path): path for path in modules()}
    waiting = {name: {one for one in imports(path) if one in names} for name, path in names.items()}
    while free := {name for name, others in waiting.items() if not others & waiting.keys() - {name}}:
        waiting = {name: others for name, others in waiting.items() if name not in free}
    assert sorted(waiting) == []


def test_a_folder_holds_about_twenty_modules_at_most() -> None:
    crowded = {
        str(folder.relative_to(ROOT)): count
        for folder in {path.parent for path in modules()}
        if (count := sum(1 for _ in folder.glob("[a-z]*.py"))) > 22
    }
    assert crowded == {}


def test_class_variables_of_nodes_say_their_type() -> None:
    """Python 3.10.0 to 3.10.2 cannot resolve the bare word in a class body (bpo-46553)."""
    nodes = [path for path in modules() if room_of(path) == "model"]
    assert [path for path in nodes if ": ClassVar = " in path.read_text("utf-8")] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_part_of_a_kind_is_there(kind: str) -> None:
    named = [name for name in Kind._fields if name != "neighbours" and getattr(KINDS[kind], name)]
    assert all(callable(KINDS[kind].part(name)) for name in named)


def answers(value: ast.expr | None) -> Iterator[ast.expr | None]:
    """What a `return` may give, each side of a condition for itself."""
    if isinstance(value, ast.IfExp):
        yield from (*answers(value.body), *answers(value.orelse))
    else:
        yield value


def test_what_is_absent_is_none_and_no_empty_text() -> None:
    """And what speaks against something is a `Refusal`."""
    paths = [path for path in modules() if room_of(path) in ("hardening", "fixing")]
    assert {module_name(path): lines for path in paths if (lines := empty_answers(path))} == {}


def empty_answers(path: Path) -> list[int]:
    """The lines of a module on which a function returns an empty text."""
    found = nodes()[path.relative_to(ROOT).as_posix()]
    given = (one for node in found if isinstance(node, ast.Return) for one in answers(node.value))
    return [one.lineno for one in given if isinstance(one, ast.Constant) and one.value == ""]


def test_a_class_has_a_name_that_no_other_module_gives_to_one() -> None:
    """A leading underscore makes no other name: one noun has one meaning."""
    homes: dict[str, set[str]] = {}
    for path in modules():
        for node in nodes()[path.relative_to(ROOT).as_posix()]:
            if isinstance(node, ast.ClassDef):
                homes.setdefault(node.name.lstrip("_"), set()).add(module_name(path))
    assert {name: sorted(found) for name, found in homes.items() if len(found) > 1} == {}
