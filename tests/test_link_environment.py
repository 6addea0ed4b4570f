"""What sets the variables of a project and of its services."""

from __future__ import annotations

import pytest
from linked import project, reference, resolved

from dockerlint.link.dotenv import read_entries, read_env, read_raw_entries
from dockerlint.values import known

IMAGE = "services:\n  a: {image: 'x:${TAG:-none}'}\n"


@pytest.mark.parametrize(
    ("texts", "env_files", "image"),
    [
        ({}, (".env",), "x:none"),
        ({".env": "TAG=1\n"}, (".env",), "x:1"),
        ({".env": "TAG=1\n", "prod.env": "TAG=2\n"}, ("prod.env",), "x:2"),
        ({"a.env": "TAG=1\nV=3\n", "b.env": "TAG=${V}\n"}, ("a.env", "b.env"), "x:3"),
        ({"a.env": "TAG=1\n", "b.env": "TAG=\n"}, ("a.env", "b.env"), "x:none"),
    ],
)
def test_files_of_variables_are_read_in_order(
    texts: dict[str, str], env_files: tuple[str, ...], image: str
) -> None:
    read = project({"compose.yaml": IMAGE, **texts}, "compose.yaml", env_files=env_files)
    assert reference(read.containers[0]) == image


def test_a_file_of_variables_that_was_named_and_is_not_there_is_a_gap() -> None:
    assert resolved({"compose.yaml": IMAGE}).gaps == ()
    (gap,) = resolved({"compose.yaml": IMAGE}, env_files=("prod.env",)).gaps
    assert gap.code == "missing"
    assert "prod.env" in gap.message


@pytest.mark.parametrize(
    ("top", "env", "given", "image"),
    [
        ("name: My App\n", "", "", "x:myapp"),
        ("name: '${WHO}-app'\n", "WHO=me\n", "", "x:me-app"),
        ("name: mine\n", "COMPOSE_PROJECT_NAME=theirs\n", "", "x:theirs"),
        ("name: mine\n", "COMPOSE_PROJECT_NAME=theirs\n", "given", "x:given"),
        ("", "", "", "x:none"),
    ],
)
def test_the_name_of_the_project_is_a_variable(top: str, env: str, given: str, image: str) -> None:
    texts = {"compose.yaml": top + IMAGE.replace("TAG", "COMPOSE_PROJECT_NAME"), ".env": env}
    assert reference(project(texts, "compose.yaml", name=given).containers[0]) == image


def variables(body: str, **files: str) -> dict[str, str | None]:
    texts = {"compose.yaml": f"services:\n  a: {{image: x, {body}}}\n"}
    texts |= {name.replace("_", "."): text for name, text in files.items()}
    return {one.name: known(one.value) for one in project(texts, "compose.yaml").containers[0].variables}


@pytest.mark.parametrize(
    ("item", "name", "value"),
    [
        ("${PAIR}", "NAME", "a $b=c"),
        ("$PAIR", "NAME", "a $b=c"),
        ("${PAIR}=d", "NAME", "a $b=c=d"),
        ("${NONE:-X=y}", "X", "y"),
        ("${ALONE}", "OTHER", "told"),
    ],
)
@pytest.mark.parametrize("more", ["", "services: {a: {environment: {Z: z}}}\n"])
def test_a_variable_may_give_the_name_and_the_value_of_an_item(
    item: str, name: str, value: str, more: str
) -> None:
    texts = {
        ".env": "PAIR='NAME=a $b=c'\nALONE=OTHER\nOTHER=told\n",
        "compose.yaml": f"services:\n  a:\n    image: x\n    environment: ['{item}']\n",
        "more.yaml": more,
    }
    files = ("compose.yaml", "more.yaml") if more else ("compose.yaml",)
    found = {one.name: known(one.value) for one in project(texts, *files).containers[0].variables}
    assert found == {name: value, **({"Z": "z"} if more else {})}


def test_a_secret_that_a_variable_brings_with_its_name_is_none_of_the_file() -> None:
    secret = "wren4moss" + "9fern"
    body = "services:\n  a:\n    image: x\n    environment: ['${PAIR}']\n"
    (one,) = project({".env": f"PAIR=DB_PASSWORD={secret}\n", "compose.yaml": body}).containers[0].variables
    assert known(one.value) == secret
    assert one.holds_secret is not True


