"""What a stage is, with all that it inherits along `FROM <stage>`."""

from __future__ import annotations

import pytest
from dockerfile_views import build, final, nodes, only, under

from dockerlint.values import UNKNOWN


@pytest.mark.parametrize(
    "spelling", ["root", "0", "0:0", "root:app", "00", '"root"', "${U}", "${NONE:-root}"]
)
def test_root_has_many_spellings(spelling: str) -> None:
    stage = final(f"FROM alpine\nARG U=0\nUSER {spelling}\n")
    assert stage.user is not None
    assert stage.user.is_root is True


@pytest.mark.parametrize("spelling", ["app", "1000:0", "rooty", "10", "${U:-1000}:${GID}"])
def test_other_users_are_not_root(spelling: str) -> None:
    stage = final(f"FROM alpine\nARG U\nARG GID=5\nUSER {spelling}\n")
    assert stage.user is not None
    assert stage.user.is_root is False


@pytest.mark.parametrize("spelling", ["$U", "${U}:app", ":app", "$NOPE"])
def test_a_user_that_the_text_does_not_decide_is_unknown(spelling: str) -> None:
    stage = final(f"FROM alpine\nARG U\nUSER {spelling}\n")
    assert stage.user is not None
    assert stage.user.is_root is UNKNOWN
    assert stage.runs_as_root is UNKNOWN


def test_only_the_last_user_of_the_final_stage_counts() -> None:
    stages = build("FROM debian AS build\nUSER root\nFROM debian\nUSER root\nRUN x\nUSER 10001\n").stages
    assert [stage.is_final for stage in stages] == [False, True]
    assert stages[-1].runs_as_root is False


def test_the_user_of_a_builder_does_not_carry_over() -> None:
    stage = final("FROM node:22 AS build\nUSER node\nFROM node:22-slim\n")
    assert stage.user is None
    assert stage.lacks_user is True


def test_a_stage_inherits_along_from() -> None:
    text = (
        'FROM alpine AS one\nUSER app\nWORKDIR /srv\nSHELL ["/bin/bash", "-eo", "pipefail", "-c"]\nENV A=/a\n'
        'HEALTHCHECK NONE\nENTRYPOINT ["x"]\nFROM One AS two\nFROM two\nWORKDIR $A\nRUN true\n'
    )
    stage = final(text)
    assert stage.parent is not None
    assert stage.parent.parent is build(text).stages[0] or stage.parent.parent == build(text).stages[0]
    assert stage.user is not None
    assert stage.image is None
    assert stage.base is not None
    assert stage.base.name == "alpine"
    assert stage.workdir is not None
    assert stage.workdir.path is not None
    assert stage.workdir.path.value == "/a"
    assert (stage.healthcheck is not None, stage.entrypoint is not None) == (True, True)
    shell = only(text, "run").shell
    assert (shell.name, shell.has_pipefail, shell.is_posix) == ("bash", True, True)


def test_siblings_do_not_see_each_others_variables() -> None:
    text = (
        "FROM alpine AS base\nENV A=1\nFROM base AS one\nENV B=2\n"
        "FROM base AS two\nLABEL x=$A y=$B\nFROM base\nLABEL z=$B\n"
    )
    assert [under(text, one.span) for one in nodes(build(text), "undefined_variable")] == ["$B", "$B"]


def test_a_stage_name_may_come_from_an_argument() -> None:
    text = (
        "FROM alpine AS base-amd64\nUSER app\nFROM alpine AS base-arm64\nUSER app\nFROM base-${TARGETARCH}\n"
    )
    stage = final(text)
    assert stage.image is None
    assert stage.runs_as_root is False


def test_an_image_that_is_all_variable_is_no_stage() -> None:
    stage = final("ARG BASE\nFROM alpine AS one\nUSER root\nFROM ${BASE}\n")
    assert stage.parent is None
    assert stage.image is not None
    assert stage.image.name is UNKNOWN


def test_a_variable_that_spells_a_stage_name_leads_to_the_stage() -> None:
    stage = final("ARG KIND=debug\nFROM alpine AS debug\nUSER app\nFROM alpine AS prod\nFROM $KIND\n")
    assert stage.user is not None


