"""How often each rule fires; and reports of what fails alone."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from report_samples import COMPOSE, LIMITS, PORT, finding, written

from dockerlint.cli.arguments import CheckLine, options_of
from dockerlint.report.excerpts import file_report
from dockerlint.report.results import FileReport
from dockerlint.run.check import run
from dockerlint.text import Source


def test_the_rule_with_most_findings_comes_first_with_its_files() -> None:
    reports = [
        file_report(Source(name, COMPOSE), "compose", [finding(COMPOSE, "db", rule) for rule in rules])
        for name, rules in (("a", [LIMITS, PORT]), ("b", [LIMITS, LIMITS]))
    ]
    first, second = written("statistics", *reports).splitlines()
    assert first.split() == ["3", "medium", "DK903", "no-memory-limit", *["No", "limit", "(2", "files)"]]
    assert second.split() == [
        "1",
        "critical",
        "DK901",
        "port-open",
        *["A", "port", "is", "open", "(1", "file)"],
    ]


def test_a_file_that_is_not_linted_is_named() -> None:
    assert written("statistics", FileReport("f", obstacle="too large")) == "f: not linted: too large\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("Dockerfile").write_text("FROM alpine:latest\nADD a b\n")


def check(**said: object) -> tuple[int, str]:
    out = io.StringIO()
    return run(options_of(CheckLine(**said)), out, io.StringIO()), out.getvalue()  # type: ignore[arg-type]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("level", "rules"), [("high", {"DK102"}), ("medium", {"DK102", "DK502"}), ("never", set())]
)
def test_only_what_fails_is_reported_and_the_rest_counted(level: str, rules: set[str]) -> None:
    _, out = check(format=["json"], fail_on=level, only_failing=True)
    report = json.loads(out)
    assert {one["rule"] for one in report["findings"]} == rules
    assert report["summary"]["findings"]["low"] == 1


@pytest.mark.usefixtures("folder")
def test_the_option_takes_the_place_of_the_findings_on_the_screen() -> None:
    code, out = check(statistics=True)
    assert code == 1
    assert [line.split()[2] for line in out.splitlines()] == ["DK102", "DK108", "DK502"]
