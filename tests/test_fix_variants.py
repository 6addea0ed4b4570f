"""However a file is written down, its fixes do the same to it, and nothing else.

The texts are the bad examples of every rule and every fixture, each fixed by all rules at once. A text is one
test: most of the time goes into its fixes.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from bundled import bundled

from dockerlint.findings import Finding, Severity, Tier
from dockerlint.fixing.results import LintResult, Result
from dockerlint.fixing.rounds import fix_text
from dockerlint.parse.dockerfile.statements import read_statements
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
    _, examples = bundled()
    for rule, raw in examples.items():
        for one in read_examples(rule, raw):
            if one.flags and one.kind in KINDS:
                yield Case(str(one), one.text, one.kind, tuple(one.files.items()))
    for kind in KINDS:
        for path in sorted((FIXTURES / kind).iterdir()):
            text = decode(path.read_bytes(), str(path)).text.replace("\r\n", "\n")
            yield Case(path.name, text, kind)


def fixed(case: Case) -> Result:
    """What `--harden --unproven` makes of a text."""

    def verdict(text: str) -> LintResult:
        every = findings_of(case, text)
        return LintResult(every, every)

    return fix_text(case.text, case.kind, Tier.UNPROVEN, verdict)


def findings_of(case: Case, text: str) -> list[Finding]:
    return lint_text(text, case.kind, RULESET, text_of=dict(case.neighbours).get)


EVERY = tuple(cases())
TRIED = EVERY if os.environ.get("HYPOTHESIS_PROFILE") == "long" else EVERY[::2]
"""The golden record holds what is fixed in each; how else it may be written is asked of every other one."""


def test_there_is_something_to_fix() -> None:
    _, examples = bundled()
    assert sum("fixed" in one for raw in examples.values() for one in raw) > len(EVERY) / 4


@pytest.mark.parametrize("case", TRIED, ids=lambda case: case.name)
def test_however_a_text_is_written_its_fixes_do_the_same_to_it_and_nothing_else(case: Case) -> None:
    result = fixed(case)
    for write in (windows, unended):
        text_written_otherwise_is_fixed_alike(case, result, write)
    text_with_tabs_is_fixed_alike_and_keeps_them(case, result)
    if not result.applied:
        return
    no_line_is_lost_that_no_fix_touches(result, case)
    findings_are_gone_and_no_other_rule_fires(case, result)
    assert fixed(case._replace(text=result.text)).text == result.text, "a second run changes something"
    byte_order_mark_stays(case, result)
    if case.kind == "compose":
        compose_file_says_the_same_but_for_what_fixes_write(case, result)
    else:
        dockerfile_keeps_every_instruction_that_no_edit_touches(case, result)


def no_line_is_lost_that_no_fix_touches(result: Result, case: Case) -> None:
    texts = [before for before, _ in groupby(result.applied, lambda one: one.before)]
    for before, after in pairwise([*texts, result.text]):
        fixes = [one.fix for one in result.applied if one.before == before]
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


def findings_are_gone_and_no_other_rule_fires(case: Case, result: Result) -> None:
    found = [findings_of(case, text) for text in (case.text, result.text)]
    style = {one.rule.id for one in found[1] if one.severity is Severity.INFO}
    old, new = ([one.rule.id for one in findings] for findings in found)
    allowed = {rule for one in result.applied for rule in one.fix.leaves}
    # Of style more than one rule may have a say about a line: such a finding withholds no fix.
    for rule in set(new) - allowed - style:
        assert new.count(rule) <= old.count(rule), rule
    assert sum(one not in style for one in new) < len(old) + len(allowed)


INTENDED = {
    *("image", "ports", "user", "read_only", "tmpfs", "cap_add", "cap_drop", "security_opt", "healthcheck"),
    *("mem_limit", "cpus", "pids_limit", "deploy", "environment", "secrets", "version", "depends_on"),
}
"""What fixes of Compose files write."""


def compose_file_says_the_same_but_for_what_fixes_write(case: Case, result: Result) -> None:
    old, new = load_plain(case.text)[0], load_plain(result.text)[0]
    assert not load_plain(result.text)[2]
    for path in differences(old, new):
        assert INTENDED & set(path[:3]) or path[-1] == "dockerfile_inline", path


def dockerfile_keeps_every_instruction_that_no_edit_touches(case: Case, result: Result) -> None:
    kept = [one.text for one in read_statements(result.text).statements]
    lost = [one.text for one in read_statements(case.text).statements if one.text not in kept]
    assert len(lost) <= sum(len(one.fix.edits) for one in result.applied)


def windows(text: str) -> str:
    return text.replace("\n", "\r\n")


def unended(text: str) -> str:
    return text.rstrip("\n")


def text_written_otherwise_is_fixed_alike(case: Case, result: Result, write: Callable[[str], str]) -> None:
    assert unended(fixed(case._replace(text=write(case.text))).text) == unended(write(result.text))


def text_with_tabs_is_fixed_alike_and_keeps_them(case: Case, result: Result) -> None:
    write = tabbed_lines if case.kind == "dockerfile" else tabbed_comments
    if "<<" in case.text or write(case.text) == case.text:
        return
    assert write(fixed(case._replace(text=write(case.text))).text) == write(result.text)


def tabbed_lines(text: str) -> str:
    """Continued lines that begin with a tab."""
    return re.sub(r"(?m)^ +(?=\S)", "\t", text)


def tabbed_comments(text: str) -> str:
    """YAML takes no tabs before keys, but before comments."""
    return re.sub(r"(?m)(?<=\S) +#", "\t#", text)


def byte_order_mark_stays(case: Case, result: Result) -> None:
    source = decode(BOM + case.text.encode(), case.name)
    assert source.text == case.text
    assert source.encode(result.text) == BOM + result.text.encode()