def test_a_base_whose_entrypoint_drops_root_needs_no_user_while_it_is_kept() -> None:
    assert final("FROM postgres:17\n").lacks_user is False
    assert final('FROM postgres:17\nCMD ["postgres", "-c", "x=y"]\n').lacks_user is False
    assert final('FROM postgres:17\nENTRYPOINT ["/mine"]\n').lacks_user is True


def test_a_base_that_is_not_root_needs_no_user() -> None:
    assert final("FROM prom/prometheus:v3.1.0\n").runs_as_root is False


def test_nothing_is_known_about_the_user_of_a_private_base() -> None:
    stage = final("FROM registry.example.com/x:1\n")
    assert (stage.lacks_user, stage.is_base_user_known, stage.runs_as_root) == (True, False, UNKNOWN)


def test_an_empty_image_runs_as_root() -> None:
    assert final("FROM scratch\n").runs_as_root is True


@pytest.mark.parametrize(
    "text",
    [
        "FROM mcr.microsoft.com/windows/servercore:ltsc2022\n",
        "FROM mcr.microsoft.com/dotnet/aspnet:9.0-nanoserver-ltsc2022\n",
        "FROM --platform=windows/amd64 example/app:1\n",
        "# escape=`\nFROM scratch\n",
    ],
)
def test_windows_has_no_root(text: str) -> None:
    stage = final(text)
    assert stage.is_windows is True
    assert stage.lacks_user is False
    assert stage.shell is not None
    assert stage.shell.is_posix is False


def test_onbuild_changes_nothing_here() -> None:
    stage = final("FROM alpine\nUSER app\nONBUILD USER root\nONBUILD ENV A=1\nLABEL x=$A\n")
    assert stage.runs_as_root is False
    assert stage.instructions[-1].undefined


def test_run_knows_its_user_and_what_was_copied_before() -> None:
    text = "FROM node:22\nRUN a\nCOPY . /app\nRUN b\nUSER node\nRUN c\n"
    found = [(run.as_root, run.sees_whole_context) for run in nodes(build(text), "run")]
    assert found == [(True, False), (True, True), (False, True)]


def test_copies_tell_where_they_come_from() -> None:
    text = (
        "FROM alpine AS one\nFROM alpine AS two\n"
        "COPY --from=one a /\nCOPY --from=TWO a /\nCOPY --from=1 a /\n"
        "COPY --from=three a /\nCOPY --from=nginx:1.29 a /\nCOPY --from=$X a /\n"
    )
    found = [
        (one.is_from_self, one.is_from_unknown, one.image is not None) for one in nodes(build(text), "copy")
    ]
    assert found == [
        (False, False, False),
        (True, False, False),
        (True, False, False),
        (False, True, True),
        (False, False, True),
        (False, UNKNOWN, False),
    ]


@pytest.mark.parametrize(
    ("source", "origin"),
    [
        ("https://example.com/a.tar", "url"),
        ("https://github.com/a/b.git#v1", "git"),
        ("git@github.com:a/b.git", "git"),
        ("a.tar", "context"),
        ("$NOPE", "context"),
    ],
)
def test_add_tells_downloads_from_files(source: str, origin: str) -> None:
    assert only(f"FROM alpine\nADD {source} /\n", "copy_source").origin == origin


@pytest.mark.parametrize(
    "name", [".env", "./config/.env", ".env.production", "prod.env", ".envrc", "app/.env/"]
)
def test_environment_files_are_known_by_name(name: str) -> None:
    assert only(f"FROM alpine\nCOPY {name} /\n", "copy_source").is_environment_file is True


@pytest.mark.parametrize(
    "name",
    [
        ".env.example",
        ".env.sample",
        "env",
        "environment.yml",
        ".environment",
        ".env.dist",
        ".env.sh",
        ".env.d.ts",
    ],
)
def test_samples_of_environment_files_are_not(name: str) -> None:
    assert only(f"FROM alpine\nCOPY {name} /\n", "copy_source").is_environment_file is False


