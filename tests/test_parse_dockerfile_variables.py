"""Variables outside RUN: what is set where, and what a text says once they are filled in."""

from __future__ import annotations

import pytest
from dockerfile_views import build, final, nodes, only, under

from dockerlint.values import UNKNOWN


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("$SET", "s"),
        ("${SET}x", "sx"),
        ("${SET:-d}", "s"),
        ("${SET:+a}", "a"),
        ("${EMPTY:-d}", "d"),
        ("${EMPTY-d}", ""),
        ("${EMPTY:+a}", ""),
        ("${EMPTY+a}", "a"),
        ("${BARE:-d}", "d"),
        ("${BARE-d}", "d"),
        ("${BARE:+a}", ""),
        ("${NOPE:-${SET}!}", "s!"),
        ("'$SET'", "$SET"),
        ('"$SET y"', "s y"),
        ("\\$SET", "$SET"),
        ("$BARE", UNKNOWN),
        ("$NOPE", UNKNOWN),
        ("${SET#s}", ""),
        ("${SET/s/t}", "t"),
        ("${PATH_#*/}", "b/c-1.tar.gz"),
        ("${PATH_##*/}", "c-1.tar.gz"),
        ("${PATH_%.*}", "a/b/c-1.tar"),
        ("${PATH_%%.*}", "a/b/c-1"),
        ("${PATH_%.zip}", "a/b/c-1.tar.gz"),
        ("${PATH_/?-/}", "a/b/1.tar.gz"),
        ("${PATH_//[.]/_}", "a/b/c-1.tar.gz"),
        ("${STARS%\\**}", "a*b"),
        ("${STARS//\\*/+}", "a+b+c"),
        ("${STARS/\\*/$SET}", "asb*c"),
        ("${NOPE%x}", UNKNOWN),
        ("${SET%$NOPE}", UNKNOWN),
        ("${SET:%s}", UNKNOWN),
        ("${SET!x}", UNKNOWN),
        ("$HTTP_PROXY", UNKNOWN),
        ("${HTTPS_PROXY:+p}", UNKNOWN),
        ("${HTTPS_PROXY+p}", "p"),
        ("a$", "a$"),
    ],
)
def test_docker_fills_a_variable_in_like_this(written: str, value: object) -> None:
    label = nodes(
        build(f"FROM alpine\nARG SET=s EMPTY= BARE PATH_=a/b/c-1.tar.gz STARS=a*b*c\nLABEL it={written}\n"),
        "label",
    )[0]
    assert label.variables[0].value.value == value


def test_env_wins_over_an_arg_of_the_same_name() -> None:
    assert final("FROM alpine\nENV U=root\nARG U=app\nUSER $U\n").user.name == "root"  # type: ignore[union-attr]


def test_a_global_arg_counts_in_from_and_after_it_is_named_again() -> None:
    text = "ARG V=3.22\nFROM alpine:$V\nLABEL one=$V\nARG V\nLABEL two=$V\n"
    assert final(text).image.tag.value == "3.22"  # type: ignore[union-attr]
    assert [one.variables[0].value.value for one in nodes(build(text), "label")] == [UNKNOWN, "3.22"]
    assert [under(text, one.span) for one in nodes(build(text), "undefined_variable")] == ["$V"]


def test_values_of_one_instruction_do_not_see_each_other() -> None:
    text = "FROM alpine\nENV A=old\nENV A=new B=$A\n"
    assert nodes(build(text), "variable")[-1].value.value == "old"


def test_the_run_text_is_left_to_the_shell() -> None:
    text = "FROM alpine\nRUN echo $NOPE ${nope}\nCMD echo $NOPE\nHEALTHCHECK CMD test $NOPE\n"
    assert nodes(build(text), "undefined_variable") == []


def test_an_undefined_variable_is_underlined_alone_even_across_lines() -> None:
    text = "FROM alpine\nCOPY a \\\n  b$ONE/${TWO} \\\n  /c/\n"
    assert [under(text, one.span) for one in nodes(build(text), "undefined_variable")] == ["$ONE", "${TWO}"]


