"""However a file is written down, its fixes do the same to it, and nothing else.

The texts are the bad examples of every rule and every fixture, each fixed by all rules at once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from dockerlint.data import CHECKOUT
from dockerlint.findings import Finding, Severity, Tier
from dockerlint.fixing.results import LintResult, Result
from dockerlint.fixing.rounds import fix_text
from dockerlint.parse.dockerfile.statements import read_statements
from dockerlint.ruleset.bundle import build_bundle
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.examples import EXAMPLE_DAY, read_examples
from dockerlint.run.text import lint_text
from dockerlint.text import Span, decode
from dockerlint.yaml.comparison import differences
from dockerlint.yaml.tree import load_plain

RULESET = load_ruleset(today=EXAMPLE_DAY)
FIXTURES = Path(__file__).parent.parent / "fixtures"
BOM = b"\xef\xbb\xbf"
KINDS = ("dockerfile", "compose")


class Case(NamedTuple):
    """A text to fix."""

    name: str
    text: str
    kind: str
    neighbours: tuple[tuple[str, str], ...] = ()


def cases() -> Iterator[Case]:
    _, examples = build_bundle(CHECKOUT)
    for rule, raw in examples.items():
        for one in read_examples(rule, raw):
            if one.flags and one.kind in KINDS:
                yield Case(str(one), one.text, one.kind, tuple(one.files.items()))
    for kind in KINDS:
        for path in sorted((FIXTURES / kind).iterdir()):
            text = decode(path.read_bytes(), str(path)).text.replace("\r\n", "\n")
            yield Case(path.name, text, kind)


@cache
def fixed(case: Case) -> Result:
    """What `--harden` makes of a text."""

    def verdict(text: str) -> LintResult:
        every = lint_text(text, case.kind, RULESET, text_of=dict(case.neighbours).get)
        return LintResult(every, every)

    return fix_text(case.text, case.kind, Tier.UNPROVEN, verdict)


EVERY = tuple(cases())
CHANGED = tuple(case for case in EVERY if fixed(case).applied)


def spelled(finding: Finding) -> tuple[str, str | None, str]:
    return finding.rule.id, finding.subject, finding.evidence


def test_there_is_something_to_fix() -> None:
    assert len(CHANGED) > len(EVERY) / 3


@pytest.mark.parametrize("case", CHANGED, ids=lambda case: case.name)
def test_no_line_is_lost_that_no_fix_touches(case: Case) -> None:
    texts = [before for before, _ in groupby(fixed(case).applied, lambda one: one.before)]
    for before, after in pairwise([*texts, fixed(case).text]):
        fixes = [one.fix for one in fixed(case).applied if one.before == before]
        touched = {line for fix in fixes for edit in fix.edits for line in lines_of(before, edit.span)}
        kept = Counter(after.splitlines())
        gone = [before.splitlines()[at] for at in lost_lines(before, after) - touched]
        # What is sorted may have passed a line that stays.
        assert all(kept[line] >= before.splitlines().count(line) for line in gone), gone


def lines_of(text: str, span: Span) -> range:
    """The numbers of the lines that a range of the text stands on."""
    return range(text.count("\n", 0, span.start), text.count("\n", 0, span.end) + 1)


def lost_lines(before: str, after: str) -> set[int]:
    """The numbers of the lines of the old text that are not in the new one."""
    matcher = SequenceMatcher(None, before.splitlines(), after.splitlines(), autojunk=False)
    return {at for tag, low, high, _, _ in matcher.get_opcodes() if tag != "equal" for at in range(low, high)}


@pytest.mark.parametrize("case", CHANGED, ids=lambda case: case.name)
def test_the_findings_are_gone_and_no_other_rule_fires(case: Case) -> None:
    neighbours, result = dict(case.neighbours), fixed(case)
    found = [lint_text(text, case.kind, RULESET, text_of=neighbours.get) for text in (case.text, result.text)]
    style = {one.rule.id for one in found[1] if one.severity is Severity.INFO}
    old, new = ([spelled(one) for one in findings] for findings in found)
    allowed = {rule for one in result.applied for rule in one.fix.leaves}
    # Of style more than one rule may have a say about a line: such a finding withholds no fix.
    for rule in {one[0] for one in new} - allowed - style:
        count = sum(one[0] == rule for one in old)
        assert sum(one[0] == rule for one in new) <= count, rule
    assert sum(one[0] not in style for one in new) < len(old) + len(allowed)


@pytest.mark.parametrize("case", CHANGED, ids=lambda case: case.name)
def test_a_second_run_changes_nothing(case: Case) -> None:
    text = fixed(case).text
    assert fixed(case._replace(text=text)).text == text


INTENDED = {
    *("image", "ports", "user", "read_only", "tmpfs", "cap_add", "cap_drop", "security_opt", "healthcheck"),
    *("mem_limit", "cpus", "pids_limit", "deploy", "environment", "secrets", "version", "depends_on"),
}
"""What fixes of Compose files write."""


@pytest.mark.parametrize(
    "case", [one for one in CHANGED if one.kind == "compose"], ids=lambda case: case.name
)
def test_a_compose_file_says_the_same_but_for_what_fixes_write(case: Case) -> None:
    old, new = load_plain(case.text)[0], load_plain(fixed(case).text)[0]
    assert not load_plain(fixed(case).text)[2]
    for path in differences(old, new):
        assert INTENDED & set(path[:3]) or path[-1] == "dockerfile_inline", path


@pytest.mark.parametrize(
    "case", [one for one in CHANGED if one.kind == "dockerfile"], ids=lambda case: case.name
)
def test_a_dockerfile_keeps_every_instruction_that_no_edit_touches(case: Case) -> None:
    result = fixed(case)
    kept = [one.text for one in read_statements(result.text).statements]
    lost = [one.text for one in read_statements(case.text).statements if one.text not in kept]
    assert len(lost) <= sum(len(one.fix.edits) for one in result.applied)


def windows(text: str) -> str:
    return text.replace("\n", "\r\n")


def unended(text: str) -> str:
    return text.rstrip("\n")


@pytest.mark.parametrize("write", [windows, unended], ids=["crlf", "no-final-newline"])
@pytest.mark.parametrize("case", EVERY, ids=lambda case: case.name)
def test_a_text_written_otherwise_is_fixed_alike(case: Case, write: Callable[[str], str]) -> None:
    assert unended(fixed(case._replace(text=write(case.text))).text) == unended(write(fixed(case).text))


@pytest.mark.parametrize("case", EVERY, ids=lambda case: case.name)
def test_a_text_with_tabs_is_fixed_alike_and_keeps_them(case: Case) -> None:
    write = tabbed_lines if case.kind == "dockerfile" else tabbed_comments
    if "<<" in case.text or write(case.text) == case.text:
        return
    assert write(fixed(case._replace(text=write(case.text))).text) == write(fixed(case).text)


def tabbed_lines(text: str) -> str:
    """Continued lines that begin with a tab."""
    return re.sub(r"(?m)^ +(?=\S)", "\t", text)


def tabbed_comments(text: str) -> str:
    """YAML takes no tabs before keys, but before comments."""
    return re.sub(r"(?m)(?<=\S) +#", "\t#", text)


@pytest.mark.parametrize("case", CHANGED, ids=lambda case: case.name)
def test_a_byte_order_mark_stays_and_changes_nothing(case: Case) -> None:
    source = decode(BOM + case.text.encode(), case.name)
    assert source.text == case.text
    assert source.encode(fixed(case).text) == BOM + fixed(case).text.encode()
