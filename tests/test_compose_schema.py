"""rules/compose: the official schema becomes the shapes that the parser compares Compose files with."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dockerlint import data
from dockerlint.data import CHECKOUT
from dockerlint.parse.compose.schema import MERGED_LISTS, compose_file, service
from dockerlint.ruleset.documents.compose import compile_compose
from dockerlint.ruleset.rule import RuleError
from dockerlint.yaml.shape import Shape, ShapeChecker
from dockerlint.yaml.tree import parse_yaml

REFRESH = Path(__file__).parent.parent / "benchmarks" / "refresh_compose_schema.py"
SCHEMA: dict[str, Any] = json.loads(Path(CHECKOUT, "compose", "compose-spec.json").read_text("utf-8"))


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of rules/compose that a test may change."""
    shutil.copytree(Path(CHECKOUT, "compose"), tmp_path / "compose")
    return tmp_path


def inner(shape: Shape, name: str = "") -> Iterator[tuple[str, Shape]]:
    """Every shape in one, with the key that it stands under."""
    yield name, shape
    for one in (shape.items, shape.values):
        if one is not None:
            yield from inner(one, name)
    for key, one in (shape.fields or {}).items():
        yield from inner(one, key)


def problems(text: str) -> list[str]:
    (root,) = parse_yaml(text).documents
    checker = ShapeChecker(MERGED_LISTS)
    checker.check(root, compose_file(), "the file")
    return [one.message for one in checker.problems]


@pytest.mark.parametrize("part", ["container_spec", "workload_spec", "service"])
def test_a_service_has_every_key_of_the_schema(part: str) -> None:
    assert SCHEMA["$defs"][part]["properties"].keys() <= (service().fields or {}).keys()


def test_a_file_has_every_key_of_the_schema_and_no_other() -> None:
    assert list(compose_file().fields or {}) == list(SCHEMA["properties"])


def test_keys_of_a_service_that_the_schema_does_not_have_are_unknown() -> None:
    known = set[str]().union(*(SCHEMA["$defs"][part]["properties"] for part in ("container_spec", "service")))
    assert set(service().fields or {}) == known | SCHEMA["$defs"]["workload_spec"]["properties"].keys()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("cpu_percent: -1", "cpu_percent must be 0 or more"),
        ("cpu_percent: 101", "cpu_percent must be 100 or less"),
        ("cgroup: nobody", "cgroup must be one of host, private"),
        ("pull_policy: every_3x", "pull_policy has a value that Compose does not accept"),
        ("blkio_config: {x-more: 1}", "unknown key x-more in blkio_config"),
        ("container_name: '-'", "container_name has a value that Compose does not accept"),
        ("develop: {watch: [{path: .}]}", "an item of watch needs action"),
        ("security_opt: [a, a]", "duplicate item in security_opt"),
        ("init: 1", "init must be true or false or a string"),
        ("storage_opt: {size: {of: anything}}", ""),
        ("healthcheck: {x-mine: 1, retries: 3}", ""),
        ("ulimits: {NOFILE: {anything: goes}}", ""),
        ("deploy:", ""),
        ("x-mine: {a: 1}", ""),
    ],
)
def test_what_the_schema_says_is_said_of_a_file(line: str, message: str) -> None:
    assert problems(f"services:\n  web:\n    image: a\n    {line}\n") == ([message] if message else [])


def test_names_of_services_are_those_of_the_schema() -> None:
    assert problems("services:\n  we b:\n    image: a\n") == [
        "a name in services has only letters, digits, . _ and -"
    ]


def test_every_list_of_the_overlay_is_one_that_the_schema_wants_without_equal_items() -> None:
    unique = {name for name, shape in inner(compose_file()) if shape.is_unique}
    assert unique >= MERGED_LISTS, "the schema has come round: remove them from rules/compose/overlay.yaml"


def test_shapes_that_are_equal_are_one() -> None:
    rows = compile_compose(CHECKOUT)["rows"]
    written = [json.dumps(row, sort_keys=True) for row in rows]
    assert len(set(written)) == len(written) < 200


def test_what_no_shape_can_say_is_refused(rules: Path) -> None:
    path = rules / "compose" / "compose-spec.json"
    schema = json.loads(path.read_text("utf-8"))
    schema["$defs"]["service"]["properties"]["restart"]["dependentRequired"] = {}
    path.write_text(json.dumps(schema), encoding="utf-8")
    with pytest.raises(RuleError, match=r"compose-spec\.json:1: cannot read dependentRequired of the schema"):
        compile_compose(str(rules))


def test_a_mistake_in_the_overlay_has_its_line(rules: Path) -> None:
    path = rules / "compose" / "overlay.yaml"
    path.write_text("merged-lists:\n  what: lists of some kind\n  words: a b\n")
    with pytest.raises(RuleError, match=r"overlay\.yaml:2: 'source' is a required property"):
        compile_compose(str(rules))


def test_the_schema_can_be_renewed_and_holds_no_prose(tmp_path: Path) -> None:
    """A key that is called like a word of JSON Schema stays."""
    text = json.dumps(
        {
            "title": "A title",
            "properties": {"description": {"type": "string", "description": "Prose.", "default": "x"}},
        }
    )
    source = tmp_path / "new.json"
    source.write_text(text)
    script = (
        "import runpy, sys, pathlib; module = runpy.run_path(sys.argv[1])\n"
        "module['main'].__globals__['TARGET'] = pathlib.Path(sys.argv[2])\n"
        "module['main']([sys.argv[3], 'compose-spec@1234567'])"
    )
    target = tmp_path / "out.json"
    subprocess.run([sys.executable, "-c", script, str(REFRESH), str(target), str(source)], check=True)
    found = json.loads(target.read_text())
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert f"from compose-spec@1234567, SHA-256 {digest};" in found.pop("$comment")
    assert found == {"properties": {"description": {"type": "string"}}}


def test_ours_says_where_it_is_from() -> None:
    assert "https://github.com/compose-spec/compose-spec (Apache License 2.0); from " in SCHEMA["$comment"]
    assert '"description": "' not in json.dumps(SCHEMA)


def test_a_schema_that_is_newer_than_the_build_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "DOCUMENTS", str(tmp_path))
    monkeypatch.setattr(data, "_read", {})
    (tmp_path / "compose.json").write_text('{"file": -1}')
    os.utime(tmp_path / "compose.json", (1.0, 1.0))
    assert data.number("compose", "file") > 0
