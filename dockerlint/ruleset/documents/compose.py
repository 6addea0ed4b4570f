"""The official JSON Schema of Compose files and our overlay → shapes that the parser compares files with.

Only for building the document. A JSON Schema says more than a shape can; what is read here is what the
Compose Specification uses, and anything else is refused, so that a new version of it is not taken half.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from dockerlint.data import Document
from dockerlint.ruleset.documents.lists import read_lists
from dockerlint.ruleset.rule import RuleError

_SCALARS = ("string", "integer", "number", "boolean", "null")
_LIMITS = (("enum", "one_of"), ("pattern", "pattern"), ("minimum", "at_least"), ("maximum", "at_most"))
_ANY_NAME = (".+", "^.+$")
_HIDDEN = "^x-"
_KNOWN = frozenset(
    (
        *("$ref", "oneOf", "anyOf", "allOf", "type", "properties", "patternProperties", "items", "required"),
        *("additionalProperties", "unevaluatedProperties", "uniqueItems", "enum", "pattern"),
        *("minimum", "maximum", "$schema", "$id", "$comment", "$defs"),
    )
)

Row = dict[str, Any]
"""A shape: the fields of `dockerlint.yaml.shape.Shape` that differ from their defaults."""


def compile_compose(rules_dir: str) -> Document:
    """The shapes of a file, and the lists of the overlay; raises RuleError at the first mistake."""
    folder = os.path.join(rules_dir, "compose")
    overlay = read_lists(os.path.join(folder, "overlay.yaml"))
    path = os.path.join(folder, "compose-spec.json")
    with open(path, encoding="utf-8") as stream:
        reader = _SchemaReader(json.load(stream), path)
    root = reader.row(reader.schema)
    for name, field in root["fields"].items():
        if "names" in field:
            field["title"] = name.removesuffix("s")
    for form in overlay.pop("forms"):
        for key in form["keys"]:
            _give_form(root["fields"]["services"]["values"], key, form, path)
    shared = _Shared()
    return {**overlay, "file": shared.number(root), "rows": shared.rows}


def _give_form(row: Row, key: str, form: Mapping[str, Any], path: str) -> None:
    """Say how strings under a dotted key of a service are written; raises RuleError for an unknown key."""
    found: Row | None = row
    for name in key.split("."):
        found = None if found is None else _below(found, name)
    if found is None:
        raise RuleError(f"{path}:1: a service has no key {key}")
    found |= {"pattern": form["pattern"], "hint": form["hint"]}


def _below(row: Row, name: str) -> Row | None:
    """The row of a key, of the items of a list (`[]`), or of any name (`*`)."""
    inside: Row | None = row.get("items") if name == "[]" else row.get("values") if name == "*" else None
    return row.get("fields", {}).get(name) if inside is None else inside


class _SchemaReader:
    """Reads the parts of one JSON Schema."""

    def __init__(self, schema: Mapping[str, Any], path: str) -> None:
        self.schema = schema
        self._path = path

    def row(self, node: Mapping[str, Any]) -> Row:
        """What may stand where a part of the schema holds."""
        if unknown := node.keys() - _KNOWN:
            raise RuleError(f"{self._path}:1: cannot read {', '.join(sorted(unknown))} of the schema")
        if "$ref" in node:
            return self.row(self._named(node["$ref"]))
        if "oneOf" in node:  # an `anyOf` of the schema only says which keys go together
            return _either([self.row(one) for one in node["oneOf"]])
        if not node:
            return {"is_free": True}
        types = [node["type"]] if isinstance(node.get("type", []), str) else node.get("type", ["object"])
        row: Row = {"scalars": [one for one in types if one in _SCALARS]}
        if "array" in types:
            row["items"] = self.row(node.get("items", {}))
            row |= {"is_unique": True} if node.get("uniqueItems") else {}
        if "object" in types:
            row |= self._mapping(node)
        return row | {field: node[word] for word, field in _LIMITS if word in node}

    def _named(self, reference: str) -> Mapping[str, Any]:
        part: Mapping[str, Any] = self.schema["$defs"][reference.removeprefix("#/$defs/")]
        return part

    def _mapping(self, node: Mapping[str, Any]) -> Row:
        patterns = {key: one for key, one in node.get("patternProperties", {}).items() if key != _HIDDEN}
        is_closed = node.get("additionalProperties", node.get("unevaluatedProperties", True)) is False
        fields, required, is_open = self._fields(node)
        if fields:
            kind = {"is_open": is_open, "is_closed": is_closed}
            return {"fields": fields, **({"required": required} if required else {}), **kind}
        if not patterns:
            return {"values": {"is_free": True}}
        ((name, value),) = patterns.items()
        names = {} if name in _ANY_NAME else {"names": name, "is_closed": is_closed}
        return {"values": self.row(value), **names}

    def _fields(self, node: Mapping[str, Any]) -> tuple[dict[str, Row], list[str], bool]:
        """The keys of a mapping, those that it needs, and whether `x-` keys may stand among them."""
        fields: dict[str, Row] = {}
        required: list[str] = []
        is_open = _HIDDEN in node.get("patternProperties", {})
        for part in node.get("allOf", ()):
            theirs, needed, is_theirs_open = self._fields(self._named(part["$ref"]))
            fields |= theirs
            required += needed
            is_open |= is_theirs_open
        fields |= {key: self.row(one) for key, one in node.get("properties", {}).items()}
        return fields, [*required, *node.get("required", ())], is_open


def _either(rows: list[Row]) -> Row:
    """One shape for several: the kinds of scalar of all, the list and the mapping that one of them has."""
    merged: Row = {"scalars": [kind for row in rows for kind in row.get("scalars", ())]}
    for row in rows:
        merged |= {field: value for field, value in row.items() if field != "scalars"}
    return merged


class _Shared:
    """Numbers the rows, equal ones once; inner rows stand before those that hold them."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._numbers: dict[str, int] = {}

    def number(self, row: Row) -> int:
        """The place of a row in `rows`, with numbers for the rows inside."""
        flat = dict(row)
        flat |= {field: self.number(row[field]) for field in ("items", "values") if field in row}
        if "fields" in row:
            flat["fields"] = {key: self.number(one) for key, one in row["fields"].items()}
        text = json.dumps(flat, sort_keys=True)
        if text not in self._numbers:
            self._numbers[text] = len(self.rows)
            self.rows.append(flat)
        return self._numbers[text]
