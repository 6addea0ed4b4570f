"""YAML text becomes nodes that know their place."""

from __future__ import annotations

from dockerlint.parse.yamltree import load_plain


def test_a_colon_inside_a_plain_word_of_a_flow_list_is_part_of_the_word() -> None:
    data, _, problems = load_plain("before: &b [1]\nports: [8080:80, /a:/b]\nafter: {x: 1:2, y: *b}\n")
    assert data == {"before": [1], "ports": ["8080:80", "/a:/b"], "after": {"x": "1:2", "y": [1]}}
    assert problems == ()
