"""Files that include others."""

from __future__ import annotations

import time

import pytest
from linked import at, context, mounted, plain, project, reference, resolved, written

from dockerlint.budget import budgeted
from dockerlint.yaml.nodes import as_mapping


def services(texts: dict[str, str], *paths: str) -> list[str]:
    return list(as_mapping(at(resolved(texts, *paths), "services")).entries)


def test_what_an_included_file_declares_belongs_to_the_project() -> None:
    texts = {
        "compose.yaml": "include: [db/compose.yaml]\nservices:\n  web: {image: w, depends_on: [db]}\n",
        "db/compose.yaml": (
            "services:\n  db: {image: d, volumes: ['./data:/d', 'store:/s'], build: .}\n"
            "volumes: {store: {}}\n"
        ),
    }
    read = project(texts)
    assert sorted(str(one.name.value) for one in read.containers) == ["db", "web"]
    assert [problem.code for problem in read.problems] == []
    db = next(one for one in read.containers if one.name.value == "db")
    assert mounted(db) == ["./db/data", "store"]
    assert context(db) == "./db"
    found = resolved(texts)
    assert written(found, at(found, "services", "db", "image")) == ("db/compose.yaml", "d")


def test_an_item_may_merge_several_files_from_another_folder_with_variables_of_its_own() -> None:
    texts = {
        ".env": "TAG=outer\n",
        "compose.yaml": (
            "include:\n  - path: [parts/a.yaml, parts/b.yaml]\n    project_directory: elsewhere\n"
            "    env_file: parts/own.env\n"
        ),
        "parts/a.yaml": "services:\n  a: {image: 'x:${TAG}', volumes: ['./d:/d']}\n",
        "parts/b.yaml": "services:\n  a: {user: '${WHO}'}\n",
        "parts/own.env": "TAG=inner\nWHO=me\n",
    }
    (container,) = project(texts).containers
    assert reference(container) == "x:outer"
    assert container.account is not None
    assert mounted(container) == ["./elsewhere/d"]


def test_an_included_file_reads_the_env_file_of_its_folder_and_its_own_includes() -> None:
    texts = {
        "compose.yaml": "include: [sub/compose.yaml]\n",
        "sub/.env": "TAG=2\n",
        "sub/compose.yaml": "include: [deep/c.yaml]\nservices:\n  s: {image: 's:${TAG}'}\n",
        "sub/deep/c.yaml": "services:\n  d: {image: 'd:${TAG}'}\n",
    }
    images = {
        str(one.name.value): one.image and str(one.image.reference) for one in project(texts).containers
    }
    assert images == {"s": "s:2", "d": "d:2"}


def test_the_same_name_in_two_files_is_refused_unless_they_agree() -> None:
    included = "services:\n  a: {image: x, user: '1'}\n  b: {image: y}\n"
    found = resolved(
        {
            "compose.yaml": "include: [one.yaml, two.yaml]\nservices:\n  a: {image: z}\n",
            "one.yaml": included,
            "two.yaml": included,
        }
    )
    (problem,) = found.problems
    assert problem.code == "include-conflict"
    assert found.sources.home(problem.span)[0].path == "compose.yaml"
    assert plain(at(found, "services", "a")) == {"image": "z", "user": "1"}


@pytest.mark.parametrize(
    "texts",
    [
        {"compose.yaml": "include: [compose.yaml]\nservices:\n  a: {image: x}\n"},
        {
            "compose.yaml": "include: [a.yaml]\n",
            "a.yaml": "include: [./b/../a2.yaml]\n",
            "a2.yaml": "include: [a.yaml]\n",
        },
    ],
)
def test_files_that_include_each_other_are_refused(texts: dict[str, str]) -> None:
    assert [problem.code for problem in resolved(texts).problems] == ["include-cycle"]


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ("gone.yaml", "missing"),
        ("${WHERE}/c.yaml", "unresolved"),
        ("oci://registry.example/x", "remote"),
        ("https://host.example/x.git", "remote"),
        ("{path: there.yaml, env_file: gone.env}", "missing"),
        ("{path: there.yaml, project_directory: '${WHERE}'}", "unresolved"),
    ],
)
def test_what_is_not_included_is_a_gap_and_nothing_is_missing_then(item: str, code: str) -> None:
    texts = {
        "compose.yaml": f"include:\n  - {item}\nservices:\n  web: {{image: w, networks: [back]}}\n",
        "there.yaml": "services: {}\n",
    }
    found = resolved(texts)
    assert [gap.code for gap in found.gaps] == [code]
    assert [problem.code for problem in project(texts).problems] == []


