"""Any input at all: no exception, nothing lost beside the damage, time that grows with the length."""

from __future__ import annotations

from itertools import pairwise

import pytest
from dockerfile_texts import dockerfiles
from dockerfile_views import build, nodes, under
from hypothesis import given
from hypothesis import strategies as st
from pace import grows_in_proportion

from dockerlint.text import decode

ALPHABET = st.sampled_from(
    [*"\n\n\r\t \0\\`\"'$#<>{}[]-=:/,EOFRUNAa0é\u2028\x85\ufeff\U0001f433", "<<E", "RUN ", "\\\n", "FROM "]
)
MARKS = [f"LABEL mark{number}=x" for number in range(3)]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_an_exception(data: bytes) -> None:
    build(decode(data).text)


@given(st.lists(ALPHABET, max_size=60).map("".join))
def test_any_text_is_read_and_every_span_lies_in_it(text: str) -> None:
    for node in nodes(build(text), "instruction"):
        assert 0 <= node.span.start < node.span.end <= len(text)
        assert under(text, node.keyword.span).replace("\0", "").upper().startswith(node.keyword.value[:1])


@given(dockerfiles())
def test_spans_of_instructions_follow_each_other(text: str) -> None:
    built = build(text)
    spans = [one.span for stage in built.stages for one in stage.instructions]
    assert all(one.end <= following.start for one, following in pairwise(spans))


# What may legitimately swallow the next line: an open continuation and a heredoc that this text can end.
DAMAGE = (
    st.lists(ALPHABET, max_size=25).map("".join).filter(lambda text: "\\" not in text and "`" not in text)
)


@given(DAMAGE, DAMAGE)
def test_every_instruction_beside_the_damage_is_still_read(one: str, two: str) -> None:
    text = f"FROM alpine\n{MARKS[0]}\n{one}\n{MARKS[1]}\n{two}\n{MARKS[2]}\n"
    found = [under(text, node.span) for node in nodes(build(text), "label")]
    heredoc = "<<" in one + two
    assert found == MARKS or (heredoc and set(found) < set(MARKS) and MARKS[0] in found)


HOSTILE = {
    "one long word": lambda size: "FROM alpine\nRUN " + "a" * size,
    "one long blank": lambda size: "FROM alpine\nRUN a" + " " * size + "b",
    "long continuation": lambda size: "FROM alpine\nRUN a " + "\\\n" * (size // 2) + "b",
    "comments in a continuation": lambda size: "FROM alpine\nRUN a \\\n" + "# c\n" * (size // 4) + "b",
    "heredocs without an end": lambda size: "FROM alpine\n" + "RUN <<E\n" * (size // 8),
    "many heredocs": lambda size: "FROM alpine\n" + "RUN <<E\nx\nE\n" * (size // 12),
    "quotes": lambda size: "FROM alpine\nENV " + "a='\"" * (size // 4),
    "brackets": lambda size: "FROM alpine\nCMD " + "[" * size,
    "strings": lambda size: "FROM alpine\nCMD [" + '"a",' * (size // 4),
    "flags": lambda size: "FROM alpine\nCOPY " + "--a " * (size // 4) + "b c",
    "substitutions": lambda size: "FROM alpine\nUSER " + "${A:-" * (size // 5),
    "undefined variables": lambda size: "FROM alpine\n" + "".join(f"USER $V{n}\n" for n in range(size // 10)),
    "unknown instructions": lambda size: "FROM alpine\n" + "".join(f"X{n} y\n" for n in range(size // 8)),
    "stages": lambda size: "".join(f"FROM a AS s{n}\n" for n in range(size // 16)),
    "self-doubling variables": lambda size: "FROM alpine\nENV A=aaaaaaaa\n" + "ENV A=$A$A\n" * (size // 11),
    "ports": lambda size: "FROM alpine\nEXPOSE " + "1 " * (size // 2),
    "mounts": lambda size: "FROM alpine\nRUN --mount=" + "a=b," * (size // 4) + " x",
    "sources": lambda size: "FROM alpine\nCOPY " + ". " * (size // 2) + "/",
}


@pytest.mark.parametrize("shape", HOSTILE)
def test_time_grows_with_the_length_and_no_faster(shape: str) -> None:
    assert grows_in_proportion(build, HOSTILE[shape], 20_000)