def test_a_misspelt_name_gets_a_suggestion() -> None:
    assert (
        only("FROM alpine\nARG APP_VERSION=1\nLABEL v=$APP_VERSOIN\n", "undefined_variable").suggestion
        == "APP_VERSION"
    )


def test_platform_arguments_are_known_to_from_and_need_arg_in_a_stage() -> None:
    text = "FROM --platform=$BUILDPLATFORM alpine\nCOPY $TARGETARCH /a\nARG TARGETARCH\nCOPY $TARGETARCH /b\n"
    assert [one.name for one in nodes(build(text), "undefined_variable")] == ["TARGETARCH"]
    assert nodes(build(text), "copy")[1].sources[0].path.value is UNKNOWN


def test_variables_that_double_themselves_cost_no_more_than_the_file() -> None:
    doubling = "".join("ENV A=$A$A$A$A\n" for _ in range(200))
    assert final("FROM alpine\nENV A=xxxxxxxxxx\n" + doubling + "USER $A\n").user.name is UNKNOWN  # type: ignore[union-attr]


def test_deep_substitutions_are_given_up() -> None:
    text = "FROM alpine\nUSER " + "${A:-" * 50_000 + "x" + "}" * 50_000 + "\n"
    assert final(text).user.name is UNKNOWN  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("<<END /f\na=$ONE b=${TWO}\nit's $SET\nEND", ["ONE", "TWO"]),
        ('<<"END" /f\na=$ONE\nEND', []),
        ("<<END /f\n\\$ONE ${TWO:-x} $1 $$\nEND", []),
        ("<<A <<B /d/\n$ONE\nA\n$TWO\nB", ["ONE", "TWO"]),
    ],
)
def test_docker_fills_variables_into_a_copied_heredoc(body: str, names: list[str]) -> None:
    found = nodes(build(f"FROM scratch\nARG SET=1\nCOPY {body}\n"), "undefined_variable")
    assert [one.name for one in found] == names


@pytest.mark.parametrize(
    ("written", "ports"),
    [
        ("$MANY", ["80", "443/udp", "9"]),
        ("1$MANY", ["180", "443/udp", "9"]),
        ("${MANY}0", ["80", "443/udp", "90"]),
        ('"$MANY"', ["80 443/udp  9"]),
        ("'80'", ["80"]),
        ("$NONE 8080", ["8080"]),
        ("$OUTSIDE 1", [UNKNOWN, "1"]),
    ],
)
def test_expose_cuts_what_a_variable_holds_at_its_blanks(written: str, ports: list[object]) -> None:
    text = f'FROM alpine\nARG MANY="80 443/udp  9" NONE="" OUTSIDE\nEXPOSE {written}\n'
    assert [one.text.value for one in nodes(build(text), "exposed_port")] == ports


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("${A:+$A}", []),
        ("${A+:${A}}", []),
        ("${A:+$B}", []),
        ("${SET:+$SET:$B}", ["B"]),
        ("${A:-$B}", ["B"]),
        ("x${A:+$A}$A", ["A"]),
        ("${A%$B}", ["B", "A"]),
    ],
)
def test_what_stands_for_a_variable_that_is_set_is_not_read_where_it_is_not(
    written: str, read: list[str]
) -> None:
    text = f"FROM alpine\nARG SET=s\nENV NEW={written}\n"
    assert [one.name for one in nodes(build(text), "undefined_variable")] == read


def test_long_values_and_many_wildcards_are_given_up() -> None:
    for value, wanted in (("a" * 5000, "*b"), ("aaa", "*a*a*a*a")):
        text = f"FROM alpine\nARG V={value}\nUSER ${{V%{wanted}}}\n"
        assert final(text).user.name is UNKNOWN  # type: ignore[union-attr]


def test_a_download_with_a_variable_in_its_address_is_named_by_the_rest() -> None:
    text = "FROM alpine:3.22\nARG V\nADD http://files.example/${V}/tool.tgz /srv/\nADD ${V}/tool.tgz /srv/\n"
    first, second = nodes(build(text), "copy_source")
    assert (first.label, first.is_plain_http) == ("http://files.example/…/tool.tgz", True)
    assert second.is_plain_http is UNKNOWN
