"""Every rule keeps the promises of its examples; there are no other tests of rules."""

from __future__ import annotations

import pytest

from dockerlint.data import CHECKOUT
from dockerlint.ruleset.bundle import build_bundle
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.examples import (
    EXAMPLE_DAY,
    Example,
    failure,
    fix_failure,
    fixed_by_rule,
    read_examples,
)

BUNDLE, EXAMPLES = build_bundle(CHECKOUT)
RULESET = load_ruleset(today=EXAMPLE_DAY)
RULES = {rule["id"]: rule for rule in BUNDLE["rules"]}


def every_example() -> list[Example]:
    return [example for rule, raw in EXAMPLES.items() for example in read_examples(rule, raw)]


@pytest.mark.parametrize("example", every_example(), ids=str)
def test_rule_keeps_its_promise(example: Example) -> None:
    assert failure(example, RULESET) is None, example.text


@pytest.mark.parametrize("rule", RULES)
def test_rule_has_a_bad_and_a_good_example(rule: str) -> None:
    assert any("bad" in one for one in EXAMPLES[rule])
    assert any("good" in one for one in EXAMPLES[rule])


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.startswith("DK2")])
def test_rule_about_a_container_says_how_to_see_it_on_a_running_one(rule: str) -> None:
    assert RULES[rule]["docs"].get("verify")


@pytest.mark.parametrize("example", [one for one in every_example() if one.flags], ids=str)
def test_rule_says_the_same_on_a_file_with_windows_line_ends(example: Example) -> None:
    windows = Example(
        **{
            **vars(example),
            "text": example.text.replace("\n", "\r\n"),
            "flags": tuple(flag.replace("\n", "\r\n") for flag in example.flags),
        }
    )
    assert failure(windows, RULESET) is None, windows.text


@pytest.mark.parametrize("example", [one for one in every_example() if one.flags], ids=str)
def test_rule_says_the_same_without_a_final_newline(example: Example) -> None:
    bare = Example(**{**vars(example), "text": example.text.rstrip("\n")})
    if any(flag.endswith("\n") for flag in bare.flags):
        pytest.fail("a finding should not underline the final newline")
    assert failure(bare, RULESET) is None, bare.text


FIXED = [one for one in every_example() if one.fixed is not None]


@pytest.mark.parametrize("example", FIXED, ids=str)
def test_fix_of_a_rule_makes_of_a_text_what_its_example_says(example: Example) -> None:
    assert fix_failure(example, RULESET) is None


@pytest.mark.parametrize("example", FIXED, ids=str)
def test_fix_leaves_nothing_but_what_it_refuses_with_a_reason(example: Example) -> None:
    result = fixed_by_rule(example, example.text, RULESET)
    assert result.withheld == []
    assert [one.message for one in result.left if one.fix or not one.unfixed] == []


@pytest.mark.parametrize("example", FIXED, ids=str)
def test_fix_does_the_same_to_a_file_with_windows_line_ends(example: Example) -> None:
    assert example.fixed is not None
    windows = fixed_by_rule(example, example.text.replace("\n", "\r\n"), RULESET)
    assert windows.text == example.fixed.replace("\n", "\r\n")


@pytest.mark.parametrize("example", FIXED, ids=str)
def test_fix_does_the_same_to_a_file_without_a_final_newline(example: Example) -> None:
    assert example.fixed is not None
    bare = fixed_by_rule(example, example.text.rstrip("\n"), RULESET)
    assert bare.text.rstrip("\n") == example.fixed.rstrip("\n")
    assert fixed_by_rule(example, bare.text, RULESET).text == bare.text
