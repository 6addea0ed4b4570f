"""The cases of a fix are a table: one row a circumstance, with the promise that holds then."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dockerlint.data import CHECKOUT
from dockerlint.ruleset.bundle import load_bundle
from dockerlint.ruleset.check import Lexicon
from dockerlint.ruleset.load import load_rules
from dockerlint.ruleset.rule import RuleError
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.ruleset.shorthand import written_out
from dockerlint.run.text import lint_text

RULE = """\
id: ACME001
name: of-the-house
title: A rule of the house
severity: high
each: workdir
when: {path: {present: true}}
message: this is {path}
fix:
  - replace: /srv
    at: path
    when: {is_relative: false}
    tier: harden
    title: use /srv
    cases:
      - when: {path: /opt}
        caveat: nothing of {path} is moved
      - when: {path: {matches: '^/home'}, is_relative: false}
        tier: advice
        title: leave the home
      - caveat: for all others
docs: {why: Because this is only a rule of the tests., instead: Do something else.}
examples:
  - {bad: "FROM a\\nWORKDIR /opt", flags: ["WORKDIR /opt"], fixed: "FROM a\\nWORKDIR /srv"}
  - {good: "FROM b"}
"""


def write(folder: Path, text: str) -> str:
    path = folder / "rule.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_row_says_what_differs_and_both_tests_must_hold(tmp_path: Path) -> None:
    [rule] = load_rules([write(tmp_path, RULE)], Lexicon({}, {}))
    same = {"replace": "/srv", "at": "path", "tier": "harden", "title": "use /srv"}
    assert rule["fix"] == [
        {**same, "when": {"is_relative": False, "path": "/opt"}, "caveat": "nothing of {path} is moved"},
        {
            **same,
            "when": {"all": [{"is_relative": False}, {"path": {"matches": "^/home"}, "is_relative": False}]},
            "tier": "advice",
            "title": "leave the home",
        },
        {**same, "when": {"is_relative": False}, "caveat": "for all others"},
    ]


@pytest.mark.parametrize(
    ("path", "tier", "caveat"),
    [
        ("/opt", "harden", "nothing of /opt is moved"),
        ("/home/me", "advice", ""),
        ("/other", "harden", "for all others"),
        ("relative", None, None),
    ],
)
def test_the_first_row_that_holds_counts(
    tmp_path: Path, path: str, tier: str | None, caveat: str | None
) -> None:
    write(tmp_path, RULE)
    ruleset = load_ruleset(directories=[str(tmp_path)])
    found = lint_text(f"FROM a\nWORKDIR {path}\n", "dockerfile", ruleset)
    [fix] = [one.fix for one in found if one.rule.id == "ACME001"]
    assert (fix and str(fix.tier), fix and fix.caveat) == (tier, caveat)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("when: {path: /opt}", "when: {pth: /opt}", 15, "did you mean 'path'"),
        ("of {path} is", "of {pth} is", 16, "did you mean 'path'"),
        ("tier: advice", "tier: advise", 18, "did you mean 'advice'"),
        ("    tier: harden\n", "", 14, "a fix needs 'tier'"),
        ("    title: use /srv\n", "", 14, "a fix needs 'title'"),
        ("      - caveat: for all others", "      - cavet: for all others", 20, "'caveat'"),
        ("      - caveat: for all others", "      - replace: /x", 20, "unknown key"),
        ("    at: path", "    att: path", 10, "did you mean 'at'"),
    ],
)
def test_a_mistake_in_a_row_has_its_line(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    assert old in RULE
    path = write(tmp_path, RULE.replace(old, new))
    with pytest.raises(RuleError) as caught:
        load_rules([path], Lexicon({}, {}))
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert words in str(caught.value)


def test_no_rule_of_ours_repeats_a_fix_for_another_promise() -> None:
    """Where neighbours do the same at the same place, they are cases of one fix."""
    from dockerlint.ruleset.documents.files import read_plain_file
    from dockerlint.ruleset.shorthand import CASE_KEYS

    def deed(fix: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in fix.items() if key not in (*CASE_KEYS, "cases")}

    seen = 0
    for path in sorted(Path(CHECKOUT).glob("*/DK*.yaml")):
        fixes = read_plain_file(str(path)).data.get("fix", [])
        fixes = fixes if isinstance(fixes, list) else [fixes]
        seen += sum("cases" in fix for fix in fixes)
        assert not [1 for one, next in pairwise(fixes) if deed(one) == deed(next)], path
    assert seen >= 15


def test_the_bundle_holds_fixes_without_cases() -> None:
    fixes = [fix for rule in load_bundle()["rules"] for fix in rule.get("fix", ())]
    assert len(fixes) > 100
    assert not any("cases" in fix for fix in fixes)
    assert written_out(fixes) == fixes
