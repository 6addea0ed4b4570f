"""Services that extend others, of the same file and of other ones."""

from __future__ import annotations

import time

import pytest
from linked import at, context, mounted, plain, project, resolved, written

from dockerlint.budget import OverBudget, budgeted
from dockerlint.values import known


def test_a_service_takes_over_what_it_extends_in_its_own_file() -> None:
    text = (
        "services:\n"
        "  base: {image: a, privileged: true, cap_add: [A], environment: {X: 1, Y: 2}}\n"
        "  kid:\n    extends: {service: base}\n    cap_add: [B]\n    environment: [X=3]\n"
        "  grandkid:\n    extends: kid\n    command: c\n"
    )
    found = resolved({"compose.yaml": text})
    assert plain(at(found, "services", "grandkid")) == {
        "image": "a",
        "privileged": True,
        "cap_add": ["A", "B"],
        "environment": {"X": "3", "Y": 2},
        "command": "c",
    }
    assert plain(at(found, "services", "base", "cap_add")) == ["A"]
    kid = next(one for one in project({"compose.yaml": text}).containers if one.name.value == "kid")
    assert written(found, at(found, "services", "kid"))[1].startswith("extends: {service: base}")
    assert [key.value for key in kid.keys] == ["cap_add", "environment"]


def test_what_is_inherited_keeps_the_place_in_the_file_of_the_base() -> None:
    texts = {
        "compose.yaml": "services:\n  kid:\n    extends: {file: parts/base.yml, service: b}\n    user: x\n",
        "parts/base.yml": "services:\n  b:\n    image: a\n    volumes: ['./d:/d', '../up:/up', named:/n]\n",
    }
    found = resolved(texts)
    assert written(found, at(found, "services", "kid", "image")) == ("parts/base.yml", "a")
    assert [found.sources.home(span)[0].path for span in found.declared["kid"]] == [
        "parts/base.yml",
        "compose.yaml",
    ]
    (container,) = project(texts).containers
    assert [origin.value for origin in container.origins] == ["parts/base.yml", "compose.yaml"]
    assert mounted(container) == [
        "./parts/d",
        "./up",
        "named",
    ]
    assert not container.is_partial
    assert container.extends is not None
    assert container.extends.value == "b"
    assert [known(path) for path in project(texts).extended] == ["parts/base.yml"]


def test_a_base_extends_a_base_of_a_third_file_from_its_own_folder() -> None:
    texts = {
        "compose.yaml": "services:\n  kid: {extends: {file: one/a.yml, service: a}}\n",
        "one/a.yml": "services:\n  a: {extends: {file: ../two/b.yml, service: b}, user: u}\n",
        "two/b.yml": "services:\n  b: {build: ./ctx, env_file: b.env}\n",
        "two/b.env": "A=1\n",
    }
    (container,) = project(texts).containers
    assert context(container) == "./two/ctx"
    assert [(one.name, one.value and one.value.value) for one in container.variables] == [("A", "1")]
    assert container.account is not None


@pytest.mark.parametrize(
    "texts",
    [
        {"compose.yaml": "services:\n  a: {extends: a, image: x}\n"},
        {"compose.yaml": "services:\n  a: {extends: b}\n  b: {extends: c}\n  c: {extends: a}\n"},
        {
            "compose.yaml": "services:\n  a: {extends: {file: other.yml, service: b}}\n",
            "other.yml": "services:\n  b: {extends: {file: compose.yaml, service: a}}\n",
        },
    ],
)
def test_services_that_extend_each_other_are_refused(texts: dict[str, str]) -> None:
    found = resolved(texts)
    assert [problem.code for problem in found.problems] == ["extends-cycle"]
    assert "a → " in found.problems[0].message
    assert next(one for one in project(texts).containers if one.name.value == "a").is_partial


def test_a_base_that_is_not_declared_is_refused_where_it_is_named() -> None:
    texts = {
        "compose.yaml": "services:\n  a: {extends: {file: other.yml, service: gone}}\n",
        "other.yml": "services: {}\n",
    }
    found = resolved(texts)
    (problem,) = found.problems
    assert found.sources.text[problem.span.start : problem.span.end] == "gone"


