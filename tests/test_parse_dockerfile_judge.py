"""The official Go parser as a judge: the same instructions on the same lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from dockerfile_texts import dockerfiles
from hypothesis import assume, given
from judges import judge as judge_of

from dockerlint.parse.dockerfile.statements import read_statements
from dockerlint.text import decode

judge = judge_of("dockerfile")

FIXTURES = sorted(
    path
    for folder in ("dockerfile", "sample")
    for path in (Path(__file__).parents[1] / "fixtures" / folder).rglob("*ockerfile*")
)

# Known differences: the Go parser raises on a file without instructions and at the first error (a heredoc
# without an end, LABEL without a value), where we read on; and its release is older than `# check=`, so that
# it takes every directive but escape and syntax for the end of the directives.
Place = tuple[str, int, int]


def ours(text: str) -> list[Place]:
    return [
        (one.keyword.lower(), one.first_line + 1, one.last_line + 1)
        for one in read_statements(text).statements
    ]


def theirs(text: str) -> list[Place]:
    return [(one.cmd.lower(), one.start_line, one.end_line) for one in judge.parse_string(text)]


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_fixtures_have_the_instructions_that_docker_reads(path: Path) -> None:
    text = decode(path.read_bytes()).text
    assert ours(text) == theirs(text)


def test_there_are_fixtures() -> None:
    assert len(FIXTURES) >= 8


@given(dockerfiles())
def test_generated_files_have_the_instructions_that_docker_reads(text: str) -> None:
    try:
        expected = theirs(text)
    except (judge.GoParseError, AttributeError):  # AttributeError: ONBUILD with nothing behind it
        assume(False)
        raise
    assert ours(text) == expected


def test_directives_may_follow_one_that_nobody_knows_or_check() -> None:
    for first in ("# check=skip=all", "# frontend=x"):
        assert len(ours(f"{first}\n# escape=`\nFROM a\nRUN x `\n  y\n")) == 2
