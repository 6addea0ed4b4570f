"""Renew rules/compose/compose-spec.json from a copy of the official schema: keys and types, without prose.

    python benchmarks/refresh_compose_schema.py                       # the copy that check-jsonschema ships
    python benchmarks/refresh_compose_schema.py compose-spec.json "compose-spec@<commit>"

The schema is that of https://github.com/compose-spec/compose-spec (Apache License 2.0). Where the new one
and Docker Compose disagree, rules/compose/overlay.yaml says what holds; `pytest tests/test_compose_schema.py`
tells which of its entries are no longer needed.
"""

from __future__ import annotations

import hashlib
import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "rules" / "compose" / "compose-spec.json"
PROSE = ("description", "title", "default", "deprecated")
NAMED = ("properties", "patternProperties", "$defs")
"""Below these stand names of Compose files, not words of JSON Schema."""


def without_prose(node: Any, *, are_names: bool = False) -> Any:
    """The same schema without descriptions, defaults and marks that no check reads."""
    if isinstance(node, dict):
        return {
            key: without_prose(value, are_names=key in NAMED and not are_names)
            for key, value in node.items()
            if are_names or key not in PROSE
        }
    return [without_prose(one) for one in node] if isinstance(node, list) else node


def shipped() -> tuple[Path, str]:
    """The copy of the schema in check-jsonschema, and where it is from."""
    import check_jsonschema

    path = Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor" / "compose-spec.json"
    return path, f"the copy in check-jsonschema {version('check-jsonschema')}"


def main(arguments: list[str]) -> None:
    """Write the schema with its origin in `$comment`."""
    path, origin = (Path(arguments[0]), arguments[1]) if arguments else shipped()
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    told = (
        "Keys and types of the Compose Specification, https://github.com/compose-spec/compose-spec"
        f" (Apache License 2.0); from {origin}, SHA-256 {digest}; descriptions left out."
    )
    schema = {"$comment": told, **without_prose(json.loads(content))}
    TARGET.write_text(json.dumps(schema, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
