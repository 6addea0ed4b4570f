"""What the values of labels look like, and which labels a project wants."""

from __future__ import annotations

import pytest

from dockerlint.model.label import is_license, label_fault

PREFIX = "org.opencontainers.image."


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("MIT", True),
        ("mit", True),
        ("Apache-2.0", True),
        ("GPL-2.0+", True),
        ("MIT AND (BSD-3-Clause OR ISC)", True),
        ("GPL-2.0-or-later WITH Bison-exception-2.2", True),
        ("LicenseRef-ours", True),
        ("GPL-2.0-or-later WITH MIT", False),
        ("MIT OR", False),
        ("MIT BSD-3-Clause", False),
        ("(MIT", False),
        ("MIT)", False),
        ("Proprietary", False),
        ("", False),
    ],
)
def test_a_license_is_an_expression_of_identifiers_of_spdx(text: str, is_one: bool) -> None:
    assert is_license(text) is is_one


@pytest.mark.parametrize(
    ("name", "value", "is_right"),
    [
        ("url", "https://example.org/a?b#c", True),
        ("url", "mailto:a@example.org", True),
        ("url", "example.org", False),
        ("url", "https://", False),
        ("created", "2026-08-22T10:11:12Z", True),
        ("created", "2026-08-22T10:11:12.5+02:00", True),
        ("created", "2026-08-22", False),
        ("created", "2026-13-22T10:11:12Z", False),
        ("title", "anything", True),
    ],
)
def test_the_name_of_a_label_says_what_its_value_looks_like(name: str, value: str, is_right: bool) -> None:
    assert (label_fault(PREFIX + name, value) is None) is is_right