def test_a_service_may_extend_one_of_an_included_file() -> None:
    texts = {
        "compose.yaml": "include: [a.yaml]\nservices:\n  b: {extends: a, user: u}\n",
        "a.yaml": "services:\n  a: {image: x}\n",
    }
    assert plain(at(resolved(texts), "services", "b")) == {"image": "x", "user": "u"}


def test_an_override_changes_what_an_included_file_declares() -> None:
    texts = {
        "compose.yaml": "include: [a.yaml]\n",
        "over.yaml": "services:\n  a: {user: u}\n",
        "a.yaml": "services:\n  a: {image: x}\n",
    }
    assert plain(at(resolved(texts, "compose.yaml", "over.yaml"), "services", "a")) == {
        "image": "x",
        "user": "u",
    }


def test_includes_that_multiply_end_in_time() -> None:
    texts = {f"{at}.yaml": f"include: [{at + 1}.yaml, ./x/../{at + 1}.yaml]\n" for at in range(40)}
    texts["40.yaml"] = "services:\n  a: {image: x}\n"
    began = time.perf_counter()
    with budgeted():
        found = resolved(texts, "0.yaml")
    assert time.perf_counter() - began < 5
    assert services(texts, "0.yaml") == ["a"]
    assert found.gaps == ()


def test_more_files_than_a_project_has_are_a_gap() -> None:
    texts = {f"{at}.yaml": f"services:\n  s{at}: {{image: x}}\n" for at in range(1200)}
    texts["compose.yaml"] = "include:\n" + "".join(f"  - {at}.yaml\n" for at in range(1200))
    found = resolved(texts, "compose.yaml")
    assert [gap.code for gap in found.gaps] == ["too-many"]
    assert not found.is_whole


def test_a_variable_that_stands_alone_passes_on_what_the_project_sets_and_is_no_secret_here() -> None:
    secret = "wren4moss" + "9fern"
    texts = {
        ".env": f"DB_PASSWORD={secret}\n",
        "compose.yaml": "services:\n  a:\n    image: x\n    environment: [DB_PASSWORD, OTHER]\n",
    }
    first, second = project(texts).containers[0].variables
    assert first.value is not None
    assert first.value.value == secret
    assert first.holds_secret is not True
    assert second.value is None


def test_services_beside_an_include_that_is_not_read_are_whole() -> None:
    texts = {"compose.yaml": "include: [gone.yaml]\nservices:\n  web: {image: w}\n"}
    assert [one.is_partial for one in project(texts).containers] == [False]


def test_marks_of_an_included_file_hold_for_its_own_files_alone() -> None:
    texts = {
        "compose.yaml": "services:\n  a: {image: x, ports: ['1:1'], user: u}\n",
        "over.yaml": "include: [inc.yaml]\n",
        "inc.yaml": "services:\n  a: {ports: !override ['2:2'], user: !reset null}\n",
    }
    found = resolved(texts, "compose.yaml", "over.yaml")
    assert plain(at(found, "services", "a")) == {"image": "x", "ports": ["1:1", "2:2"], "user": "u"}


def test_files_that_include_each_other_are_read_to_a_depth() -> None:
    texts = {
        f"{at}.yaml": f"include: [{at + 1}.yaml]\nservices:\n  s{at}: {{image: x}}\n" for at in range(90)
    }
    (gap,) = resolved({**texts, "90.yaml": "services: {}\n"}, "0.yaml").gaps
    assert gap.code == "too-many"
    assert services(texts, "60.yaml") == [f"s{at}" for at in range(60, 90)]


def test_an_include_may_want_no_file_of_variables() -> None:
    texts = {
        "compose.yaml": "include: [{path: sub/c.yaml, env_file: /dev/null}]\n",
        "sub/.env": "TAG=1\n",
        "sub/c.yaml": (
            "services:\n  a: {image: 'x:${TAG-none}', volumes: [{type: bind, source: ./d, target: /d}]}\n"
        ),
    }
    assert resolved(texts).gaps == ()
    (container,) = project(texts).containers
    assert reference(container) == "x:none"
    assert mounted(container) == ["./sub/d"]


def test_an_included_file_has_the_shape_of_a_compose_file() -> None:
    texts = {"compose.yaml": "include: [inc.yaml]\n", "inc.yaml": "foo: 1\nservices:\n  a: {image: x}\n"}
    assert [problem.message for problem in project(texts).problems] == ["unknown key foo in the file"]
