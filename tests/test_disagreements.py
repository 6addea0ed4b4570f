"""The list of reasoned disagreements with other linters is well formed, and about rules that we do have."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from bundled import bundled

from dockerlint.data import CHECKOUT
from dockerlint.yaml.tree import load_plain

LIST = Path(__file__).with_name("disagreements.yaml")
ENTRIES: list[dict[str, str]] = load_plain(LIST.read_text(encoding="utf-8"))[0]
PEERS: dict[str, list[str]] = load_plain(Path(CHECKOUT, "peers.yaml").read_text(encoding="utf-8"))[0]
PROGRAMS = ("apk", "apt", "dnf", "pip", "zypper")
"""Their names may begin a sentence as they are."""


def name(entry: dict[str, str]) -> str:
    return f"{entry['peer']}:{entry['rule']}"


def answered() -> set[str]:
    """Every id of a peer that a rule of ours names as its equal, or takes the place of."""
    rules: list[dict[str, Any]] = bundled()[0]["rules"]
    aliases = {
        f"{peer}:{one}" for rule in rules for peer, ids in rule.get("aliases", {}).items() for one in ids
    }
    return aliases | {cover for rule in rules for cover in rule.get("covers", {})}


def test_entries_are_about_rules_that_exist() -> None:
    assert [name(one) for one in ENTRIES if list(one) != ["peer", "rule", "what", "why"]] == []
    assert [name(one) for one in ENTRIES if one["rule"] not in PEERS[one["peer"]]] == []


@pytest.mark.parametrize("field", ["what", "why"])
def test_entries_speak_in_sentences(field: str) -> None:
    assert [name(one) for one in ENTRIES if not is_sentence(one[field])] == []


def is_sentence(text: str) -> bool:
    words = text.split()
    begins = not words[0][0].islower() or words[0] in PROGRAMS
    return begins and len(words) >= 4 and text.endswith(".")


def test_entries_are_about_rules_that_ours_answer() -> None:
    assert {name(entry) for entry in ENTRIES} <= answered()


def test_no_rule_is_listed_twice() -> None:
    assert [one for one, times in Counter(map(name, ENTRIES)).items() if times > 1] == []


def test_entries_stand_in_order_of_peer_and_rule() -> None:
    places = [(entry["peer"], entry["rule"]) for entry in ENTRIES]
    assert places == sorted(places)
