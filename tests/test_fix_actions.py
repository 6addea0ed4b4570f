"""The actions of fixes are a closed list: schema, rules, code and the page of decisions say the same."""

from __future__ import annotations

import json
import re
from pathlib import Path

from dockerlint.fixing.compose import actions as compose
from dockerlint.fixing.dockerfile import actions as dockerfile
from dockerlint.ruleset.bundle import load_bundle
from dockerlint.ruleset.rule import ACTIONS, ANCHORS

ROOT = Path(__file__).parent.parent
BESIDE = {*ANCHORS, "when", "tier", "title", "caveat", "leaves", "purpose", "cases"}
"""What a fix says besides its action."""


def test_the_schema_knows_every_action_and_no_other() -> None:
    schema = json.loads((ROOT / "dockerlint/ruleset/schema.json").read_text("utf-8"))
    assert set(schema["$defs"]["fix"]["properties"]) - BESIDE == set(ACTIONS)


def test_every_action_is_carried_out_somewhere() -> None:
    assert set(compose._ACTIONS) | set(dockerfile._ACTIONS) == set(ACTIONS)


def test_every_action_is_what_some_rule_asks_for() -> None:
    declared = [rule["fix"] for rule in load_bundle()["rules"] if "fix" in rule]
    fixes = [fix for one in declared for fix in (one if isinstance(one, list) else [one])]
    assert {key for fix in fixes for key in fix} - BESIDE == set(ACTIONS)


def test_the_page_of_decisions_lists_every_action_and_no_other() -> None:
    page = (ROOT / "docs/decisions.md").read_text("utf-8")
    section = page.partition("## The actions of fixes are a closed list\n")[2].partition("\n## ")[0]
    named = set(re.findall(r"`([a-z_]+)`", section))
    assert named == set(ACTIONS)
