"""Regular expressions of users' rules: what RE2 has not is refused at load."""

from __future__ import annotations

from pathlib import Path

import pytest
from judges import judge

from dockerlint.ruleset.check import Lexicon
from dockerlint.ruleset.load import load_rules
from dockerlint.ruleset.matching import risk_of
from dockerlint.ruleset.rule import RuleError

RULE = """\
id: ACME001
name: root-stage
title: The final stage runs as root
severity: high
each: stage
when: {name: {matches: 'PATTERN'}}
message: stage {index} is final
docs:
  why: Because this is only a rule of the tests.
  instead: Do something else.
examples:
  - {bad: "FROM a", flags: ["FROM a"]}
  - {good: "FROM b"}
"""
NOT_RE2 = [
    *(r"(a)\1", r"(?P<x>b)(?P=x)", "(?=a)b", "(?!a)b", "(?<=a)b", "(?<!a)b", "(a)?(?(1)b|c)"),
    *("a{1001}", "((a{1,20}){1,20}){1,20}b", "(x{40}){30}", "(x{20,}){60}"),
]
NESTED = ["(a+)+b", "(a{2,}x?)*", "(?:(b|a*)c){1,21}"]
SLOW = ["(a|a)*b", "(a|aa)+b", "(a|ab|b)*c", "a*a*a*a*a*a*b", "(a|)*b"]
SOUND = [
    "^ro+t$",
    "[a-z]+(-[a-z]+)?",
    "a{1000}",
    "(foo|bar)*",
    "(a|b)+x",
    "(?i)token",
    "(?:x|yz)*",
    "^[^:]*:.*$",
]


@pytest.mark.parametrize("pattern", NOT_RE2 + NESTED)
def test_an_expression_that_is_not_re2_or_nests_repeats_is_refused_with_its_line(
    pattern: str, tmp_path: Path
) -> None:
    path = tmp_path / "rule.yaml"
    path.write_text(RULE.replace("PATTERN", pattern), encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        load_rules([str(path)], Lexicon({}, {}))
    assert str(caught.value).startswith(f"{path}:6: ")


@pytest.mark.parametrize("pattern", SLOW + SOUND)
def test_an_expression_of_the_common_syntax_is_taken(pattern: str) -> None:
    assert list(risk_of(pattern)) == []


@pytest.mark.parametrize("pattern", NOT_RE2)
def test_re2_refuses_the_same(pattern: str) -> None:
    re2 = judge("re2")
    with pytest.raises(re2.error):
        re2.compile(pattern)


@pytest.mark.parametrize("pattern", SLOW + SOUND)
def test_re2_takes_the_others(pattern: str) -> None:
    assert judge("re2").compile(pattern) is not None
