"""SARIF 2.1.0; the rules of the standard that matter here, and what GitHub code scanning asks for."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from jsonschema import Draft7Validator
from report_samples import COMPOSE, LIMITS, finding, sample, written

from dockerlint.findings import Severity, Suppressed
from dockerlint.report.excerpts import file_report
from dockerlint.report.results import FileReport
from dockerlint.report.sarif import artifact_location
from dockerlint.text import Source

LEVEL = {"enum": ["none", "note", "warning", "error"]}
TEXT = {"type": "object", "required": ["text"], "additionalProperties": {"type": "string"}}
PLACE: dict[str, Any] = {
    "type": "object",
    "required": ["physicalLocation"],
    "properties": {
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation"],
            "properties": {
                "artifactLocation": {"type": "object", "required": ["uri"]},
                "region": {
                    "required": ["startLine", "startColumn", "endLine", "endColumn"],
                    "additionalProperties": {"type": "integer", "minimum": 1},
                },
            },
        },
        "logicalLocations": {"type": "array", "minItems": 1},
    },
    "additionalProperties": False,
}
RELATED = {
    **PLACE,
    "properties": {**PLACE["properties"], "id": {"type": "integer", "minimum": 0}, "message": TEXT},
}
RESULT = {
    "type": "object",
    "required": ["ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"],
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": LEVEL,
        "message": TEXT,
        "locations": {"type": "array", "items": PLACE, "minItems": 1},
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
        "suppressions": {
            "type": "array",
            "items": {
                "required": ["kind"],
                "properties": {
                    "kind": {"enum": ["inSource", "external"]},
                    "justification": {"type": "string"},
                },
            },
        },
        "fixes": {"type": "array", "items": {"required": ["artifactChanges"]}},
        "relatedLocations": {"type": "array", "items": RELATED, "minItems": 1},
        "properties": {"type": "object"},
    },
    "additionalProperties": False,
}
RULE = {
    "type": "object",
    "required": ["id", "name", "shortDescription", "fullDescription", "help", "defaultConfiguration"],
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string"},
        "shortDescription": TEXT,
        "fullDescription": TEXT,
        "help": TEXT,
        "defaultConfiguration": {"properties": {"level": LEVEL}},
        "properties": {"properties": {"tags": {"type": "array", "uniqueItems": True}}},
    },
    "additionalProperties": False,
}
NOTIFICATION = {
    "type": "object",
    "required": ["message"],
    "properties": {
        "level": LEVEL,
        "message": TEXT,
        "locations": {"type": "array", "items": PLACE},
    },
    "additionalProperties": False,
}
RUN = {
    "type": "object",
    "required": ["tool", "results"],
    "properties": {
        "tool": {
            "required": ["driver"],
            "properties": {"driver": {"required": ["name"], "properties": {"rules": {"items": RULE}}}},
        },
        "results": {"type": "array", "items": RESULT},
        "invocations": {
            "items": {
                "required": ["executionSuccessful"],
                "properties": {"toolExecutionNotifications": {"items": NOTIFICATION}},
            }
        },
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "originalUriBaseIds": {"type": "object"},
    },
    "additionalProperties": False,
}
"""The part of the standard that is written here, nothing more."""
URI = re.compile(r"^(file:///)?[A-Za-z0-9._~/%:@!$&'()*+,;=-]+$")


def run_of(*reports: FileReport) -> dict[str, Any]:
    log = json.loads(written("sarif", *reports))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


@pytest.mark.parametrize(
    "reports",
    [(), (sample(),), (sample("a"), sample("b c")), (FileReport("f", obstacle="gone", notes=("odd",)),)],
    ids=["nothing", "one", "two", "trouble"],
)
def test_the_log_has_the_shape_that_the_standard_gives_it(reports: tuple[FileReport, ...]) -> None:
    Draft7Validator(RUN).validate(run_of(*reports))


def test_every_result_names_a_rule_of_the_driver_by_id_and_index() -> None:
    run = run_of(sample("a"), sample("b"))
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules) == 3
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])


def test_a_run_without_files_is_a_whole_log() -> None:
    run = run_of()
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])


def test_regions_are_one_based_and_count_code_points() -> None:
    run = run_of(sample())
    region = run["results"][2]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 5, "startColumn": 9, "endLine": 5, "endColumn": 20}
    assert run["columnKind"] == "unicodeCodePoints"


def test_the_level_follows_the_finding_and_the_default_follows_the_rule() -> None:
    one = finding(COMPOSE, "db", LIMITS, severity=Severity.CRITICAL)
    run = run_of(file_report(Source("f", COMPOSE), "compose", [one]))
    assert run["results"][0]["level"] == "error"
    assert run["tool"]["driver"]["rules"][0]["defaultConfiguration"] == {"level": "warning"}


@pytest.mark.parametrize(("rule", "score"), [("DK901", "9.5"), ("DK902", "3.0"), ("DK903", "5.5")])
def test_a_rule_carries_its_security_severity(rule: str, score: str) -> None:
    rules = run_of(sample())["tool"]["driver"]["rules"]
    (found,) = (entry for entry in rules if entry["id"] == rule)
    assert found["properties"]["security-severity"] == score


def test_tags_name_benchmarks_and_weaknesses() -> None:
    rules = run_of(sample())["tool"]["driver"]["rules"]
    (tags,) = (entry["properties"]["tags"] for entry in rules if entry["id"] == "DK901")
    assert tags == ["security", "cis-docker-1.6.0/5.13", "cis-docker-1.10.0/5.14", "external/cwe/cwe-668"]


def test_help_is_there_as_text_and_as_markdown() -> None:
    rules = run_of(sample())["tool"]["driver"]["rules"]
    (rule,) = (entry for entry in rules if entry["id"] == "DK901")
    assert "Bind it to 127.0.0.1." in rule["help"]["text"]
    assert "**Instead**\n\nBind it to 127.0.0.1." in rule["help"]["markdown"]
    assert all(entry["help"]["text"] and entry["fullDescription"]["text"] for entry in rules)


def test_a_suppressed_finding_is_a_result_with_its_justification() -> None:
    results = run_of(sample())["results"]
    (excused,) = (result for result in results if result["suppressions"])
    (suppression,) = excused["suppressions"]
    assert (suppression["kind"], suppression["justification"]) == ("inSource", "pinned elsewhere")


@pytest.mark.parametrize("by", ["config", "baseline"])
def test_what_is_not_said_in_the_file_is_suppressed_externally(by: str) -> None:
    excused = Suppressed(finding(COMPOSE, "db"), "", by)
    (result,) = run_of(file_report(Source("f", COMPOSE), "compose", [], [excused]))["results"]
    assert result["suppressions"] == [{"kind": "external", "status": "accepted", "properties": {"by": by}}]


def test_a_fix_is_a_replacement_at_an_offset() -> None:
    (fix,) = run_of(sample())["results"][2]["fixes"]
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"] == {"uri": "compose.yaml", "uriBaseId": "%SRCROOT%"}
    (replacement,) = change["replacements"]
    assert replacement["deletedRegion"] == {"charOffset": COMPOSE.index("5432:"), "charLength": 0}
    assert replacement["insertedContent"] == {"text": "127.0.0.1:"}


def test_fingerprints_are_those_of_the_findings() -> None:
    one = finding(COMPOSE, "db")
    (result,) = run_of(file_report(Source("compose.yaml", COMPOSE), "compose", [one]))["results"]
    assert result["partialFingerprints"] == {"dockerlint/v1": one.fingerprint}


def test_a_file_that_was_not_judged_is_a_notification_and_no_success() -> None:
    (invocation,) = run_of(sample(), FileReport("my pipe", obstacle="is not a file"))["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 2)
    (notification,) = invocation["toolExecutionNotifications"]
    assert (notification["level"], notification["message"]["text"]) == ("error", "is not a file")
    assert notification["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "my%20pipe"


def test_findings_are_a_success_of_the_tool() -> None:
    (invocation,) = run_of(sample())["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (True, 1)


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("compose.yaml", "compose.yaml"),
        ("./app/Dockerfile", "app/Dockerfile"),
        ("app\\Dockerfile", "app/Dockerfile"),
        ("a b/100%/#1?.yml", "a%20b/100%25/%231%3F.yml"),
        ("c:d/Dockerfile", "c%3Ad/Dockerfile"),
        ("名/Dockerfile", "%E5%90%8D/Dockerfile"),
        ("bad\udcff", "bad%FF"),
        ("new\nline\x1b", "new%0Aline%1B"),
    ],
)
def test_a_path_is_a_percent_encoded_reference_below_the_root(path: str, uri: str) -> None:
    assert artifact_location(path) == {"uri": uri, "uriBaseId": "%SRCROOT%"}
    assert URI.match(uri)


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("/srv/a b/Dockerfile", "file:///srv/a%20b/Dockerfile"),
        ("C:\\a b\\Dockerfile", "file:///C:/a%20b/Dockerfile"),
    ],
)
def test_an_absolute_path_is_a_file_uri_without_a_base(path: str, uri: str) -> None:
    assert artifact_location(path) == {"uri": uri}


def test_a_message_names_its_subject() -> None:
    assert run_of(sample())["results"][2]["message"]["text"].startswith("service db: port 5432")


def test_the_text_around_a_finding_is_the_masked_excerpt() -> None:
    result = run_of(sample())["results"][2]
    assert result["locations"][0]["physicalLocation"]["contextRegion"] == {
        "startLine": 5,
        "snippet": {"text": '      - "5432:5432"'},
    }
