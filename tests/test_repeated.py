"""What is said twice or in another order, and stages that nothing uses: facts that strict rules ask for."""

from __future__ import annotations

from datetime import date

import pytest

from dockerlint.parse.compose.project import parse_compose
from dockerlint.parse.dockerfile.build import parse_dockerfile
from dockerlint.ruleset.knowledge import load_knowledge

KNOWLEDGE = load_knowledge(date(2026, 11, 1))


def unused(text: str) -> int | None:
    stage = parse_dockerfile(text, KNOWLEDGE).unused_stage
    return None if stage is None else stage.index


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("FROM a AS x\nFROM b\n", 0),
        ("FROM a AS x\nFROM X\n", None),
        ("FROM a AS x\nFROM b\nCOPY --from=X /a /a\n", None),
        ("FROM a\nFROM b\nCOPY --from=0 /a /a\n", None),
        ("FROM a AS x\nFROM b\nRUN --mount=from=x,target=/x true\n", None),
        ("FROM a AS x\nARG S\nFROM b\nARG S\nCOPY --from=$S /a /a\n", None),
        ("ARG S\nFROM a AS x\nFROM $S\n", None),
        ("FROM a AS x\nFROM b AS y\nFROM c\nCOPY --from=x /a /a\n", 1),
        ("FROM a\n", None),
    ],
)
def test_a_stage_is_unused_where_nothing_can_mean_it(text: str, index: int | None) -> None:
    assert unused(text) == index


def ports(text: str) -> list[bool]:
    [stage] = parse_dockerfile(f"FROM a\n{text}", KNOWLEDGE).stages
    return [port.is_repeated for port in stage.exposed_ports]


def test_a_port_is_repeated_with_its_protocol() -> None:
    assert ports("EXPOSE 80 80/TCP 80/udp\nARG P\nEXPOSE 80 $P $P 80-81\n") == [
        False,
        True,
        False,
        True,
        *[False] * 3,
    ]


def test_a_label_is_overridden_by_another_value_only() -> None:
    def lost(text: str) -> object:
        label = parse_dockerfile(f"FROM a\n{text}", KNOWLEDGE).stages[0].overridden_label
        return None if label is None else label.name

    assert lost("LABEL a=1 b=2\nLABEL b=3\n") == "b"
    assert lost("LABEL a=1\nLABEL a=1\n") is None


def test_keys_that_an_anchor_brings_have_no_order() -> None:
    text = "x-a: &a {ports: [80]}\nservices:\n  s:\n    <<: *a\n    user: app\n    image: b\n"
    [container] = parse_compose(text, KNOWLEDGE).containers
    assert [key.value for key in container.keys] == ["user", "image"]
    assert container.misplaced_key == container.keys[1]


def test_extensions_come_first_and_unknown_keys_stand_anywhere() -> None:
    def misplaced(text: str) -> object:
        found = parse_compose(text, KNOWLEDGE).misplaced_section
        return None if found is None else found.value

    services = "services: {a: {image: b}}\n"
    assert misplaced(f"{services}x-b: {{}}\n") == "x-b"
    assert misplaced(f"x-b: {{}}\n{services}models: {{}}\nvolumes: {{}}\n") is None
    assert misplaced(f"volumes: {{}}\n{services}") == "services"


def test_names_with_a_variable_have_no_order() -> None:
    text = "services:\n  a:\n    image: b\n    depends_on: [{}]\n"
    assert parse_compose(text.format('z, "$V", c'), KNOWLEDGE).containers[0].unsorted_dependency is None
    assert parse_compose(text.format("z, c"), KNOWLEDGE).containers[0].unsorted_dependency is not None
