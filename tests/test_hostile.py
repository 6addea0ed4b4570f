"""Any bytes in: no exception, and what is well formed beside the damage is still judged."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dockerlint.parse.compose.project import parse_compose
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.text import lint_whole
from dockerlint.text import decode

RULESET = load_ruleset()

DOCKERFILE_PIECES = st.sampled_from(
    [
        *(
            "FROM ",
            "RUN ",
            "COPY ",
            "ADD ",
            "ENV ",
            "USER ",
            "ONBUILD ",
            "CMD ",
            "HEALTHCHECK ",
            "SHELL ",
            "ARG ",
        ),
        *(
            "<<EOF",
            "\nEOF\n",
            "\\\n",
            "\n",
            "\r\n",
            '["',
            '"]',
            '","',
            "${",
            "}",
            "$(",
            ")",
            "`",
            "'",
            '"',
            "\\",
        ),
        *(
            "#",
            "# escape=`\n",
            "--mount=type=cache,target=/x ",
            "--from=",
            "&&",
            "||",
            "|",
            ";",
            "\t",
            "\ufeff",
        ),
        *("a", "=", ":", "@sha256:", "/", "..", "é", "\x00", "\x85", "\u2028", "\U0001f433"),
    ]
)
COMPOSE_PIECES = st.sampled_from(
    [
        *(
            "services:\n",
            "  a:\n",
            "    image: ",
            "    ports:\n",
            "      - ",
            "    build: ",
            "    <<: *x\n",
            "&x ",
            "*x",
        ),
        *(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "? ",
            "|\n",
            ">-\n",
            "'",
            '"',
            "#",
            "\n",
            "\r\n",
            "\t",
            "  ",
            "---\n",
            "...\n",
        ),
        *(
            "!reset ",
            "!override ",
            "!!binary ",
            "${",
            "${A:-",
            "}",
            "$$",
            "%",
            "@",
            "`",
            "\ufeff",
            "\x00",
            "\x85",
            "é",
        ),
        *("a", "1", "22:22", "true", "null", "~", "/var/run/docker.sock:/s", "x-y:\n"),
    ]
)
FIXTURES = Path(__file__).parent.parent / "fixtures"
VALUE = re.compile(r"(?<=[:-] )[^\s,{}\[\]&*!>|#][^\s,{}\[\]]*")
SOUND_DOCKERFILE = "FROM alpine:3.20\nRUN curl -k https://x.example\nUSER 10001\n"
SOUND_SERVICE = "  sound:\n    image: app:1.0\n    privileged: true\n"


@given(st.binary(max_size=400), st.sampled_from(["dockerfile", "compose"]))
def test_any_bytes_are_judged_without_an_exception(data: bytes, kind: str) -> None:
    text = decode(data).text
    assert all(
        0 <= one.span.start <= one.span.end <= len(text) for one in lint_whole(text, kind, RULESET).findings
    )


@given(st.lists(DOCKERFILE_PIECES, max_size=60).map("".join))
def test_any_dockerfile_is_judged_without_an_exception(text: str) -> None:
    assert all(
        0 <= one.span.start <= one.span.end <= len(text)
        for one in lint_whole(text, "dockerfile", RULESET).findings
    )


@given(st.lists(COMPOSE_PIECES, max_size=60).map("".join))
def test_any_compose_file_is_judged_without_an_exception(text: str) -> None:
    assert all(
        0 <= one.span.start <= one.span.end <= len(text)
        for one in lint_whole(text, "compose", RULESET).findings
    )


def test_any_value_may_be_a_variable_that_nothing_sets() -> None:
    lines = (FIXTURES / "compose" / "every-key.yaml").read_text("utf-8").splitlines(keepends=True)
    for part in range(20):
        unset = [VALUE.sub('"${UNSET}"', one) if at % 20 == part else one for at, one in enumerate(lines)]
        assert unset != lines
        assert parse_compose("".join(unset), RULESET.knowledge).containers


@given(st.lists(DOCKERFILE_PIECES, max_size=30).map("".join))
def test_damage_after_sound_instructions_hides_none_of_them(damage: str) -> None:
    findings = lint_whole(SOUND_DOCKERFILE + damage, "dockerfile", RULESET).findings
    assert any(one.span.start < len(SOUND_DOCKERFILE) and "curl" in one.message for one in findings)


@given(st.text(alphabet="{}[]:,&*!|>'\"%@`#\t \nab-", max_size=40))
def test_damage_beside_a_sound_service_does_not_hide_it(damage: str) -> None:
    block = "".join(f"    {line}\n" for line in damage.split("\n"))
    text = f"services:\n{SOUND_SERVICE}  broken:\n{block}  last:\n    image: app:1.0\n    privileged: true\n"
    findings = lint_whole(text, "compose", RULESET).findings
    assert {one.subject for one in findings if one.rule.name == "privileged-container"} >= {"sound"}
