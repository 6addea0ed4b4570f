"""Damaged and hostile Compose files: every broken place is a problem, the services beside it are judged."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pace import grows_in_proportion, seconds

from dockerlint.images.facts import Knowledge
from dockerlint.model.container.project import Project
from dockerlint.parse.compose.project import parse_compose
from dockerlint.values import UNKNOWN

BROKEN = Path(__file__).parent.parent / "fixtures" / "broken"
KNOWLEDGE = Knowledge(date(2026, 8, 22))
HEALTHY = "services:\n  before:\n    image: registry.example.com/before:1\n    privileged: true\n"
AFTER = "  after:\n    image: registry.example.com/after:1\n    privileged: true\n"


def read(text: str) -> Project:
    return parse_compose(text, KNOWLEDGE)


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("unclosed-quote", ['"']),
        ("tab", ["\t"]),
        ("unclosed-list", ["["]),
        ("bad-indent", [":"]),
        ("merge-conflict", ["<<<<<<< ours", "=======", ">>>>>>> theirs", "image"]),
        ("template", ["{% if with_hurt %}", "{% endif %}", "/"]),
        ("two-places", ["'", "[", "{"]),
    ],
)
def test_each_broken_place_is_one_problem_and_the_rest_is_read(name: str, places: list[str]) -> None:
    text = (BROKEN / f"compose-{name}.yaml").read_text("utf-8")
    project = read(text)
    assert sorted(text[one.span.start : one.span.end] for one in project.problems) == sorted(places)
    services = {one.name.value: one for one in project.containers}
    assert services["before"].is_privileged is True
    assert services["after"].is_privileged is True
    assert services["after"].image is not None
    assert "hurt" in services


def test_what_a_damaged_service_lacks_is_unknown() -> None:
    text = (BROKEN / "compose-bad-indent.yaml").read_text("utf-8")
    hurt = read(text).containers[1]
    assert (hurt.is_privileged, hurt.has_memory_limit) == (UNKNOWN, UNKNOWN)
    assert [one.label for one in hurt.ports] == ["80"]


def test_the_second_of_two_equal_keys_is_the_problem_and_never_clears_the_first() -> None:
    text = HEALTHY + "    privileged: false\n"
    project = read(text)
    (problem,) = project.problems
    assert (problem.code, problem.span.start) == ("duplicate-key", text.rindex("privileged"))
    assert project.containers[0].is_privileged is True


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "no-services"),
        ("# nothing but this\n", "only-comments"),
        ("web:\n  image: a:1\n", "no-services"),
        ("- services\n", "not-a-mapping"),
        ("just words\n", "not-a-mapping"),
        ("services:\n  a:\n    image: *nowhere\n", "unknown-alias"),
        ("services:\n  a:\n    <<: [1]\n", "bad-merge"),
        ("services:\n  ? [a]\n  : {image: a}\n", "bad-key"),
        ("services:\n  a:\n    image: a\x07b\n", "yaml-character"),
    ],
)
def test_structure_that_compose_refuses_has_a_name(text: str, code: str) -> None:
    assert [one.code for one in read(text).problems] == [code]


def test_documents_of_one_stream_are_merged_like_files() -> None:
    project = read(HEALTHY + "---\nservices:\n  before:\n    user: app\n  other:\n    image: a:1\n")
    assert [one.name.value for one in project.containers] == ["before", "other"]
    assert [one.is_partial for one in project.containers] == [False, False]
    assert project.containers[0].account is not None
    assert project.containers[0].privileged is not None


def test_line_breaks_that_editors_do_not_know_do_not_move_places() -> None:
    labels = '    labels: {x: "1\u20282\u00853\U0001f600"}\r\n'
    text = f"services:\r\n  a:\n{labels}    # caf\u00e9\n    privileged: true\n"
    located = read(text).containers[0].privileged
    assert located is not None
    assert text[located.span.start : located.span.end] == "true"
    assert text.count("\n", 0, located.span.start) + 1 == 5


def test_a_byte_order_mark_left_in_the_text_does_not_move_places() -> None:
    text = "\ufeff" + HEALTHY
    located = read(text).containers[0].privileged
    assert located is not None
    assert text[located.span.start : located.span.end] == "true"


def bomb(levels: int, width: int) -> str:
    lines = ["x-0: &a0 [lol, lol]"]
    for level in range(1, levels):
        lines.append(f"x-{level}: &a{level} [{', '.join([f'*a{level - 1}'] * width)}]")
    return "\n".join(lines) + f"\n{HEALTHY}    cap_add: *a{levels - 1}\n"


HOSTILE = {
    "alias bomb": bomb(40, 10),
    "merge bomb": "x-0: &m0 {k: v}\n"
    + "".join(f"x-{i}: &m{i} {{<<: [*m{i - 1}, *m{i - 1}], k{i}: *m{i - 1}}}\n" for i in range(1, 60))
    + HEALTHY
    + "    labels: *m59\n",
    "deep flow": HEALTHY + "x-a: " + "[" * 100_000 + "\n",
    "deep closed flow": HEALTHY + "x-a: " + "{a: " * 50_000 + "}" * 50_000 + "\n",
    "deep block": HEALTHY + "x-a:\n  " + "- " * 100_000 + "a\n",
    "long line": HEALTHY + f"    labels: {{a: '{'x' * 1_000_000}'}}\n",
    "many comments": HEALTHY + "    # note\n" * 50_000,
    "many properties": HEALTHY + "x-a: &a " + "\n" * 50_000 + " # c\n" * 20_000 + " b\n",
    "equal keys": HEALTHY + "    image: x\n" * 20_000,
    "wide port range": HEALTHY + "    ports: ['1-65535:1-65535']\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_read_in_no_time(name: str) -> None:
    projects: list[Project] = []
    # It takes two where the C parser is missing; a quadratic reader would take minutes.
    assert seconds(lambda text: projects.append(read(text)), HOSTILE[name]) < 10
    assert projects[0].containers[0].is_privileged is True


def test_many_broken_services_take_linear_time() -> None:
    def broken(count: int) -> str:
        return "services:\n" + "".join(f"  s{at}:\n    image: [a\n    init: true\n" for at in range(count))

    assert grows_in_proportion(read, broken, 500)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=200), st.binary(max_size=200).map(lambda data: data.decode("latin-1"))))
def test_any_text_gives_a_project(text: str) -> None:
    project = read(text)
    assert all(0 <= one.span.start <= one.span.end <= len(text) for one in project.problems)


DAMAGE = st.text(st.sampled_from(list("ab:-[]{}'\"&*!|>%@`#,?$\\ \t")), min_size=1, max_size=30)


@settings(max_examples=300, deadline=None)
@given(DAMAGE)
def test_services_beside_a_damaged_one_are_still_there(damage: str) -> None:
    text = f"{HEALTHY}  hurt:\n    image: {damage}\n{AFTER}"
    services = {one.name.value: one for one in read(text).containers}
    assert services["before"].is_privileged is True
    assert services["after"].is_privileged is True


YAMLISH = st.lists(
    st.sampled_from(
        [
            *(
                "services:\n",
                "  a:\n",
                "    image: x\n",
                "    ports:\n",
                "      - 80:80\n",
                "      - target: 1\n",
            ),
            *(
                "    volumes: [a:/b, {type: bind}]\n",
                "    <<: *x\n",
                "x-a: &x {user: 0}\n",
                "    environment:\n",
            ),
            *(
                "    build: {args: [A=1], dockerfile_inline: 'FROM x'}\n",
                "volumes:\n",
                "  v: {driver_opts: {}}\n",
            ),
            *(
                "    command: [sh, -c, 'a && b']\n",
                "    healthcheck: {test: [NONE]}\n",
                "    deploy: 1\n",
                "---\n",
            ),
            *(
                "    secrets: [s, {source: s}]\n",
                "secrets: {s: {file: /x}}\n",
                "    user: ${A:-0}\n",
                "# c\n",
            ),
            *(
                "    networks: {n: }\n",
                "networks: {n: {external: {name: host}}}\n",
                "    restart: on-failure:x\n",
            ),
            *(
                "    ulimits: {a: 1, b: {soft: x}}\n",
                "    privileged: !reset true\n",
                "include: [a, {path: b}]\n",
            ),
            *(
                "    post_start: [1, {user: root}]\n",
                "    devices: [a:b:c, {source: x}]\n",
                "    logging: {}\n",
            ),
        ]
    ),
    max_size=25,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(YAMLISH)
def test_facts_of_whatever_was_read_can_be_asked(text: str) -> None:
    waiting: list[object] = [read(text)]
    while waiting:
        node = waiting.pop()
        for name in dir(type(node)):
            if not name.startswith("_"):
                getattr(node, name)
        for child in getattr(node, "CHILDREN", ()):
            below = getattr(node, child)
            waiting += below if isinstance(below, tuple) else [below] if below is not None else []


@pytest.mark.parametrize(
    ("own", "deployed", "told"),
    [
        ("mem_limit: 256m", "memory: 512m", ["256m"]),
        ("mem_limit: 256m", "cpus: '1'", ["256m"]),
        ("cpus: 0.5, pids_limit: 9", "{cpus: '1', pids: 10}", ["0.5", "9"]),
        ("mem_limit: 1g", "memory: 1024M", []),
        ("mem_limit: 0, cpus: 1", "cpus: '1.0'", []),
        ("mem_limit: '${M}'", "memory: 512m", []),
        ("extends: {service: b}, mem_limit: 1g", "cpus: '1'", []),
    ],
)
def test_compose_refuses_a_limit_that_is_another_below_deploy(
    own: str, deployed: str, told: list[str]
) -> None:
    limits = deployed if deployed.startswith("{") else f"{{{deployed}}}"
    body = f"{{image: a, {own}, deploy: {{resources: {{limits: {limits}}}}}}}"
    text = (
        f"services:\n  a: {body}\n  b: {{image: b, deploy: {{resources: {{reservations: {{cpus: '1'}}}}}}}}\n"
    )
    found = [one for one in parse_compose(text, Knowledge(date.min)).problems if one.code == "limit"]
    assert [text[one.span.start : one.span.end] for one in found] == told


@pytest.mark.parametrize("text", ["services:\n\tapp:\n\t\timage: a\n", "services:\n  app:\n\t  image: a\n"])
def test_a_tab_in_the_indentation_is_called_one(text: str) -> None:
    (problem,) = read(text).problems
    assert problem.message.startswith("a tab")
    assert text[problem.span.start] == "\t"


def test_other_broken_text_is_no_matter_of_tabs() -> None:
    assert not any("tab" in one.message for one in read("services:\n  app: {image: [\n").problems)
