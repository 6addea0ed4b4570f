"""Every rule keeps the promises of its examples; there are no other tests of rules."""

from __future__ import annotations

import pytest
from bundled import bundled

from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.examples import (
    EXAMPLE_DAY,
    Example,
    failure,
    fix_failure,
    fixed_by_rule,
    read_examples,
)

BUNDLE, EXAMPLES = bundled()
RULESET = load_ruleset(today=EXAMPLE_DAY)
RULES = {rule["id"]: rule for rule in BUNDLE["rules"]}


def examples_of(rule: str) -> list[Example]:
    return list(read_examples(rule, EXAMPLES[rule]))


@pytest.mark.parametrize("rule", RULES)
def test_rule_keeps_the_promises_of_its_examples(rule: str) -> None:
    assert {kind for one in EXAMPLES[rule] for kind in one} >= {"bad", "good"}
    for example in examples_of(rule):
        for written in (example, with_windows_line_ends(example), without_a_final_newline(example)):
            assert failure(written, RULESET) is None, (str(example), written.text)


def with_windows_line_ends(example: Example) -> Example:
    flags = tuple(flag.replace("\n", "\r\n") for flag in example.flags)
    return written_as(example, example.text.replace("\n", "\r\n"), flags)


def without_a_final_newline(example: Example) -> Example:
    assert not any(flag.endswith("\n") for flag in example.flags), "a finding underlines the final newline"
    return written_as(example, example.text.rstrip("\n"), example.flags)


def written_as(example: Example, text: str, flags: tuple[str, ...]) -> Example:
    return Example(**{**vars(example), "text": text, "flags": flags})


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.startswith("DK2")])
def test_rule_about_a_container_says_how_to_see_it_on_a_running_one(rule: str) -> None:
    assert RULES[rule]["docs"].get("verify")


FIXED = [rule for rule in RULES if any("fixed" in one for one in EXAMPLES[rule])]


@pytest.mark.parametrize("rule", FIXED)
def test_fix_of_a_rule_makes_of_a_text_what_its_examples_say(rule: str) -> None:
    for example in examples_of(rule):
        if example.fixed is None:
            continue
        assert fix_failure(example, RULESET) is None, str(example)
        result = fixed_by_rule(example, example.text, RULESET)
        assert result.withheld == [], str(example)
        assert [one.message for one in result.left if one.fix or not one.unfixed] == [], str(example)
        fix_does_the_same_however_the_text_is_written(example, example.fixed)


def fix_does_the_same_however_the_text_is_written(example: Example, intended: str) -> None:
    windows = fixed_by_rule(example, example.text.replace("\n", "\r\n"), RULESET)
    assert windows.text == intended.replace("\n", "\r\n"), str(example)
    bare = fixed_by_rule(example, example.text.rstrip("\n"), RULESET)
    assert bare.text.rstrip("\n") == intended.rstrip("\n"), str(example)
    assert fixed_by_rule(example, bare.text, RULESET).text == bare.text, str(example)
