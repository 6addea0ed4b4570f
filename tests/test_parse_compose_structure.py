"""The shape of Compose files: the official schema, as check-jsonschema ships it, is the judge."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dockerlint.link.resolve import ProjectFiles, resolve
from dockerlint.parse.compose.project import structure_problems
from dockerlint.syntax import Problem
from dockerlint.yaml.tree import load_plain

FIXTURES = sorted((Path(__file__).parent.parent / "fixtures" / "compose").glob("*.yaml"))
WHOLE: dict[str, Any] = load_plain(
    (Path(__file__).parent.parent / "fixtures/compose/every-key.yaml").read_text("utf-8")
)[0]  # type: ignore[assignment]


# Forms of values that the schema leaves open are of our overlay.
OVERLAY = load_plain((Path(__file__).parent.parent / "rules/compose/overlay.yaml").read_text("utf-8"))[0]
FORMS = [row["hint"] for row in OVERLAY["forms"]["rows"]]  # type: ignore[index, call-overload]


def structure(text: str) -> list[Problem]:
    found = structure_problems(resolve(ProjectFiles(("",)), {"": text}.get))
    return [one for one in found if one.hint not in FORMS]


@pytest.fixture(scope="module")
def judge() -> Any:
    from importlib import resources

    from jsonschema import Draft202012Validator

    # The schema says where unknown keys of a service are forbidden with a word of 2020-12.
    schema = resources.files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json"
    return Draft202012Validator(json.loads(schema.read_text("utf-8")))


def paths(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key in node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        yield (*path, key)
        yield from paths(node[key], (*path, key))


# A container's name that the engine refuses is a matter of a rule of its own, not of the parser.
PLACES = [path for path in paths(WHOLE) if path[-1] != "container_name"]
VALUES = [
    *(None, True, 0, -1, 2.5, "word", "", "yes", "host", "100"),
    *([], {}, ["a"], ["a", "a"], [1], {"a": 1}, {"a": None}, {"x-a": 1}, [None], [{}]),
]
KEYS = [
    "image",
    "prots",
    "x-own",
    "driver",
    "external",
    "name",
    "content",
    "source",
    "Bad Key",
    "type",
    "cpus",
]


def part_around(path: tuple[Any, ...]) -> Any:
    """The file with every key, cut down to the service or the entry that a place is in."""
    if len(path) < 2 or isinstance(WHOLE[path[0]], list):
        return deepcopy(WHOLE)
    section, name, *below = path[:3] if path[0] == "services" and len(path) > 3 else path[:2]
    entry = WHOLE[section][name]
    part = {section: {name: deepcopy({key: entry[key] for key in below} if below else entry)}}
    # A file without services may be one of the first format, which has them at the top.
    return {"services": {}} | part


@st.composite
def mutations(draw: st.DrawFn) -> Any:
    """A part of the file with every key, changed at one place."""
    path = draw(st.sampled_from(PLACES))
    whole = part_around(path)
    holder = whole
    for key in path[:-1]:
        holder = holder[key]
    how = draw(st.sampled_from(["set", "set", "remove", "add", "rename", "repeat"]))
    if how == "set" or (how in ("add", "rename") and isinstance(holder, list)):
        holder[path[-1]] = draw(st.sampled_from(VALUES))
    elif how == "add":
        holder[draw(st.sampled_from(KEYS))] = draw(st.sampled_from(VALUES))
    elif how == "rename":
        holder[draw(st.sampled_from(KEYS))] = holder.pop(path[-1])
    elif how == "repeat" and isinstance(holder, list):
        holder.append(deepcopy(holder[path[-1]]))
    else:
        del holder[path[-1]]
    return whole


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_valid_files_have_no_structure_problem(judge: Any, path: Path) -> None:
    text = path.read_text("utf-8")
    data = load_plain(text)[0]
    assert [error.message for error in judge.iter_errors(data)] == []
    assert structure(text) == []


@settings(max_examples=200, deadline=None)
@given(whole=mutations())
def test_a_changed_file_is_refused_when_the_schema_refuses_it(judge: Any, whole: Any) -> None:
    assert (structure(json.dumps(whole)) == []) == judge.is_valid(whole)


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        (
            "services:\n  web:\n    image: a:1\n    prots: ['80:80']\n",
            "prots",
            "unknown key prots in service web",
            "did you mean ports?",
        ),
        ("services: {}\nvolume: {}\n", "volume", "unknown key volume in the file", "did you mean volumes?"),
        (
            "services:\n  web:\n    build: {contxt: .}\n",
            "contxt",
            "unknown key contxt in build",
            "did you mean context?",
        ),
        ("services:\n  web:\n    ports: 80\n", "80", "ports must be a list", ""),
        ("services:\n  web:\n    tty: []\n", "[]", "tty must be true or false or a string", ""),
        ("services:\n  web: [image]\n", "[image]", "service web must be a mapping", ""),
        (
            "services:\n  web:\n    cgroup: hots\n",
            "hots",
            "cgroup must be one of host, private",
            "did you mean host?",
        ),
        (
            "services:\n  we b:\n    image: a:1\n",
            "we b",
            "a name in services has only letters, digits, . _ and -",
            "",
        ),
        ("services:\n  web:\n    cap_add: [A, A]\n", "A", "duplicate item in cap_add", ""),
    ],
)
def test_a_structure_problem_names_the_place_and_the_way_out(
    text: str, place: str, message: str, hint: str
) -> None:
    (problem,) = structure(text)
    assert text[problem.span.start : problem.span.end] == place
    assert (problem.message, problem.hint) == (message, hint)


def test_equal_items_that_compose_merges_do_not_stop_it() -> None:
    lists = "environment: [A=1, A=1]\n    group_add: [a, a]"
    problems = structure(f"services:\n  web:\n    image: a:1\n    {lists}\n")
    assert [(one.code, one.is_fatal) for one in problems] == [
        ("duplicate-item", False),
        ("duplicate-item", True),
    ]


def test_values_with_variables_are_not_judged_before_they_are_known() -> None:
    assert (
        structure("services:\n  web:\n    cgroup: ${MODE}\n    scale: ${N:-two}\n    use_api_socket: $X\n")
        == []
    )


def test_what_is_merged_into_many_services_is_one_problem() -> None:
    from datetime import date

    from dockerlint.images.facts import Knowledge
    from dockerlint.parse.compose.project import parse_compose

    text = "x-b: &b {prots: []}\nservices:\n" + "".join(f"  s{at}:\n    <<: *b\n" for at in range(5))
    assert [one.code for one in parse_compose(text, Knowledge(date(2026, 8, 22))).problems] == ["unknown-key"]
