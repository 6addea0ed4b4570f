"""Suppression comments: what each syntax hides, and what is said about ours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pace import grows_in_proportion

from dockerlint.findings import Confidence, Finding
from dockerlint.images.facts import Knowledge
from dockerlint.linting.linted import Linted
from dockerlint.linting.suppression import Policy, suppress
from dockerlint.masking.mask import Mask
from dockerlint.ruleset.rule import Rule
from dockerlint.ruleset.ruleset import Ruleset
from dockerlint.syntax import Comment
from dockerlint.text import Span

TODAY = date(2026, 8, 22)
LENIENT = Policy()
PEERS = {"hadolint": ("DL3002", "DL3008"), "kics": ("fd54f200",), "trivy": ("DS-0002",)}


def rule(id: str, name: str, each: str, when: dict[str, Any], **more: Any) -> dict[str, Any]:
    docs = {"why": "It matters for some reason.", "instead": "Do otherwise."}
    raw = {
        "id": id,
        "name": name,
        "title": "Something is wrong",
        "severity": "high",
        "each": each,
        "when": when,
    }
    return {
        **raw,
        "confidence": "high",
        "profile": "default",
        "message": f"{name} happened",
        "docs": docs,
        **more,
    }


ROOT_ALIASES = {
    "hadolint": ["DL3002"],
    "buildkit": ["RootUser"],
    "checkov": ["CKV_DOCKER_8"],
    "trivy": ["DS-0002"],
    "kics": ["fd54f200"],
    "semgrep": ["last-user-is-root"],
    "dclint": ["no-root"],
    "tally": ["user/root"],
}
RULES = [
    rule("DK101", "root", "stage", {"is_final": True}, aliases=ROOT_ALIASES),
    rule(
        "DK102", "lists", "stage", {"is_final": True}, covers={"hadolint:DL3008": "pins are another matter"}
    ),
    rule("DK103", "own", "stage", {"is_final": True}),
    rule("DK104", "noise", "stage", {"is_final": True}, profile="strict"),
    rule("DK001", "unused", "suppressed_rule", {"is_unused": True}, message="{name}"),
    rule("DK002", "unknown", "suppressed_rule", {"is_unknown": True}, message="{name}: {suggestion}?"),
    rule("DK003", "expired", "suppression", {"is_expired": True}, at="until"),
    rule("DK004", "reasonless", "suppression", {"lacks_reason": True}),
    rule("DK005", "forbidden", "suppression", {"is_forbidden": True}),
    rule("DK006", "malformed", "suppression", {"is_malformed": True}, message="{malformed}"),
]
RULESET = Ruleset(tuple(Rule(raw, {}) for raw in RULES), Knowledge(TODAY), PEERS)

FILE = """\
# syntax=docker/dockerfile:1
{top}

