"""YAML files of rules/ and of users → plain data that a JSON Schema has been asked about.

It knows nothing of rules, so that what rules rest on can be read by it too.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from dockerlint.ruleset.rule import RuleError
from dockerlint.text import Source, Span, decode
from dockerlint.workspace.door import (
    LARGEST,
    Unreadable,
    list_files,
    read_bytes,
    refuse_elsewhere,
)
from dockerlint.workspace.roots import project_root
from dockerlint.yaml.tree import load_plain

_SCHEMAS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RULE_SCHEMA = "schema.json"
Place = tuple[str | int, ...]
"""Keys and indices that lead to a value of the rule file."""


@dataclass(frozen=True)
class RuleFile:
    """One rule as written, and what finds the line of each of its keys."""

    source: Source
    data: dict[str, Any]
    positions: Mapping[Place, Span]

    def error(self, place: Place, message: str) -> RuleError:
        """An error at the innermost key of `place` that the file holds."""
        while place and place not in self.positions:
            place = place[:-1]
        span = self.positions.get(place, Span(0, 0))
        return RuleError(f"{self.source.path}:{self.source.position(span.start).line}: {message}")


def rule_paths(directory: str) -> list[str]:
    """Every YAML file below a directory, in stable order; raises RuleError where they are too many."""
    try:
        refuse_elsewhere(directory)
        return list_files(directory, (".yaml", ".yml"))
    except Unreadable as error:
        raise RuleError(f"{directory}:1: {error}") from error


def read_plain_file(path: str, largest: int = LARGEST) -> RuleFile:
    """Read one YAML file that holds a mapping; raises RuleError where it does not."""
    root = project_root(os.path.realpath(os.path.dirname(path)))
    try:
        return parse_plain_file(read_bytes(path, root, largest), path)
    except Unreadable as error:
        raise RuleError(f"{path}:1: {error}") from error


def parse_plain_file(content: bytes, path: str) -> RuleFile:
    """A YAML file that holds a mapping; raises RuleError where it does not."""
    source = decode(content, path)
    data, positions, problems = load_plain(source.text)
    for problem in problems:
        from dockerlint.quoting import plain_problem

        raise RuleError(f"{path}:{source.position(problem.span.start).line}: {plain_problem(problem)}")
    if not isinstance(data, dict):
        raise RuleError(f"{path}:1: not a mapping")
    return RuleFile(source, data, positions)


def schema_mistakes(file: RuleFile, schema: str) -> Iterator[RuleError]:
    """What the schema of this name says against a file, in order of the places."""
    errors = _validator(schema).iter_errors(file.data)
    for error in sorted(errors, key=lambda error: list(map(str, error.absolute_path))):
        yield file.error(tuple(error.absolute_path), schema_complaint(error, schema != RULE_SCHEMA))


def schema_complaint(error: Any, is_ours: bool = False) -> str:
    """What jsonschema found; of a text that is not ours at most some characters."""
    from dockerlint.quoting import excerpt, name_of

    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = error.schema.get("properties", {})
        extra = next((key for key in error.instance if key not in known), None)
        return f"unknown key {name_of(extra, known)}"
    if error.validator == "oneOf" and not is_ours:
        return "an example has either 'good' or 'bad' with 'flags', and known keys only"
    written = repr(error.instance)
    if is_ours or error.validator == "required":  # which names what the schema asks for
        return str(error.message)[:200]
    if error.message.startswith(written):
        return f"{excerpt(error.instance)}{error.message[len(written) :]}"[:200]
    return f"{excerpt(error.instance)} does not match the schema ({error.validator})"


@cache
def _validator(name: str) -> Any:
    import jsonschema

    return jsonschema.Draft202012Validator(read_schema(name))


def read_schema(name: str) -> dict[str, Any]:
    """A JSON Schema of what rules/ holds."""
    with open(os.path.join(_SCHEMAS, name), encoding="utf-8") as stream:
        schema: dict[str, Any] = json.load(stream)
    return schema
