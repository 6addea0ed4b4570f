"""Formats of other programs: each holds what its reader asks for, whatever a file holds, and is bounded.

What a reader asks for is written down here as its documentation has it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest
from report_samples import COMPOSE, LIMITS, PORT, finding, rebind, sample, written
from test_workflow_commands import COMMANDS, hostile, obeyed

from dockerlint.findings import Edit, Fix, NewFile, Severity, Tier
from dockerlint.report.excerpts import file_report
from dockerlint.report.formats import gitlab, junit, markdown
from dockerlint.report.results import FileReport, Region, Unread, unlinted
from dockerlint.text import Source, Span

XML = ["junit", "checkstyle"]
JSON = ["gitlab", "rdjson", "sonarqube"]
ALL = [*XML, *JSON, "markdown", "gnu"]
NASTY = 'a"<b>&|`x`\x1b[31m\u202e\ufffe\x00]]>é\n::error::y ##[error]z @team www.x.y https://x.y'


def linked() -> FileReport:
    """A service that two files declare, one of which names a file that was not read."""
    one = replace(finding(COMPOSE, "db", LIMITS, message="db has no limit"), chain=(Span(12, 14), Span(0, 8)))
    gap = Unread("compose.yaml", 3, 5, "extends: base.yaml is missing")
    return file_report(Source("compose.yaml", COMPOSE), "compose", [one])._replace(gaps=(gap,))


def many() -> Iterator[FileReport]:
    """A run over 1,000 files."""
    for number in range(1_000):
        yield sample(f"services/{number}/compose.yaml") if number % 10 else unlinted(f"{number}", "too large")


def nasty() -> FileReport:
    one = finding(COMPOSE, "db", message=NASTY, path=NASTY, subject=NASTY)
    return file_report(Source(NASTY, COMPOSE, notes=(NASTY,)), "compose", [one])


def check_gitlab(entries: Any) -> None:
    """Code Quality report format: the five required fields, unique fingerprints, relative paths."""
    assert isinstance(entries, list)
    for one in entries:
        assert isinstance(one["description"], str)
        assert isinstance(one["check_name"], str)
        assert one["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert one["location"]["lines"]["begin"] >= 1
        assert not one["location"]["path"].startswith(("/", "./"))
    prints = [one["fingerprint"] for one in entries]
    assert len(set(prints)) == len(prints)


def check_range(span: Any) -> None:
    start, end = span["start"], span.get("end", span["start"])
    assert start["line"] >= 1
    assert (start["line"], start.get("column", 1)) <= (end["line"], end.get("column", 1))


def check_rdjson(report: Any) -> None:
    """DiagnosticResult of reviewdog.proto; its JSON form knows no other fields."""
    assert set(report) == {"source", "diagnostics"}
    fields = {"message", "location", "severity", "code", "related_locations", "suggestions"}
    for one in report["diagnostics"]:
        assert {"message", "location", "severity", "code"} <= set(one) <= fields
        assert one["severity"] in {"ERROR", "WARNING", "INFO"}
        assert set(one["location"]) == {"path", "range"}
        check_range(one["location"]["range"])
        for edit in one.get("suggestions", ()):
            assert set(edit) == {"range", "text"}
            check_range(edit["range"])


def check_sonarqube(report: Any) -> None:
    """Generic formatted reports of SonarQube 10.3: fields that are required, and ranges it can hold."""
    rules = {one["id"]: one for one in report["rules"]}
    assert len(rules) == len(report["rules"])
    for rule in rules.values():
        assert rule["name"]
        assert rule["engineId"] == "dockerlint"
        assert rule["cleanCodeAttribute"] in {"TRUSTWORTHY", "CONVENTIONAL"}
        (impact,) = rule["impacts"]
        assert impact["softwareQuality"] in {"SECURITY", "MAINTAINABILITY"}
        assert impact["severity"] in {"HIGH", "MEDIUM", "LOW"}
    for issue in report["issues"]:
        assert issue["ruleId"] in rules
        for place in (issue["primaryLocation"], *issue.get("secondaryLocations", ())):
            lines = place["textRange"]
            assert place["message"]
            assert place["filePath"]
            assert 1 <= lines["startLine"] <= lines.get("endLine", lines["startLine"])
            assert lines.get("startColumn", -1) < lines.get("endColumn", 0)


CHECKS = {"gitlab": check_gitlab, "rdjson": check_rdjson, "sonarqube": check_sonarqube}


def check_junit(root: ElementTree.Element) -> None:
    """What the XSD of Jenkins asks for, and that GitLab can tell the tests apart."""
    assert root.tag == "testsuites"
    for suite in root:
        assert suite.tag == "testsuite"
        assert int(suite.attrib["tests"]) == len(suite)
        for total, outcome in {"failures": "failure", "errors": "error", "skipped": "skipped"}.items():
            assert int(suite.attrib[total]) == len(suite.findall(f"testcase/{outcome}"))
    tests = [(one.attrib["classname"], one.attrib["name"]) for one in root.iter("testcase")]
    assert len(set(tests)) == len(tests) > 0


def check_checkstyle(root: ElementTree.Element) -> None:
    assert root.tag == "checkstyle"
    assert root.attrib["version"]
    for file in root:
        assert (file.tag, bool(file.attrib["name"])) == ("file", True)
        for error in file:
            assert int(error.attrib["line"]) >= 1
            assert error.attrib["severity"] in {"error", "warning", "info"}
            assert error.attrib["source"].startswith("dockerlint.")
            assert error.attrib["message"]


def check(name: str, text: str) -> None:
    """Raise AssertionError, or what a parser raises, for a report that its reader would refuse."""
    if name in CHECKS:
        CHECKS[name](json.loads(text))
    elif name in XML:
        assert text.isascii()
        root = ElementTree.fromstring(text)
        check_junit(root) if name == "junit" else check_checkstyle(root)
    elif name == "gnu":
        line = re.compile(r".+:\d+:(\d+:)? (error|warning|note): .+")
        assert all(line.fullmatch(one) for one in text.splitlines())
    else:
        assert text.startswith("## dockerlint: ")
        rows = [one for one in text.splitlines() if one.startswith("|")]
        assert all(len(re.findall(r"(?<!\\)\|", one)) == 5 for one in rows)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    "reports",
    [
        [],
        [sample()],
        [sample(), sample()],
        [linked()],
        [FileReport("a/b")],
        [unlinted("x", "gone")],
        [nasty()],
    ],
    ids=["empty", "findings", "twice", "linked", "clean", "not linted", "hostile"],
)
def test_a_reader_finds_what_it_asks_for(name: str, reports: list[FileReport]) -> None:
    if name == "junit" and not reports:
        assert len(ElementTree.fromstring(written(name))) == 0
    else:
        check(name, written(name, *reports))


@pytest.mark.parametrize("name", ALL)
def test_a_run_over_a_thousand_files_is_valid_and_bounded(name: str) -> None:
    text = written(name, *many())
    check(name, text)
    assert len(text.encode()) < 3_000_000


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("command", COMMANDS)
def test_no_service_obeys_a_line_of_it(name: str, command: str) -> None:
    assert obeyed(written(name, hostile(command))) == []


@pytest.mark.parametrize("name", ALL)
def test_what_was_not_judged_is_a_row(name: str) -> None:
    assert "too large" in written(name, unlinted("a", "too large"))
    assert "base.yaml is missing" in written(name, linked())


@pytest.mark.parametrize("name", [one for one in ALL if one not in ("gnu", "checkstyle")])
def test_files_that_declare_the_service_are_named(name: str) -> None:
    plain = file_report(Source("compose.yaml", COMPOSE), "compose", [finding(COMPOSE, "db", LIMITS)])
    wanted = "declares db|other_locations"
    assert re.search(wanted, written(name, linked()))
    assert not re.search(wanted, written(name, plain))


@pytest.mark.parametrize("name", ["rdjson", "gitlab", "sonarqube", "junit", "markdown"])
def test_places_that_belong_to_a_finding_are_told(name: str) -> None:
    one = replace(finding(COMPOSE, "db", LIMITS), parts=(Span(0, 8),))
    text = written(name, file_report(Source("compose.yaml", COMPOSE), "compose", [one]))
    check(name, text)
    assert re.search("belongs to it|other_locations", text)


def entries(name: str, *reports: FileReport) -> Any:
    return json.loads(written(name, *reports))


def test_every_severity_has_the_level_that_gitlab_knows() -> None:
    found = [finding(COMPOSE, "db", severity=one, message=str(one)) for one in Severity]
    report = entries("gitlab", file_report(Source("f", COMPOSE), "compose", found))
    levels = {one["description"].rpartition(" ")[2]: one["severity"] for one in report}
    wanted = {"info": "info", "low": "minor", "medium": "major", "high": "critical", "critical": "blocker"}
    assert levels == wanted


def test_paths_lead_from_the_folder_of_the_run(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for path in ("./a/../b/compose.yaml", f"{tmp_path}/b/compose.yaml", "b\\compose.yaml"):
        (one, *_) = entries("gitlab", sample(path))
        assert one["location"]["path"] == "b/compose.yaml"


def suggested(text: str, fix: Fix, source: Source | None = None) -> Any:
    one = finding(text, "db", fix=fix)
    report = entries("rdjson", file_report(source or Source("compose.yaml", text), "compose", [one]))
    return report["diagnostics"][0].get("suggestions")


def applied(text: str, edits: Any) -> str:
    """What reviewdog makes of suggestions: lines of bytes, cut at columns from 1."""
    starts = [0]
    data = text.encode()
    starts += [at + 1 for at, byte in enumerate(data) if byte == 10]

    def offset(position: Any) -> int:
        return int(starts[position["line"] - 1] + position["column"] - 1)

    for edit in sorted(edits, key=lambda edit: -offset(edit["range"]["start"])):
        start, end = offset(edit["range"]["start"]), offset(edit["range"]["end"])
        data = data[:start] + edit["text"].encode() + data[end:]
    return data.decode()


def test_suggestions_put_in_by_bytes_are_the_fix() -> None:
    text = 'services:\n  db: # 名é🐳\n    "é": "5432:5432" # x\n'
    start = text.index("5432:")
    edits = (Edit(Span(start, start), "127.0.0.1:"), Edit(Span(10, 12), "    "))
    edits_at_end = (Edit(Span(len(text), len(text)), "é: 1\n"),)
    wanted = text[:10] + "    " + text[12:start] + "127.0.0.1:" + text[start:]
    assert applied(text, suggested(text, Fix(Tier.SAFE, "t", edits))) == wanted
    assert applied(text, suggested(text, Fix(Tier.SAFE, "t", edits_at_end))) == text + "é: 1\n"


def test_a_mark_at_the_start_counts_as_its_bytes() -> None:
    source = Source("f", COMPOSE, bom=b"\xef\xbb\xbf")
    (edit,) = suggested(COMPOSE, Fix(Tier.SAFE, "t", (Edit(Span(0, 8), "x"),)), source)
    assert (edit["range"]["start"]["column"], edit["range"]["end"]["column"]) == (4, 12)


@pytest.mark.parametrize(
    ("fix", "source"),
    [
        (replace(rebind(COMPOSE, "5432:"), files=(NewFile(".dockerignore", "x"),)), None),
        (Fix(Tier.SAFE, "t", (Edit(Span(0, 1), "x"), Edit(Span(0, 1, "other.yaml"), "x"))), None),
        (rebind(COMPOSE, "5432:"), Source("f", COMPOSE, "latin-1")),
    ],
    ids=["makes a file", "changes another file", "is not in UTF-8"],
)
def test_half_of_a_fix_is_no_suggestion(fix: Fix, source: Source | None) -> None:
    assert suggested(COMPOSE, fix, source) is None


def test_a_fix_that_would_write_a_secret_is_no_suggestion() -> None:
    token = "ghp_" + "aB3xK9qLm" * 4
    text = f"{COMPOSE}    command: [{token}]\n"
    assert suggested(text, Fix(Tier.SAFE, "t", (Edit(Span(0, 1), token),))) is None
    assert suggested(text, Fix(Tier.SAFE, "t", (Edit(Span(0, 1), "x"),))) is not None


def test_regions_are_told_of_every_edit_in_order() -> None:
    (one,) = file_report(
        Source("f", COMPOSE), "compose", [finding(COMPOSE, "db", fix=rebind(COMPOSE, "5432:"))]
    ).findings
    assert one.regions == (Region(5, 10, 5, 10),)


def test_sonarqube_gets_no_columns_that_it_would_count_otherwise() -> None:
    def range_of(text: str) -> Any:
        report = entries("sonarqube", file_report(Source("f", text), "compose", [finding(text, "db")]))
        return report["issues"][0]["primaryLocation"]["textRange"]

    assert range_of("  db:\n") == {"startLine": 1, "endLine": 1, "startColumn": 2, "endColumn": 4}
    assert range_of("🐳db:\n") == {"startLine": 1, "endLine": 1}


def test_a_suppressed_finding_is_a_skipped_test_and_a_clean_file_passes() -> None:
    root = ElementTree.fromstring(written("junit", sample(), FileReport("clean")))
    assert [one.attrib["message"] for one in root.iter("skipped")] == ["pinned elsewhere"]
    assert [list(one) for one in root[1]] == [[]]


def test_the_worst_finding_is_the_first_row_of_a_page() -> None:
    rows = [one for one in written("markdown", sample("b"), sample("a")).splitlines() if "DK90" in one]
    assert [one.split(" ")[1] for one in rows] == ["critical"] * 2 + ["medium"] * 2 + ["low"] * 2


def test_a_page_holds_no_markup_of_a_file() -> None:
    page = written("markdown", nasty())
    assert not re.search(r"<b>|(?<!\\)`|@team|www\.|https://|(?<!\\)\[", page)
    assert 'a"&lt;b&gt;&amp;\\|\\`x\\`' in page


@pytest.mark.parametrize(
    ("module", "name", "told"),
    [
        (gitlab, "gitlab", "report too long: 30 entries are left out"),
        (junit, "junit", "report too long: 10 files are left out"),
        (markdown, "markdown", "30 further rows are left out"),
    ],
)
def test_what_would_be_too_long_is_cut_and_told(
    module: Any, name: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "left out" not in written(name, *[sample()] * 10)
    monkeypatch.setattr(module, "LONGEST", 10)
    text = written(name, *[sample()] * 10)
    check(name, text)
    assert told in text
    assert PORT.id not in text
