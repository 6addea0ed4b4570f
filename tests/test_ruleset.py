"""The rule language: three-valued operators, and errors that say where and what was meant."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from dockerlint.data import CHECKOUT
from dockerlint.ruleset.bundle import load_bundle
from dockerlint.ruleset.check import Lexicon
from dockerlint.ruleset.compile import compile_test
from dockerlint.ruleset.load import load_rules
from dockerlint.ruleset.rule import RuleError
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.ruleset.templates import compile_message
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Located

HERE = Span(0, 0)
LEXICON = Lexicon({"ports": [1]}, {"hadolint": ["DL3002"]})

SOUND = """\
id: ACME001
name: root-stage
title: The final stage runs as root
severity: high
each: stage
when: {is_final: true}
message: stage {index} is final
docs:
  why: Because this is only a rule of the tests.
  instead: Do something else.
examples:
  - {bad: "FROM a", flags: ["FROM a"]}
  - {good: "FROM b"}
"""


def holds(spec: object, value: object) -> bool | None:
    return compile_test(spec, {"ports": [5432, 6379]})(value, {})


@pytest.mark.parametrize(
    ("spec", "value", "verdict"),
    [
        ("latest", "latest", True),
        ("latest", "22", False),
        (["a", "b"], "b", True),
        (True, 1, False),
        (1, True, False),
        (None, None, True),
        ("x", None, False),
        ({"present": True}, UNKNOWN, True),
        ({"present": True}, None, False),
        ({"present": False}, (), True),
        ({"matches": "^ro+t$"}, "root", True),
        ({"matches": "^ro+t$"}, 5, False),
        ({"startswith": ["a", "b"]}, "beta", True),
        ({"above": 5}, 6, True),
        ({"above": 5}, True, False),
        ({"below": 5}, 6, False),
        ({"has": ["x", "y"]}, ("y",), True),
        ({"has": "x"}, (), False),
        ({"lacks": "ALL"}, ("NET_ADMIN",), True),
        ({"lacks": "ALL"}, ("ALL",), False),
        ({"in": "$ports"}, 6379, True),
        ({"in": ["$ports", 1]}, 1, True),
        ({"some": {"above": 3}}, (1, 5), True),
        ({"none": {"above": 3}}, (1, 2), True),
        ({"every": {"above": 3}}, (4, 2), False),
        ({"not": {"equals": "a"}}, "b", True),
        ({"any": ["a", {"startswith": "b"}]}, "bc", True),
        ({"all": [{"startswith": "b"}, {"matches": "c$"}]}, "bd", False),
    ],
)
def test_an_operator_decides(spec: object, value: object, verdict: bool) -> None:
    assert holds(spec, value) is verdict
    assert holds(spec, Located(value, HERE)) is verdict


@pytest.mark.parametrize(
    "spec",
    [
        "x",
        ["x"],
        {"matches": "x"},
        {"startswith": "x"},
        {"above": 1},
        {"has": "x"},
        {"lacks": "x"},
        {"some": "x"},
        {"none": "x"},
        {"not": "x"},
        {"present": True, "equals": "x"},
    ],
)
def test_nothing_but_presence_is_known_of_the_unknown(spec: object) -> None:
    assert holds(spec, UNKNOWN) is None


def test_a_false_part_settles_what_an_unknown_part_leaves_open() -> None:
    node = SimpleNamespace(a=UNKNOWN, b="x")
    assert holds({"a": "x", "b": "y"}, node) is False
    assert holds({"any": [{"a": "x"}, {"b": "x"}]}, node) is True
    assert holds({"all": [{"a": "x"}, {"b": "x"}]}, node) is None


def test_a_collection_with_an_unknown_item_may_have_anything() -> None:
    assert holds({"lacks": "ALL"}, ("A", UNKNOWN)) is None
    assert holds({"has": "A"}, ("A", UNKNOWN)) is True


def test_a_path_falls_back_to_the_nodes_around() -> None:
    stage = SimpleNamespace(name=Located("prod", HERE))
    test = compile_test({"stage.name": "prod"}, {})
    assert test(SimpleNamespace(), {"stage": stage}) is True  # type: ignore[dict-item]


def test_numbers_that_a_user_adds_to_a_list_of_words_start_no_text() -> None:
    test = compile_test({"startswith": "$mixed"}, {"mixed": [5, "a"]})
    assert test("abc", {}) is True
    assert test("5", {}) is False


def test_a_message_fills_its_places_and_joins_lists() -> None:
    node = SimpleNamespace(ports=(1, 2), name=Located("db", HERE))
    assert compile_message("{name} publishes {ports}")(node, {}) == "db publishes 1, 2"


def write(folder: Path, text: str, name: str = "rule.yaml") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_sound_rule_loads(tmp_path: Path) -> None:
    assert load_rules([write(tmp_path, SOUND)], LEXICON)[0]["id"] == "ACME001"


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("is_final: true", "is_finale: true", 6, "did you mean 'is_final'"),
        ("is_final: true", "name: {startwith: x}", 6, "did you mean 'startswith'"),
        ("is_final: true", "index: {in: $prots}", 6, "did you mean 'ports'"),
        ("is_final: true", "is_final: maybe", 6, "can never be equal"),
        ("is_final: true", "instructions: {is_final: true}", 6, "is a list"),
        ("is_final: true", "name: {some: x}", 6, "takes a list"),
        ("is_final: true", 'name: {matches: "(a+)+"}', 6, "exponential"),
        ("is_final: true", 'name: {matches: "("}', 6, "not a regular expression"),
        ("{index}", "{indx}", 7, "did you mean 'index'"),
        ("each: stage", "each: stag", 5, "did you mean 'stage'"),
        ("severity: high", "severity: hihg", 4, "hihg"),
        ("title:", "titel:", 1, "did you mean 'title'"),
        ("docs:\n", "aliases: {hadolint: [DL3003]}\ndocs:\n", 8, "did you mean 'DL3002'"),
        ("docs:\n", "aliases: {hadolnt: [DL3002]}\ndocs:\n", 8, "did you mean 'hadolint'"),
    ],
)
def test_a_typo_is_an_error_with_its_line_and_a_suggestion(
    tmp_path: Path, old: str, new: str, line: int, words: str
) -> None:
    path = write(tmp_path, SOUND.replace(old, new))
    with pytest.raises(RuleError) as caught:
        load_rules([path], LEXICON)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert words in str(caught.value)


def test_two_rules_cannot_share_an_id(tmp_path: Path) -> None:
    paths = [write(tmp_path, SOUND, "a.yaml"), write(tmp_path, SOUND, "b.yaml")]
    with pytest.raises(RuleError, match="is already used by"):
        load_rules(paths, LEXICON)


def test_a_users_rule_works_beside_ours(tmp_path: Path) -> None:
    write(tmp_path, SOUND)
    assert "root-stage" in load_ruleset(directories=[str(tmp_path)]).infos


def test_a_users_rule_cannot_take_one_of_our_names(tmp_path: Path) -> None:
    ours = load_bundle()["rules"][0]["name"]
    write(tmp_path, SOUND.replace("root-stage", ours))
    ruleset = load_ruleset(directories=[str(tmp_path)])
    assert str(ruleset.mistakes[0]).endswith(
        f"rule.yaml:2: name {ours!r} is already used by dockerlint; choose another"
    )
    assert "ACME001" not in ruleset.infos


def test_an_empty_folder_of_rules_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="no rule files"):
        load_ruleset(directories=[str(tmp_path)])


def test_words_can_be_extended() -> None:
    name, items = next(iter(load_bundle()["words"].items()))
    assert load_ruleset(more_words={name: ["one more"]}).rules
    assert "one more" not in items


def test_a_misspelt_list_of_words_is_an_error_with_a_suggestion() -> None:
    with pytest.raises(RuleError, match="did you mean 'datastore-ports'"):
        load_ruleset(more_words={"datastore-prots": [1]}, word_places={"datastore-prots": "c.yaml:2"})


def test_the_rules_of_a_checkout_are_found() -> None:
    assert Path(CHECKOUT, "words.yaml").is_file()