FROM alpine AS build
RUN first
{here}
RUN second
RUN third
# {last}
"""


def comments_of(text: str) -> Iterable[Comment]:
    """Comments of a file of one-line instructions; the one above FROM owns the stage too."""
    lines = list(re.finditer(r"[^\n]*\n?", text))
    for number, line in enumerate(lines):
        if line[0].startswith("#"):
            below = next((one for one in lines[number + 1 :] if not one[0].startswith("#")), None)
            owner = Span(*below.span()) if below and below[0].strip() else None
            block = Span(below.start(), len(text)) if below and below[0].startswith("FROM") else None
            body = line[0][1:].strip()
            yield Comment(body, Span(line.start(), line.end() - line[0].endswith("\n")), owner, block)


def judge(text: str, *found: str, chosen: Ruleset = RULESET, policy: Policy = LENIENT) -> list[str]:
    """`found` is a list of `DK101@text under the finding`; gives what stays, written alike."""
    kept, _ = suppress(judgement(text, *found), text, RULESET, chosen, policy)
    return [f"{one.rule.id}@{text[one.span.start : one.span.end]}" for one in kept]


def judgement(text: str, *found: str) -> Linted:
    findings = []
    for one in found:
        id, _, under = one.partition("@")
        info = RULESET.infos[id]
        span = Span(text.index(under), text.index(under) + len(under))
        findings.append(Finding(info, span, "happened", info.severity, info.confidence))
    return Linted(findings, tuple(comments_of(text)), Mask(text))


def file(here: str = "#", top: str = "#", last: str = "") -> str:
    return FILE.format(here=here, top=top, last=last)


EVERYWHERE = ("DK101@RUN first", "DK101@RUN second", "DK101@RUN third")
ELSEWHERE = ["DK101@RUN first", "DK101@RUN third"]


@pytest.mark.parametrize(
    "comment",
    [
        "# dockerlint: ignore[DK101]",
        "# dockerlint:ignore [root]",
        "#dockerlint: ignore[hadolint:DL3002] reason='so be it' until=2026-08-22",
        "# dockerlint: ignore",
        "# hadolint ignore=DL3002",
        "# hadolint ignore = SC2086 , DL3002 # because",
        "# check=skip=RootUser // because",
        "# check=skip=all",
        "# tally ignore=hadolint/DL3002;reason=because",
        "# TALLY IGNORE=user/root",
        "# tally ignore=all",
        "# trivy:ignore:DS-0002",
        "# trivy:ignore:AVD-DS-0002",
        "# trivy:ignore:ds002x trivy:ignore:ds-*",
        "# trivy:ignore:DS-0002:exp:2026-08-23",
        "# kics-scan ignore-line",
        "# kics-scan ignore-block",
        "# nosemgrep",
        "# needed here  nosemgrep: dockerfile.security.last-user-is-root.last-user-is-root",
        "# dclint disable-line no-root",
        "# dclint disable-line",
        "# hadolint ignore=DL3002\n# second thoughts",
    ],
)
def test_a_comment_above_a_line_hides_what_it_names_on_that_line(comment: str) -> None:
    assert judge(file(comment), *EVERYWHERE) == ELSEWHERE


@pytest.mark.parametrize(
    "comment",
    [
        "# hadolint global ignore=DL3002",
        "# checkov:skip=CKV_DOCKER_1,CKV_DOCKER_8:because",
        "# why not  bridgecrew:skip= CKV_DOCKER_8",
        "# tally global ignore=hadolint/DL3002",
        "# dclint disable no-root",
        "# dclint disable-file",
        "# dockerlint: ignore-file[root]",
    ],
)
def test_a_comment_for_the_file_hides_everywhere_in_it(comment: str) -> None:
    assert judge(file(comment), *EVERYWHERE) == []


@pytest.mark.parametrize(
    "comment",
    [
        "# check=skip=RootUser;error=true",
        "#check=skip=all",
        "# kics-scan ignore",
        "# kics-scan disable=fd54f200-fd58-4b8c-8c8e-1b2a1f0f0c0d",
        "# kics-scan enable=00481784-fd58-4b8c-8c8e-1b2a1f0f0c0d",
    ],
)
def test_a_comment_that_counts_at_the_top_only_hides_nothing_further_down(comment: str) -> None:
    assert judge(file(top=comment), *EVERYWHERE) == []
    assert "DK101@RUN first" in judge(file(comment), *EVERYWHERE)


def test_a_comment_above_from_hides_in_the_whole_stage() -> None:
    for comment in (
        "# dockerlint: ignore[root]",
        "# hadolint stage ignore=DL3002",
        "# kics-scan ignore-block",
    ):
        text = f"FROM busybox\nRUN zeroth\n{comment}\nFROM alpine\nRUN first\nRUN second\n"
        assert judge(text, "DK101@RUN zeroth", *EVERYWHERE[:2]) == ["DK101@RUN zeroth"]
    text = "# hadolint ignore=DL3002\nFROM alpine\nRUN first\n"
    assert judge(text, "DK101@FROM alpine", "DK101@RUN first") == ["DK101@RUN first"]


@pytest.mark.parametrize(
    "comment",
    [
        "# hadolint ignore=DL3008,nonsense,DL3002",
        "# hadolint ignore=dl3002",
        "# we run hadolint ignore=DL3002",
        "# checkov:skip=CKV_DOCKER_1",
        "# trivy:ignore:DS-0002:exp:2026-08-22",
        "# kics-scan enable=fd54f200",
        "# check=error=true",
        "# nosemgrep: other",
        "# dclint disable-line other",
        "# ignore[DK101]",
    ],
)
def test_a_comment_that_does_not_mean_it_hides_nothing(comment: str) -> None:
    assert judge(file(comment), *EVERYWHERE) == list(EVERYWHERE)


def test_everything_of_another_tool_is_what_that_tool_has() -> None:
    assert judge(file("# nosemgrep"), "DK103@RUN second") == ["DK103@RUN second"]
    assert judge(file("# kics-scan enable=00481784", ""), "DK103@RUN second") == ["DK103@RUN second"]


def test_a_rule_that_takes_the_place_of_another_is_hidden_by_its_name() -> None:
    assert judge(file("# hadolint ignore=DL3008"), "DK102@RUN second") == []


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ('# dockerlint: ignore[DK101] until=2027-01-31 reason="init drops it"', "init drops it"),
        ("# dockerlint: ignore[DK101] reason=legacy", "legacy"),
        ("# hadolint ignore=DL3002 # init drops it", "init drops it"),
        ("# check=skip=RootUser // init drops it", "init drops it"),
        ("# tally ignore=all;reason=init drops it", "init drops it"),
        ("# checkov:skip=CKV_DOCKER_8: init drops it", "init drops it"),
        ("# nosemgrep", ""),
    ],
)
def test_a_hidden_finding_carries_the_reason(comment: str, reason: str) -> None:
    text = file(comment)
    _, hidden = suppress(judgement(text, "DK101@RUN second"), text, RULESET, RULESET, LENIENT)
    assert [(one.finding.rule.id, one.reason, one.by) for one in hidden] == [("DK101", reason, "inline")]


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("# dockerlint: ignore[DK101, lists]", ["DK001@lists"]),
        ("# dockerlint: ignore[trivy:DS-0002, DK104]", ["DK001@DK104"]),
        ("# dockerlint: ignore[DK101] until=2026-08-21", ["DK003@2026-08-21", "DK101@RUN second"]),
        ("# dockerlint: ignore[roots]", ["DK002@roots", "DK101@RUN second"]),
        ("# dockerlint: ignore[DL3002]", ["DK002@DL3002", "DK101@RUN second"]),
        ("# dockerlint: ignore[hadolint:DL9999]", ["DK002@hadolint:DL9999", "DK101@RUN second"]),
        ("# dockerlint: ignore[DK001, DK101]", ["DK001@DK001"]),
    ],
)
def test_our_own_comments_are_judged_by_name(comment: str, said: list[str]) -> None:
    assert judge(file(comment), "DK101@RUN second") == said


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("# dockerlint: ignore[DK101] # see the wiki", ""),
        ('# dockerlint: ignore[DK101] reason="lab"  # see = the wiki', "lab"),
        ('# dockerlint: ignore[DK101] reason="a # b" until=2030-01-01 #x', "a # b"),
    ],
)
def test_a_remark_behind_a_comment_of_ours_changes_nothing_of_it(comment: str, reason: str) -> None:
    text = file(comment)
    kept, hidden = suppress(judgement(text, "DK101@RUN second"), text, RULESET, RULESET, LENIENT)
    assert [(one.finding.rule.id, one.reason) for one in hidden] == [("DK101", reason)]
    assert kept == []


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("# dockerlint: disable[DK101]", "expected ignore or ignore-file after dockerlint:, not disable"),
        ("# dockerlint: ignore[]", "no rule in the brackets"),
        ("# dockerlint: ignore[DK101] because=x", "because=x is not reason=… or until=…"),
        ("# dockerlint: ignore[DK101] until=soon", "soon is not a date (YYYY-MM-DD)"),
    ],
)
def test_a_comment_of_ours_that_is_not_understood_says_so(comment: str, message: str) -> None:
    text = file(comment)
    kept, hidden = suppress(judgement(text, "DK101@RUN second"), text, RULESET, RULESET, LENIENT)
    assert [one.message for one in kept] == [message, "happened"]
    assert hidden == []


def test_a_misspelt_name_gets_a_suggestion() -> None:
    text = file("# dockerlint: ignore[rooot]")
    kept, _ = suppress(judgement(text), text, RULESET, RULESET, LENIENT)
    assert kept[0].message == "rooot: root?"
    text = file("# dockerlint: ignore[malfor]")
    kept, _ = suppress(judgement(text), text, RULESET, RULESET, LENIENT)
    assert kept[0].message == "malfor: malformed?"


def test_a_comment_about_nothing_is_unused_and_one_of_another_tool_is_not_our_business() -> None:
    assert judge(file(last="dockerlint: ignore[DK101]")) == ["DK001@DK101"]
    assert judge(file(last="dockerlint: ignore")) == ["DK001@# dockerlint: ignore"]
    assert judge(file(last="hadolint ignore=DL3002")) == []


def test_a_comment_is_not_unused_where_its_rule_was_not_judged() -> None:
    without_noise = RULESET.choose((one for one in RULESET.rules if one.profile == "default"), Confidence.LOW)
    assert judge(file("# dockerlint: ignore[DK104]"), chosen=without_noise) == []
    only_meta = RULESET.choose((one for one in RULESET.rules if one.id == "DK001"), Confidence.LOW)
    assert judge(file("# dockerlint: ignore"), chosen=only_meta) == []


def test_the_config_can_require_reasons() -> None:
    text = file("# dockerlint: ignore[DK101]")
    assert judge(text, "DK101@RUN second", policy=Policy(require_reasons=True)) == [
        "DK004@# dockerlint: ignore[DK101]"
    ]
    text = file("# dockerlint: ignore[DK101] reason=x")
    assert judge(text, "DK101@RUN second", policy=Policy(require_reasons=True)) == []


def test_the_config_can_forbid_comments_of_every_tool() -> None:
    policy = Policy(forbid_inline=True)
    text = file("# dockerlint: ignore[DK101]")
    assert judge(text, "DK101@RUN second", policy=policy) == [
        "DK005@# dockerlint: ignore[DK101]",
        "DK101@RUN second",
    ]
    assert judge(file("# nosemgrep"), "DK101@RUN second", policy=policy) == ["DK101@RUN second"]


def test_many_comments_and_findings_take_linear_time() -> None:
    info = RULESET.infos["DK101"]

    def hidden(made: tuple[str, Linted]) -> int:
        text, judgement = made
        return len(suppress(judgement, text, RULESET, RULESET, LENIENT)[1])

    def make(count: int) -> tuple[str, Linted]:
        text = "".join(
            f"# dockerlint: ignore-file[DK101]\n# hadolint ignore=DL3002\nRUN {n:06d}\n" for n in range(count)
        )
        spans = [Span(match.start(), match.end()) for match in re.finditer(r"RUN \d+", text)]
        findings = [Finding(info, span, "", info.severity, info.confidence) for span in spans]
        notes = re.finditer(r"# had[^\n]*\n|# dock[^\n]*\n", text)
        comments = [
            Comment(match[0][2:].strip(), Span(match.start(), match.end() - 1), span)
            for match, span in zip(notes, sorted([*spans, *spans]), strict=True)
        ]
        return text, Linted(findings, tuple(comments), Mask(text))

    assert hidden(make(30)) == 30
    assert grows_in_proportion(hidden, make, 300)


def test_the_id_of_another_tool_is_suggested_with_the_name_of_the_tool() -> None:
    everything = replace(RULESET, peers={"hadolint": ("DL3007",)})
    text = file("# dockerlint: ignore[DL3007]")
    kept, _ = suppress(judgement(text), text, everything, everything, LENIENT)
    assert kept[0].message == "DL3007: hadolint:DL3007?"
