"""YAML text becomes nodes that know their place."""

from __future__ import annotations

import gc
import json
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pace import grows_in_proportion

from dockerlint.yaml.builder import Builder
from dockerlint.yaml.comments import read_comments
from dockerlint.yaml.nodes import Mapping, Node, Plain
from dockerlint.yaml.tree import _events, _parser, _pure_events, load_plain, parse_yaml

FIXTURES = Path(__file__).parent.parent / "fixtures" / "compose"


def test_a_colon_inside_a_plain_word_of_a_flow_list_is_part_of_the_word() -> None:
    data, _, problems = load_plain("before: &b [1]\nports: [8080:80, /a:/b]\nafter: {x: 1:2, y: *b}\n")
    assert data == {"before": [1], "ports": ["8080:80", "/a:/b"], "after": {"x": "1:2", "y": [1]}}
    assert problems == ()


def test_a_tab_may_stand_between_a_value_and_its_comment_in_either_parser() -> None:
    data, _, problems = load_plain('ports: [8080:80]\t# ours\nname: "a"\t\nuser: b\t# c\n')
    assert not problems
    assert data == {"ports": ["8080:80"], "name": "a", "user": "b"}


def plain(text: str) -> Plain:
    data, _, problems = load_plain(text)
    assert problems == ()
    return data


@pytest.mark.parametrize(
    ("written", "value"),
    [
        *(
            ("22:22", "22:22"),
            ("1:20:30", "1:20:30"),
            ("2026-01-31", "2026-01-31"),
            ("yes", "yes"),
            ("off", "off"),
        ),
        *(
            ("true", True),
            ("TRUE", True),
            ("false", False),
            ("null", None),
            ("~", None),
            ("", None),
            ("tRue", "tRue"),
        ),
        *(("0o17", 15), ("017", 15), ("0x1F", 31), ("0b101", 5), ("1_000", 1000), ("-7", -7), ("08", 8)),
        *(
            ("1.5", 1.5),
            ("1e3", 1000.0),
            (".5", 0.5),
            ("1.2.3", "1.2.3"),
            ("+", "+"),
            ("1e", "1e"),
        ),
        *(("'1'", "1"), ('"true"', "true"), ("!!str 1", "1"), ("!!int '1'", 1), ("9" * 400, "9" * 400)),
    ],
)
def test_plain_words_mean_what_composes_reader_makes_of_them(written: str, value: object) -> None:
    found = plain(f"a: {written}\n")
    assert isinstance(found, dict)
    assert (found["a"], type(found["a"])) == (value, type(value))


def test_positions_underline_values_without_anchors_and_tags() -> None:
    text = "a: &x !!str  'one'\nb: &y\n  c: [1, {d: 2}]\ne: |\n  two\n\nf: *y\n"
    _, positions, _ = load_plain(text)
    found = {path: text[span.start : span.end] for path, span in positions.items()}
    assert found[("a",)] == "'one'"
    assert found[("b",)] == "c: [1, {d: 2}]"
    assert found[("b", "c", 1)] == "{d: 2}"
    assert found[("e",)] == "|\n  two"
    assert found[("f",)] == "c: [1, {d: 2}]"


def test_merge_keys_bring_what_is_not_there() -> None:
    text = (
        "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], x: 3}\nd: {y: 4, <<: *b}\ne: {'<<': 5}\n"
    )
    data = plain(text)
    assert isinstance(data, dict)
    assert (data["c"], data["d"]) == ({"x": 3, "y": 1, "z": 2}, {"y": 4, "z": 2})
    assert data["e"] == {"<<": 5}


def test_shared_nodes_are_known() -> None:
    text = "a: &a [1]\nb: &b [2]\nc: *b\n"
    assert [text[one.start : one.end] for one in parse_yaml(text).shared] == ["[2]"]


def test_tags_of_compose_are_kept() -> None:
    root = parse_yaml("a: !reset null\nb: !override [1]\n").documents[0]
    assert isinstance(root, Mapping)
    assert [entry.value.tag for entry in root.entries.values()] == ["!reset", "!override"]


