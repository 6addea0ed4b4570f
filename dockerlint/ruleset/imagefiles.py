"""Files of facts about images as written, held to images.schema.json. Only for building the bundle."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from dockerlint.ruleset.load import read_plain_file, schema_mistakes

IMAGE_SCHEMA = "images.schema.json"


def read_image_files(paths: Iterable[str]) -> list[dict[str, Any]]:
    """What each file says; raises RuleError, with file and line, at the first mistake."""
    files = [read_plain_file(path) for path in paths]
    owners: dict[str, str] = {}
    for file in files:
        for mistake in schema_mistakes(file, IMAGE_SCHEMA):
            raise mistake
        for index, name in enumerate(file.data["images"]):
            if name in owners:
                raise file.error(("images", index), f"{name} stands in {owners[name]}, too")
            owners[name] = os.path.basename(file.source.path)
    return [file.data for file in files]
