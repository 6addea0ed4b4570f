"""Files of facts about images as written, held to images.schema.json. Only for building the bundle."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from functools import cache
from typing import Any

from dockerlint.ruleset.load import RuleFile, read_plain_file, schema_message


def read_image_files(paths: Iterable[str]) -> list[dict[str, Any]]:
    """What each file says; raises RuleError, with file and line, at the first mistake."""
    files = [read_plain_file(path) for path in paths]
    owners: dict[str, str] = {}
    for file in files:
        _check(file)
        for index, name in enumerate(file.data["images"]):
            if name in owners:
                raise file.error(("images", index), f"{name} stands in {owners[name]}, too")
            owners[name] = os.path.basename(file.source.path)
    return [file.data for file in files]


def _check(file: RuleFile) -> None:
    mistakes = sorted(_schema().iter_errors(file.data), key=lambda error: list(map(str, error.absolute_path)))
    for mistake in mistakes:
        raise file.error(tuple(mistake.absolute_path), schema_message(mistake))


@cache
def _schema() -> Any:
    import jsonschema

    return jsonschema.Draft202012Validator(image_schema())


@cache
def image_schema() -> dict[str, Any]:
    """The JSON Schema of a file about an image."""
    path = os.path.join(os.path.dirname(__file__), "images.schema.json")
    with open(path, encoding="utf-8") as stream:
        schema: dict[str, Any] = json.load(stream)
    return schema
