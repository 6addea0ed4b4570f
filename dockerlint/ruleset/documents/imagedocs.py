"""rules/images/*.yaml → the compact documents of the bundle. Only for building it.

Six files (`TABLES`) are tables over many images; every other one is about one image and its namesakes, and is
held to images.schema.json.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

from dockerlint.images.facts import TESTED
from dockerlint.ruleset.documents.files import read_plain_file, rule_paths, schema_mistakes

BASE_TABLES = ("tags", "successors", "packages")
TABLES = ("releases", "official", "deprecated", *BASE_TABLES)
AGEING = ("releases", "tags")
"""The tables that are renewed from their sources."""
IMAGE_SCHEMA = "images.schema.json"

_STRONG = ("read", "documented", "measured", "tested")
"""How a fact was found; what is only known counts for nothing but the root of a base image."""
_RAISING = ("memory", "processors", "processes")
"""Facts of which any strength will do: they make a bound wider, or keep one from being written."""


def compile_knowledge(rules_dir: str) -> dict[str, Any]:
    """The facts below `rules_dir`/images as one document; raises RuleError at the first mistake in them."""
    files = _image_paths(rules_dir)
    tables = {name: read_plain_file(files.pop(name)).data if name in files else {} for name in TABLES[:3]}
    for name in BASE_TABLES:
        files.pop(name, None)
    return knowledge_of(tables, read_image_files(files.values()))


def knowledge_of(tables: Mapping[str, Any], described: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The document of the first three tables and of what files say about images, all of it sound.

    `stored.FORMAT` counts the shapes of this document and of that of `bases_of`.
    """
    products: dict[str, Any] = tables["releases"].get("products") or {}
    images: dict[str, dict[str, Any]] = {}
    facts: list[str] = []
    for data in described:
        for name in data["images"]:
            images[name] = {"facts": len(facts)}
        facts.append(json.dumps(_facts(data), ensure_ascii=False, separators=(",", ":")))
    for product, table in products.items():
        for name in table["images"]:
            images.setdefault(name, {})["product"] = product
    for name in tables["official"].get("images") or ():
        images.setdefault(name, {})["official"] = True
    for name, note in (tables["deprecated"].get("images") or {}).items():
        images.setdefault(name, {})["deprecated"] = [note["since"], note.get("replacement", "")]
    packed = {name: _pack(table) for name, table in products.items()}
    return {"images": images, "facts": facts, "products": packed}


def compile_bases(rules_dir: str) -> dict[str, Any]:
    """The tables as one document; raises RuleError where one cannot be read or has another shape."""
    tables = {
        name: read_plain_file(os.path.join(rules_dir, "images", f"{name}.yaml")) for name in BASE_TABLES
    }
    successors = tables["successors"]
    for at, entry in enumerate(successors.data.get("promises") or ()):
        unknown = entry.keys() - {"images", "to", "from", "tools", "system", "files", "promise", "source"}
        if unknown or not entry.keys() >= {"images", "promise", "source"}:
            raise successors.error(("promises", at), "a promise needs images, promise and source")
    return bases_of({name: file.data for name, file in tables.items()})


def bases_of(tables: Mapping[str, Any]) -> dict[str, Any]:
    """The document of the last three tables, which are sound."""
    promises = {
        image: {
            "to": entry.get("to", image),
            "from": entry.get("from", ""),
            "tools": entry.get("tools", []),
            "system": entry.get("system", False),
            "files": entry.get("files", ""),
        }
        for entry in tables["successors"].get("promises") or ()
        for image in entry["images"]
    }
    systems = tables["packages"]["systems"]
    return {
        "tags": {name: rows.strip() for name, rows in tables["tags"]["images"].items()},
        "promises": promises,
        "packages": {name: " ".join(one["names"].split()) for name, one in systems.items()},
    }


def compile_day(rules_dir: str) -> dict[str, str]:
    """The day of the facts: that of the older of the tables that age."""
    folder = os.path.join(rules_dir, "images")
    return {
        "date": day_of({name: read_plain_file(os.path.join(folder, f"{name}.yaml")).data for name in AGEING})
    }


def day_of(tables: Mapping[str, Any]) -> str:
    """The day of the older of the tables that age."""
    return min(str(tables[name]["date"]) for name in AGEING)


def read_sources(rules_dir: str) -> dict[str, Any]:
    """All tables and all that files say about images, as a bundle for `dockerlint facts update` holds them.

    Raises RuleError at the first mistake in a file about an image.
    """
    files = _image_paths(rules_dir)
    tables = {name: read_plain_file(files.pop(name)).data for name in TABLES}
    return {"date": day_of(tables), "tables": tables, "images": read_image_files(files.values())}


def _image_paths(rules_dir: str) -> dict[str, str]:
    """The files about images and the tables, by name."""
    return {os.path.basename(path)[:-5]: path for path in rule_paths(os.path.join(rules_dir, "images"))}


def read_image_files(paths: Iterable[str]) -> list[dict[str, Any]]:
    """What each file says; raises RuleError, with file and line, at the first mistake."""
    files = [read_plain_file(path) for path in paths]
    owners: dict[str, str] = {}
    for file in files:
        for mistake in schema_mistakes(file, IMAGE_SCHEMA):
            raise mistake
        for index, name in enumerate(file.data["images"]):
            if name in owners:
                raise file.error(("images", index), f"{name} is also in {owners[name]}")
            owners[name] = os.path.basename(file.source.path)
    return [file.data for file in files]


def _facts(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a file says, without where it has it from; kept as a text of its own until somebody asks."""
    facts: dict[str, Any] = {key: data[key] for key in ("role", "ports", "servers") if key in data}
    user = data.get("user") or {}
    if user.get("start") and user.get("strength") in ("read", *TESTED):
        facts["start"] = user["start"]
    if user.get("strength") in _STRONG or (user.get("default") == "root" and data.get("role") == "base"):
        drops_root, by_tag = bool(user.get("drops_root")), user.get("by_tag") or {}
        facts["user"] = [user["default"], drops_root, user.get("ready"), by_tag]
    if "needs" in data:
        facts["needs"] = _without_origin(data["needs"])
    if "writable" in data:
        facts["writable"] = _without_origin(data["writable"])
    for block in ("workdir", "secrets", "healthcheck", "mounts", "credentials"):
        if (data.get(block) or {}).get("strength") in _STRONG:
            facts[block] = _without_origin(data[block])
    for block in _RAISING:
        if block in data:
            facts[block] = _without_origin(data[block])
    return facts


def _without_origin(block: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in block.items() if key not in ("source", "date", "note")}


def _pack(table: Mapping[str, Any]) -> list[str]:
    """Title, then the releases as one string: thousands of small objects would be slow to read."""
    keys = ("line", "latest", "end", "lts", "codename")
    rows = ("|".join(_cell(release.get(key)) for key in keys) for release in table["releases"])
    return [table["title"], "\n".join(rows)]


def _cell(value: object) -> str:
    return "" if value is None or value is False else "yes" if value is True else str(value)
