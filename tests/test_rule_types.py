"""What a rule may name is resolved and typed when it is loaded: no path of a rule can crash a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dockerlint.data import CHECKOUT
from dockerlint.kinds import SUPPORTED, kind_of_name
from dockerlint.linting.linter import parse, walk
from dockerlint.ruleset.bundle import load_examples
from dockerlint.ruleset.check import Lexicon, check_rule
from dockerlint.ruleset.compile import compile_test
from dockerlint.ruleset.documents.files import read_plain_file
from dockerlint.ruleset.fields import FieldType, above, field_of, files_with, hints, kinds
from dockerlint.ruleset.grammar import OPERATORS
from dockerlint.ruleset.load import load_rules
from dockerlint.ruleset.paths import compile_path
from dockerlint.ruleset.rule import RuleError
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.ruleset.templates import compile_argument, compile_message
from dockerlint.run.examples import EXAMPLE_DAY

EXAMPLE = {"kind": "compose", "fixed": ""}
MOST_NODES = 1
"""Of a kind, each of another file; more would only take more time."""
LEXICON = Lexicon({"numbers": [22], "names": ["curl"]}, {})
RULESET = load_ruleset(today=EXAMPLE_DAY)
FIXTURES = Path(__file__).parent.parent / "fixtures"
RULE = """\
id: ACME001
name: of-the-house
title: A rule of the house
severity: high
each: EACH
when: WHEN
message: this is here
docs: {why: Because this is only a rule of the tests., instead: Do something else.}
examples:
  - {kind: KIND, bad: "FROM a", flags: ["FROM a"]}
  - {kind: KIND, good: "FROM b"}
