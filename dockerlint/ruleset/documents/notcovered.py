"""rules/not-covered.yaml → the reason for each rule of another tool that no rule of ours answers.

Only for building the document, and a checkout.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from dockerlint.ruleset.documents.files import Place, RuleFile, read_plain_file, schema_mistakes

NOT_COVERED_SCHEMA = "notcovered.schema.json"
FILE = "not-covered.yaml"


def compile_not_covered(rules_dir: str, bundle: Mapping[str, Any]) -> dict[str, str]:
    """`peer:id` to the reason, for the rules and the peers of a bundle.

    Raises RuleError, with file and line, at an id that no peer has, that stands there twice, or that a rule
    of ours answers after all.
    """
    return read_not_covered(os.path.join(rules_dir, FILE), bundle["peers"], _answers(bundle["rules"]))


def read_not_covered(
    path: str, peers: Mapping[str, Collection[str]], answers: Mapping[str, str]
) -> dict[str, str]:
    """The reasons of one file; `answers` names the rule of ours for each `peer:id` that has one."""
    file = read_plain_file(path)
    for mistake in schema_mistakes(file, NOT_COVERED_SCHEMA):
        raise mistake
    found: dict[str, str] = {}
    for peer, id, why, place in _rows(file):
        name = f"{peer}:{id}"
        if id not in peers.get(peer, ()):
            raise file.error(place, f"no rule {name} in peers.yaml")
        if name in answers:
            raise file.error(place, f"{name} is answered by {answers[name]}; remove it here")
        if name in found:
            raise file.error(place, f"{name} stands there twice")
        found[name] = why
    return found


def _rows(file: RuleFile) -> Iterator[tuple[str, str, str, Place]]:
    """Peer, id, reason, and where the id stands."""
    for peer, entries in file.data.items():
        for index, entry in enumerate(entries):
            why = " ".join(entry["why"].split())
            for number, id in enumerate(entry["rules"]):
                yield peer, id, why, (peer, index, "rules", number)


def _answers(rules: list[dict[str, Any]]) -> dict[str, str]:
    """`peer:id` to the rule of ours that names it as alias or cover."""
    aliases = {
        f"{peer}:{id}": rule["id"]
        for rule in rules
        for peer, ids in rule.get("aliases", {}).items()
        for id in ids
    }
    return aliases | {name: rule["id"] for rule in rules for name in rule.get("covers", {})}
