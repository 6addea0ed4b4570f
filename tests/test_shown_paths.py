"""Paths as reports show them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dockerlint.workspace.discovery import shown


@pytest.mark.skipif(os.name == "nt", reason="paths with one root")
@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ("a/b", "a/b"),
        (".", "."),
        ("a/../b//c/", "b/c"),
        ("..a/b", "{here}/..a/b"),
        ("../here-too/a", "{above}/here-too/a"),
        ("..", "{above}"),
    ],
)
def test_a_path_is_shown_from_the_working_directory_where_it_lies_below_it(
    below: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    assert shown(f"{here}/{below}") == expected.format(here=here, above=tmp_path)
    assert shown(f"/{here}/{below}").replace("//", "/") == expected.format(here=here, above=tmp_path)
