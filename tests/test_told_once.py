"""What is told once: text that services share, and all that one service lacks."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from report_samples import PORT, WRITABLE, finding, written

from dockerlint.findings import RuleInfo, Severity
from dockerlint.linting.anchored import once_a_text
from dockerlint.report.excerpts import file_report
from dockerlint.report.lacking import enumerated
from dockerlint.report.results import FileReport
from dockerlint.text import Source

SERVICES = "services:\n  api:\n    image: example/api:1\n  db:\n    image: example/db:1\n"
READ_ONLY = replace(WRITABLE, id="DK911", name="no-read-only", missing="read_only", severity=Severity.LOW)
CPU = replace(READ_ONLY, id="DK912", name="no-cpu", missing="CPU limit", severity=Severity.MEDIUM)
MEMORY = replace(CPU, id="DK913", name="no-memory", missing="memory limit")


def report_on(*found: tuple[str, RuleInfo]) -> FileReport:
    findings = [finding(SERVICES, service, rule, subject=service) for service, rule in found]
    return file_report(Source("compose.yaml", SERVICES), "compose", findings)


def test_what_one_service_lacks_is_one_finding_for_people() -> None:
    report = report_on(("api", READ_ONLY), ("api", CPU), ("api", MEMORY), ("api", PORT))
    shown = written("text", report)
    assert "read_only, CPU and memory limits missing (DK911, DK912, DK913)" in shown
    assert shown.count("2:3 ") == 2  # the port, and all the rest
    assert "1 critical · 1 medium in 1 file" in shown


def test_what_is_missed_further_down_belongs_to_the_same_service() -> None:
    findings = [
        finding(SERVICES, "api", READ_ONLY, subject="api"),
        finding(SERVICES, "image", MEMORY, subject="api"),
    ]
    shown = written("text", file_report(Source("compose.yaml", SERVICES), "compose", findings))
    assert "2:3 " in shown
    assert "read_only and memory limit missing (DK911, DK913)" in shown


def test_services_that_lack_the_same_are_named_together() -> None:
    found = report_on(("api", READ_ONLY), ("api", CPU), ("db", READ_ONLY), ("db", CPU))
    shown = written("text", found)
    assert shown.count("read_only and CPU limit missing (DK911, DK912)") == 1
    assert "  services api, db\n" in shown
    assert "1 medium in 1 file" in shown
    assert written("github", found).count("::warning") == 2
    assert len(json.loads(written("json", found))["findings"]) == 4


def test_services_that_lack_different_things_have_their_own_lines() -> None:
    shown = written("text", report_on(("api", READ_ONLY), ("api", CPU), ("db", READ_ONLY), ("db", MEMORY)))
    assert "read_only and CPU limit missing" in shown
    assert "read_only and memory limit missing" in shown


def test_a_fault_of_a_service_is_told_once_with_all_its_places() -> None:
    text = "services:\n  db:\n    ports:\n      - 1:1\n      - 2:2\n"
    ports = [finding(text, one, message=f"port {one[0]} is open") for one in ("1:1", "2:2")]
    shown = written("text", file_report(Source("compose.yaml", text), "compose", ports))
    assert "port 1 is open; 1 more" in shown
    assert "also 5:9  - 2:2" in shown
    assert "1 critical in 1 file" in shown


def test_the_number_of_more_is_that_of_the_lines_below() -> None:
    text = "services:\n  api:\n    ports:\n      - 1:1\n  db:\n    ports:\n      - 2:2\n      - 3:3\n"
    ports = [
        finding(text, one, message="a port is open", subject=service)
        for one, service in (("1:1", "api"), ("2:2", "db"), ("3:3", "db"))
    ]
    shown = written("text", file_report(Source("compose.yaml", text), "compose", ports))
    assert "a port is open; 2 more" in shown
    assert shown.count("        also ") == 2


def test_problems_of_the_text_are_told_one_by_one() -> None:
    problem = replace(WRITABLE, id="DK000", name="parse-problem")
    found = [finding(SERVICES, one, problem, message=one) for one in ("api", "db")]
    shown = written("text", file_report(Source("compose.yaml", SERVICES), "compose", found))
    assert "more" not in shown.replace("more:", "")
    assert shown.count("DK000") >= 2


def test_one_thing_that_a_service_lacks_keeps_the_words_of_its_rule() -> None:
    shown = written("text", report_on(("api", READ_ONLY)))
    assert "no-read-only" in shown
    assert "not-hardened" not in shown


def test_annotations_join_and_programs_get_every_part() -> None:
    report = report_on(("api", READ_ONLY), ("api", CPU))
    assert written("github", report).count("::warning") == 1
    assert [one["rule"] for one in json.loads(written("json", report))["findings"]] == ["DK911", "DK912"]
    results = json.loads(written("sarif", report))["runs"][0]["results"]
    assert [one["ruleId"] for one in results] == ["DK911", "DK912"]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["read_only"], "read_only"),
        (["cap_drop", "read_only"], "cap_drop and read_only"),
        (["CPU limit", "process limit"], "CPU and process limits"),
        (
            ["read_only", "memory limit", "CPU limit", "process limit"],
            "read_only, memory, CPU and process limits",
        ),
        (["memory limit", "cap_drop"], "memory limit and cap_drop"),
    ],
)
def test_names_in_a_row_share_their_last_word(names: list[str], told: str) -> None:
    assert enumerated(names) == told


def test_text_that_services_share_is_one_finding_that_names_them() -> None:
    text = "x-common: &common {privileged: true}\n"
    low, high = (
        finding(text, "true", subject=one, severity=level)
        for one, level in (("one", Severity.LOW), ("two", Severity.HIGH))
    )
    (joined,) = once_a_text([low, high])
    assert (joined.subject, joined.shared_with, joined.severity) == ("one", ("two",), Severity.HIGH)
    report = file_report(Source("compose.yaml", text), "compose", [joined])
    assert "services one, two" in written("text", report)
    assert json.loads(written("json", report))["findings"][0]["shared_with"] == ["two"]
    (result,) = json.loads(written("sarif", report))["runs"][0]["results"]
    assert [one["name"] for one in result["locations"][0]["logicalLocations"]] == ["one", "two"]


def test_two_findings_of_one_service_stay_two() -> None:
    text = "privileged: true\n"
    assert len(once_a_text([finding(text, "true"), finding(text, "true")])) == 2


def test_what_a_rule_says_of_several_services_is_one_finding() -> None:
    text = "services:\n  api:\n    ports: [1:1]\n  db:\n    ports: [2:2]\n"
    ports = [
        finding(text, one, message=f"port {one[0]} is open", subject=service)
        for one, service in (("1:1", "api"), ("2:2", "db"))
    ]
    shown = written("text", file_report(Source("compose.yaml", text), "compose", ports))
    assert "  services api, db\n" in shown
    assert "port 1 is open; 1 more" in shown
    assert "also 5:13  ports: [2:2]" in shown
    assert "1 critical in 1 file" in shown


def test_stages_with_the_same_fault_are_named_together() -> None:
    text = "FROM a AS one\nFROM b\n"
    found = [
        replace(finding(text, mark, CPU, subject=stage), subject_kind="stage", label=label)
        for mark, stage, label in (("a", "one", ""), ("b", None, "final stage"))
    ]
    report = file_report(Source("Dockerfile", text), "dockerfile", found)
    assert "  stages one, final\n" in written("text", report)


def test_a_finding_takes_in_what_another_says_of_the_same_line() -> None:
    lead = replace(PORT, id="DK914", takes_in=("DK911",))
    found = [
        finding(SERVICES, "api", lead, message="it is open", subject="api"),
        finding(SERVICES, "api", READ_ONLY, message="it may write", subject="api"),
        finding(SERVICES, "db", READ_ONLY, message="it may write", subject="db"),
    ]
    shown = written("text", file_report(Source("compose.yaml", SERVICES), "compose", found))
    assert "it is open; it may write (DK911)" in shown
    assert shown.count("it may write") == 2


@pytest.mark.parametrize(("files", "times"), [(2, 2), (3, 1), (9, 1)])
def test_what_several_files_say_alike_is_told_with_one(files: int, times: int) -> None:
    found = [
        file_report(Source(path, SERVICES), "compose", [finding(SERVICES, "api", CPU, path=path)])
        for path in (f"v{number}/compose.yaml" for number in range(files))
    ]
    shown = written("text", *found)
    assert shown.count("no-cpu") == times
    assert f"{times} medium in " in shown
    assert ("same in: v1/compose.yaml:2, v2/compose.yaml:2" in shown) is (times == 1)
    assert ("and 4 more" in shown) is (files == 9)
    assert len(json.loads(written("json", *found))["findings"]) == files


def test_what_is_open_now_is_told_with_each_file() -> None:
    found = [
        file_report(Source(path, SERVICES), "compose", [finding(SERVICES, "api", PORT, path=path)])
        for path in ("a.yaml", "b.yaml", "c.yaml")
    ]
    assert written("text", *found).count("port-open") == 3
