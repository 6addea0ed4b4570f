"""Which image a build starts from: what is pinned, what is moved, and what is refused with a reason."""

from __future__ import annotations

import pytest

from dockerlint.findings import Finding, Tier
from dockerlint.fixing.dockerfile.reference import ReferencePart, rewritten
from dockerlint.fixing.results import LintResult, Result
from dockerlint.fixing.rounds import fix_text
from dockerlint.model.image import Image
from dockerlint.parse.image import read_image
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.examples import EXAMPLE_DAY
from dockerlint.run.text import lint_text
from dockerlint.text import Span
from dockerlint.values import Located

RULESET = load_ruleset(today=EXAMPLE_DAY)
RULES = ("DK501", "DK502", "DK503", "DK504", "DK506", "DK507", "DK508")
DIGEST = "sha256:" + "a" * 64


def fixed(text: str, kind: str = "dockerfile", lock: str = "", least: Tier = Tier.UNPROVEN) -> Result:
    neighbours = {"dockerlint.lock": lock} if lock else {}

    def verdict(text: str) -> LintResult:
        every = lint_text(text, kind, RULESET, text_of=neighbours.get)
        return LintResult([one for one in every if one.rule.id in RULES], every)

    return fix_text(text, kind, least, verdict)


def reasons(result: Result, *rules: str) -> list[str]:
    asked = set(rules or RULES) - {"DK504"}
    refusals = [one.unfixed for one in result.left if one.rule.id in asked]
    return ["" if refusal is None else refusal.reason for refusal in refusals]


def image(reference: str) -> Image:
    return read_image(Located(reference, Span(0, len(reference))), "from", RULESET.knowledge)


@pytest.mark.parametrize(
    ("reference", "tag"),
    [
        ("node", "26"),
        ("node:alpine", "26-alpine"),
        ("node:lts-slim", "24-slim"),
        ("php:fpm", "8.5-fpm"),
        ("nginx:stable-alpine", "1.30-alpine"),
        ("nginx:mainline", "1.31"),
        ("haskell:slim", "9-slim"),
        ("debian:stable-slim", "13-slim"),
        ("mariadb:lts", "12.3"),
        ("mysql", "9.7"),
        ("busybox", "1.38"),
    ],
)
def test_a_moving_tag_is_taken_for_the_release_it_means(reference: str, tag: str) -> None:
    assert image(reference).current_tag == tag


@pytest.mark.parametrize(
    "reference",
    [
        *("node:22", "node:alpine3.15", "node:lts-buster", "alpine:edge", "ubuntu:devel", "hello-world"),
        *("acme/app", "registry.example.com/node", "node@" + DIGEST),
    ],
)
def test_a_tag_that_means_no_release_we_know_stays(reference: str) -> None:
    assert image(reference).current_tag is None


@pytest.mark.parametrize(
    ("reference", "successor"),
    [
        ("golang:1.18-alpine", "golang:1.27-alpine"),
        ("golang:1.20-alpine3.22", "golang:1.27-alpine3.24"),
        ("golang:1.21.3-bookworm", "golang:1.27.0-bookworm"),
        ("alpine:3.16", "alpine:3.24"),
        ("debian:9-slim", "debian:13-slim"),
        ("debian:buster-slim", "debian:trixie-slim"),
        ("ubuntu:xenial", "ubuntu:resolute"),
        ("python:3.12-slim-buster", "python:3.12-slim-trixie"),
        ("python:3.12.1-alpine3.17", "python:3.12.14-alpine3.24"),
        ("eclipse-temurin:17-jre-focal", "eclipse-temurin:17-jre-resolute"),
        ("openjdk:8", "eclipse-temurin:8-jdk"),
        ("openjdk:8u342-jre-slim-bullseye", "eclipse-temurin:8u502-b07-jre"),
        ("openjdk:8-jdk-alpine3.9", "eclipse-temurin:8-jdk-alpine"),
        ("openjdk:17.0.2-slim", "eclipse-temurin:17.0.20_8-jdk"),
    ],
)
def test_what_gets_no_more_fixes_has_a_successor_where_its_publisher_speaks_for_it(
    reference: str, successor: str
) -> None:
    found = image(reference).successor
    assert found is not None
    assert found.reference == successor


@pytest.mark.parametrize(
    "reference",
    [
        *("golang:1.17", "golang:1.26", "node:16", "python:3.8-buster", "openjdk:17", "openjdk:7-jre"),
        *("php:7.4", "openjdk:11-oracle", "registry.example.com/golang:1.18", "debian:buster@" + DIGEST),
    ],
)
def test_without_a_promise_there_is_no_successor(reference: str) -> None:
    assert image(reference).successor is None


