"""No input costs more than in proportion to its length, in time or in memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pace import grows_in_proportion

from dockerlint.budget import STEPS, OverBudget, budgeted
from dockerlint.linting.suppression import Policy, suppress
from dockerlint.parse.compose.project import parse_compose
from dockerlint.parse.dockerfile.build import parse_dockerfile
from dockerlint.parse.dockerfile.inherited import Variables
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.text import lint_whole
from dockerlint.yaml import builder

RULESET = load_ruleset()
KNOWLEDGE = RULESET.knowledge


def numbered(line: str, count: int) -> str:
    return "".join(line.replace("<n>", str(number)) for number in range(count))


def peak_megabytes(work: Callable[[], object]) -> float:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def check(text: str, kind: str) -> None:
    judgement = lint_whole(text, kind, RULESET)
    suppress(judgement, text, RULESET, RULESET, Policy(), kind=kind)


def stages_on_many_variables(count: int) -> str:
    return (
        "FROM a:1 AS base\n"
        + numbered("ENV VARIABLE<n>=b\n", count)
        + numbered("FROM base AS s<n>\nENV A=b\n", count)
    )


def networks(count: int) -> str:
    return (
        "services:\n"
        + numbered("  db<n>:\n    image: postgres:16\n    networks: [n<n>, common]\n", count)
        + "networks:\n  common:\n"
        + numbered("  n<n>:\n", count)
    )


DOCKERFILES = {
    "EXPOSEs beside RUNs": lambda count: "FROM a:1\n" + numbered("EXPOSE 22\nRUN make <n>\n", count),
    "paths of credentials": lambda count: (
        "FROM a:1\n" + numbered("ENV AWS_CONFIG_FILE=/a/f<n>\nCOPY a<n> /b<n>/\n", count)
    ),
    "WORKDIR chain": lambda count: "FROM a:1\n" + numbered("WORKDIR folder<n>\n", count),
    "COPYs below a chain": lambda count: "FROM a:1\n" + numbered("WORKDIR f\nCOPY a<n> ./b<n>/\n", count),
    "stages on many ENV": stages_on_many_variables,
    "unknown rules": lambda count: (
        "FROM a:1\n" + numbered("# dockerlint: ignore[no-sch-<n>]\nRUN a\n", count)
    ),
}
COMPOSE_FILES = {
    "ports beside variables": lambda count: (
        "services:\n  a:\n    image: postgres:16\n    environment:\n"
        + numbered("      - PASSWORD_<n>=$X<n>\n", count)
        + "    ports:\n"
        + numbered('      - "0.0.0.0:<n>:5432"\n', count)
    ),
    "networks": networks,
    "unknown keys": lambda count: (
        "services:\n  a:\n    image: a:1\n" + numbered("    privilegd<n>: 1\n", count)
    ),
    "port ranges": lambda count: (
        "services:\n  a:\n    image: a:1\n    ports:\n" + numbered('      - "1-65535:1-65535"\n', count)
    ),
}


@pytest.mark.parametrize("shape", DOCKERFILES)
def test_a_dockerfile_ten_times_as_long_takes_some_ten_times_as_long(shape: str) -> None:
    assert grows_in_proportion(lambda text: check(text, "dockerfile"), DOCKERFILES[shape], 300)


@pytest.mark.parametrize("shape", COMPOSE_FILES)
def test_a_compose_file_ten_times_as_long_takes_some_ten_times_as_long(shape: str) -> None:
    assert grows_in_proportion(lambda text: check(text, "compose"), COMPOSE_FILES[shape], 60)


@pytest.mark.parametrize("shape", ["WORKDIR chain", "stages on many ENV"])
def test_what_stages_inherit_is_held_once(shape: str) -> None:
    text = DOCKERFILES[shape](3_000)
    assert peak_megabytes(lambda: parse_dockerfile(text, KNOWLEDGE)) < 100


def test_paths_that_go_up_and_down_again_are_paid_for() -> None:
    text = "FROM a:1\nWORKDIR /" + "f/" * 2_000 + "\n" + numbered("WORKDIR ../f<n>\n", 20_000)
    with budgeted(), pytest.raises(OverBudget, match="relative paths"):
        parse_dockerfile(text, KNOWLEDGE)


def test_a_folder_deeper_than_a_path_can_name_is_no_folder_we_know() -> None:
    text = "FROM a:1\nWORKDIR /\n" + "WORKDIR folder\n" * 700 + "COPY a ./b\n"
    *_, last, copy = parse_dockerfile(text, KNOWLEDGE).stages[0].instructions
    assert (last.absolute, copy.absolute_destination) == (None, None)  # type: ignore[attr-defined]


def doubling(steps: int) -> str:
    return "A0=0123456789\n" + "".join(f"A{n + 1}=$A{n}$A{n}\n" for n in range(steps))


@pytest.mark.parametrize("quote", ["", '"'])
def test_variables_that_double_are_refused_before_they_are_built(quote: str) -> None:
    environment = doubling(40).replace("=$", f"={quote}$").replace("\n", f"{quote}\n")
    environment = environment.replace(f"789{quote}", "789")

    def parse() -> None:
        with budgeted(), pytest.raises(OverBudget, match="variables"):
            parse_compose("services:\n  a:\n    image: $A40\n", KNOWLEDGE, {".env": environment}.get)

    assert peak_megabytes(parse) < 50


def test_one_value_with_many_variables_is_refused_without_a_budget_too() -> None:
    text = "services:\n  a:\n    command: '" + "$A" * 50_000 + "'\n"
    with pytest.raises(OverBudget, match="variables"):
        parse_compose(text, KNOWLEDGE, {".env": "A=" + "x" * 1_000}.get)


def test_ordinary_variables_cost_no_file_its_verdict() -> None:
    text = "services:\n" + numbered("  a<n>:\n    image: $REGISTRY/a:$TAG\n    user: ${USER:-app}\n", 4_000)
    with budgeted():
        project = parse_compose(
            text, KNOWLEDGE, {".env": "REGISTRY=registry.example.com/team\nTAG=1.4\n"}.get
        )
    assert len(project.containers) == 4_000


def test_an_alias_of_a_long_text_counts_as_more_than_one_node(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "MAX_ALIASED", builder.MAX_ALIASED // 10)
    text = "x-a: &a '" + "x=$$ " * 4_000 + "'\nservices:\n  a:\n    environment:\n" + "    - *a\n" * 1_000

    def parse() -> None:
        codes = [problem.code for problem in parse_compose(text, KNOWLEDGE).problems]
        assert "excessive-aliasing" in codes

    assert peak_megabytes(parse) < 10


def test_every_port_of_a_host_is_held_as_two_numbers() -> None:
    text = 'services:\n  a:\n    image: a:1\n    ports: ["1-65535:1-65535"]\n'
    (port,) = parse_compose(text, KNOWLEDGE).containers[0].ports
    assert port.targets == port.host_ports == range(1, 65536)
    assert {one.rule.name for one in lint_whole(text, "compose", RULESET).findings} >= {
        "datastore-port-on-all-interfaces"
    }


def test_a_message_does_not_grow_with_the_list_it_names() -> None:
    findings = lint_whole(networks(300), "compose", RULESET).findings
    assert max(len(one.message) for one in findings) < 1_000


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from("abcde"), st.one_of(st.none(), st.integers())),
        max_size=60,
    )
)
def test_copies_of_variables_are_what_copies_of_dictionaries_are(
    steps: list[tuple[int, str, int | None]],
) -> None:
    ours: list[Variables[int | None]] = [Variables({"a": 1})]
    plain: list[dict[str, int | None]] = [{"a": 1}]
    for which, name, value in steps:
        at = which % len(ours)
        if value is None:
            ours.append(ours[at].copy())
            plain.append(dict(plain[at]))
        ours[at][name] = value
        plain[at][name] = value
    for one, other in zip(ours, plain, strict=True):
        assert {name: one.get(name, -1) for name in one} == other
        assert [len(one), "e" in one, one.get("b")] == [len(other), "e" in other, other.get("b")]


ATTACKS = {
    "header": (r"curl -H '{} x' h", "token"),
    "npm token": ("printf '_auth{}' > .npmrc", " "),
    "password of SQL": ('mysql -e "password {} \'"', " "),
    "line of a configuration": ("printf '{}x' > .npmrc", "\\n"),
    "source of packages": ("printf '{}' > /etc/apt/sources.list", "[trusted=yes "),
    "location": ("make SECRET_KEY=a{}", "/.a"),
    "letters of options": ("tar -{}", "x"),
    "redirections of groups": ("{}", "{{ a; }} > f "),
    "logins": ("curl x{}", ",https://a:b@h"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_command_is_read_in_proportion_to_its_length(name: str) -> None:
    command, piece = ATTACKS[name]

    def make(size: int) -> str:
        repeated = piece.replace("{{", "{").replace("}}", "}") * (size // len(piece))
        return "FROM a:1\nRUN " + command.replace("{}", repeated) + "\n"

    assert grows_in_proportion(lambda text: check(text, "dockerfile"), make, 10_000)


def test_a_path_of_very_many_folders_is_compared_with_no_ignore_file() -> None:
    text = "FROM a:1\nCOPY " + "a/" * 20_000 + "b /srv/\n"
    (copy,) = [
        one
        for one in parse_dockerfile(text, KNOWLEDGE, {".dockerignore": "a\n"}.get).stages[0].instructions
        if one.keyword.value == "COPY"
    ]
    assert not copy.sources[0].is_ignored  # type: ignore[attr-defined]


def test_many_sources_beside_many_lines_of_an_ignore_file_are_paid_for() -> None:
    text = "FROM a:1\n" + numbered("COPY a<n> /srv/\n", 1_300)
    with budgeted(STEPS // 10), pytest.raises(OverBudget, match="dockerignore"):
        parse_dockerfile(text, KNOWLEDGE, {".dockerignore": numbered("b<n>\n", 1_300)}.get)


def test_a_test_of_a_service_is_made_once_for_all_its_ports() -> None:
    """And again for the next service, which may have another answer."""
    text = "services:\n" + "".join(
        f"  a{number}:\n    image: postgres:16\n    ports: ['5432', '5433']\n"
        f"    environment: {{POSTGRES_PASSWORD: {password}}}\n"
        for number, password in enumerate(("postgres", "kW8dPq2Lx0", "postgres"))
    )
    found = [one for one in lint_whole(text, "compose", RULESET).findings if one.rule.id == "DK231"]
    assert ["well known" in one.message for one in found] == [True, True, False, False, True, True]


def test_substitutions_nested_deeper_than_any_script_are_passed_over() -> None:
    """Nothing behind them is lost."""
    text = "FROM a:1\nRUN echo " + "$(echo " * 20_000 + "a" + ")" * 20_000 + " && curl -k h\n"
    *_, run = parse_dockerfile(text, KNOWLEDGE).stages[0].instructions
    programs = [command.program for command in run.commands]  # type: ignore[attr-defined]
    assert (programs[-1], len(programs) < 200) == ("curl", True)
