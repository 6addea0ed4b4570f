"""The report for programs."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from report_samples import COMPOSE, PORT, finding, sample, written

from dockerlint.masking.mask import Mask
from dockerlint.report.excerpts import file_report
from dockerlint.report.results import FileReport
from dockerlint.text import Source, Span

SCHEMA = json.loads((pathlib.Path(__file__).parent.parent / "docs/report.schema.json").read_text("utf-8"))
HOSTILE = 'x"\\\n\x1b[31m\x7f\x9b\u202e\u2028\udcff名'


def report_of(*reports: FileReport) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(written("json", *reports))
    return loaded


def hostile() -> FileReport:
    text = f"a: {HOSTILE}\n"
    return file_report(Source(HOSTILE, text), HOSTILE, [finding(text, "a", message=HOSTILE, path=HOSTILE)])


def test_the_published_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "reports",
    [
        (),
        (FileReport("f"),),
        (sample(),),
        (sample("a"), sample("b")),
        (FileReport("f", obstacle="gone", notes=("a", "b")), sample()),
        (hostile(),),
    ],
    ids=["nothing", "clean", "one", "two", "trouble", "hostile"],
)
def test_every_report_is_valid_by_the_published_schema(reports: tuple[FileReport, ...]) -> None:
    Draft202012Validator(SCHEMA).validate(report_of(*reports))


def test_the_schema_notices_a_field_nobody_promised() -> None:
    report = report_of(sample())
    report["findings"][0]["surprise"] = 1
    assert not Draft202012Validator(SCHEMA).is_valid(report)


def test_a_finding_has_exactly_the_promised_fields() -> None:
    names = (
        "rule name severity confidence message path kind line column end_line end_column subject "
        "standards aliases fingerprint fix"
    )
    assert " ".join(report_of(sample())["findings"][0]) == names


def test_aliases_are_a_list_of_peer_and_id() -> None:
    assert report_of(sample())["findings"][2]["aliases"] == ["kics:00000000"]


def test_a_fix_counts_characters_of_the_file() -> None:
    fix = report_of(sample())["findings"][2]["fix"]
    assert (fix["tier"], fix["caveat"]) == ("harden", "remote clients")
    (edit,) = fix["edits"]
    assert COMPOSE[edit["start"] :].startswith("5432:5432")
    assert (edit["end"] - edit["start"], edit["text"]) == (0, "127.0.0.1:")


def test_a_suppressed_finding_says_why_and_where_it_was_suppressed() -> None:
    (entry,) = report_of(sample())["suppressed"]
    assert (entry["rule"], entry["reason"], entry["by"]) == ("DK902", "pinned elsewhere", "inline")


def test_a_file_that_was_not_judged_is_a_problem() -> None:
    report = report_of(FileReport("pipe", obstacle="is not a regular file"))
    assert report["problems"] == [{"path": "pipe", "level": "error", "message": "is not a regular file"}]
    assert report["summary"]["exit_code"] == 2


def test_every_file_is_listed_with_its_kind() -> None:
    assert report_of(sample("a"), FileReport("b", "dockerfile"))["files"] == [
        {"path": "a", "kind": "compose"},
        {"path": "b", "kind": "dockerfile"},
    ]


def test_the_summary_agrees_with_the_findings() -> None:
    summary = report_of(sample("a"), sample("b"))["summary"]
    assert summary["findings"] == {"critical": 2, "high": 0, "medium": 2, "low": 2, "info": 0}
    assert (summary["files"], summary["failing"], summary["fail_on"]) == (2, 2, "high")


def test_a_run_that_never_fails_names_no_severity() -> None:
    assert json.loads(written("json", sample(), fail_on=None))["summary"]["fail_on"] == "never"


def test_the_output_is_printable_ascii_and_loses_nothing() -> None:
    shown = written("json", hostile())
    assert all(character == "\n" or " " <= character <= "~" for character in shown)
    assert json.loads(shown)["findings"][0]["message"] == HOSTILE


def test_no_secret_is_in_any_format() -> None:
    text = "environment:\n  PASSWORD: hunter2-not-real\n"
    start = text.index("hunter2")
    one = finding(text, "PASSWORD: hunter2-not-real", PORT, message="PASSWORD holds a secret")
    report = file_report(Source("f", text), "compose", [one], mask=Mask(text, [Span(start, start + 16)]))
    for name in ("text", "json", "sarif", "github"):
        assert "hunter2" not in written(name, report)
