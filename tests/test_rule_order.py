"""Rules stand in the order of their numbers wherever they stand in a list: DK1000 comes after DK532."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import pytest
from bundled import bundled
from report_samples import COMPOSE, PORT, finding

from dockerlint.cli.rules.rulebook import explain
from dockerlint.data import CHECKOUT
from dockerlint.findings import Finding, rule_order
from dockerlint.linting.fingerprint import in_order
from dockerlint.report import Style, open_report
from dockerlint.report.excerpts import file_report
from dockerlint.report.summary import Tally
from dockerlint.ruleset.bundle import room_paths
from dockerlint.text import Source

IDS = ("DK100", "DK107", "DK532", "DK1000")


def found() -> list[Finding]:
    """Findings of four rules at one place, the last rule first."""
    return [finding(COMPOSE, "db", replace(PORT, id=id)) for id in reversed(IDS)]


def test_letters_go_before_numbers() -> None:
    assert sorted(["DK1000", "DK99", "ACME2000", "DK101"], key=rule_order) == [
        "ACME2000",
        "DK99",
        "DK101",
        "DK1000",
    ]


def test_findings_at_one_place() -> None:
    assert tuple(one.rule.id for one in in_order(found())) == IDS


def told(format: str) -> str:
    report = file_report(Source("compose.yaml", COMPOSE), "compose", found())
    tally = Tally()
    tally.add(report)
    page = open_report(format, Style())
    return page.begin() + page.add(report) + "".join(page.end(tally.summary(0.0, None)))


def test_findings_at_one_place_in_reports_for_programs() -> None:
    assert [one["rule"] for one in json.loads(told("json"))["findings"]] == list(IDS)
    run = json.loads(told("sarif"))["runs"][0]
    assert [one["ruleId"] for one in run["results"]] == list(IDS)
    assert [one["id"] for one in run["tool"]["driver"]["rules"]] == list(IDS)


def test_findings_at_one_place_in_the_report_for_people() -> None:
    text = told("text")
    places = [text.index(f"{id} port-open") for id in IDS]
    assert places == sorted(places)


def test_rule_files_and_the_bundle() -> None:
    ids = [rule["id"] for rule in bundled()[0]["rules"]]
    assert ids == sorted(ids, key=lambda id: int(id.removeprefix("DK")))
    assert len(ids) == len(room_paths(CHECKOUT)) > 200


def test_the_rules_that_stand_for_one_of_another_tool(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain("DL4006", (), sys.stdout, sys.stderr) == 0
    text = capsys.readouterr().out
    assert text.index("DK184 pipe-hides") < text.index("DK1000 pipe-hides")
