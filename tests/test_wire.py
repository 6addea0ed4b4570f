"""Reports survive the way between processes, and their rules travel once."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from report_samples import PORT, sample

from dockerlint.findings import Confidence, Edit, Finding, Fix, NewFile, Refusal, Severity, Tier
from dockerlint.report.results import Diagnostic, FileReport, Place, Region, Unread
from dockerlint.run.wire import Receiver, Sender
from dockerlint.text import Span
from dockerlint.workspace.omissions import FileOmissions

FILE = NewFile("secrets/a", "pw", "add_line", True, ("b",))
FIX = Fix(
    Tier.HARDEN,
    "do",
    (Edit(Span(1, 2, "x"), "t"),),
    "beware",
    ("DK1",),
    {"tmpfs": ["/a"], "read_only": True},
    (FILE,),
    ("A", "A_FILE"),
    "it is secret",
    "production",
)
FINDING = Finding(
    PORT, Span(1, 5, ".env"), "m\udc80\u00e9", Severity.LOW, Confidence.MEDIUM, "p", "compose", "s",
    "service", "e", 3, FIX, Refusal("u"), "final stage", ("t",), ("b",),
    "production", ("tools",), "a + b", (Span(1, 2, "b"), Span(3, 4)), (Span(5, 6, "c"),),
    "api/Dockerfile",
)  # fmt: skip
WHERE = Place(1, 2, 3, 4, "text", (0, 2), ".env", (2, 5))
REGIONS = (Region(1, 2, 3, 4), Region(5, 6, 7, 8))
FOUND = Diagnostic(FINDING, WHERE, "reason", "inline", (WHERE, WHERE), (WHERE,), REGIONS, "2027-01-31", "ops")
BARE = FileReport("compose.yaml", "compose", (FOUND, FOUND), (FOUND,))


def sent(one: FileReport) -> FileReport:
    number, came = Receiver().unpack(Sender().pack(7, one))
    assert number == 7
    return came


def test_reports_arrive_as_they_were_sent() -> None:
    sender, receiver = Sender(), Receiver()
    for number, one in enumerate([sample(), FileReport("empty"), sample("other.yaml")]):
        assert receiver.unpack(sender.pack(number, one)) == (number, one)


def test_no_field_is_lost() -> None:
    """Every field of what is sent has another value than by default; fields that no comparison sees, too."""
    usual = {one.name: one.default for one in dataclasses.fields(Finding)}
    assert all(getattr(FINDING, name) != value for name, value in usual.items())
    assert all(getattr(FIX, one.name) for one in dataclasses.fields(Fix))
    assert repr(sent(BARE)) == repr(BARE)
    assert sent(BARE).findings[0].finding.fix.files == (FILE,)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "fields",
    [
        {"obstacle": "gone"},
        {"notes": ("a",)},
        {"omissions": FileOmissions({}, {})},
        {"failures": ("DK1",)},
        {"gaps": (Unread("p", 1, 2, "gone"),)},
        {"revealed": FileReport("b", "compose", (FOUND,))},
    ],
)
def test_what_a_report_rarely_has_is_sent_as_well(fields: dict[str, Any]) -> None:
    one = BARE._replace(**fields)
    assert repr(sent(one)) == repr(one)


def test_a_rule_travels_once() -> None:
    sender, receiver = Sender(), Receiver()
    why = PORT.docs.why.encode()
    first, second = (sender.pack(0, BARE) for _ in range(2))
    assert (why in first, why in second) == (True, False)
    rules = {id(receiver.unpack(one)[1].findings[0].finding.rule) for one in (first, second)}
    assert len(rules) == 1


def test_a_value_that_is_not_plain_is_refused() -> None:
    odd = dataclasses.replace(FINDING, message=Severity.LOW)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="marshal"):
        Sender().pack(0, BARE._replace(findings=(FOUND._replace(finding=odd),)))
