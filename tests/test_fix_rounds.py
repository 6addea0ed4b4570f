"""Fixes are tried, believed only when nothing else changed, and never come in each other's way."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from dockerlint.findings import Confidence, Edit, Finding, Fix, NewFile, Refusal, RuleInfo, Severity, Tier
from dockerlint.fixing.blame import NO_STEP, WrittenPlaces
from dockerlint.fixing.results import LintResult, Result
from dockerlint.fixing.rounds import ROUNDS, fix_text
from dockerlint.fixing.together import Step
from dockerlint.fixing.untouched import Shift, differs
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.examples import EXAMPLE_DAY
from dockerlint.run.text import lint_text
from dockerlint.text import Span

RULESET = load_ruleset(today=EXAMPLE_DAY)


def fixed(text: str, least: Tier = Tier.UNPROVEN) -> Result:
    def verdict(text: str) -> LintResult:
        every = lint_text(text, "dockerfile", RULESET)
        return LintResult([one for one in every if one.rule.profile == "default"], every)

    return fix_text(text, "dockerfile", least, verdict)


def rule(id: str) -> RuleInfo:
    return RuleInfo(
        id, id.lower(), f"about {id}", Severity.LOW, Confidence.HIGH, "default", RULESET.rules[0].info.docs
    )


def finding(id: str, start: int, end: int, fix: Fix | None = None) -> Finding:
    return Finding(rule(id), Span(start, end), f"{id} is wrong", Severity.LOW, Confidence.HIGH, fix=fix)


def replacing(id: str, text: str, old: str, new: str) -> list[Finding]:
    """A finding for each `old`, whose fix writes `new`."""
    found, at = [], text.find(old)
    while at >= 0:
        place = Span(at, at + len(old))
        found.append(finding(id, *place[:2], Fix(Tier.SAFE, "write it anew", (Edit(place, new),))))
        at = text.find(old, at + 1)
    return found


def test_several_fixes_of_one_line_land_one_after_another() -> None:
    assert fixed("FROM debian:13\nRUN apt-get update && apt-get install jq\nUSER 1000\n").text == (
        "FROM debian:13\nRUN apt-get update && apt-get install -y --no-install-recommends jq"
        " && rm -rf /var/lib/apt/lists/*\nUSER 1000\n"
    )


def test_safe_fixes_alone_leave_what_a_program_may_notice() -> None:
    result = fixed("FROM node:latest\nADD app.js /srv/\nUSER node\n", Tier.SAFE)
    assert result.text == "FROM node:latest\nCOPY app.js /srv/\nUSER node\n"
    assert [(one.rule.id, one.fix.tier) for one in result.left if one.fix] == [("DK502", Tier.HARDEN)]


def test_the_node_file_is_pinned_and_run_by_node_and_nothing_else_is_touched() -> None:
    text = '# app\nFROM node:latest\n\nCOPY . /app\nRUN npm install\n# start\nCMD ["node", "app.js"]\n'
    assert fixed(text).text == (
        "# app\nFROM node:26\n\nCOPY --chown=node:node . /app\nRUN npm install\nUSER node\n"
        '# start\nCMD ["node", "app.js"]\n'
    )


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@pytest.mark.parametrize("ending", ["", "\n"])
def test_a_second_run_changes_nothing(line_break: str, ending: str) -> None:
    text = (
        "FROM debian:latest\nRUN apt-get update \\\n\t&& apt-get install curl\nADD . /srv\nEXPOSE 22 80"
        + ending
    )
    first = fixed(text.replace("\n", line_break))
    assert len(first.applied) >= 5
    assert fixed(first.text).text == first.text
    assert first.text.count("\n") == first.text.count(line_break)


def test_a_fix_after_which_its_finding_stays_is_withheld() -> None:
    result = fix_text(
        "aa", "text", Tier.SAFE, lambda text: _same(replacing("X1", text, "a", "a" * len(text)))
    )
    assert result.text == "aa"
    assert {one.refusal.reason for one in result.withheld} == {"the finding would remain"}


def _same(findings: list[Finding]) -> LintResult:
    return LintResult(findings, findings)


def test_a_fix_that_brings_another_finding_is_withheld_and_says_which() -> None:
    def verdict(text: str) -> LintResult:
        return _same([*replacing("X1", text, "bad", "worse"), *replacing("X2", text, "worse", "worst")])

    result = fix_text("bad", "text", Tier.SAFE, verdict)
    assert (result.text, [one.refusal.reason for one in result.withheld]) == ("bad", ["it would cause X2 x2"])


def test_a_bad_fix_does_not_hold_up_a_good_one() -> None:
    def verdict(text: str) -> LintResult:
        return _same(
            [
                *replacing("X1", text, "bad", "worse"),
                *replacing("X2", text, "worse", ""),
                *replacing("X3", text, "ok", "OK"),
            ]
        )

    result = fix_text("bad and ok", "text", Tier.SAFE, verdict)
    assert (result.text, [one.finding.rule.id for one in result.applied]) == ("bad and OK", ["X3"])


def test_a_fix_may_be_another_file_alone_and_is_judged_beside_it() -> None:
    wanted = NewFile(".ignore", "secret", "add_line")

    class Folder:
        def refusal(self, files: Sequence[NewFile]) -> Refusal | None:
            return None

        def linter(self, files: Sequence[NewFile]) -> Callable[[str], LintResult]:
            one = finding("X1", 0, 1, Fix(Tier.SAFE, "ignore it", files=(wanted,)))
            return lambda text: _same([] if wanted in files else [one])

    result = fix_text("a", "text", Tier.SAFE, Folder().linter(()), Folder())
    assert (result.text, result.files, len(result.applied)) == ("a", (wanted,), 1)


def test_a_file_that_cannot_be_made_withholds_the_edits_that_name_it() -> None:
    class Folder:
        def refusal(self, files: Sequence[NewFile]) -> Refusal | None:
            return Refusal("there is no room")

        def linter(self, files: Sequence[NewFile]) -> Callable[[str], LintResult]:
            return lambda text: _same(naming(text))

    def naming(text: str) -> list[Finding]:
        edit = Edit(Span(0, 1), "b")
        fix = Fix(Tier.SAFE, "name it", (edit,), files=(NewFile("b", ""),))
        return [finding("X1", 0, 1, fix)] if text == "a" else []

    result = fix_text("a", "text", Tier.SAFE, Folder().linter(()), Folder())
    assert (result.text, result.files) == ("a", ())
    assert [one.refusal.reason for one in result.withheld] == ["there is no room"]


def test_fixes_that_never_end_stop_after_so_many_rounds() -> None:
    def verdict(text: str) -> LintResult:
        end = len(text)
        one = finding("X1", end, end, Fix(Tier.SAFE, "grow", (Edit(Span(end - 1, end), "bb"),)))
        return _same([one] if end < 100 else [])

    assert len(fix_text("a", "text", Tier.SAFE, verdict).applied) <= ROUNDS


def test_edits_that_swallow_the_next_instruction_are_seen() -> None:
    before, after = "FROM a\nRUN b c\nUSER d\n", "FROM a\nRUN b \\\nUSER d\n"
    assert differs(before, after, [Edit(Span(13, 14), "\\")], "dockerfile")
    assert not differs(before, "FROM a\nRUN b x\nUSER d\n", [Edit(Span(13, 14), "x")], "dockerfile")


def test_an_old_place_is_found_in_the_new_text() -> None:
    old = "one two three"
    shift = Shift([Edit(Span(4, 7), "2"), Edit(Span(0, 0), "zero ")])
    new = "zero one 2 three"
    assert new[slice(*shift.outer(old.index("three"), len(old)))] == "three"
    assert new[slice(*shift.outer(4, 7))] == "2"


def test_many_bad_fixes_hold_up_no_good_one() -> None:
    def verdict(text: str) -> LintResult:
        bad = [one for at in range(300) for one in replacing("X1", text, f"bad{at:03}", f"worse{at:03}")]
        ok = [one for at in range(300) for one in replacing("X3", text, f"ok{at:03}", f"OK{at:03}")]
        return _same([*bad, *replacing("X2", text, "worse", ""), *ok])

    text = " ".join([f"bad{at:03} ok{at:03}" for at in range(300)])
    assert fix_text(text, "text", Tier.SAFE, verdict).text == text.replace("ok", "OK")


def test_findings_that_are_alike_are_not_taken_for_each_other() -> None:
    stage = "FROM debian:13\n" + "RUN useradd u ; curl -k https://a/b | tar x\nRUN apt-get install -y c\n" * 2
    result = fixed(stage * 2 + "USER 1\n")
    assert result.withheld == []
    assert fixed(result.text).text == result.text


def test_a_fix_that_fails_beside_another_alone_is_tried_without_it() -> None:
    def verdict(text: str) -> LintResult:
        found = [*replacing("X1", text, "one", "1"), *replacing("X3", text, "two", "2")]
        both = "1" in text and "2" in text
        return _same([*found, *(replacing("X2", text, "2", "") if both else [])])

    result = fix_text("one two", "text", Tier.SAFE, verdict)
    assert (result.text, [one.refusal.reason for one in result.withheld]) == (
        "1 two",
        ["it would cause X2 x2"],
    )


def test_where_many_fail_what_the_first_test_said_of_each_is_told() -> None:
    def verdict(text: str) -> LintResult:
        bad = [one for at in range(40) for one in replacing("X1", text, f"bad{at:02}", f"worse{at:02}")]
        stays = [one for at in range(40) for one in replacing("X3", text, f"old{at:02}", f"old{at:02} ")]
        return _same([*bad, *replacing("X2", text, "worse", ""), *stays, *replacing("X4", text, "ok", "OK")])

    text = " ".join(f"bad{at:02} old{at:02} ok" for at in range(40))
    result = fix_text(text, "text", Tier.SAFE, verdict)
    assert result.text == text.replace("ok", "OK")
    reasons = {(one.finding.rule.id, one.refusal.reason) for one in result.withheld}
    assert reasons == {("X1", "it would cause X2 x2"), ("X3", "the finding would remain")}
    assert len(result.withheld) == 80


def test_a_finding_over_what_several_steps_wrote_blames_none_of_them() -> None:
    def step(*places: int) -> Step:
        return Step((), tuple(Edit(Span(at, at + 1), "xy") for at in places))

    tried = [step(0, 4), step(10)]
    text = 6 * "x" + 6 * "-" + "xy" + 2 * " " + 6 * "-"
    written = WrittenPlaces(text, tried, Shift([edit for one in tried for edit in one.edits]))
    clear = [(0, 7), (1, 2), (12, 14), (14, 20), (16, 20)]
    assert [written.only_step_at(Span(*place)) for place in clear] == [0, 0, 1, 1, 1]
    assert [written.only_step_at(Span(*place)) for place in [(3, 4), (8, 9), (6, 12), (17, 20)]] == [-1] * 4
    assert written.only_step_at(Span(0, 2, "Dockerfile")) == NO_STEP