def test_every_successor_of_the_table_is_a_tag_that_is_known() -> None:
    bases = RULESET.knowledge.bases
    for name in ("golang", "rust", "alpine", "debian", "ubuntu", "eclipse-temurin", "python", "node", "ruby"):
        assert bases.promise(name) is not None
        assert bases.tags(name) is not None, name


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ARG TAG=latest\nFROM node:${TAG} AS a\n", "ARG TAG=26\nFROM node:${TAG} AS a\n"),
        ("ARG TAG='latest'\nFROM node:$TAG\n", "ARG TAG='26'\nFROM node:$TAG\n"),
        ("ARG TAG=alpine\nFROM node:$TAG\n", "ARG TAG=26-alpine\nFROM node:$TAG\n"),
        ("ARG TAG\nFROM node:${TAG:-alpine}\n", "ARG TAG\nFROM node:${TAG:-26-alpine}\n"),
        ("ARG BASE=node\nFROM $BASE\n", "ARG BASE=node:26\nFROM $BASE\n"),
        (
            "ARG B=node:latest\nFROM $B AS a\nFROM ${B}\n",
            "ARG B=node:26\nFROM $B AS a\nFROM ${B}\n",
        ),
        ("ARG IMAGE=node\nFROM ${IMAGE}:latest\n", "ARG IMAGE=node\nFROM ${IMAGE}:26\n"),
        ("ARG I=node T=lts\nFROM ${I}:${T}\n", "ARG I=node T=24\nFROM ${I}:${T}\n"),
        ("ARG R=docker.io/library/\nFROM ${R}node\n", "ARG R=docker.io/library/\nFROM ${R}node:26\n"),
        ("ARG TAG\nFROM node:${TAG:-latest}\n", "ARG TAG\nFROM node:${TAG:-26}\n"),
        ('FROM "node:latest"\n', 'FROM "node:26"\n'),
        (
            "ARG GO=1.20\nARG ALPINE=3.17\nFROM golang:${GO}-alpine${ALPINE}\nRUN go version\n",
            "ARG GO=1.27\nARG ALPINE=3.24\nFROM golang:${GO}-alpine${ALPINE}\nRUN go version\n",
        ),
    ],
)
def test_the_edit_goes_where_the_part_is_written(before: str, after: str) -> None:
    assert fixed(before).text == after


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ARG TAG=latest\nFROM node:$TAG\nARG TAG\nRUN echo $TAG\n", "a stage uses ARG TAG too"),
        ("ARG TAG=latest\nARG NAME=node:$TAG\nFROM node:$TAG\n", "another ARG uses TAG"),
        (
            "ARG V=latest\nFROM node:$V AS a\nFROM acme/app:$V\n",
            "the same variable names another image",
        ),
        ("ARG V=latest\nFROM node:$V AS a\nFROM python:$V\n", "the same variable names another image"),
        ("ARG V=latest\nARG V=latest\nFROM node:$V\n", "the image, or part of it, is a variable"),
        ("ARG A=test\nARG V=la$A\nFROM node:$V\n", "the image, or part of it, is a variable"),
        ("ARG S=latest\nFROM node:$S AS latest-x\nFROM ${S}-x\n", "names a platform or a stage"),
    ],
)
def test_an_arg_that_says_more_is_left_with_the_reason(text: str, reason: str) -> None:
    result = fixed(text)
    assert result.text == text
    assert any(reason in one for one in reasons(result)), reasons(result)


def test_many_variables_beside_each_other_are_left_alone_at_once() -> None:
    pieces = [ReferencePart("a", Span(at, at + 1), f"V{at}") for at in range(30)]
    assert rewritten(pieces, "b" * 60 + ":" + "b" * 60) is None


def test_one_variable_may_move_several_tags_of_one_image_where_all_are_known() -> None:
    text = "ARG GO=1.20\nFROM golang:$GO-alpine AS a\nRUN go version\nFROM golang:$GO-alpine3.23 AS b\n"
    assert fixed(text).text == text.replace("1.20", "1.27")
    odd = text.replace("alpine3.23", "alpine3.11")
    assert fixed(odd).text == odd


def test_every_place_that_names_an_image_is_pinned_alike() -> None:
    text = (
        "# syntax=docker/dockerfile:1\n"
        "FROM --platform=$BUILDPLATFORM node:latest AS deps # not this\n"
        "FROM node:latest\n"
        "COPY --from=node:latest --chown=node:node /usr/local/bin/node /node\n"
        "RUN --mount=type=bind,from=node:latest,target=/n true\n"
    )
    assert fixed(text).text == text.replace("node:latest", "node:26")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("image: ${IMG:-postgres}", "image: ${IMG:-postgres:18}"),
        ("image: '${IMG-redis:alpine}' # cache", "image: '${IMG-redis:8.10-alpine}' # cache"),
        (
            "image: ${R:-docker.io}/library/nginx:${TAG:-latest}",
            "image: ${R:-docker.io}/library/nginx:${TAG:-1.31}",
        ),
    ],
)
def test_the_default_in_a_compose_file_is_edited_in_place(before: str, after: str) -> None:
    head = "services:\n  one:\n    "
    assert fixed(f"{head}{before}\n", "compose").text == f"{head}{after}\n"


@pytest.mark.parametrize("value", ["$IMG", "${IMG}", "${IMG:?set it}", "${A:-${B:-nginx}}"])
def test_what_a_compose_file_does_not_say_is_not_pinned(value: str) -> None:
    text = f"services:\n  one:\n    image: {value}\n"
    assert fixed(text, "compose").text == text


