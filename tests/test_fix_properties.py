"""Whatever is written in a file, fixes leave it whole: made-up files, and all rules at once."""

from __future__ import annotations

import io
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import groupby, pairwise
from pathlib import Path
from unittest.mock import patch

from compose_texts import compose_files
from fixable_dockerfiles import fixable_dockerfiles
from hypothesis import given, settings
from hypothesis import strategies as st

from dockerlint.findings import Edit, Tier
from dockerlint.fixing.results import LintResult, Result
from dockerlint.fixing.rounds import fix_text
from dockerlint.linting.selection import SelectionFlags
from dockerlint.parse.dockerfile.statements import read_statements
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.check import Options, run
from dockerlint.run.fix import run_fix
from dockerlint.run.output import Format
from dockerlint.run.text import lint_text
from dockerlint.yaml.comments import read_comments
from dockerlint.yaml.comparison import differences
from dockerlint.yaml.tree import load_plain, parse_yaml

try:
    import dockerfile as judge
except ImportError:  # it has no wheel for some platforms
    judge = None

RULESET = load_ruleset()
FEWER = settings(max_examples=settings.default.max_examples // 2)
WRITTEN = {
    *("image", "ports", "user", "read_only", "tmpfs", "cap_add", "cap_drop", "security_opt", "healthcheck"),
    *("mem_limit", "cpus", "pids_limit", "environment", "secrets", "build", "deploy", "depends_on"),
}
"""The keys of a service that fixes write."""


def fixed(text: str, kind: str) -> Result:
    def verdict(changed: str) -> LintResult:
        every = lint_text(changed, kind, RULESET)
        return LintResult(every, every)

    return fix_text(text, kind, Tier.UNPROVEN, verdict)


def steps_of(result: Result) -> Iterator[tuple[str, str, list[Edit]]]:
    """Every round: the text before, the text after, and the edits whose fixes say that they made it so."""
    texts = [before for before, _ in groupby(result.applied, lambda one: one.before)]
    for before, after in pairwise([*texts, result.text]):
        fixes = [one.fix for one in result.applied if one.before == before]
        yield before, after, [edit for fix in fixes for edit in fix.edits]


def touched_lines(text: str, edits: list[Edit]) -> set[int]:
    places = (one.span for one in edits)
    return {
        line
        for start, end, _ in places
        for line in range(text.count("\n", 0, start), text.count("\n", 0, end) + 1)
    }


def is_in_order(some: list[str], all_of_them: list[str]) -> bool:
    """Whether every text is among the others, in the same order."""
    rest = iter(all_of_them)
    return all(one in rest for one in some)


def check_lines(result: Result) -> None:
    for before, after, edits in steps_of(result):
        touched = touched_lines(before, edits)
        kept = [line for number, line in enumerate(before.split("\n")) if number not in touched]
        assert is_in_order(kept, after.split("\n"))


def comments_of_compose(text: str) -> list[str]:
    stream = parse_yaml(text)
    return [one.text for one in read_comments(text, stream.documents, stream.covered, ())]


@FEWER
@given(compose_files())
def test_a_compose_file_stays_whole(text: str) -> None:
    result = fixed(text, "compose")
    check_lines(result)
    old, _, problems = load_plain(text)
    if problems:
        assert result.text == text
        return
    new, _, problems = load_plain(result.text)
    assert not problems
    for path in differences(old, new):
        assert path[0] in ("secrets", "version") or (path[0] == "services" and path[2] in WRITTEN), path
    # Keys are sorted, and their comments go with them.
    assert not Counter(comments_of_compose(text)) - Counter(comments_of_compose(result.text))
    assert fixed(result.text, "compose").text == result.text


def is_read_by_docker(text: str) -> bool:
    """What the official parser says, where it is there."""
    if judge is None:
        return True
    try:
        return bool(judge.parse_string(text))
    except (judge.GoParseError, AttributeError):  # AttributeError: ONBUILD with nothing behind it
        return False


def comments_of_dockerfile(text: str) -> list[str]:
    return [text[one.start : one.end].strip() for one in read_statements(text).comments]


@FEWER
@given(fixable_dockerfiles())
def test_a_dockerfile_stays_whole(text: str) -> None:
    result = fixed(text, "dockerfile")
    check_lines(result)
    assert is_in_order(comments_of_dockerfile(text), comments_of_dockerfile(result.text))
    for before, after, edits in steps_of(result):
        kept = [one.text for one in read_statements(after).statements]
        lost = [one for one in read_statements(before).statements if one.text not in kept]
        for one in lost:
            assert any(edit.span.start <= one.end and one.start <= edit.span.end for edit in edits), one
    assert fixed(result.text, "dockerfile").text == result.text
    assert is_read_by_docker(result.text) or not is_read_by_docker(text)


FILES = st.one_of(
    st.tuples(st.just("compose.yaml"), compose_files()),
    st.tuples(st.just("Dockerfile"), fixable_dockerfiles()),
)


@settings(max_examples=max(1, settings.default.max_examples // 10))
@given(FILES)
def test_no_output_holds_a_secret_and_only_what_is_told_is_written(file: tuple[str, str]) -> None:
    name, text = file
    with (
        tempfile.TemporaryDirectory() as folder,
        patch("dockerlint.run.file.load_ruleset", lambda **_: RULESET),
    ):
        path = Path(folder, name)
        path.write_bytes(text.encode())
        options = Options(
            (str(path),), flags=SelectionFlags(profile="strict"), formats=(Format("json"), Format("sarif"))
        )
        shown = io.StringIO()
        run(options, shown, shown)
        assert run_fix(options, Tier.UNPROVEN, True, shown, shown) in (0, 1)
        assert (os.listdir(folder), path.read_bytes()) == ([name], text.encode())
        assert run_fix(options, Tier.UNPROVEN, False, shown, shown) in (0, 1)
        after = {one: one.read_bytes() for one in Path(folder).rglob("*") if one.is_file()}
        assert run_fix(options, Tier.UNPROVEN, False, shown, shown) in (0, 1)
        assert {one: one.read_bytes() for one in Path(folder).rglob("*") if one.is_file()} == after
    assert "internal error" not in shown.getvalue()
    assert "kanari" not in shown.getvalue()
