"""Path patterns: judged by git itself where git is there."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
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
