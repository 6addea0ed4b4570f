"""The rules as one JSON document: written at build time, rebuilt in memory in a checkout.

The bundle is `{"rules": […], "words": {…}, "peers": {…}}`. Its rules hold what is asked of them before they
fire (`HEAD`); the rest of each is a line of a file of its own, which is read for those that fire. Their
examples are a document, too: only `explain` and `rules test` need them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import date
from typing import Any

from dockerlint import data
from dockerlint.findings import rule_order
from dockerlint.ruleset.rule import HEAD

ROOMS = ("dockerfile", "container", "project", "daemon", "shared")
"""The folders of rules/ that hold rules."""
RESTS = "rests.jsonl"
"""The file with the rest of each rule, a line each."""


def room_paths(rules_dir: str) -> list[str]:
    """Every rule file of the rule folders, in order of the rule ids."""
    from dockerlint.ruleset.documents.files import rule_paths

    found = [path for room in ROOMS for path in rule_paths(os.path.join(rules_dir, room))]
    return sorted(found, key=lambda path: rule_order(os.path.basename(path).partition("-")[0]))


def build_bundle(rules_dir: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Check every rule below `rules_dir` and return the bundle and the examples by rule id.

    Its words are those of words.yaml, and the lists of rules/lists that a rule names.

    Raises RuleError at the first mistake.
    """
    from dockerlint.ruleset.check import Lexicon
    from dockerlint.ruleset.documents.files import read_plain_file
    from dockerlint.ruleset.documents.lists import compile_lists, word_lists
    from dockerlint.ruleset.load import load_rules

    words = read_plain_file(os.path.join(rules_dir, "words.yaml")).data
    lists = word_lists(compile_lists(rules_dir))
    peers = read_plain_file(os.path.join(rules_dir, "peers.yaml")).data
    rules = load_rules(room_paths(rules_dir), Lexicon({**words, **lists}, peers))
    examples = {rule["id"]: rule.pop("examples") for rule in rules}
    asked = json.dumps(rules, default=str)
    words.update((name, lists[name]) for name in lists if f'"${name}"' in asked)
    return {"rules": rules, "words": words, "peers": peers}, examples


def write_bundle(rules_dir: str, target: str) -> None:
    """Write every document that the run time reads into the folder `target`."""
    from dockerlint.ruleset.documents.compose import compile_compose
    from dockerlint.ruleset.documents.imagedocs import compile_bases, compile_day, compile_knowledge
    from dockerlint.ruleset.documents.lists import compile_lists
    from dockerlint.ruleset.documents.notcovered import compile_not_covered

    os.makedirs(target, exist_ok=True)
    topics = {**compile_lists(rules_dir), data.COMPOSE: compile_compose(rules_dir)}
    for topic, document in topics.items():
        _write(os.path.join(target, os.path.basename(data.document_path(topic))), document)
    bundle, examples = build_bundle(rules_dir)
    heads, rests = parted(bundle)
    _write_lines(os.path.join(target, RESTS), rests)
    documents = {
        "bundle": heads,
        "examples": examples,
        "knowledge": compile_knowledge(rules_dir),
        "bases": compile_bases(rules_dir),
        "day": compile_day(rules_dir),
        "not-covered": compile_not_covered(rules_dir, bundle),
    }
    for name, document in documents.items():
        _write(os.path.join(target, f"{name}.json"), document)


def _write(path: str, document: dict[str, Any]) -> None:
    _write_lines(path, [_json(document)])


def _write_lines(path: str, lines: Iterable[str]) -> None:
    with open(path, "w", encoding="utf-8", newline="\n") as stream:
        stream.write("\n".join(lines))


def _json(document: dict[str, Any]) -> str:
    """In the order of the files: fixes write keys in the order in which their rule has them.

    In ASCII, because Python reads text in which every character takes one byte a quarter faster.
    """
    return json.dumps(document, separators=(",", ":"), default=str)


def parted(bundle: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """A bundle whose rules have nothing but their HEAD, and for each of them the rest as JSON."""
    heads = [{key: rule[key] for key in rule if key in HEAD} for rule in bundle["rules"]]
    rests = [_json({key: rule[key] for key in rule if key not in HEAD}) for rule in bundle["rules"]]
    return {**bundle, "rules": heads}, rests


def load_parted() -> tuple[dict[str, Any], list[str]]:
    """The rules without their examples, as `parted` gives them."""
    path = os.path.join(data.DOCUMENTS, RESTS)
    if data.is_fresh(path, ROOMS) and (document := _written("bundle", ROOMS)):
        with open(path, encoding="utf-8") as stream:
            return document, stream.read().split("\n")
    return parted(build_bundle(data.CHECKOUT)[0])


def load_bundle() -> dict[str, Any]:
    """The rules without their examples."""
    bundle, rests = load_parted()
    rules = [{**head, **json.loads(rest)} for head, rest in zip(bundle["rules"], rests, strict=True)]
    return {**bundle, "rules": rules}


def load_examples() -> dict[str, Any]:
    """Rule id to its list of examples."""
    if document := _written("examples", ROOMS):
        return document
    return build_bundle(data.CHECKOUT)[1]


def load_not_covered() -> dict[str, str]:
    """`peer:id` of every rule that no rule of ours answers, to the reason."""
    if document := _written("not-covered", ROOMS):
        return document
    from dockerlint.ruleset.documents.notcovered import compile_not_covered

    return compile_not_covered(data.CHECKOUT, build_bundle(data.CHECKOUT)[0])


def load_knowledge_data() -> dict[str, Any]:
    """Our facts about images, as `compile_knowledge` gives them."""
    if document := _written("knowledge", ("images",)):
        return document
    from dockerlint.ruleset.documents.imagedocs import compile_knowledge

    return compile_knowledge(data.CHECKOUT)


def load_bases_data() -> dict[str, Any]:
    """Our tags, promises and packages, as `compile_bases` gives them."""
    if document := _written("bases", ("images",)):
        return document
    from dockerlint.ruleset.documents.imagedocs import compile_bases

    return compile_bases(data.CHECKOUT)


def load_day() -> date:
    """The day of our facts about images."""
    document = _written("day", ("images",))
    if document is None:
        from dockerlint.ruleset.documents.imagedocs import compile_day

        document = compile_day(data.CHECKOUT)
    return date.fromisoformat(document["date"])


def _written(name: str, folders: Iterable[str]) -> dict[str, Any] | None:
    """The document that the build wrote; None where a file that it was made from is newer."""
    path = os.path.join(data.DOCUMENTS, f"{name}.json")
    return data.read_document(path) if data.is_fresh(path, folders) else None