def test_a_second_document_is_a_problem_for_rules_and_configs() -> None:
    data, _, problems = load_plain("a: 1\n---\nb: 2\n")
    assert data == {"a": 1}
    assert [one.code for one in problems] == ["several-documents"]


DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 99) | st.text("ab:#-é\U0001f600 '\"\n", max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(DOCUMENTS)
def test_every_json_text_is_read_as_json(data: object) -> None:
    assert plain(json.dumps(data, ensure_ascii=False)) == data


@settings(max_examples=100, deadline=None)
@given(DOCUMENTS)
def test_both_parsers_of_the_library_give_the_same_nodes(data: object) -> None:
    text = json.dumps(data, indent=1, ensure_ascii=False)

    def nodes(pure: bool) -> list[Node]:
        return Builder(text).attempt(_events(text, 0, pure=pure), 0)

    assert nodes(True) == nodes(False)


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_pure_parser_reads_the_fixtures_the_same(path: Path) -> None:
    text = path.read_text("utf-8")
    # The C parser stops at a colon in a word of a flow collection, and hands over to the other one.
    text = re.sub(r"(?<=[\w.])(?::(?=\w))+", "-", text)
    fast, slow = (Builder(text).attempt(_events(text, 0, pure=pure), 0) for pure in (False, True))
    assert fast == slow


def test_reading_a_text_leaves_nothing_behind_for_the_collector_of_cycles() -> None:
    parse_yaml("warm: up\n")
    gc.collect()
    gc.disable()
    try:
        before = sum(isinstance(one, type) for one in gc.get_objects())
        for at in range(50):
            parse_yaml(f"services:\n  a:\n    image: x:{at}\n")
        assert sum(isinstance(one, type) for one in gc.get_objects()) == before
        assert gc.collect() == 0
    finally:
        gc.enable()


@pytest.mark.parametrize(
    "piece",
    ["---\na: 1\n# c\n", "\r #", " " * 50 + "# c\n", "a: 1 # c\n# d\n"],
    ids=["documents", "carriage returns", "indents", "equal keys"],
)
def test_comments_take_linear_time(piece: str) -> None:
    def comments(text: str) -> None:
        stream = parse_yaml(text)
        read_comments(text, stream.documents, stream.covered, ())

    assert grows_in_proportion(comments, lambda count: "a: 1\n" + piece * count, 1000)


def test_comments_behind_carriage_returns_are_about_what_follows_their_line() -> None:
    text = "a: 1\n # one\r # two\nb: 2\nc: 3 # three\r # four\n"
    stream = parse_yaml(text)
    comments = read_comments(text, stream.documents, stream.covered, ())
    owners = [text[one.owner.start : one.owner.end] if one.owner else None for one in comments]
    assert owners == ["b: 2", None, "c: 3", "c: 3"]


def test_without_the_c_parser_texts_are_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "services:\n  a: &a {image: 'x:1', ports: [8080:80]}\n  b: *a\n"
    fast = parse_yaml(text)
    monkeypatch.setitem(sys.modules, "ruamel.yaml.cyaml", None)
    for one in (parse_yaml, _parser):
        one.cache_clear()
    try:
        assert parse_yaml(text) == fast
        assert _parser() is _pure_events
    finally:
        _parser.cache_clear()


def test_exactly_the_characters_that_yaml_calls_not_printable_are_refused() -> None:
    """https://yaml.org/spec/1.2.2/#51-character-set: c-printable, at the edges of each of its ranges."""
    edges = (0, 8, 9, 0xA, 0xB, 0xC, 0xD, 0xE, 0x1F, 0x20, 0x7E, 0x7F, 0x84, 0x85, 0x86, 0x9F, 0xA0)
    wide = (0xD7FF, 0xD800, 0xDFFF, 0xE000, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000, 0x10FFFF)
    refused = [at for at in (*edges, *wide) if parse_yaml(f"# {chr(at)}\n").problems]
    expected = [0, 8, 0xB, 0xC, 0xE, 0x1F, 0x7F, 0x84, 0x86, 0x9F, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF]
    assert refused == expected
