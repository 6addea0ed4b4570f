"""The index leaves no rule out that would fire."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dockerlint.findings import Confidence
from dockerlint.linting.linter import lint, parse, walk
from dockerlint.linting.promises import Promises
from dockerlint.ruleset import compile, index
from dockerlint.ruleset.compile import compile_rule
from dockerlint.ruleset.index import key_of
from dockerlint.ruleset.rule import Rule
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.examples import EXAMPLE_DAY

RULESET = load_ruleset(today=EXAMPLE_DAY)
FIXTURES = Path(__file__).parent.parent / "fixtures"
FILES = [
    *((path, "dockerfile") for path in sorted(FIXTURES.glob("**/*Dockerfile*"))),
    *((path, "compose") for path in sorted(FIXTURES.glob("**/*compose*.yaml"))),
]


@pytest.mark.parametrize(("path", "kind"), FILES, ids=lambda value: getattr(value, "name", value))
def test_the_index_finds_every_rule_that_fires_and_every_one_that_cannot_tell(path: Path, kind: str) -> None:
    document = parse(path.read_text(encoding="utf-8", errors="replace"), kind, RULESET, {}.get)
    for node, scope in walk(document):
        for node_kind in node.KINDS:
            compiled = [compile_rule(rule) for rule in RULESET.by_kind.get(node_kind, ())]
            said = {rule.id: rule.test(node, scope) for rule in compiled}
            for also, answers in ((False, (True,)), (True, (True, None))):
                found = [
                    rule.id
                    for rule in RULESET.of_kind(node_kind).candidates(node, scope, with_undecided=also)
                ]
                expected = [id for id in found if said[id] in answers]
                assert sorted(expected) == sorted(id for id, fires in said.items() if fires in answers)
                assert len(found) == len(set(found))


def test_most_rules_about_commands_are_found_by_a_word() -> None:
    rules = RULESET.by_kind["command"]
    assert sum(key_of(rule) is not None for rule in rules) > len(rules) / 2


def test_a_rule_is_compiled_when_a_node_leads_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    consequences: list[str] = []

    def note(seen: list[str], compile: Callable[[Rule], Any]) -> Callable[[Rule], Any]:
        return lambda rule: (seen.append(rule.id), compile(rule))[1]

    monkeypatch.setattr(index, "compile_rule", note(compiled, compile_rule))
    monkeypatch.setattr(compile, "compile_consequence", note(consequences, compile.compile_consequence))
    ruleset = RULESET.choose(RULESET.rules, Confidence.LOW)
    done = lint("FROM alpine:3.24\nRUN apk add curl\n", "dockerfile", ruleset, Promises())
    fired = {finding.rule.id for finding in done.findings}
    assert fired <= set(consequences) <= set(compiled)
    assert len(consequences) == len(set(consequences)) < len(fired) + 3
    assert {"DK405", "DK410"} & set(compiled) == set()
    assert len(compiled) == len(set(compiled)) < len(RULESET.rules) / 3
