"""Variables in Compose files: what the real Compose made of the same texts is recorded in fixtures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pace import grows_in_proportion

from dockerlint.link.dotenv import read_env
from dockerlint.link.interpolation import interpolate
from dockerlint.values import UNRESOLVED

RECORDED = json.loads(
    (Path(__file__).parent.parent / "fixtures/interpolation/compose-2.26.json").read_text("utf-8")
)


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: case["name"])
def test_variables_mean_what_compose_makes_of_them(case: dict[str, str]) -> None:
    mine = interpolate(case["text"], read_env(case["env"]))
    if case.get("error") == "syntax":
        assert mine.error is not None
    elif case.get("error") == "required":
        assert mine.error is None
        assert UNRESOLVED in mine.text
    else:
        # Compose puts nothing where nothing is set; here the place stays marked.
        assert mine.text.replace(UNRESOLVED, "") == case["result"]
        assert (UNRESOLVED in mine.text) == case.get("unresolved", False)


def test_all_forms_are_recorded_for_unset_empty_and_set() -> None:
    texts = {(case["text"], case["env"]) for case in RECORDED}
    for operator in (":-word", "-word", ":?needed", "?needed", ":+other", "+other", ""):
        for env in ("", "V=\n", "V=value\n"):
            assert (f"<${{V{operator}}}>", env) in texts


def test_the_offset_of_a_refused_variable_is_its_dollar() -> None:
    text = "a ${OK:-b} ${not ok}"
    assert interpolate(text, {}).error == text.index("${not")


@pytest.mark.parametrize(("opening", "end"), [("${A:-", ""), ("${A:-{} ", ""), ("$", ""), ("${A:-", "}")])
def test_hostile_texts_take_time_in_proportion(opening: str, end: str) -> None:
    assert grows_in_proportion(
        lambda text: interpolate(text, {}), lambda size: opening * size + end * size, 5_000
    )


@given(st.text("${}:-?+A \n", max_size=60), st.text("A=\"'\\$#{} \n", max_size=60))
def test_any_text_is_survived(text: str, env: str) -> None:
    interpolate(text, read_env(env))
