"""The rules as one JSON document: written at build time, rebuilt in memory in a checkout.

The bundle is `{"rules": […], "words": {…}, "peers": {…}}`; the examples stand in a document of their own,
because only `explain` and `rules test` need them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from typing import Any

from dockerlint.findings import rule_order

_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUNDLE_DIR = os.path.join(_HERE, "_rules")
CHECKOUT_RULES = os.path.join(os.path.dirname(_HERE), "rules")
"""Where the YAML stands beside the package in a checkout; absent in an installed wheel."""

ROOMS = ("dockerfile", "container", "project", "daemon", "shared")
"""The folders of rules/ that hold rules."""


def room_paths(rules_dir: str) -> list[str]:
    """Every rule file of the rule folders, in order of the rule ids."""
    from dockerlint.ruleset.load import rule_paths

    found = [path for room in ROOMS for path in rule_paths(os.path.join(rules_dir, room))]
    return sorted(found, key=lambda path: rule_order(os.path.basename(path).partition("-")[0]))


def build_bundle(rules_dir: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Check every rule below `rules_dir` and return the bundle and the examples by rule id.

    Raises RuleError at the first mistake.
    """
    from dockerlint.ruleset.check import Lexicon
    from dockerlint.ruleset.load import load_rules, read_plain_file

    words = read_plain_file(os.path.join(rules_dir, "words.yaml")).data
    peers = read_plain_file(os.path.join(rules_dir, "peers.yaml")).data
    rules = load_rules(room_paths(rules_dir), Lexicon(words, peers))
    examples = {rule["id"]: rule.pop("examples") for rule in rules}
    return {"rules": rules, "words": words, "peers": peers}, examples


def write_bundle(rules_dir: str, target: str) -> None:
    """Write every document that the run time reads into the folder `target`."""
    from dockerlint.ruleset.imagedocs import compile_bases, compile_knowledge

    bundle, examples = build_bundle(rules_dir)
    os.makedirs(target, exist_ok=True)
    documents = {
        "bundle": bundle,
        "examples": examples,
        "knowledge": compile_knowledge(rules_dir),
        "bases": compile_bases(rules_dir),
    }
    for name, document in documents.items():
        with open(os.path.join(target, f"{name}.json"), "w", encoding="utf-8") as stream:
            # In the order of the files: fixes write keys in the order in which their rule has them.
            json.dump(document, stream, ensure_ascii=False, separators=(",", ":"), default=str)


def load_bundle() -> dict[str, Any]:
    """The rules without their examples."""
    if _is_fresh("bundle.json", ROOMS):
        return _read("bundle.json")
    return build_bundle(CHECKOUT_RULES)[0]


def load_examples() -> dict[str, Any]:
    """Rule id to its list of examples."""
    if _is_fresh("examples.json", ROOMS):
        return _read("examples.json")
    return build_bundle(CHECKOUT_RULES)[1]


def load_knowledge_data() -> dict[str, Any]:
    """The facts about images, as `compile_knowledge` gives them."""
    if _is_fresh("knowledge.json", ("images",)):
        return _read("knowledge.json")
    from dockerlint.ruleset.imagedocs import compile_knowledge

    return compile_knowledge(CHECKOUT_RULES)


def load_bases_data() -> dict[str, Any]:
    """Tags, promises and packages, as `compile_bases` gives them."""
    if _is_fresh("bases.json", ("images",)):
        return _read("bases.json")
    from dockerlint.ruleset.imagedocs import compile_bases

    return compile_bases(CHECKOUT_RULES)


def _read(name: str) -> dict[str, Any]:
    with open(os.path.join(BUNDLE_DIR, name), encoding="utf-8") as stream:
        document: dict[str, Any] = json.load(stream)
    return document


def _is_fresh(name: str, folders: Iterable[str]) -> bool:
    """Whether the written document is newer than every file it was made from."""
    if not os.path.isdir(CHECKOUT_RULES):
        return True
    try:
        written = os.stat(os.path.join(BUNDLE_DIR, name)).st_mtime
    except OSError:
        return False
    return all(_newest(os.path.join(CHECKOUT_RULES, folder)) <= written for folder in ("", *folders))


def _newest(folder: str) -> float:
    """Time of the last change to a folder or a YAML file right in it."""
    try:
        with os.scandir(folder) as entries:
            times = [entry.stat().st_mtime for entry in entries if entry.name.endswith((".yaml", ".yml"))]
        return max([os.stat(folder).st_mtime, *times])
    except FileNotFoundError:
        return 0.0