@pytest.mark.parametrize(
    ("body", "whole"),
    [
        ("env_file: v.env", {"A": "1", "B": "set 2"}),
        ("env_file: [v.env, w.env]", {"A": "3", "B": "set 2", "C": "1"}),
        ("env_file: [{path: ./v.env, required: true}]", {"A": "1", "B": "set 2"}),
        ("env_file: [{path: gone.env, required: false}, w.env]", {"A": "3", "C": "set"}),
        ("env_file: [{path: v.env, format: raw}]", {"A": "1", "B": '"${A} 2" # c'}),
        ("env_file: v.env, environment: {A: own}", {"A": "own", "B": "set 2"}),
        ("env_file: ['${W}.env']", {"A": "3", "C": "set"}),
        ("env_file: ['${NO}.env']", {}),
    ],
)
def test_a_service_has_the_variables_of_its_files_as_compose_2_26_prints_them(
    body: str, whole: dict[str, str]
) -> None:
    files = {"v_env": 'A=1\nB="${A} 2" # c\n', "w_env": "A=3\nC=${A}\n", "_env": "W=w\nA=set\n"}
    assert variables(body, **files) == whole


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("env_file: gone.env", ["missing"]),
        ("env_file: [{path: gone.env, required: false}]", []),
        ("env_file: ['${NO}/gone.env']", ["unresolved"]),
    ],
)
def test_a_file_of_variables_that_is_not_read_is_one_gap(body: str, codes: list[str]) -> None:
    text = f"services:\n  a: &a {{image: x, {body}}}\n  b: *a\n"
    assert [gap.code for gap in resolved({"compose.yaml": text}).gaps] == codes


def test_each_variable_of_a_file_has_its_place_there() -> None:
    text = "\ufeff# c\r\nexport A = 'it''s'\r\nB: \"x\\ty\" # c\r\nC=${A} z # c\r\nD\r\nE='no end\r\n"
    found = list(read_entries(text, {"D": "outer"}))
    assert [(one.name, one.value) for one in found] == [
        ("A", "it"),
        ("B", "x\ty"),
        ("C", "it z"),
        ("D", "outer"),
    ]
    assert [text[one.name_span.start : one.name_span.end] for one in found] == ["A", "B", "C", "D"]
    assert [text[one.value_span.start : one.value_span.end] for one in found] == ["it", "x\\ty", "${A} z", ""]


def test_raw_values_are_taken_as_they_stand() -> None:
    text = " A='x' # c\n#B=1\nC\nD=a=b\r\n"
    found = list(read_raw_entries(text))
    assert [(one.name, one.value) for one in found] == [("A", "'x' # c"), ("D", "a=b")]
    assert [text[one.value_span.start : one.value_span.end] for one in found] == ["'x' # c", "a=b"]


def test_what_is_set_already_comes_first_in_the_values_of_a_file() -> None:
    assert read_env("A=1\nB=${A}\n", {"A": "0"}) == {"A": "1", "B": "0"}


def test_names_in_lists_have_variables_put_in_and_keys_of_mappings_have_not() -> None:
    names = "labels: ['http.${R}-x.rule=1', 'http.${R?must=be}.port=2', 'open.${NO}=3', '$$R=4']\n"
    texts = {
        "compose.yaml": f"services:\n  web:\n    image: w\n    {names}  api:\n    labels: {{'${{R}}': 1}}\n",
        "over.yaml": "services:\n  api:\n    labels: ['k.${R}=2', 'k.${R:-a=b}=3']\n",
        ".env": "R=front\n",
    }
    web, api = project(texts, "compose.yaml", "over.yaml").containers
    said = [(one.name, one.value and one.value.value) for one in web.labels]
    assert said == [("http.front-x.rule", "1"), ("http.front.port", "2"), ("open.${NO}", "3"), ("$R", "4")]
    assert [(one.name, one.value and one.value.value) for one in api.labels] == [
        ("${R}", "1"),
        ("k.front", "3"),
    ]
