"""Path patterns: judged by git itself where git is there."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pace import seconds

from dockerlint.patterns import covers, parse_patterns

PATHS = [
    "Dockerfile",
    "a/Dockerfile",
    "a/b/Dockerfile",
    "a/b/c/Dockerfile.dev",
    "build/Dockerfile",
    "src/build/Dockerfile",
    "build.d/x",
    "#odd/x",
    "!odd",
    "star*name/x",
    "starname/x",
    "[x]/y",
    "x y/z ",
    "vendor/keep/Dockerfile",
    "vendor/drop/Dockerfile",
    "deep/a/b/c/end",
    "deep/end",
]

PATTERNS = [
    "Dockerfile",
    "/Dockerfile",
    "build/",
    "build",
    "/build",
    "src/build",
    "*.dev",
    "a/*/Dockerfile",
    "a/**/Dockerfile",
    "**/b",
    "a/**",
    "deep/**/end",
    "**",
    "*",
    "*\n!*/\n!Dockerfile",
    "vendor/*\n!vendor/keep",
    "vendor\n!vendor/keep",
    r"\#odd",
    r"\!odd",
    r"star\*name",
    "star?name",
    "star[*]name",
    "[[]x]",
    "[!ab]/Dockerfile",
    "[^ab]/Dockerfile",
    "[a-b]/Dockerfile",
    "x y/z\\ ",
    "x y/z ",
    "a/  ",
    "# a comment\n\n  \nb",
    "Dockerfile/",
    "a/b/",
    "[",
]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not shutil.which("git"):
        pytest.skip("git is the judge and is not installed")
    root = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    for path in PATHS:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("")
    return root


@pytest.mark.parametrize("patterns", PATTERNS)
def test_git_leaves_out_the_same_paths(patterns: str, repository: Path) -> None:
    (repository / ".gitignore").write_text(patterns)
    asked = subprocess.run(
        ["git", "check-ignore", "--no-index", "-z", "--stdin"],
        cwd=repository,
        input="\0".join(PATHS),
        capture_output=True,
        text=True,
    )
    ours = [path for path in PATHS if covers(parse_patterns(patterns), path.split("/"))]
    assert ours == asked.stdout.split("\0")[:-1]


@pytest.mark.parametrize(("stars", "path"), [("*a", ["a" * 250]), ("**/a/", ["a"] * 250)])
def test_many_stars_are_not_tried_in_every_combination(stars: str, path: list[str]) -> None:
    patterns = parse_patterns(stars * 30 + "b")
    assert not covers(patterns, path)
    assert seconds(lambda one: covers(patterns, one), path) < 10, "every combination would take years"


@pytest.fixture(scope="module", name="empty")
def empty_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One without files: no path is a folder but by what is below it."""
    if not shutil.which("git"):
        pytest.skip("git is the judge and is not installed")
    root = tmp_path_factory.mktemp("empty")
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    return root


NAMES = st.sampled_from(
    [*"ab-*0A", "ab", "abc", "a.b", "[a]", "a]", "a-b", "**", "!a", "#a", "a b", "a ", "\\", "a\\"]
)
PATH = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
PIECES = st.sampled_from(
    [
        *("a", "b", "c", ".", "-", "!", "^", "#", " ", "\\", "/", "//", "/", "*", "**", "***", "?", "[", "]"),
        *("[a-c]", "[!a]", "[^b]", "[]a]", "[a/]", "[[:alpha:]]", "[![:digit:]-]", "[[:none:]]", "[\\]a]"),
        *("[a-", "[[:alpha:", "[--a]", "[a-\\c]", "\\*", "\\?", "\\[", "\\/", "**/", "/**", "/**/"),
        *("\t", "A", "0"),
    ]
)
ENDS = st.sampled_from(["", "/", " ", "\\ ", "\r"])
LINES = st.lists(PIECES, min_size=1, max_size=5).map("".join)
FILES = st.lists(st.tuples(st.sampled_from(["", "!"]), LINES, ENDS), max_size=4)


@given(FILES, st.lists(PATH, min_size=1, max_size=12, unique=True))
def test_git_and_our_reader_say_the_same_of_every_pattern(
    empty: Path, lines: list[tuple[str, str, str]], paths: list[str]
) -> None:
    text = "\n".join(map("".join, lines))
    (empty / ".gitignore").write_bytes(text.encode())
    asked = subprocess.run(
        ["git", "check-ignore", "--no-index", "-z", "--stdin"],
        cwd=empty,
        input="\0".join(f"./{path}" for path in paths),
        capture_output=True,
        text=True,
    )
    git = {path.removeprefix("./") for path in asked.stdout.split("\0")[:-1]}
    patterns = parse_patterns(text)
    assert {path for path in paths if covers(patterns, path.split("/"))} == git
