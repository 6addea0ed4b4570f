"""rules/images/{tags,successors,packages}.yaml → the document that `model.bases` asks."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

TABLES = ("tags", "successors", "packages")


def compile_bases(rules_dir: str) -> dict[str, Any]:
    """The tables as one document; raises RuleError where one cannot be read or has another shape."""
    from dockerlint.ruleset.load import read_plain_file

    tags, successors, packages = (
        read_plain_file(os.path.join(rules_dir, "images", f"{name}.yaml")) for name in TABLES
    )
    promises = {}
    for at, entry in enumerate(successors.data.get("promises") or ()):
        unknown = entry.keys() - {"images", "to", "from", "tools", "system", "files", "promise", "source"}
        if unknown or not entry.keys() >= {"images", "promise", "source"}:
            raise successors.error(("promises", at), "a promise needs images, promise and source")
        for image in entry["images"]:
            promises[image] = {
                "to": entry.get("to", image),
                "from": entry.get("from", ""),
                "tools": entry.get("tools", []),
                "system": entry.get("system", False),
                "files": entry.get("files", ""),
            }
    return {
        "tags": {name: rows.strip() for name, rows in tags.data["images"].items()},
        "promises": promises,
        "packages": {name: " ".join(one["names"].split()) for name, one in packages.data["systems"].items()},
    }


@cache
def our_bases() -> Mapping[str, Any]:
    """The document of this installation, read once."""
    from dockerlint.ruleset.bundle import load_bases_data

    return load_bases_data()
