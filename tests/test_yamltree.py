"""YAML text becomes nodes that know their place."""

from __future__ import annotations

from dockerlint.parse.yamltree import load_plain


    data, _, problems = load_plain("before: &b [1]\nports: [8080:80, /a:/b]\nafter: {x: 1:2, y: *b}\n")
    assert data == {"before": [1], "ports": ["8080:80", "/a:/b"], "after": {"x": "1:2", "y": [1]}}
    assert problems == ()
