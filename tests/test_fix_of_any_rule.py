"""Whatever fix a rule declares and its loader accepts, planning it ends with edits or with a reason."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from test_rule_types import EVERY_PATH, LEXICON, RULESET, documents

from dockerlint.budget import OverBudget
from dockerlint.ruleset.check import check_rule
from dockerlint.ruleset.fields import FieldType
from dockerlint.ruleset.rule import ACTIONS, ANCHORS, Rule
from dockerlint.ruleset.ruleset import Ruleset
from dockerlint.run.text import lint_whole

TEXTS = ["x", "", "a b", "-y", "755", "a:1", "LABEL a=b"]
ARGUMENTS: dict[str, list[Any]] = {
    "set": [
        {"user": "x"},
        {"cap_add": ["A"]},
        {"healthcheck": {"test": ["CMD", "x"]}},
        {"host_ip": "1.2.3.4"},
        {"read_only": True},
        {"deploy": {"a": [{"b": 1}]}},
        {"tmpfs": "/x"},
        {"ports": 5},
        {"x": None},
    ],
    "replace": ["x", 5, True, "a b"],
    "move_to_secret": [{"from": "A", "to": "B"}],
    **{action: [True] for action in ("remove", "guard_pipes", "join_next")},
}


def arguments(action: str, kind: str) -> list[Any]:
    """What an action may be given in a rule on nodes of a kind."""
    if action == "ignore":
        texts = FieldType(frozenset((str,)), True)
        return [f"{{{path}}}" for path, there in EVERY_PATH[kind].items() if there in (texts, located(texts))]
    return ARGUMENTS.get(action, TEXTS)


def located(there: FieldType) -> FieldType:
    return FieldType(there.classes, there.is_tuple, True)


def rules(chance: random.Random) -> Iterator[Rule]:
    """A rule on every kind of node with every action, at any place."""
    for kind, paths in EVERY_PATH.items():
        places = [path for path, there in paths.items() if there.has_place]
        for action in ACTIONS:
            wanted = arguments(action, kind)
            if not wanted:
                continue
            fix = {action: chance.choice(wanted), "tier": "advice", "title": "do it"}
            if chance.random() < 0.8:
                fix[chance.choice(ANCHORS)] = chance.choice(places)
            raw: dict[str, Any] = {
                "id": f"ZZ{kind}-{action}",
                "name": f"{kind}-{action}",
                "title": "Any rule",
                "severity": "low",
                "each": kind,
                "when": {"span": {"present": True}},
                "message": "found",
                "examples": [{"fixed": "", "kind": "compose"}],
                "fix": [fix],
            }
            if not list(check_rule(raw, LEXICON)):
                yield Rule(raw, {})


@pytest.mark.parametrize("seed", range(3))
def test_planning_a_fix_raises_nothing(seed: int) -> None:
    every = tuple(rules(random.Random(seed)))
    assert len(every) > 700
    ruleset = Ruleset(every, RULESET.knowledge)
    fixed: set[str] = set()
    for text, kind, neighbours in list(documents())[seed::12]:
        if len(text) > 3000:
            continue
        try:
            linted = lint_whole(text, kind, ruleset, text_of=neighbours.get)
        except OverBudget:
            continue
        assert linted.failures == {}
        fixed |= {one.rule.id.partition("-")[2] for one in linted.findings if one.fix}
    assert fixed > {"remove", "replace", "insert_line", "insert_word"}
