"""What the build compiles, and when; .ci/compiled tests the wheel that comes of it."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path
from typing import Any

import pytest
from sources import statements

from dockerlint import _compile
from dockerlint._build import BuildHook
from dockerlint._native import write_native

PACKAGE = Path(__file__).parent.parent / "dockerlint"


def hook(target: str) -> Any:
    made: Any = object.__new__(BuildHook)
    made._BuildHookInterface__root = str(PACKAGE.parent)
    made._BuildHookInterface__target_name = target
    return made


def test_every_module_that_is_compiled_exists_and_is_named_once() -> None:
    found = list(_compile.modules(PACKAGE))
    assert "shell/lexer.py" in found
    assert len(found) == len(set(found))
    assert [path for path in found if not (PACKAGE / path).is_file()] == []


def test_a_module_that_is_left_out_belongs_to_a_compiled_room_and_has_a_reason() -> None:
    assert all(_compile.LEFT.values())
    assert all(name.startswith(tuple(f"{room}/" for room in _compile.COMPILED)) for name in _compile.LEFT)
    assert not {f"{name}.py" for name in _compile.LEFT} & set(_compile.modules(PACKAGE))


@pytest.mark.parametrize("table", ["COMPILED", "LEFT"])
def test_a_name_without_a_module_stops_the_build(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = getattr(_compile, table)
    wrong = (*given, "shell/no_such") if table == "COMPILED" else {**given, "shell/no_such": "gone"}
    monkeypatch.setattr(_compile, table, wrong)
    with pytest.raises(ValueError, match="shell/no_such"):
        list(_compile.modules(PACKAGE))


@pytest.mark.parametrize(
    ("value", "target", "asked"),
    [("1", "wheel", True), ("", "wheel", False), ("0", "wheel", False), ("1", "sdist", False)],
)
def test_the_compiler_is_required_only_for_the_wheel_that_asks_for_it(
    value: str, target: str, asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(_compile.VARIABLE, value)
    assert bool(hook(target).dependencies()) is asked


def test_no_class_that_is_compiled_derives_a_class_that_is_not() -> None:
    """An ordinary class cannot have a compiled one as its base: mypyc refuses that when it is used."""
    compiled = set(_compile.modules(PACKAGE))
    classes = [
        (path, node) for path, body in statements().items() for node in body if isinstance(node, ast.ClassDef)
    ]
    bases = {node.name for path, node in classes if path in compiled}
    wrong = [
        (path, node.name)
        for path, node in classes
        if path not in compiled and bases & set(map(ast.unparse, node.bases))
    ]
    assert wrong == []


def test_a_cached_property_becomes_an_attribute_and_a_class_keeps_what_it_declares(tmp_path: Path) -> None:
    package = tmp_path / "dockerlint"
    package.mkdir()
    shutil.copy(PACKAGE / "text.py", package)
    text = write_native(package)["text.py"]
    assert "@cached_property" not in text
    assert "def _made_line_starts(self)" in text
    assert "answers={'line_starts': 'list[int]'}" in text
