"""JSON lines say what the JSON report says, as files come; and a count that is cleared comes back."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

from report_samples import sample

from dockerlint.findings import Severity
from dockerlint.report import open_report
from dockerlint.report.results import FileReport, unlinted
from dockerlint.report.summary import Tally
from dockerlint.run.output import Progress

REPORTS = [sample("a/compose.yaml"), unlinted("b/Dockerfile", "too large"), sample("é\n/compose.yaml")]


def whole(name: str, reports: list[FileReport]) -> list[str]:
    """What each step of a report writes."""
    report, tally = open_report(name), Tally()
    written = [report.begin()]
    for one in reports:
        tally.add(one)
        written.append(report.add(one))
    return [*written, "".join(report.end(tally.summary(1.0, Severity.HIGH, len(reports))))]


def by_type(lines: list[dict[str, Any]], type: str) -> list[dict[str, Any]]:
    return [
        {key: value for key, value in one.items() if key != "type"} for one in lines if one["type"] == type
    ]


def test_lines_hold_the_entries_of_the_document() -> None:
    document = json.loads("".join(whole("json", REPORTS)))
    lines = [json.loads(line) for line in "".join(whole("jsonl", REPORTS)).splitlines()]
    assert lines[0] == {"type": "start", "version": document["version"]}
    assert (lines[-1]["type"], by_type(lines, "summary")) == ("summary", [document["summary"]])
    for type in ("finding", "problem", "file"):
        assert by_type(lines, type) == document[f"{type}s"]
    assert by_type(lines, "suppressed") == document["suppressed"]


def test_a_file_is_told_of_when_it_comes_and_nothing_of_it_later() -> None:
    _, *files, end = whole("jsonl", REPORTS)
    assert [json.loads(text.splitlines()[-1])["path"] for text in files] == [one.path for one in REPORTS]
    assert len(end.splitlines()) == 1


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_count_that_a_report_cleared_stands_there_again_at_once() -> None:
    screen = Terminal()
    progress = Progress(screen)
    progress.tell(1, 0.9)
    assert screen.getvalue() == ""
    for files in (2, 3):
        progress.clear()
        progress.tell(files, 1.01)
    progress.tell(4, 1.02)
    assert screen.getvalue() == "\r2 files …\r\x1b[K\r3 files …"
