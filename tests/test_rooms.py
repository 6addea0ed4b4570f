"""The arrows between the rooms of the program point one way."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "dockerlint"

INTO_FIX = ("fix.offer", "fix.inline")

ALLOWED = {
    "records": set(),
    "tuples": set(),
    "regex": set(),
    "values": {"text"},
    "syntax": {"text"},
    "recent": set(),
    "seen": set(),
    "budget": set(),
    "text": set(),
    "globs": set(),
    "patterns": {"globs"},
    "findings": {"text"},
    "shell": {"text", "shell"},
    "yaml": {"text", "findings", "yaml"},
    "model": {"text", "shell", "model"},
    "parse": {"text", "patterns", "shell", "yaml", "model", "parse", "link"},
    "link": {"text", "model", "parse", "link"},
    "ruleset": {"text", "findings", "model", "ruleset", "yaml", "quoting", "roots", "workspace"},
    "workspace": {"workspace", "roots"},
    "fix": {
        "text",
        "findings",
        "masking",
        "yaml",
        "shell",
        "model",
        "parse",
        "link",
        "ruleset",
        "fix",
        "omissions",
        "roots",
        "workspace",
        "verdict",
        "report",
    },
    "masking": {"text", "findings", "masking", "model.credential", "model.secret_text", "model.secret_value"},
    "evidence": {"text", "findings", "masking"},
    "unread": {"model", "parse.kinds"},
    "lint": {
        "unread",
        "text",
        "findings",
        "masking",
        "evidence",
        "model",
        "parse",
        "link",
        "ruleset",
        "lock",
        *INTO_FIX,
    },
    "quoting": {"values", "ruleset.check"},
    "lock": {"text", "model", "yaml", "quoting"},
    "locks": {"text", "config", "lint", "lock", "roots", "trees", "workspace"},
    "omissions": {"masking"},
    "verdict": {"text", "findings", "omissions", "masking"},
    "report": {"text", "findings", "omissions", "verdict", "report"},
    "pragmas": {"text", "model"},
    "suppress": {"text", "findings", "evidence", "model", "ruleset", "lint", "pragmas"},
    "examples": {"text", "findings", "lint", "ruleset", "suppress", "fix"},
    "roots": {"recent"},
    "ignorefiles": {"text", "patterns", "roots"},
    "files": {"text", "seen", "parse.kinds", "ignorefiles", "roots", "omissions", "workspace"},
    "revision": {"config", "roots", "trees", "workspace"},
    "trees": {"files", "quoting", "roots", "workspace"},
    "trust": {"config", "roots"},
    "config": {"findings", "patterns", "configfile", "roots", "trees", "workspace"},
    "configfile": {
        *("text", "findings", "model.bounds", "ruleset", "yaml", "patterns", "config", "trees"),
        *("quoting", "workspace"),
    },
}
"""Room to the rooms it may import besides EVERYWHERE; what is not named (run, cli …) may all."""


def modules() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Dotted names below `dockerlint` that a module imports, at its top or in a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("dockerlint."):
            yield node.module.removeprefix("dockerlint.")
        elif isinstance(node, ast.Import):
            yield from (
                alias.name.removeprefix("dockerlint.")
                for alias in node.names
                if alias.name.startswith("dockerlint.")
            )


EVERYWHERE = ("records", "tuples", "regex", "budget", "values", "syntax")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_module_imports_only_the_rooms_below_it(path: Path) -> None:
    allowed = ALLOWED.get(room_of(path))
    if allowed is None:
        return
    wrong = [
        name
        for name in imports(path)
        if not any(name == one or name.startswith(one + ".") for one in {*allowed, *EVERYWHERE})
    ]
    assert wrong == []


@pytest.mark.parametrize("room", ALLOWED)
def test_every_room_of_the_table_exists(room: str) -> None:
    assert (ROOT / room).is_dir() or (ROOT / f"{room}.py").is_file()


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_classes_are_defined_at_the_cheap_rate(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.name != "records.py":
        assert "from dataclasses import" not in text, "use dockerlint.records"
    if path.name != "tuples.py":
        assert not re.search(r"from typing import .*\bNamedTuple", text), "use dockerlint.tuples"


@pytest.mark.parametrize(
    "path", [path for path in modules() if room_of(path) == "model"], ids=lambda path: path.stem
)
def test_class_variables_of_nodes_say_their_type(path: Path) -> None:
    """Python 3.10.0 to 3.10.2 cannot resolve the bare word in a class body (bpo-46553)."""
    assert ": ClassVar = " not in path.read_text("utf-8")
