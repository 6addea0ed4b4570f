"""`rules map`, `rules list`, rules/not-covered.yaml: what answers other tools, and which rules there are."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from bundled import bundled

from dockerlint.cli.arguments import UsageError
from dockerlint.cli.commands import invoke
from dockerlint.cli.rules.rulelist import RuleFilters, list_rules
from dockerlint.cli.rules.rulemap import print_map
from dockerlint.data import CHECKOUT
from dockerlint.ruleset.bundle import load_not_covered
from dockerlint.ruleset.documents.notcovered import compile_not_covered, read_not_covered
from dockerlint.ruleset.rule import RuleError

PEERS = {"hadolint": ["DL1000", "DL3000"], "tally": ["eol-last"]}


def mapped(peer: str, format: str = "text") -> str:
    out, err = io.StringIO(), io.StringIO()
    assert print_map(peer, format, (), out, err) == 0, err.getvalue()
    return out.getvalue()


def listed(**wanted: Any) -> list[list[str]]:
    out = io.StringIO()
    assert list_rules((), out, io.StringIO(), RuleFilters(**wanted)) == 0
    return [line.split() for line in out.getvalue().splitlines()]


def not_covered(tmp_path: Path, text: str, answers: dict[str, str] | None = None) -> dict[str, str]:
    path = tmp_path / "not-covered.yaml"
    path.write_text(text, encoding="utf-8")
    return read_not_covered(str(path), PEERS, answers or {})


def test_every_id_of_a_peer_is_mapped_once_at_least() -> None:
    rows = json.loads(mapped("kics", "json"))["rules"]
    assert sorted({row["id"] for row in rows}) == sorted(bundled()[0]["peers"]["kics"])


def test_every_rule_of_every_tool_is_answered_or_has_a_reason() -> None:
    bundle = bundled()[0]
    aliases = {
        f"{peer}:{id}"
        for one in bundle["rules"]
        for peer, ids in one.get("aliases", {}).items()
        for id in ids
    }
    covers = {name for one in bundle["rules"] for name in one.get("covers", {})}
    every = {f"{peer}:{id}" for peer, ids in bundle["peers"].items() for id in ids}
    assert every - aliases - covers - load_not_covered().keys() == set()


def test_the_map_tells_an_alias_from_a_cover_and_from_nothing() -> None:
    rows = {(row["id"], row["rule"]): row for row in json.loads(mapped("hadolint", "json"))["rules"]}
    assert rows["DL3023", "DK130"]["how"] == "alias"
    assert rows["DL3023", "DK130"]["why"] == ""
    rows = {row["id"]: row for row in json.loads(mapped("dockerfile-doctor", "json"))["rules"]}
    reason = "looks for --privileged, a flag that RUN does not have"
    assert (rows["DD060"]["how"], rows["DD060"]["why"]) == ("covers", reason)
    assert (rows["DD072"]["how"], rows["DD072"]["rule"]) == ("not covered", "")
    assert rows["DD072"]["why"].startswith("A note to oneself")


def test_the_map_is_aligned() -> None:
    lines = mapped("dockerfile-doctor").splitlines()
    assert {line.index("covers") for line in lines if " covers " in line} == {len("DD000  ")}


def test_an_unknown_tool_is_refused_with_a_suggestion() -> None:
    err = io.StringIO()
    assert print_map("hadolnt", "text", (), io.StringIO(), err) == 2
    assert err.getvalue() == "dockerlint: unknown tool 'hadolnt'; did you mean 'hadolint'?\n"


def test_an_id_that_no_peer_has_is_an_error_with_its_line(tmp_path: Path) -> None:
    text = "tally:\n  - rules: [eol-last, eol-lost]\n    why: Formatting is left alone.\n"
    with pytest.raises(RuleError, match=r"not-covered\.yaml:2: no rule tally:eol-lost in peers\.yaml"):
        not_covered(tmp_path, text)


def test_an_id_that_a_rule_answers_is_an_error(tmp_path: Path) -> None:
    text = "tally:\n  - rules: [eol-last]\n    why: Formatting is left alone.\n"
    assert not_covered(tmp_path, text) == {"tally:eol-last": "Formatting is left alone."}
    with pytest.raises(RuleError, match="answered by DK900"):
        not_covered(tmp_path, text, {"tally:eol-last": "DK900"})


@pytest.mark.parametrize(
    "text", ["tally:\n  - rules: [eol-last]\n", "tally:\n  - {rules: [eol-last], why: short.}\n"]
)
def test_an_entry_without_a_reason_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(RuleError):
        not_covered(tmp_path, text)


def test_an_id_stands_there_once(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="stands there twice"):
        not_covered(tmp_path, "tally:\n  - rules: [eol-last, eol-last]\n    why: Formatting is left alone.\n")


def test_no_entry_is_an_alias_or_a_cover_too() -> None:
    bundle = bundled()[0]
    rule = next(one for one in bundle["rules"] if "tally" in one.get("aliases", {}))
    assert compile_not_covered(CHECKOUT, bundle) == load_not_covered()
    rule["aliases"]["tally"].append("eol-last")
    with pytest.raises(RuleError, match=f"tally:eol-last is answered by {rule['id']}"):
        compile_not_covered(CHECKOUT, bundle)


def test_the_columns_of_the_list_are_aligned() -> None:
    out = io.StringIO()
    list_rules((), out, io.StringIO())
    lines = out.getvalue().splitlines()
    severities = ("critical", "high", "medium", "low", "info")
    assert {line.index(line.split()[1]) for line in lines} == {len("DK1000  ")}
    assert {line.split()[1] for line in lines} == set(severities)


def test_filters_leave_the_rules_that_they_name() -> None:
    assert {row[3] for row in listed()} > {row[3] for row in listed(fixable=True)} > {"safe"}
    assert "-" not in {row[3] for row in listed(fixable=True)}
    assert {row[2] for row in listed(profile="strict")} == {"strict"}
    assert {row[1] for row in listed(severities=("critical", "high"))} == {"critical", "high"}
    assert [row[0] for row in listed(cis=("5.29",))] == ["DK228"]
    assert {row[0] for row in listed(cis=("5.2",))} & {"DK228"} == set()
    assert {"DK228", "DK200"} <= {row[0] for row in listed(cis=("5",))}
    assert "DK228" not in {row[0] for row in listed(kind="dockerfile")}
    assert {"DK228", "DK502"} <= {row[0] for row in listed(kind="compose")}


def test_filters_hold_together() -> None:
    both = {row[0] for row in listed(fixable=True, kind="dockerfile")}
    assert both == {row[0] for row in listed(fixable=True)} & {row[0] for row in listed(kind="dockerfile")}
    assert both


def test_the_list_as_json_has_what_the_columns_lack() -> None:
    out = io.StringIO()
    list_rules((), out, io.StringIO(), RuleFilters(cis=("5.29",)), "json")
    [row] = json.loads(out.getvalue())
    assert row["kinds"] == ["compose", "inspect", "run"]
    assert row["standards"]["cis-docker-1.8.0"] == ["5.29"]
    assert "docker-bench:5.29" in row["aliases"]


@pytest.mark.parametrize(
    "words", ["list --severity hihg", "list --kind image", "list --profile all", "map x --format sarif"]
)
def test_a_value_that_is_not_known_is_a_mistake_of_usage(words: str) -> None:
    with pytest.raises(UsageError):
        invoke(["rules", *words.split()])