BUILD = "FROM golang:1.20 AS build\n{}\nRUN go build -o /app .\n{}"


@pytest.mark.parametrize(
    "text",
    [
        BUILD.format("ENV CGO_ENABLED=0", "FROM debian:13\nCOPY --from=build /app /app\n"),
        BUILD.format("COPY . .", "FROM scratch\nCOPY --from=build /app /app\n"),
        BUILD.format("RUN apt-get update && apt-get install -y git", ""),
        BUILD.format("", "").replace("1.20", "1.20-alpine") + "FROM debian:13\nCOPY --from=build /app /app\n",
    ],
)
def test_a_go_build_moves_on_where_nothing_rests_on_the_distribution(text: str) -> None:
    assert "FROM golang:1.27" in fixed(text).text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (BUILD.format("COPY . .", "FROM debian:13\nCOPY --from=build /app /app\n"), "need a library"),
        (BUILD.format("COPY . .", "FROM debian:13\nCOPY --from=0 /app /app\n"), "need a library"),
        (BUILD.format("RUN make", ""), "make may behave differently there"),
        (BUILD.format("RUN apt-get install -y libfoo2", ""), "package libfoo2 is not known"),
        (BUILD.format("RUN apt-get install -y git=1:2.3", ""), "the version of git is pinned"),
        (BUILD.format("RUN apt-get install -y -t bullseye-backports git", ""), "bullseye"),
        (BUILD.format("RUN $TOOL", ""), "what it runs is a variable"),
        ('FROM openjdk:8-jdk\nCMD ["/opt/solr/bin/solr"]\n', "may need a program"),
        ("FROM openjdk:8-jre\nENV JAVA_HOME=/usr/local/openjdk-8\n", "a directory of the old image"),
        ("FROM openjdk:8-jre\nRUN unzip a.zip\n", "unzip may not exist there"),
        ("FROM debian:buster\nCOPY app /usr/bin/app\n", "app may be built for the old release"),
        ("FROM debian:buster\nCOPY . /app\n", "what it copies may be built for the old release"),
        ("FROM debian:buster\nRUN curl -O https://h.example/app\n", "curl installs files"),
        ("FROM debian:buster\nRUN echo x > /etc/apt/sources.list\n", "adds a package source"),
        ('FROM debian:buster\nCMD ["/usr/lib/x/y"]\n', "may be elsewhere"),
        ("FROM debian:buster\nRUN apt-get update && apt-get install -y git\n", "images built on it"),
        ("FROM alpine:3.22\nCOPY --from=golang:1.20 /usr/local/go /go\n", "not in this file"),
    ],
)
def test_a_build_that_may_rest_on_the_old_distribution_stays_and_says_why(text: str, reason: str) -> None:
    result = fixed(text)
    assert result.text == text
    assert any(reason in one for one in reasons(result)), reasons(result)


def test_what_no_publisher_promises_is_advice_that_names_the_tag() -> None:
    (finding,) = _of("DK506", fixed("FROM python:2.7-slim\n"))
    assert finding.fix is not None
    assert (finding.fix.tier, "python:3.14-slim" in finding.fix.title) == (Tier.ADVICE, True)


def test_a_service_is_only_advised_since_what_it_runs_is_not_in_the_file() -> None:
    result = fixed("services:\n  one:\n    image: golang:1.20-alpine\n    command: go run .\n", "compose")
    (finding,) = _of("DK506", result)
    assert finding.fix is not None
    assert finding.fix.tier is Tier.ADVICE


def _of(rule: str, result: Result) -> list[Finding]:
    return [one for one in result.left if one.rule.id == rule]


LOCK = f"""\
version: 1
images:
  docker.io/library/node:26:
    digest: {DIGEST}
    date: 2026-08-22
  grafana/grafana:latest: {{digest: "{DIGEST}"}}
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("FROM node:26\n", f"FROM node:26@{DIGEST}\n"),
        ("FROM node\n", f"FROM node:26@{DIGEST}\n"),
        ("ARG V=latest\nFROM node:$V\n", f"ARG V=26@{DIGEST}\nFROM node:$V\n"),
        ("FROM grafana/grafana AS g\n", f"FROM grafana/grafana:latest@{DIGEST} AS g\n"),
        ("FROM node:24\n", "FROM node:24\n"),
        ("FROM example.com/node:26\n", "FROM example.com/node:26\n"),
        ("FROM node:26@sha256:" + "b" * 64 + "\n", "FROM node:26@sha256:" + "b" * 64 + "\n"),
    ],
)
def test_a_digest_comes_from_the_lock_of_the_project_and_from_nowhere_else(before: str, after: str) -> None:
    assert fixed(before, lock=LOCK).text == after


def test_an_old_release_with_a_digest_is_left_for_the_digest() -> None:
    digest = "sha256:" + "0" * 64
    left = fixed(f"FROM rust:1.83-slim@{digest}\n")
    assert reasons(left, "DK506") == ["the image is pinned by digest"]


def test_safe_fixes_change_no_image() -> None:
    text = "FROM node\nFROM debian:buster\n"
    assert fixed(text, least=Tier.SAFE).text == text