"""


def mistakes(each: str, when: Any, **more: Any) -> list[str]:
    """What is wrong with a rule of these parts."""
    raw = {"id": "A", "each": each, "when": when, "message": "here", "examples": [EXAMPLE], **more}
    return [one.message for one in check_rule(raw, LEXICON)]


def load(tmp_path: Path, each: str, when: str, kind: str = "compose") -> None:
    path = tmp_path / "rule.yaml"
    path.write_text(RULE.replace("EACH", each).replace("KIND", kind).replace("WHEN", when), encoding="utf-8")
    load_rules([str(path)], LEXICON)


def test_what_only_the_type_checker_imports_is_known_too(tmp_path: Path) -> None:
    load(tmp_path, "container", "{built.stage.runs_as_root: true}")


@pytest.mark.parametrize(
    ("each", "when", "words"),
    [
        ("stage", "{is_final: {matches: x}}", "'matches' asks a text, and this field is true or false"),
        ("stage", "{is_final: {above: 1}}", "'above' asks a number, and this field is true or false"),
        ("stage", "{name: {above: 1}}", "'above' asks a number, and this field is a text"),
        ("stage", "{index: {startswith: x}}", "'startswith' asks a text, and this field is a number"),
        ("stage", "{image: {matches: x}}", "ask one of its fields"),
        ("stage", "{index: {above: x}}", "'above' takes a number, not 'x'"),
        ("stage", "{index: {above: true}}", "'above' takes a number, not true"),
        ("stage", "{index: {above: [1]}}", "'above' takes a number, not a list"),
        ("stage", "{name: {matches: 5}}", "'matches' takes a regular expression, not 5"),
        ("stage", "{name: {matches: $names}}", "'matches' takes a regular expression"),
        ("stage", "{name: {startswith: {a: b}}}", "'startswith' takes a text, or a list of texts"),
        ("stage", "{name: {startswith: $numbers}}", "no word of $numbers can ever be equal"),
        ("stage", "{name: $numbers}", "no word of $numbers can ever be equal to this field, which is a text"),
        ("stage", "{name: {equals: [a, b]}}", "'equals' takes a single value, not a list"),
        ("stage", "{name: {in: a}}", "'in' takes a list of values"),
        ("stage", "{name: {present: 1}}", "'present' takes true or false, not 1"),
        ("stage", "{name: {any: x}}", "'any' takes a list of tests, not 'x'"),
        ("stage", "{name: {any: {equals: x}}}", "'any' takes a list of tests, not a mapping"),
        ("stage", "{name: {some: {present: true}}}", "'some' takes a list, and this field is not a list"),
        ("stage", "{instructions: {matches: x}}", "the field is a list"),
        ("stage", "{instructions: {has: RUN}}", "can never be equal"),
        ("stage", "{script_at: {present: true}}", "unknown field or operator 'script_at'"),
        ("stage", "{remember: {present: true}}", "unknown field or operator 'remember'"),
        ("stage", "{name.upper: x}", "unknown field 'upper'"),
        ("container", "{built.stage.runs_as_rot: true}", "did you mean 'runs_as_root'"),
        ("stage", "{1: true}", "unknown field or operator '1'"),
    ],
)
def test_what_does_not_fit_is_an_error_with_its_line(
    tmp_path: Path, each: str, when: str, words: str
) -> None:
    with pytest.raises(RuleError) as caught:
        load(tmp_path, each, when)
    assert str(caught.value).startswith(f"{tmp_path / 'rule.yaml'}:6: ")
    assert words in str(caught.value)


def test_tests_that_are_nested_without_end_are_refused() -> None:
    when: Any = {"is_final": True}
    for _ in range(400):
        when = {"not": when}
    assert mistakes("stage", when) == ["tests are nested more than 40 deep"]


@pytest.mark.parametrize(
    ("each", "files"),
    [
        ("stage", ("dockerfile",)),
        ("container", ("compose", "inspect", "run")),
        ("variable", SUPPORTED),
        ("suppression", SUPPORTED),
        ("problem", SUPPORTED),
    ],
)
def test_the_nodes_of_a_rule_say_what_kind_of_file_its_examples_are(
    tmp_path: Path, each: str, files: tuple[str, ...]
) -> None:
    assert files_with(kinds()[each]) == files
    text = RULE.replace("EACH", each).replace("WHEN", "{span: {present: true}}").replace("kind: KIND, ", "")
    path = tmp_path / "rule.yaml"
    path.write_text(text.replace('good: "FROM b"', 'good: "services: {}"'), encoding="utf-8")
    [rule] = load_rules([str(path)], LEXICON)
    assert [one["kind"] for one in rule["examples"]] == [
        files[0],
        "compose" if "compose" in files else files[-1],
    ]


def test_our_own_examples_say_their_kind_where_their_text_would_have_to_decide() -> None:
    asked = 0
    for path in sorted(Path(CHECKOUT).glob("*/DK*.yaml")):
        rule = read_plain_file(str(path)).data
        if {"dockerfile", "compose"} <= {*files_with(kinds()[rule["each"]])}:
            asked += 1
            assert [one for one in rule["examples"] if "kind" not in one] == [], path
    assert asked > 50


def test_an_example_is_no_dockerfile_where_no_dockerfile_has_such_nodes(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="yaml:10: 'container' is not found in a Dockerfile"):
        load(tmp_path, "container", "{name: x}", "dockerfile")
    load(tmp_path, "stage", "{name: x}", "compose")


def fix(**block: Any) -> dict[str, Any]:
    return {"fix": {"tier": "safe", "title": "do it", **block}}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"at": "is_final"}, "'is_final' has no place in the file, which is true or false"),
        ({"message": "this is {image}"}, "{image} cannot be shown, which is Image; name one of its fields"),
        (fix(replace="x", at="index"), "'index' has no place in the file, which is a number"),
        (fix(replace="{image}"), "{image} cannot be shown"),
        (fix(replace="a {copied_credentials}"), "{copied_credentials} is a list"),
        (fix(replace="{copied_credentials}"), "'replace' needs a single value here"),
        (fix(set={"a": ["b {copied_credentials}"]}), "'set' needs a single value here"),
        (fix(set={"a": ["b", 5]}), "items of a list in 'set' are texts"),
        (fix(set={5: "b"}), "a key of 'set' is a text, not 5"),
        (fix(ignore="{name}"), "'ignore' takes a {field} that is a list"),
        (fix(ignore=".env"), "'ignore' takes a {field} that is a list"),
        (fix(replace="x", when={"is_final": {"above": 1}}), "'above' asks a number"),
        (fix(set={"user": ["{indx}"]}), "did you mean 'index'"),
        ({"worse": [{"when": {"index": {"matches": "x"}}}]}, "'matches' asks a text"),
        ({"purpose_when": {"is_final": True}}, "a rule without 'purpose' has no use for it"),
        ({"purpose": "production", "purpose_when": {"index": {"matches": "x"}}}, "'matches' asks a text"),
        ({"unsure": [{"when": {}, "message": "{image}"}]}, "{image} cannot be shown"),
    ],
)
def test_places_and_arguments_are_typed_too(more: dict[str, Any], words: str) -> None:
    found = mistakes("stage", {"is_final": True}, **more)
    assert len(found) == 1
    assert words in found[0]


@pytest.mark.parametrize("name", OPERATORS)
def test_the_example_of_an_operator_names_it(name: str) -> None:
    assert name in OPERATORS[name].example


def test_of_a_port_only_its_address_is_set() -> None:
    assert mistakes("port", {"protocol": "tcp"}, **fix(set={"host_ip": "::1"})) == []
    assert mistakes("port", {"protocol": "tcp"}, **fix(set={"mode": "host"})) == [
        "only host_ip of a port can be set, not 'mode'"
    ]


@pytest.mark.parametrize(
    "written", ["set: host", "set: {}", "append: [a]", "remove: false", "replace: {a: b}", "replace: [a]"]
)
def test_an_action_takes_what_it_can_write(tmp_path: Path, written: str) -> None:
    path = tmp_path / "rule.yaml"
    text = RULE.replace("EACH", "container").replace("WHEN", "{name: x}").replace("KIND", "compose")
    block = f"fix: {{tier: safe, title: do it, {written}}}\ndocs:"
    path.write_text(text.replace("docs:", block), encoding="utf-8")
    with pytest.raises(RuleError, match=r"rule\.yaml:8: "):
        load_rules([str(path)], LEXICON)


def paths(classes: frozenset[type], depth: int) -> Iterator[tuple[str, FieldType]]:
    """Every path of at most so many names from some classes that does not pass through a list."""
    for name, there in sorted({item for cls in classes for item in hints(cls).items()}, key=str):
        yield name, there
        if depth > 1 and not there.is_tuple:
            yield from ((f"{name}.{rest}", last) for rest, last in paths(there.classes, depth - 1))


def fitting_tests(there: FieldType) -> list[Any]:
    """A test by each operator that the type of a field allows."""
    if there.is_tuple:
        inner: list[Any] = fitting_tests(FieldType(there.classes))[:2]
        words = [{"has": "x"}, {"lacks": ["x"]}] if str in there.classes else []
        return [{"present": True}, *words, *({"some": one} for one in inner), {"every": {"present": False}}]
    tests: list[Any] = [{"present": False}, None]
    if str in there.classes:
        tests += ["x", ["x", "y"], {"matches": "^x"}, {"startswith": ["x"]}, {"not": "x"}]
    if {int, float} & there.classes:
        tests += [{"above": 1}, {"below": 1}, 5]
    if bool in there.classes:
        tests += [True, {"any": [True, False]}]
    return tests


def every_path(classes: frozenset[type]) -> dict[str, FieldType]:
    """Those from the classes of a kind, and one name further from each kind around it."""
    around = [(kind, holders) for kind, holders in above(classes).items() if field_of(classes, kind) is None]
    return dict(paths(classes, 3)) | {
        f"{kind}.{name}": there for kind, holders in around for name, there in paths(holders, 1)
    }


EVERY_PATH = {kind: every_path(classes) for kind, classes in kinds().items()}


@pytest.mark.parametrize("kind", EVERY_PATH)
def test_every_path_of_every_node_can_be_loaded_with_every_operator_that_fits(kind: str) -> None:
    assert EVERY_PATH[kind]
    for path, there in EVERY_PATH[kind].items():
        for test in fitting_tests(there):
            assert mistakes(kind, {path: test}) == [], (path, test)


def documents() -> Iterator[tuple[str, str, dict[str, str]]]:
    """Text, kind and the files around it, of every fixture and of every example."""
    for path in sorted(FIXTURES.rglob("*")):
        kind = kind_of_name(path.name) if path.is_file() else None
        if kind in ("dockerfile", "compose"):
            yield path.read_text("utf-8", errors="replace"), kind, {}
    for raw in load_examples().values():
        for one in raw:
            text = one.get("bad", one.get("good", ""))
            for kind in {"dockerfile", "compose", one["kind"]}:
                yield text, kind, dict(one.get("files", {}))


def questions(kind: str) -> list[Callable[[Any, Any], object]]:
    """What rules on nodes of a kind may ask and show, compiled."""
    asked: list[Callable[[Any, Any], object]] = []
    for path, there in EVERY_PATH[kind].items():
        asked += [compile_path(path), compile_message(f"{{{path}}}"), compile_argument(f"{{{path}}}")]
        asked += [compile_test({path: test}, {}) for test in fitting_tests(there)]
    return asked


def test_every_path_can_be_asked_of_the_nodes_of_all_fixtures_and_examples() -> None:
    """Asked, tested and shown; one that raises is a defect of the model."""
    asked = {kind: questions(kind) for kind in EVERY_PATH}
    met: Counter[str] = Counter()
    for text, kind_of_file, neighbours in documents():
        here: set[str] = set()
        for node, scope in walk(parse(text, kind_of_file, RULESET, neighbours.get)):
            for kind in {*node.KINDS} - here:
                here.add(kind)
                met[kind] += 1
                if met[kind] <= MOST_NODES:
                    answers = [ask(node, scope) for ask in asked[kind]]
                    assert not any(callable(answer) for answer in answers), kind
    assert EVERY_PATH.keys() - met.keys() == {"suppression", "suppressed_rule"}
