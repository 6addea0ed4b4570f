"""Image references are read as Docker reads them, and what a variable hides stays unknown."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockerlint.images.facts import ImageFacts, Knowledge, Release
from dockerlint.model.image import Image
from dockerlint.parse.image import read_image
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, UNRESOLVED, Located, known

DIGEST = "sha256:" + "0123456789abcdef" * 4
BUSTER = Release("10", "", date(2024, 6, 30), is_ended=True, product="Debian", codename="buster")
PYTHONS = (
    Release("3.14", "3.14.7", date(2030, 10, 31), product="Python"),
    Release("3.8", "", date(2024, 10, 7), is_ended=True, product="Python"),
)
KNOWLEDGE = Knowledge(
    date(2026, 8, 22),
    {
        "python": ImageFacts("python", is_official=True, default_user="root", releases=PYTHONS),
        "debian": ImageFacts("debian", releases=(BUSTER,)),
        "acme/base": ImageFacts("acme/base", default_user="root", users_by_tag=(("*-rootless", "1000"),)),
    },
    {"buster": BUSTER}.get,
)


def image(reference: str, written: str = "") -> Image:
    text = written or reference
    return read_image(Located(reference, Span(7, 7 + len(text))), "from", KNOWLEDGE, written=written)


@pytest.mark.parametrize(
    ("reference", "registry", "name", "tag"),
    [
        ("node", "docker.io", "node", None),
        ("node:22", "docker.io", "node", "22"),
        ("docker.io/library/node:22", "docker.io", "node", "22"),
        ("index.docker.io/library/node", "docker.io", "node", None),
        ("library/node", "docker.io", "node", None),
        ("grafana/grafana:13.2.0", "docker.io", "grafana/grafana", "13.2.0"),
        ("localhost/app", "localhost", "localhost/app", None),
        ("localhost:5000/team/app", "localhost:5000", "localhost:5000/team/app", None),
        (
            "registry.example.com:5000/app:1.0",
            "registry.example.com:5000",
            "registry.example.com:5000/app",
            "1.0",
        ),
        ("Registry/app:1", "Registry", "Registry/app", "1"),
    ],
)
def test_the_first_part_is_a_host_only_where_docker_takes_it_for_one(
    reference: str, registry: str, name: str, tag: str | None
) -> None:
    read = image(reference)
    assert (read.registry, read.name, known(read.tag)) == (registry, name, tag)


def test_tag_and_digest_have_spans_of_their_own() -> None:
    reference = f"registry.example.com:5000/app:1.0@{DIGEST}"
    read = image(reference)
    text = " " * 7 + reference
    assert read.tag is not None
    assert read.digest is not None
    assert text[read.tag.span.start : read.tag.span.end] == "1.0"
    assert text[read.digest.span.start : read.digest.span.end] == DIGEST


def test_a_tag_that_stands_behind_a_variable_still_has_its_span() -> None:
    written = "${REGISTRY}/app:1.0"
    read = image(f"{UNRESOLVED}/app:1.0", written)
    assert read.tag is not None
    assert (" " * 7 + written)[read.tag.span.start : read.tag.span.end] == "1.0"


def test_a_tag_that_a_variable_brought_points_at_the_whole_reference() -> None:
    read = image("app:latest", "app:${TAG}")
    assert read.is_latest is True
    assert read.tag is not None
    assert read.tag.span == read.span


@pytest.mark.parametrize("reference", [f"app@{DIGEST}", f"app:latest@{DIGEST}", f"a.b:1/app:1@{DIGEST}"])
def test_a_digest_decides_whatever_the_tag_says(reference: str) -> None:
    read = image(reference)
    assert (read.is_pinned, read.is_latest, read.is_floating, read.is_untagged) == (True, False, False, False)


@pytest.mark.parametrize("digest", ["sha256:abc", "sha256:" + "A" * 64, "md5:" + "0" * 32, ""])
def test_a_malformed_digest_pins_nothing_and_is_refused(digest: str) -> None:
    read = image(f"app:1@{digest}")
    assert read.is_pinned is False
    assert read.problem is not None


@pytest.mark.parametrize(
    "tag",
    ["latest", "stable", "edge", "nightly", "lts", "stable-alpine", "main", "Latest", "alpine", "fpm-alpine"],
)
def test_a_channel_floats(tag: str) -> None:
    assert image(f"app:{tag}").is_floating is True


@pytest.mark.parametrize(
    "tag", ["22", "1.4-alpine", "alpine3.20", "bookworm", "stable-2.4", "20240101", "v2"]
)
def test_a_version_does_not_float(tag: str) -> None:
    assert image(f"app:{tag}").is_floating is False


@pytest.mark.parametrize(
    "reference", [UNRESOLVED, f"{UNRESOLVED}:{UNRESOLVED}", f"node{UNRESOLVED}", f"{UNRESOLVED}alpine"]
)
def test_a_variable_that_may_hold_the_tag_leaves_it_unknown(reference: str) -> None:
    read = image(reference, "${A}")
    facts = (read.is_untagged, read.is_latest, read.is_floating, read.is_pinned, read.name)
    assert facts == (UNKNOWN,) * 5
    assert not read.is_resolved


def test_a_variable_in_the_registry_leaves_the_tag_known() -> None:
    read = image(f"{UNRESOLVED}:8099/base/alpine:1.0.0", "$REG:8099/base/alpine:1.0.0")
    assert (read.registry, read.name, known(read.tag)) == (UNKNOWN, UNKNOWN, "1.0.0")
    assert image(f"{UNRESOLVED}/node", "$REG/node").is_untagged is True


def test_a_wholly_unknown_reference_is_unknown_throughout() -> None:
    read = read_image(Located(UNKNOWN, Span(0, 4)), "from", KNOWLEDGE)
    assert (read.is_scratch, read.is_untagged, read.is_deprecated, read.is_official) == (UNKNOWN,) * 4


def test_scratch_is_not_an_untagged_image() -> None:
    assert image("scratch").is_scratch is True
    assert image("scratch").is_untagged is False


@pytest.mark.parametrize(
    ("reference", "cause"),
    [
        ("Debian:13", "lower case"),
        ("", "empty"),
        ("app:", "tag"),
        ("https://a.example/b:1", "valid"),
        ("a b", "valid"),
    ],
)
def test_what_docker_refuses_says_why(reference: str, cause: str) -> None:
    assert cause in (image(reference).problem or "")


def test_a_host_may_be_upper_case() -> None:
    assert image("Registry.example.com/app:1").problem is None


def test_the_release_line_is_found_through_patch_levels_and_variants() -> None:
    assert image("python:3.8.12-slim").is_end_of_life is True
    assert image("python:3.14").is_end_of_life is False
    assert image("python:3").release == PYTHONS[0]
    assert image("python:3.80").is_end_of_life is UNKNOWN
    assert image("python:3.8").supported_release == "3.14"


def test_nobody_is_told_to_go_back_to_an_older_release_line() -> None:
    lines = (
        Release("4", "", None, is_ended=True),
        Release("3", "", None, is_lts=True),
        Release("2", "", None, is_ended=True),
    )
    facts = ImageFacts("acme/store", releases=lines)
    assert facts.line_after(lines[0]) is None
    assert facts.line_after(lines[2]) == lines[1]


def test_the_distribution_in_a_tag_is_judged_apart_from_the_version() -> None:
    read = image("python:3.14-slim-buster")
    assert (read.is_end_of_life, read.is_base_end_of_life) == (False, True)
    assert image("python:3.14-slim").is_base_end_of_life is UNKNOWN


def test_a_distribution_is_not_its_own_base() -> None:
    read = image("debian:buster-slim")
    assert (read.is_end_of_life, read.is_base_end_of_life) == (True, UNKNOWN)


def test_the_default_user_may_depend_on_the_tag() -> None:
    assert image("acme/base:2").default_user == "root"
    assert image("acme/base:2-rootless").default_user == "1000"
    assert image(f"acme/base:{UNRESOLVED}", "acme/base:$T").default_user is UNKNOWN
    assert image("nobody/knows:1").default_user is UNKNOWN


def test_an_image_is_the_same_wherever_it_stands() -> None:
    moved = read_image(Located("node:22", Span(90, 97)), "from", KNOWLEDGE)
    assert moved == image("node:22")


@given(st.text(alphabet="aA0.:/@-_$ \n" + UNRESOLVED + "é", max_size=40), st.text(max_size=10))
def test_no_text_makes_it_fail(reference: str, written: str) -> None:
    read = read_image(Located(reference, Span(0, len(written))), "from", KNOWLEDGE, written=written)
    for name in dir(Image):
        if isinstance(getattr(Image, name), property):
            getattr(read, name)
    for part in (read.tag, read.digest):
        assert part is None or 0 <= part.span.start <= part.span.end <= max(len(written), len(reference))
