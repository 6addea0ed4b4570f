"""`dockerlint cis`: recommendations, what decides each, and what given inputs come to."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dockerlint.cli.arguments import CheckLine, UsageError
from dockerlint.cli.cis import benchmark_of, cis_options, print_deciders
from dockerlint.cli.rules.rulebook import explain
from dockerlint.report.benchmark import AUDIT, RENDERERS
from dockerlint.ruleset.shorthand import VERSIONS
from dockerlint.run.check import run

CONTAINER = {"Name": "/web", "Config": {"Image": "example/web:1.0", "User": "1000"}, "HostConfig": {}}
NUMBERS = {"1.6.0": 117, "1.7.0": 117, "1.8.0": 118}
"""How many recommendations each version has."""


def judged(tmp_path: Path, version: str | None = None, level: str | None = None, **said: Any) -> Any:
    """The JSON on some files, by name and text."""
    return json.loads(printed(tmp_path, version, level, format=["json"], **said)[1])


def printed(
    tmp_path: Path, version: str | None = None, level: str | None = None, **said: Any
) -> tuple[int, str]:
    """The exit code and the report on some files."""
    paths = []
    for name, text in said.pop("files", {}).items():
        path = tmp_path / name
        path.write_text(text if isinstance(text, str) else json.dumps(text), "utf-8")
        paths.append(str(path))
    benchmark = benchmark_of(version, level)
    options = cis_options(CheckLine(paths=paths, no_config=True, **said), benchmark, said.pop("lines", ()))
    out = io.TextIOWrapper(io.BytesIO(), "utf-8")
    code = run(options, out, io.StringIO()) if paths else print_deciders(options, out)
    out.seek(0)
    return code, out.read()


def row(report: Any, id: str) -> Any:
    return next(one for one in report["recommendations"] if one["id"] == id)


def test_the_json_is_as_its_published_schema_says(tmp_path: Path) -> None:
    schema = json.loads((Path(__file__).parent.parent / "docs/cis.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    bad = {**CONTAINER, "HostConfig": {"Privileged": True}}
    for version in (None, AUDIT):
        validator.validate(judged(tmp_path, version))
        report = judged(tmp_path, version, files={"inspect.json": [bad], "daemon.json": "{}"})
        validator.validate(report)
        failed = next(one for one in report["recommendations"] if one["status"] == "fail")
        for wrong in ({**failed, "more": 1}, {**failed, "status": "maybe"}, {"id": "1"}):
            assert not validator.is_valid({**report, "recommendations": [wrong]})
        failed["evidence"][0]["more"] = 1
        assert not validator.is_valid(report)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_number_of_a_version_is_there_once(tmp_path: Path, version: str) -> None:
    report = judged(tmp_path, version)
    numbers = [one["id"] for one in report["recommendations"]]
    assert len(numbers) == len(set(numbers)) == NUMBERS[version] == report["summary"]["recommendations"]
    assert sum(report["summary"]["decided_by"].values()) == NUMBERS[version]
    sections = [[int(part) for part in number.split(".")] for number in numbers]
    assert sections == sorted(sections)


def test_the_storage_driver_of_the_newest_version_moves_what_follows(tmp_path: Path) -> None:
    older, newest = judged(tmp_path, "1.7.0"), judged(tmp_path, "1.8.0")
    assert row(older, "2.7")["title"] == row(newest, "2.8")["title"]
    assert row(older, "2.18")["rules"] == row(newest, "2.19")["rules"] == ["DK422"]
    assert "devicemapper" in row(newest, "2.7")["title"]


def test_a_rule_that_names_a_number_decides_it(tmp_path: Path) -> None:
    for version in VERSIONS:
        for one in judged(tmp_path, version)["recommendations"]:
            assert bool(one["rules"]) or one["decided_by"] != "rule" or one["id"] in ("1.2.2", "2.1", "5.1")
            assert one["decided_by"] != "host" or not one["rules"]


def test_the_first_level_leaves_out_the_second(tmp_path: Path) -> None:
    assert {one["level"] for one in judged(tmp_path, level="1")["recommendations"]} == {1}
    assert {one["level"] for one in judged(tmp_path, level="2")["recommendations"]} == {1, 2}
    assert "level 1" in printed(tmp_path, level="1")[1].splitlines()[0]


def test_a_failure_says_where_and_of_which_container(tmp_path: Path) -> None:
    bad = {**CONTAINER, "HostConfig": {"Privileged": True}}
    report = judged(tmp_path, files={"inspect.json": [CONTAINER, {**bad, "Name": "/all"}]})
    found = row(report, "5.5")
    assert (found["status"], found["passed"]) == ("fail", 1)
    assert [(one["subject"], one["rule"], one["line"]) for one in found["evidence"]] == [("all", "DK200", 1)]
    assert report["summary"]["exit_code"] == 1


def test_what_nothing_decides_is_unknown_or_state_of_the_host(tmp_path: Path) -> None:
    report = judged(tmp_path, files={"daemon.json": "{}"})
    assert row(report, "5.5")["status"] == "unknown"
    assert "docker inspect" in row(report, "5.5")["why"]
    assert row(report, "3.1")["why"] == "not decidable from files"
    assert row(report, "6.1")["status"] == "unknown"
    assert row(report, "2.16")["status"] == "fail"
    assert row(report, "2.5")["status"] == "pass"
    assert {"pass", "fail", "unknown", "host state"} <= {
        name for name, number in report["summary"]["statuses"].items() if number
    }
    assert sum(report["summary"]["statuses"].values()) == 118


def test_a_protection_of_another_kind_does_not_count(tmp_path: Path) -> None:
    host = {"SecurityOpt": ["seccomp=unconfined"]}
    report = judged(tmp_path, files={"inspect.json": [{**CONTAINER, "HostConfig": host}]})
    assert row(report, "5.22")["status"] == "fail"
    assert row(report, "5.2")["status"] != "fail"
    assert row(report, "5.3")["status"] != "fail"


def test_what_is_accepted_with_a_reason_passes_and_without_one_is_unknown(tmp_path: Path) -> None:
    def status(comment: str) -> str:
        text = f"services:\n  # {comment}\n  web:\n    image: example/web:1.0\n    privileged: true\n"
        found = row(judged(tmp_path, files={"compose.yaml": text}), "5.5")
        assert [one["reason"] for one in found["accepted"]] in ([], ["builds images"])
        return str(found["status"])

    assert status('dockerlint: ignore[DK200] reason="builds images"') == "pass"
    assert status("dockerlint: ignore[DK200]") == "unknown"


def test_an_image_that_nobody_knows_decides_nothing_about_its_user(tmp_path: Path) -> None:
    text = "services:\n  web:\n    image: registry.example.com/web:1.0\n"
    found = row(judged(tmp_path, files={"compose.yaml": text}), "4.1")
    assert (found["status"], found["undecided"]) == ("unknown", ["web"])


@pytest.mark.parametrize("format", RENDERERS)
def test_names_of_strangers_and_secrets_reach_no_report_raw(tmp_path: Path, format: str) -> None:
    token = "ghp_" + "a1B2" * 9
    made = {"Name": "/a\x1b[31m|\u202e", "Config": {"User": "1", "Env": [f"T={token}"]}}
    made["HostConfig"] = {"Privileged": True}
    code, report = printed(tmp_path, files={"inspect.json": [made]}, format=[format])
    assert code == 1
    assert not any(bad in report for bad in ("\x1b", "\u202e", token))
    assert "DK200" in report


@pytest.mark.parametrize("format", RENDERERS)
@pytest.mark.parametrize("version", [*VERSIONS, AUDIT])
def test_every_format_tells_the_denominator(tmp_path: Path, format: str, version: str) -> None:
    number = str(NUMBERS.get(version, 39))
    for files in ({}, {"daemon.json": "{}"}):
        assert number in printed(tmp_path, version, files=files, format=[format])[1]


def test_a_file_that_cannot_be_read_is_told_and_ends_with_2(tmp_path: Path) -> None:
    code, report = printed(tmp_path, files={"daemon.json": "{}", "note.txt": "nothing"}, fail_on="never")
    assert code == 2
    assert "note.txt: not linted" in report


@pytest.mark.parametrize(("version", "level"), [("1.9.0", None), (None, "3")])
def test_a_list_that_there_is_not_is_refused(version: str | None, level: str | None) -> None:
    with pytest.raises(UsageError, match="is not one of"):
        benchmark_of(version, level)


def test_other_formats_of_check_are_refused() -> None:
    with pytest.raises(UsageError, match="text, json, markdown"):
        cis_options(CheckLine(format=["sarif"]), benchmark_of(None, None))


def test_explain_says_what_a_rule_passes_as() -> None:
    out = io.StringIO()
    assert explain("DK226", (), out, io.StringIO()) == 0
    assert "passes as “memory limit” in an audit" in out.getvalue()
    explain("DK1100", (), out := io.StringIO(), io.StringIO())
    assert "passes as" not in out.getvalue()


def test_a_scan_decides_about_known_vulnerabilities(tmp_path: Path) -> None:
    def status(severity: str) -> str:
        found = [{"VulnerabilityID": "CVE-2026-0001", "PkgName": "x", "Severity": severity}]
        scan = {
            "SchemaVersion": 2,
            "ArtifactName": "example/web:1.0",
            "ArtifactType": "container_image",
            "CreatedAt": "2026-08-20T00:00:00Z",
            "Results": [{"Target": "x", "Class": "os-pkgs", "Vulnerabilities": found}],
        }
        (tmp_path / "scan.json").write_text(json.dumps(scan), "utf-8")
        text = "services:\n  web:\n    image: example/web:1.0\n"
        reports = [str(tmp_path / "scan.json")]
        report = judged(
            tmp_path, AUDIT, files={"compose.yaml": text}, scan_report=reports, today="2026-08-22"
        )
        return str(row(report, "known vulnerabilities")["status"])

    assert (status("CRITICAL"), status("LOW")) == ("fail", "pass")
