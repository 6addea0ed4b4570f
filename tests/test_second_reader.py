"""Another reader of Dockerfiles must see the same instructions before and after a fix."""

from __future__ import annotations

from pathlib import Path

import pytest

from dockerlint.findings import Confidence, Edit, Finding, Fix, Severity, Tier
from dockerlint.fixing.changes import Changes
from dockerlint.fixing.dockerfile.secondreader import refusal
from dockerlint.fixing.results import LintResult
from dockerlint.fixing.rounds import fix_text
from dockerlint.parse.dockerfile import statements
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.text import lint_text
from dockerlint.text import Span, splice

FIXTURES = Path(__file__).parent.parent / "fixtures" / "dockerfile"
TEXT = 'FROM alpine:3.24\nRUN make \\\n  # why\n  all\nRUN <<EOF\nUSER nobody\nEOF\nUSER app\nCMD ["a"]\n'


def refused(text: str, *edits: Edit) -> str | None:
    said = refusal(text, splice(text, list(edits)), Changes().then(edits))
    return said and said.reason


def at(text: str, part: str, new: str) -> Edit:
    start = text.index(part)
    return Edit(Span(start, start + len(part)), new)


@pytest.mark.parametrize(
    ("part", "new"),
    [
        ("all", "some"),
        ("USER app\n", ""),
        ("USER app\n", "RUN x\nUSER app\n"),
        ("FROM alpine:3.24", "FROM alpine:3.24@sha256:0"),
        ("USER nobody", "USER root"),
    ],
)
def test_an_edit_of_an_instruction_is_no_objection(part: str, new: str) -> None:
    assert refused(TEXT, at(TEXT, part, new)) is None


def test_an_instruction_that_a_continuation_swallows_is_seen() -> None:
    text = "FROM alpine:3.24\nRUN make\n\nUSER app\nCMD a\n"
    assert "no edit touches" in str(refused(text, at(text, "make", "make \\")))


def test_an_instruction_that_comes_up_where_nothing_was_written_is_seen() -> None:
    text = "FROM alpine:3.24\nRUN make \\\n  x \\\n  y && \\\n  user app\nCMD a\n"
    assert refused(text, at(text, "x \\", "x")) is not None


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*")), ids=lambda path: path.name)
def test_a_text_that_did_not_change_has_no_objection(path: Path) -> None:
    text = path.read_bytes().decode("utf-8", "replace")
    assert refusal(text, text, Changes()) is None


def test_a_very_long_instruction_is_left_to_our_own_reader() -> None:
    text = "FROM a\nRUN x" + " \\\n  x" * 5_000 + "\nUSER app\n"
    assert refused(text, at(text, "USER app\n", "")) is None


def test_damage_that_our_own_reader_does_not_see_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that forgets continuations plans a fix that swallows USER, and approves it."""
    text = "FROM alpine:3.24\nRUN make\n\nUSER app\nCMD a\n"
    finding = next(
        one for one in lint_text("FROM alpine\n", "dockerfile", load_ruleset()) if one.rule.id == "DK501"
    )

    def wrong(self: statements._StatementReader, indent: int) -> list[tuple[int, int]]:
        start = self._starts[self._line]
        self._line += 1
        return [(start + indent, start + len(self._lines[self._line - 1]))]

    def lint(given: str) -> LintResult:
        edit = at(text, "make", "make \\")
        fix = Fix(Tier.SAFE, "damage", (edit,))
        found = [] if "\\" in given else [_with(finding, fix, edit.span)]
        return LintResult(found, found)

    monkeypatch.setattr(statements._StatementReader, "_join", wrong)
    result = fix_text(text, "dockerfile", Tier.SAFE, lint)
    assert result.text == text
    assert [one.refusal.reason for one in result.withheld] == [
        "another reader of Dockerfiles sees a change in an instruction that no edit touches"
    ]
    assert len(result.left) == 1


def _with(finding: Finding, fix: Fix, span: Span) -> Finding:
    from dataclasses import replace

    return replace(
        finding, fix=fix, span=span, severity=Severity.LOW, confidence=Confidence.HIGH, path="Dockerfile"
    )