@pytest.mark.parametrize(
    "name",
    [
        "id_rsa",
        ".ssh/id_ed25519",
        ".ssh",
        "tls/server.key",
        "root.key",
        "ca.key",
        "cert.key",
        "a.pem",
        ".npmrc",
        ".aws/",
        ".docker/config.json",
        "x.p12",
    ],
)
def test_key_files_are_known_by_name(name: str) -> None:
    assert only(f"FROM alpine\nCOPY {name} /\n", "copy_source").is_key_file is True


@pytest.mark.parametrize(
    "name",
    [
        "id_rsa.pub",
        "ca.pem",
        "fullchain.pem",
        "public.key",
        "nodesource.gpg.key",
        "bundle.pem",
        "server.crt",
        "key",
        "keys/",
        "config.json",
        "a.key.example",
    ],
)
def test_public_files_are_not(name: str) -> None:
    assert only(f"FROM alpine\nCOPY {name} /\n", "copy_source").is_key_file is False


@pytest.mark.parametrize(
    ("ignore", "exposed"),
    [
        (None, (".git", ".env")),
        ("", (".git", ".env")),
        ("# .git\n", (".git", ".env")),
        (".git\n.env\n", ()),
        ("/.git/\n./.env\n", ()),
        ("**/.git\n**/.env*\n", ()),
        ("*\n", ()),
        ("*\n!.env\n", (".env",)),
        (".*\n", ()),
        ("sub/.env\n.git\n", (".env",)),
        (".env*\n!.env.example\n.git\n", ()),
    ],
)
def test_the_ignore_file_decides_what_the_whole_context_brings(
    ignore: str | None, exposed: tuple[str, ...]
) -> None:
    neighbours = {} if ignore is None else {".dockerignore": ignore}
    assert only("FROM alpine\nCOPY . /app\n", "copy_source", neighbours).exposes == exposed


def test_an_exclude_flag_keeps_names_out_too() -> None:
    text = "FROM alpine\nCOPY --exclude=.git --exclude=**/.env* . /app\nCOPY --exclude=.git . /b\n"
    assert [one.exposes for one in nodes(build(text), "copy_source")] == [(), (".env",)]


@pytest.mark.parametrize("source", [".", "./", "/", "*", "./*", '"."', "$HERE"])
def test_the_whole_context_has_many_spellings(source: str) -> None:
    assert only(f"FROM alpine\nARG HERE=.\nCOPY {source} /app/\n", "copy_source").is_whole_context is True


@pytest.mark.parametrize("source", ["src", "./src/", "*.js", "..", "../", "src/*", "a."])
def test_a_part_of_the_context_is_not_the_whole(source: str) -> None:
    assert only(f"FROM alpine\nCOPY {source} /app/\n", "copy_source").is_whole_context is False


def test_ports_are_read_with_ranges_protocols_and_variables() -> None:
    ports = "80 $P/TCP 20-25/udp 0x50 $NOPE 127.0.0.1:8080:80 99999999999999999999"
    text = f"FROM alpine\nARG P=22\nEXPOSE {ports}\n"
    found = nodes(build(text), "exposed_port")
    assert [(one.first, one.last, one.protocol) for one in found[:4]] == [
        (80, 80, "tcp"),
        (22, 22, "tcp"),
        (20, 25, "udp"),
        (UNKNOWN, UNKNOWN, UNKNOWN),
    ]
    assert [one.includes_ssh for one in found[:3]] == [False, True, False]
    assert [(one.code, under(text, one.span)) for one in build(text).problems] == [("bad-port", "0x50")]
    assert (found[5].has_host_part, found[5].first) == (True, 80)
    assert found[6].is_out_of_range is True


def test_ten_thousand_stages_in_a_row_are_read_in_a_moment() -> None:
    text = "FROM alpine AS s0\nUSER app\n" + "".join(
        f"FROM s{number} AS s{number + 1}\nENV V{number}=1\n" for number in range(10_000)
    )
    stage = final(text)
    assert stage.user is not None
    assert stage.ships
    assert len(stage.all_instructions) == 20_002
