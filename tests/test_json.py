"""JSON texts are read with places, whatever is wrong with them, and edited in their own formatting."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockerlint.budget import OverBudget, budgeted
from dockerlint.findings import Refused
from dockerlint.json.bracket import MAX_DEPTH
from dockerlint.json.comparison import json_differs
from dockerlint.json.edit import remove_at, set_keys
from dockerlint.json.plain import passed_over
from dockerlint.json.reader import MOST_PROBLEMS, read_json
from dockerlint.text import Span, splice
from dockerlint.yaml.nodes import Mapping, Node, Scalar, Sequence, as_mapping

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def data(node: Node) -> Any:
    if isinstance(node, Mapping):
        return {key: data(entry.value) for key, entry in node.entries.items()}
    return [data(item) for item in node.items] if isinstance(node, Sequence) else node.value


def problems(text: str) -> list[tuple[str, str]]:
    return [(one.message, text[one.span.start : one.span.end]) for one in read_json(text).problems]


def body(text: str) -> Mapping:
    (root,) = read_json(text).values
    assert isinstance(root, Mapping)
    return root


@given(PLAIN, st.sampled_from([None, 1, "\t"]))
def test_json_that_a_program_prints_is_read_as_it_was_meant(value: Any, indent: Any) -> None:
    text = json.dumps(value, indent=indent)
    read = read_json(text)
    assert ([data(one) for one in read.values], read.problems) == ([value], ())


@given(st.text(alphabet='{}[],:"\\ab1 \n/#\x00é', max_size=60))
def test_any_text_is_read_and_what_is_no_json_is_told(text: str) -> None:
    read = read_json(text)
    try:
        json.loads(text)
    except ValueError:
        assert read.problems or len(read.values) != 1
    else:
        assert all(one.code == "duplicate-key" for one in read.problems)
    assert all(0 <= one.span.start <= one.span.end <= len(text) for one in read.problems)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"icc": true, "icc": false}', [("duplicate key 'icc': only the last one counts", '"icc"')]),
        ('{"a": 1,}', [("comma before a closing bracket", ",")]),
        ('{"a" 1}', [("missing colon", "1")]),
        ('{"a": 1 "b": 2}', [("missing comma", '"b"')]),
        ('{"a": 1} // note', [("JSON has no comments", "// note")]),
        ('{"a": [1, 2}', [("missing ]", "}")]),
        ('{"a": "x}\n, "b": 1}', [("string without closing quote", '"x}')]),
        ('{"a": }', [("key without a value", '"a"')]),
        ('{"a": True}', [("unexpected text 'True'", "True")]),
        ('{"a": "\t"}', [("raw control character in a string", '"\t"')]),
        ('{"a": "\\x41"}', [("unknown escape", "\\x")]),
        ('[{"a": 1}', [("bracket that is never closed", "[")]),
    ],
)
def test_what_is_wrong_is_told_at_its_place(text: str, told: list[tuple[str, str]]) -> None:
    assert problems(text) == told


def test_what_stands_around_a_broken_place_is_read() -> None:
    assert data(body('{"a": 1, "b": nonsense, "c": [1 2], "d": {"e": "x"}}')) == {
        "a": 1,
        "b": None,
        "c": [1, 2],
        "d": {"e": "x"},
    }


def test_the_last_of_equal_keys_counts() -> None:
    assert data(body('{"icc": true, "icc": false}')) == {"icc": False}


def test_deep_nesting_is_told_once_and_its_neighbours_are_read() -> None:
    deep = "[" * 10_000 + "]" * 10_000
    text = f'{{"a": {deep}, "b": 2}}'
    read = read_json(text)
    assert [one.code for one in read.problems] == ["json-depth"]
    assert MAX_DEPTH < 200
    root = read.values[0]
    assert isinstance(root, Mapping)
    assert root.entries["b"].value == Scalar("2", root.entries["b"].value.span)


def test_problems_of_a_text_are_bounded() -> None:
    assert len(read_json("x," * 5_000).problems) <= MOST_PROBLEMS


def test_a_text_of_too_many_words_is_given_up() -> None:
    with pytest.raises(OverBudget, match="JSON"), budgeted(steps=100_000):
        read_json("[" + "1," * 50_000 + "1]")


@pytest.mark.parametrize(
    ("text", "wanted", "after"),
    [
        ("{}", {"icc": False}, '{\n  "icc": false\n}'),
        ('{"a":1}', {"icc": False}, '{"a":1, "icc":false}'),
        ('{\n\t"a": 1\n}', {"b": "x", "c": True}, '{\n\t"a": 1,\n\t"b": "x",\n\t"c": true\n}'),
        ('{\r\n "a": 1\r\n}', {"b": 2}, '{\r\n "a": 1,\r\n "b": 2\r\n}'),
        ('{"a": {"b": "1"}}', {"a": {"b": "2", "c": "3"}}, '{"a": {"b": "2", "c": "3"}}'),
        ('{"a": ["x"]}', {"a": ["x", "y"]}, '{"a": ["x", "y"]}'),
        ('{"a": []}', {"a": ["y"]}, '{"a": ["y"]}'),
        ('{"a": "old"}', {"a": 'n"ew'}, '{"a": "n\\"ew"}'),
        ('{\n  "a": 1\n}', {"o": {"x": "1"}}, '{\n  "a": 1,\n  "o": {\n    "x": "1"\n  }\n}'),
    ],
)
def test_keys_are_set_in_the_formatting_that_is_there(text: str, wanted: Any, after: str) -> None:
    edits = set_keys(text, body(text), wanted)
    assert splice(text, edits) == after
    assert json_differs(text, after, edits) is None


@pytest.mark.parametrize(
    ("text", "word", "after"),
    [
        ('{"a": ["x", "y", "z"]}', '"y"', '{"a": ["x", "z"]}'),
        ('{"a": ["x", "y"]}', '"y"', '{"a": ["x"]}'),
        ('{"a": ["y"]}', '"y"', '{"a": []}'),
        ('{\n  "a": [\n    "x",\n    "y"\n  ]\n}', '"x"', '{\n  "a": [\n    "y"\n  ]\n}'),
        ('{"a": 1, "b": "y"}', '"y"', '{"a": 1}'),
    ],
)
def test_an_item_goes_with_its_comma(text: str, word: str, after: str) -> None:
    start = text.index(word)
    edits = remove_at(body(text), Span(start, start + len(word)))
    assert splice(text, edits) == after
    assert json_differs(text, after, edits) is None


def test_what_is_never_closed_is_not_edited() -> None:
    text = '{"a": 1'
    with pytest.raises(Refused):
        set_keys(text, body(text), {"b": 2})


def test_a_value_that_no_edit_touched_must_stay() -> None:
    assert json_differs('{"a": 1, "b": 2}', '{"a": 1, "b": 3}', []) is not None
    assert json_differs('{"a": 1}', '{"a": 1,}', []) is not None


@pytest.mark.parametrize(
    ("head", "item"),
    [("[", "1,"), ('["a",', '"ab",'), ("", "[")],
)
def test_megabytes_that_cost_too_much_are_refused_before_they_are_read(head: str, item: str) -> None:
    text = head + item * (4_000_000 // len(item))
    began = time.process_time()
    with pytest.raises(OverBudget, match="the values of a JSON text"), budgeted():
        read_json(text)
    assert time.process_time() - began < 2  # a tenth of it on a machine with nothing else to do


def test_a_long_text_of_few_values_is_read() -> None:
    marks = ",:[{" * 1_000_000
    (root,) = read_json(json.dumps({"Config": {"Labels": {"a": marks, "b": [1, 2]}}})).values
    assert data(root)["Config"]["Labels"] == {"a": marks, "b": [1, 2]}


def test_members_that_nobody_asks_for_are_passed_over_and_the_others_read_where_they_stand() -> None:
    config = '{"Dns": ["],", ""], "Tty": 1, "A": {"Tty": "x"}, "Dns": []}'
    text = f'[{{"Tty": true, "Config": {config}, "Tty": {{"B": 1}}}}]'
    (root,) = read_json(text, passed_over(("Tty", "Dns"), ("", "Config"))).values
    assert data(root) == [{"Config": {"A": {"Tty": "x"}, "Dns": []}, "Tty": {"B": 1}}]
    (whole,) = read_json(text).values
    assert isinstance(root, Sequence)
    assert isinstance(whole, Sequence)
    read, all_of_it = (as_mapping(one.items[0]).entries["Config"].value for one in (root, whole))
    assert as_mapping(read).entries["A"] == as_mapping(all_of_it).entries["A"]


@pytest.mark.parametrize(
    "wrong", ['"Tty": true,}', '"Tty": nul, "A": 1}', '"Tty": true "A": 1}', '"Tty": [1,], "A": 1}']
)
def test_what_is_no_json_is_told_in_members_that_nobody_asks_for(wrong: str) -> None:
    passing = passed_over(("Tty",), ("",))
    text = '{"Tty": ' + wrong
    assert read_json(text, passing).problems == read_json(text).problems != ()
