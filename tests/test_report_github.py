"""Workflow commands of GitHub Actions."""

from __future__ import annotations

import re

import pytest
from report_samples import COMPOSE, LIMITS, WRITABLE, finding, sample, written

from dockerlint.findings import Severity
from dockerlint.report.excerpts import file_report
from dockerlint.report.results import FileReport
from dockerlint.text import Source

COMMAND = re.compile(r"^::(?P<level>error|warning|notice) (?P<properties>[^\n]*?)::(?P<data>[^\n]*)$")


def commands(*reports: FileReport) -> list[tuple[str, dict[str, str], str]]:
    """What a runner reads from the output."""
    read = []
    for line in written("github", *reports).splitlines():
        match = COMMAND.match(line)
        assert match, line
        pairs = (pair.split("=", 1) for pair in match["properties"].split(","))
        read.append((match["level"], {key: decoded(value) for key, value in pairs}, decoded(match["data"])))
    return read


def decoded(text: str) -> str:
    for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, character)
    return text


def test_an_annotation_names_file_place_rule_and_remedy() -> None:
    level, properties, message = commands(sample())[2]
    assert level == "error"
    assert properties == {
        "file": "compose.yaml",
        "line": "5",
        "endLine": "5",
        "col": "9",
        "endColumn": "20",
        "title": "DK901 port-open",
    }
    assert message == "service db: port 5432 is published on every interface\nBind it to 127.0.0.1"


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        (Severity.CRITICAL, "error"),
        (Severity.HIGH, "error"),
        (Severity.MEDIUM, "warning"),
        (Severity.LOW, "notice"),
        (Severity.INFO, "notice"),
    ],
)
def test_the_level_follows_the_severity(severity: Severity, level: str) -> None:
    report = file_report(Source("f", COMPOSE), "compose", [finding(COMPOSE, "db", severity=severity)])
    assert commands(report)[0][0] == level


def test_columns_are_left_out_over_several_lines() -> None:
    report = file_report(Source("f", COMPOSE), "compose", [finding(COMPOSE, "db:\n    image")])
    assert set(commands(report)[0][1]) == {"file", "line", "endLine", "title"}


def test_delimiters_in_paths_and_messages_are_escaped() -> None:
    path, message = "a,b:c%0A.yml", "50% of x::error::, done"
    report = file_report(
        Source(path, COMPOSE), "compose", [finding(COMPOSE, "db", WRITABLE, message=message)]
    )
    (_, properties, data) = commands(report)[0]
    assert (properties["file"], data) == (path, f"service db: {message}")


def test_a_line_break_in_a_name_cannot_start_a_command() -> None:
    path = "x\n::set-output name=a::b\r"
    one = finding(COMPOSE, "db", LIMITS, message="m\r\n::stop-commands::x")
    report = file_report(Source(path, COMPOSE), "compose", [one])
    shown = written("github", report)
    assert len(shown.splitlines()) == 1
    assert "\r" not in shown


def test_terminal_escapes_are_shown_escaped() -> None:
    one = finding(COMPOSE, "db", LIMITS, message="\x1b[2J\u202e")
    shown = written("github", file_report(Source("\x1b.yml", COMPOSE), "compose", [one]))
    assert shown.rstrip("\n").isprintable()


def test_a_file_that_was_not_judged_is_an_error() -> None:
    assert commands(FileReport("pipe", obstacle="is a pipe")) == [
        ("error", {"file": "pipe", "title": "dockerlint"}, "not linted: is a pipe")
    ]


def test_suppressed_findings_are_no_annotations() -> None:
    assert "tag floats" not in written("github", sample())
