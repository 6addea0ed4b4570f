"""One damage in a Compose file takes no service that it is not in: sections and services are found again."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from dockerlint.model.container.project import Project
from dockerlint.parse.compose.project import parse_compose
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.text import lint_text
from dockerlint.yaml import tree as yamltree

ROOT = Path(__file__).parent.parent
RULESET = load_ruleset()


def service(name: str, step: str = "  ") -> str:
    return f"{step}{name}:\n{step * 2}image: registry.example.com/{name}:1\n{step * 2}privileged: true\n"


def read(text: str) -> Project:
    return parse_compose(text, RULESET.knowledge)


def privileged(text: str) -> set[str]:
    return {str(one.name.value) for one in read(text).containers if one.is_privileged is True}


@pytest.mark.parametrize(
    "stray",
    [
        *(
            "garbage",
            "some words here",
            "TODO: clean up",
            "foo:",
            "foo: bar",
            "foo: |",
            'foo: "bar',
            "}",
            "]",
        ),
        *(
            '"',
            "'",
            "- item",
            "*x",
            "@",
            "---",
            "...",
            "%",
            "services:",
            "networks:",
            "version: '3'",
            "image: x",
        ),
        *("<<<<<<< HEAD", "=======", ">>>>>>> main", "{% if x %}", "\tx", ":", "? a", "[", "{"),
    ],
)
@pytest.mark.parametrize("step", ["  ", "    "])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_stray_line_at_column_0_hides_no_service(stray: str, step: str, end: str) -> None:
    text = f"services:\n{service('one', step)}{stray}\n{service('two', step)}{service('three', step)}"
    text += f"networks:\n{step}front: {{}}\n"
    text = text.replace("\n", end)
    assert privileged(text) >= {"one", "two", "three"}
    assert read(text).problems


@pytest.mark.parametrize(
    "header",
    [
        "servces:",
        "services",
        "services;",
        "# gone",
        "services: |",
        "services: x",
        "services:\nservices:",
        "service:",
    ],
)
@pytest.mark.parametrize(
    "above", ["", "version: '3'\n", "networks:\n  front: {}\n", "x-log:\n  driver: local\n"]
)
def test_services_below_a_damaged_key_are_judged_and_the_damage_is_told(header: str, above: str) -> None:
    text = f"{above}{header}\n{service('one')}{service('two')}"
    assert privileged(text) == {"one", "two"}
    assert read(text).problems


@pytest.mark.parametrize(
    "damage",
    [
        *(
            '    image: "x\n',
            "    image: 'x\n",
            "    ports: [80\n",
            "    labels: {a: b\n",
            "\timage: x\n",
            "   image: x\n",
        ),
        *("    image x\n    y: z\n", "    command: |\n   x\n", "    <<: *nowhere\n", "    image: x\x00y\n"),
        *("    image: x\n    image: y\n", "    - a\n    b: c\n", "     image: x\n    init: true\n"),
    ],
)
def test_damage_in_one_service_takes_neither_neighbour(damage: str) -> None:
    text = f"services:\n{service('one')}  hurt:\n{damage}{service('two')}volumes:\n  data: {{}}\n"
    assert privileged(text) >= {"one", "two"}
    partial = {one.name.value: one.is_partial for one in read(text).containers}
    assert not partial["one"]
    assert not partial["two"]


@pytest.mark.parametrize("key", ["  two", " two:", "   two:", "two:", "\ttwo:", "     two:", "  two;"])
def test_a_damaged_key_of_a_service_ends_the_service_above_it(key: str) -> None:
    body = "    image: registry.example.com/two:1\n    privileged: true\n"
    above = "  one:\n    image: registry.example.com/one:1\n    networks: [a]\n"
    text = f"services:\n{above}{key}\n{body}{service('three')}{service('four')}"
    assert privileged(text) == {"two", "three", "four"}
    assert read(text).problems


def test_a_quote_that_is_closed_in_another_service_is_a_problem_where_it_opens() -> None:
    hurt = '  hurt:\n    image: "registry.example.com/hurt:1\n'
    closing = '  last:\n    image: x\n    command: echo\n    working_dir: /srv"\n'
    text = f"services:\n{service('one')}{hurt}{service('two')}{closing}"
    assert privileged(text) == {"one", "two"}
    assert text.index('"') in [problem.span.start for problem in read(text).problems]


def test_services_of_the_first_format_are_judged_and_damage_in_one_takes_no_other() -> None:
    text = "".join(
        f"{name}:\n  image: x:1\n  privileged: true\n{rest}"
        for name, rest in [("a", ""), ("b", "  [\n"), ("c", "")]
    )
    assert privileged(text) >= {"a", "c"}


def test_templates_are_no_services_where_a_file_has_some() -> None:
    text = f"x-app:\n  base: &base\n    image: x:1\n    privileged: true\nservices:\n{service('one')}"
    assert privileged(text) == {"one"}


def test_an_anchor_of_a_damaged_service_is_still_known() -> None:
    hurt = "  hurt: &hurt\n    privileged: true\n    image: [\n  after:\n    <<: *hurt\n"
    text = f"services:\n{hurt}{service('last')}"
    assert privileged(text) == {"hurt", "after", "last"}


def test_nothing_is_missing_from_a_service_that_a_stray_line_interrupts() -> None:
    text = f"services:\n{service('one')}garbage\n    healthcheck: {{test: [CMD, x]}}\n{service('two')}"
    findings = {(one.rule.name, one.subject) for one in lint_text(text, "compose", RULESET)}
    sound = lint_text(text.replace("garbage\n", ""), "compose", RULESET)
    of_two = {(one.rule.name, one.subject) for one in sound if one.subject == "two"}
    assert {one for one in findings if one[1] == "two"} == of_two
    new = findings - {(one.rule.name, one.subject) for one in sound}
    assert {subject for _, subject in new} == {None}


def test_where_a_broken_file_is_too_long_the_rest_is_told_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yamltree, "MAX_LINES", 40)
    text = f"services:\n{service('one')}  [\n{''.join(service(f's{at}') for at in range(40))}"
    assert "one" in privileged(text)
    assert any("too long" in problem.message for problem in read(text).problems)


def test_more_broken_places_than_anybody_reads_are_counted_and_hide_nothing_below_them() -> None:
    text = f"services:\n{service('one')}" + "garbage\n" * 500 + service("two")
    assert privileged(text) == {"one", "two"}
    assert any("more errors" in problem.message for problem in read(text).problems)


def canary() -> ModuleType:
    spec = spec_from_file_location("mutation_canary", ROOT / "benchmarks" / "mutation_canary.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["mutation_canary"] = module
    spec.loader.exec_module(module)
    return module


def test_one_in_a_hundred_services_at_most_is_lost_to_a_single_damage_elsewhere() -> None:
    module = canary()
    total = module.measure("compose", list(module.samples("compose", []))[:20], 150, 7).total()
    assert total["asked"] > 300
    assert total["told"] + total["silent"] <= total["asked"] / 100
    assert total["silent"] == 0
