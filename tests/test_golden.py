"""What the program says of fixtures and examples is what is recorded, to the byte."""

from __future__ import annotations

import golden
import pytest


@pytest.mark.parametrize("theme", golden.themes())
def test_what_is_found_and_fixed_is_as_recorded(theme: str) -> None:
    """Where a change is meant: `python tests/golden.py --write`, and commit the record with the reason."""
    recorded = (golden.RECORDS / f"{theme}.txt").read_text("utf-8")
    changed = golden.difference(recorded, golden.theme_record(theme))
    assert not changed, changed


def test_there_is_no_record_without_a_theme() -> None:
    assert {path.stem for path in golden.RECORDS.iterdir()} == set(golden.themes())


def test_a_difference_shows_what_changed() -> None:
    assert "+DK200 low" in golden.difference("## a\nDK200 high\n", "## a\nDK200 low\n")
    assert golden.difference("same\n", "same\n") == ""
