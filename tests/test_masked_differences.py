"""Differences show no secret, and what they show applies."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from program import as_text, program

from dockerlint.findings import Tier
from dockerlint.linting.selection import SelectionFlags
from dockerlint.report.fixes.text import difference
from dockerlint.run.file import FileLinter
from dockerlint.run.fixing.one import FixOptions
from dockerlint.text import Source

PW = "Zq8mK2xWv9LrTd"
SECRET = f"ENV DB_PASSWORD={PW}"
INSTALL = "RUN apt-get update && apt-get install -y ca-certificates curl && rm -rf /var/lib/apt/lists/*"
JUDGE = FileLinter(SelectionFlags(select=("DK175",)))


@pytest.fixture(autouse=True)
def _in_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "-q", "."], check=True)


def mended(text: str) -> tuple[str, str]:
    """The difference that is shown, and the fixed text."""
    source = Source("Dockerfile", text)
    result = JUDGE.fix(source, "dockerfile", FixOptions(Tier.HARDEN))
    patch = difference("Dockerfile", source, result, ())
    assert PW not in patch
    return patch, result.text


def apply(tool: str, patch: str, text: str) -> str:
    """What becomes of a file with this text under a patch, which must apply."""
    Path("Dockerfile").write_bytes(text.encode())
    command = {"git": ["git", "apply"], "patch": ["patch", "-s", "-p1", "--binary"]}[tool]
    done = subprocess.run(command, input=patch.encode(), capture_output=True)
    assert done.returncode == 0, done.stderr.decode() + patch
    return Path("Dockerfile").read_bytes().decode()


@pytest.mark.parametrize("tool", ["git", "patch"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("above", range(5))
@pytest.mark.parametrize("below", range(1, 5))
def test_context_that_holds_a_secret_is_cut_and_the_rest_applies(
    tool: str, newline: str, above: int, below: int
) -> None:
    lines = ["FROM debian:12.5", SECRET, *(f"LABEL a{n}=b" for n in range(above)), INSTALL]
    lines += [*(f"LABEL b{n}=b" for n in range(below)), SECRET.replace("DB", "API"), "USER 1000"]
    text = newline.join([*lines, ""])
    patch, fixed = mended(text)
    assert "--no-install-recommends" in patch
    assert fixed != text
    assert apply(tool, patch, text) == fixed


@pytest.mark.parametrize("tool", ["git", "patch"])
@pytest.mark.parametrize("end", ["", "\n", "\r\n"], ids=["open", "lf", "crlf"])
def test_a_change_in_the_last_line_applies_without_the_secret_above_it(tool: str, end: str) -> None:
    text = f"FROM debian:12.5\n{SECRET}\n{INSTALL}{end}"
    patch, fixed = mended(text)
    assert apply(tool, patch, text) == fixed != text


@pytest.mark.parametrize("tool", ["git", "patch"])
def test_a_secret_between_two_changes_parts_them(tool: str) -> None:
    text = f"FROM debian:12.5\n{INSTALL}\nLABEL a=b\n{SECRET}\nLABEL c=d\n{INSTALL}\nUSER 1000\n"
    patch, fixed = mended(text)
    assert patch.count("@@ -") == 2
    assert apply(tool, patch, text) == fixed != text


@pytest.mark.parametrize(
    "lines",
    [
        [f"RUN DB_PASSWORD={PW} apt-get install -y ca-certificates curl", "USER 1000"],
        [INSTALL, SECRET, "USER 1000"],
    ],
    ids=["in the change", "right below"],
)
def test_a_hunk_that_cannot_be_shown_is_left_out_and_named(lines: list[str]) -> None:
    other = ["LABEL x=y"] * 9 + [INSTALL, "CMD x"]
    text = "\n".join(["FROM debian:12.5", *lines, *other, ""])
    patch, fixed = mended(text)
    assert "\n# Dockerfile:1: not shown: it contains a secret" in patch
    assert patch.count("@@ -") == 1
    after = apply("git", patch, text)
    assert after.count("--no-install-recommends") == 1
    assert fixed.count("--no-install-recommends") == 2


def test_a_context_line_that_a_runner_would_obey_is_cut_too() -> None:
    command = "::stop-commands::x"
    text = f"FROM debian:12.5\nRUN <<EOF\n{command}\nEOF\n{INSTALL}\nUSER 1000\n"
    patch, fixed = mended(text)
    assert command not in patch
    assert apply("git", patch, text) == fixed != text


def test_a_value_that_moves_to_a_file_is_in_no_hunk() -> None:
    Path("compose.yaml").write_text(
        "services:\n  db:\n    image: postgres:17.6\n    environment:\n"
        f"      POSTGRES_PASSWORD: {PW}\n      POSTGRES_DB: app\n"
    )
    done = as_text(program("fix", "--diff", "--harden", "--select", "DK524"))
    assert PW not in done.stdout + done.stderr
    assert "not shown: it contains a secret" in done.stdout
    applied = subprocess.run(["git", "apply"], input=done.stdout, capture_output=True, text=True)
    assert applied.returncode == 0, applied.stderr
    assert Path(".gitignore").read_text() == "/secrets/\n"


def pinned(text: str) -> tuple[str, str]:
    """The difference that is shown where an image is pinned, and the fixed text."""
    source = Source("Dockerfile", text)
    result = FileLinter(SelectionFlags(select=("DK501",))).fix(source, "dockerfile", FixOptions(Tier.HARDEN))
    patch = difference("Dockerfile", source, result, ())
    assert PW not in patch
    return patch, result.text


def test_a_change_right_above_a_secret_applies_without_other_lines_and_says_what_git_needs() -> None:
    text = f"FROM alpine\n{SECRET}\nUSER 1000\n"
    patch, fixed = pinned(text)
    assert fixed != text
    assert "git apply needs --unidiff-zero" in patch
    assert apply("patch", patch, text) == fixed


def test_a_change_right_above_a_secret_is_left_out_where_its_lines_stand_twice() -> None:
    patch, _ = pinned(f"FROM alpine\n{SECRET}\nUSER 1000\nFROM alpine\n{SECRET}\nUSER 1000\n")
    assert "@@" not in patch
    assert patch.count("not shown") == 2
