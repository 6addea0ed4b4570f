"""What a fix costs grows with the file and no faster."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pace import grows_in_proportion

from dockerlint.budget import OverBudget, budgeted
from dockerlint.findings import Confidence, Edit, Finding, Fix, Refusal, RuleInfo, Severity, Tier
from dockerlint.fixing.changes import Changes
from dockerlint.fixing.matching import OldFindings
from dockerlint.fixing.results import LintResult, Result
from dockerlint.fixing.rounds import fix_text
from dockerlint.fixing.trial import FEWEST_TESTS
from dockerlint.fixing.untouched import differs
from dockerlint.report.fixes.text import difference
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.text import lint_text
from dockerlint.text import Source, Span
from dockerlint.workspace.newfiles import Planned


def alike(number: int) -> Result:
    """A text of equal lines, every other one of which gets a line below it."""
    edits = [Edit(Span(at, at), "new\n") for at in range(4, 8 * number, 8)]
    return Result("old\nnew\nold\n" * number, changes=Changes().then(edits))


def test_the_difference_of_many_alike_changes_is_told_in_proportion() -> None:
    def tell(result: Result) -> str:
        old = "old\n" * (2 * len(result.changes.stretches))
        return difference("a", Source("a", old), result, [])

    assert tell(alike(3)).count("\n+new") == 3
    assert grows_in_proportion(tell, alike, 2_000)


def test_the_difference_of_an_ignore_file_of_alike_lines_is_told_in_proportion() -> None:
    def completed(number: int) -> Planned:
        old = "a\n" * number
        return Planned(".gitignore", ".gitignore", Source("", old), b"", f"{old}b\n")

    def tell(file: Planned) -> str:
        return difference("a", Source("a", ""), Result(""), [file])

    assert tell(completed(9)).endswith("@@ -7,3 +7,4 @@\n a\n a\n a\n+b\n")
    assert grows_in_proportion(tell, completed, 20_000)


RULESET = load_ruleset()


def finding(start: int, end: int, fix: Fix | None = None, evidence: str = "") -> Finding:
    about = RuleInfo(
        "X1", "x1", "about X1", Severity.LOW, Confidence.HIGH, "default", RULESET.rules[0].info.docs
    )
    place = Span(start, end)
    return Finding(about, place, "wrong", Severity.LOW, Confidence.HIGH, fix=fix, evidence=evidence)


def test_findings_that_moved_are_found_again_in_proportion() -> None:
    def moved(number: int) -> tuple[list[Finding], list[Finding]]:
        old = [finding(10 * at, 10 * at + 5, evidence=str(at)) for at in range(number)]
        inside = [finding(10 * at + 1, 10 * at + 4, evidence="?") for at in range(0, number, 2)]
        return old, inside + [finding(0, 9, evidence=str(at)) for at in range(1, number, 2)]

    def match(findings: tuple[list[Finding], list[Finding]]) -> list[Finding | None]:
        old = OldFindings(findings[0], lambda place: place, set())
        return [old.take_alike(one) for one in findings[1]]

    before, after = moved(6)
    assert match((before, after)) == [before[at] for at in (0, 2, 4, 1, 3, 5)]
    assert grows_in_proportion(match, moved, 500)


def test_lists_that_edits_take_away_are_counted_in_proportion() -> None:
    def removed(number: int) -> tuple[str, list[Edit]]:
        line = 'CMD ["a"]\n'
        spans = (Span(at, at + len(line)) for at in range(0, 2 * number * len(line), 2 * len(line)))
        return line * (2 * number), [Edit(span, "") for span in spans]

    def compare(case: tuple[str, list[Edit]]) -> Refusal | None:
        text, edits = case
        return differs(text, text[: len(text) // 2], edits, "dockerfile")

    assert compare(removed(3)) is None
    assert grows_in_proportion(compare, removed, 600)


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("COPY a.sh ./\n", "RUN chmod 777 /app/a.sh\n"),
        ("", "RUN apt-get update && apt-get install -y jq=1\n"),
        ("", "RUN curl -sSf https://a.b/c | tar xz && yes | head\n"),
        ("", "COPY . .\n"),
    ],
    ids=["modes", "lists", "pipes", "contexts"],
)
def test_fixes_of_many_steps_are_offered_in_proportion(head: str, line: str) -> None:
    def make(number: int) -> str:
        return "FROM debian:12\nWORKDIR /app\n" + head * number + line * number

    assert grows_in_proportion(lambda text: lint_text(text, "dockerfile", RULESET), make, 30)


def asked_of_variables(number: int) -> str:
    arguments = "".join(f"ARG V{at}=16\n" for at in range(number))
    return arguments + "".join(f"FROM node:${{V{at}}} AS s{at}\nRUN npm ci\n" for at in range(number))


def asked_of_one_variable(number: int) -> str:
    return "ARG V=16\n" + "".join(f"FROM node:${{V}} AS s{at}\nRUN npm ci\n" for at in range(number))


def built_one_on_another(number: int) -> str:
    step = "RUN curl -sSf https://a.b/c | tar xz && chmod 777 /app && apt-get update\n"
    return "FROM debian:12 AS s0\n" + "".join(f"FROM s{at} AS s{at + 1}\n{step}" for at in range(number))


@pytest.mark.parametrize("make", [asked_of_variables, asked_of_one_variable, built_one_on_another])
def test_fixes_of_many_stages_are_offered_in_proportion(make: Callable[[int], str]) -> None:
    assert grows_in_proportion(lambda text: lint_text(text, "dockerfile", RULESET), make, 40)


def failing(text: str) -> LintResult:
    """Every word can be written anew, and none of the fixes takes its finding away."""
    found = []
    for at in range(0, len(text), 5):
        place = Span(at, at + 4)
        found.append(finding(at, at + 4, Fix(Tier.SAFE, "write it anew", (Edit(place, "evil"),)), str(at)))
    return LintResult(found, found)


def test_a_fix_spends_the_budget_of_its_file_on_tests_that_fail() -> None:
    def nobody_to_blame(text: str) -> LintResult:
        asked = [one for one in failing(text).every if text.startswith("bad!", one.span.start)]
        return LintResult(asked, [*asked, *([finding(0, len(text))] if "evil" in text else [])])

    with budgeted(), pytest.raises(OverBudget, match="fixes"):
        fix_text("bad! " * 400, "text", Tier.SAFE, nobody_to_blame)


def test_many_fixes_that_fail_are_each_named_by_a_test_or_two() -> None:
    asked = []

    def counted(text: str) -> LintResult:
        asked.append(text)
        return failing(text)

    result = fix_text("bad! " * 400, "text", Tier.SAFE, counted)
    assert {one.refusal.reason for one in result.withheld} == {"the finding would remain"}
    assert len(result.withheld) == 400
    assert len(asked) <= 2 * (FEWEST_TESTS + 1) + 1


def test_a_fix_spends_the_budget_of_its_file_on_what_verifies_it() -> None:
    def good(text: str) -> LintResult:
        found = failing(text).every if "bad!" in text else []
        return LintResult(found, found)

    assert fix_text("bad! " * 9, "text", Tier.SAFE, good).text == "evil " * 9
    with budgeted(steps=10_000), pytest.raises(OverBudget, match="fixes"):
        fix_text("bad! " * 9, "text", Tier.SAFE, good)
