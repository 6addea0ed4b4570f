"""Findings in an inline Dockerfile stand at the characters they are about, however YAML spells it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dockerlint.findings import Finding
from dockerlint.masking.places import hide
from dockerlint.parse.compose.builtfiles import MOST, Asked, read_or_known
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.text import lint_whole

RULESET = load_ruleset()
SECRET = "q7XkzP0w"


def compose(inline: str) -> str:
    return f"services:\n  web:\n    build:\n      dockerfile_inline: {inline}\n"


def under(finding: Finding, text: str) -> str:
    return text[finding.span.start : finding.span.end]


@pytest.mark.parametrize(
    ("inline", "written"),
    [
        (rf'"FROM debian:12\nENV A=\"b\" DB_PASSWORD=\"{SECRET}\"\nUSER root\n"', SECRET),
        (r'"FROM debian:12\nENV DB_PASSWORD=q\u0037XkzP0w\nUSER root\n"', r"q\u0037XkzP0w"),
        (f"|\n        FROM debian:12\n        ENV DB_PASSWORD={SECRET}\n        USER root", SECRET),
    ],
)
def test_places_in_an_inline_dockerfile_are_true_to_the_character(inline: str, written: str) -> None:
    text = compose(inline)
    judgement = lint_whole(text, "compose", RULESET)
    found = {one.rule.id: under(one, text) for one in judgement.findings}
    assert (found["DK520"], found["DK101"]) == (written, "root")
    assert written not in hide(text, judgement.mask.places())


def test_no_fix_writes_into_a_string_with_escapes() -> None:
    text = compose(r'"FROM debian:12\nADD app /srv/\nUSER 1000\n"')
    [finding] = [one for one in lint_whole(text, "compose", RULESET).findings if one.rule.id == "DK108"]
    assert (under(finding, text)[:3], finding.fix) == ("ADD", None)


def test_what_was_read_of_a_dockerfile_holds_as_long_as_the_texts_around_it_do() -> None:
    asked, knowledge = Asked("FROM node:22\nCOPY . .\n", (), "."), RULESET.knowledge
    texts = {".dockerignore": "a\n"}
    build = read_or_known(asked, knowledge, texts.get)
    assert read_or_known(asked, knowledge, dict(texts).get) is build
    assert read_or_known(asked._replace(folder="b"), knowledge, texts.get) is not build
    assert read_or_known(asked, replace(knowledge, origin="a/b"), texts.get) is not build
    assert read_or_known(asked, knowledge, {".dockerignore": "b\n"}.get) is not build


def test_the_dockerfiles_of_a_large_project_are_remembered_for_its_other_files_but_not_any_number() -> None:
    def read(number: int, size: int = 0) -> object:
        asked = Asked(f"FROM node:{number}\n#{'x' * size}\n", (), None)
        return read_or_known(asked, RULESET.knowledge, {}.get)

    first = read(0)
    for number in range(1, 60):
        read(number)
    assert read(0) is first
    for number in range(1, 1 + MOST // 40_000):
        read(number, 40_000)
    assert read(0) is not first