@pytest.mark.parametrize(
    ("file", "code"),
    [("gone.yml", "missing"), ("${WHERE}/base.yml", "unresolved"), ("https://x.example/base.yml", "remote")],
)
def test_a_base_that_is_not_read_is_one_gap_and_leaves_the_service_unknown(file: str, code: str) -> None:
    body = f"{{extends: {{file: '{file}', service: b}}}}"
    texts = {"compose.yaml": f"services:\n  a: &a {body}\n  b: {body}\n"}
    found = resolved(texts)
    assert {gap.code for gap in found.gaps} == {code}
    assert [one.is_partial for one in project(texts).containers] == [True, True]
    assert [one.has_read_only_root is False for one in project(texts).containers] == [False, False]


def test_what_a_service_takes_away_is_gone_from_its_base_and_from_files_before() -> None:
    texts = {
        "compose.yaml": "services:\n  a: {image: i, user: first, ports: ['1:1'], environment: {K: 1}}\n",
        "over.yaml": (
            "services:\n"
            "  base: {image: b, ports: ['2:2'], user: second, environment: {K: 2, L: 3}}\n"
            "  a:\n    extends: base\n    ports: !override ['3:3']\n    user: !reset null\n"
            "    environment:\n      K: !reset null\n"
        ),
    }
    found = resolved(texts, "compose.yaml", "over.yaml")
    assert plain(at(found, "services", "a")) == {"image": "b", "ports": ["3:3"], "environment": {"L": 3}}


def test_marks_of_a_base_hold_for_its_own_file_alone() -> None:
    texts = {
        "compose.yaml": "services:\n  a: {image: i, ports: ['1:1'], user: u}\n",
        "over.yaml": "services:\n  a: {extends: {file: base.yml, service: b}}\n",
        "base.yml": "services:\n  b: {ports: !override ['2:2'], user: !reset null}\n",
    }
    found = resolved(texts, "compose.yaml", "over.yaml")
    assert plain(at(found, "services", "a")) == {"image": "i", "ports": ["1:1", "2:2"], "user": "u"}


def test_a_long_chain_is_read_in_time() -> None:
    lines = ["services:", "  s0: {image: a}"]
    lines += [f"  s{at}: {{extends: s{at - 1}, labels: {{l{at}: x}}}}" for at in range(1, 1000)]
    began = time.perf_counter()
    with budgeted():
        found = resolved({"compose.yaml": "\n".join(reversed(lines[1:])).join(["services:\n", "\n"])})
    assert len(plain(at(found, "services", "s999", "labels"))) == 999
    assert time.perf_counter() - began < 5


def test_bases_that_expand_to_too_much_are_refused() -> None:
    big = ", ".join(f"k{at}: v" for at in range(2000))
    lines = ["services:", f"  s0: {{image: a, labels: {{{big}}}}}"]
    lines += [f"  s{at}: {{extends: s{at - 1}, labels: {{l{at}: x}}}}" for at in range(1, 4000)]
    with pytest.raises(OverBudget), budgeted(seconds=0.5):
        resolved({"compose.yaml": "\n".join(lines) + "\n"})


def test_files_of_variables_of_the_same_name_in_two_folders_are_two() -> None:
    texts = {
        "compose.yaml": "services:\n  a: {extends: {file: p/b.yml, service: b}, env_file: v.env, command: }",
        "p/b.yml": "services:\n  b: {build: {target: t}, env_file: [v.env, w.env]}\n",
        "v.env": "A=1\nB=${A}\n",
        "p/v.env": "A=2\nC=3 # no more\n",
        "p/w.env": "A=4\n",
    }
    (container,) = project(texts).containers
    assert {one.name: known(one.value) for one in container.variables} == {"A": "1", "B": "4", "C": "3"}
    assert {one.origin for one in container.variables} == {"env_file"}
    assert [known(one) for one in container.env_files] == ["p/v.env", "p/w.env", "v.env"]
    assert context(container) is None
    assert container.commands == ()
