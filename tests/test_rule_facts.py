"""What a rule may name can be looked up: `rules facts`, and the page that is made from it."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
import rules_page
from dockerfile_views import final

from dockerlint.cli.commands import invoke
from dockerlint.cli.rules.rulebook import test_rules as run_examples
from dockerlint.cli.rules.rulefacts import print_facts
from dockerlint.data import extendable
from dockerlint.ruleset.bundle import load_bundle
from dockerlint.ruleset.check import Lexicon, check_rule
from dockerlint.ruleset.facts import FACT_NAMES
from dockerlint.ruleset.fields import hints, kinds
from dockerlint.ruleset.grammar import OPERATORS
from dockerlint.ruleset.paths import compile_path
from dockerlint.ruleset.vocabulary import node_names, values, vocabulary
from dockerlint.yaml.tree import load_plain

UNKNOWN_BASE = "the name or the tag of the base image is not known"


def facts(name: str | None = None) -> str:
    out, err = io.StringIO(), io.StringIO()
    assert print_facts(name, out, err) == 0
    assert err.getvalue() == ""
    return out.getvalue()


def test_the_overview_names_every_node_value_operator_and_list() -> None:
    listed = {line.split()[0] for line in facts().splitlines() if line.startswith("  ")}
    words = {f"${name}" for name in load_bundle()["words"]}
    more = extendable().keys() - load_bundle()["words"].keys()
    assert listed == {*kinds(), *values(), *OPERATORS, *words, *more}
    assert "programs-that-need-root" in more


@pytest.mark.parametrize("name", [*node_names(), *values()])
def test_every_field_has_its_type_and_a_line(name: str) -> None:
    told = vocabulary(name)
    assert told.about
    assert [one.name for one in told.fields if one.name != "span" and not one.about] == []
    assert [one.name for one in told.fields if not one.type] == []
    assert not any("\n" in one.about for one in told.fields)


def test_the_fields_are_those_that_rules_are_checked_against() -> None:
    for kind, classes in kinds().items():
        told = {one.name for one in vocabulary(kind).fields}
        assert told in [hints(cls).keys() for cls in classes], kind


def test_what_only_hardening_knows_is_among_them() -> None:
    told = {one.name for kind in ("container", "stage") for one in vocabulary(kind).fields}
    assert told >= FACT_NAMES
    assert re.search(r"fitting_user +FittingUser or StaysRoot +The user without rights", facts("stage"))


@pytest.mark.parametrize(
    ("image", "told"),
    [("node", [True, "node", None]), ("$BASE", [False, None, UNKNOWN_BASE])],
)
def test_a_rule_may_ask_for_a_user_and_for_the_reason_why_there_is_none(
    image: str, told: list[object]
) -> None:
    stage = final(f'FROM {image}\nCOPY . /app\nCMD ["node", "app.js"]\n')
    paths = ("fitting_user.is_found", "fitting_user.name", "fitting_user.refusal")
    assert [compile_path(path)(stage, {}) for path in paths] == told


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("stage", r"  runs_as_root +true or false +What runs in the container is root"),
        ("stage", r"  instructions +list of instruction +One instruction"),
        ("command", r"stands in: .*run"),
        ("instruction", r"with more fields: .*workdir"),
        ("container", r"found in: compose"),
        ("fitting_user", r"  origin +text"),
        ("StaysRoot", r"  refusal +text"),
        ("STAGE", r"stage: From one FROM"),
    ],
)
def test_the_fields_of_one_node_are_told(name: str, line: str) -> None:
    assert re.search(line, facts(name))


def test_an_unknown_node_is_an_error_with_a_suggestion() -> None:
    out, err = io.StringIO(), io.StringIO()
    assert print_facts("stge", out, err) == 2
    assert out.getvalue() == ""
    assert err.getvalue() == (
        "dockerlint: unknown node 'stge'; did you mean 'stage'?; see dockerlint rules facts\n"
    )


def test_the_command_line_knows_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["rules", "facts", "workdir"]) == 0
    assert "is_relative" in capsys.readouterr().out
    assert invoke(["rules", "facts", "nothing"]) == 2


def test_the_page_is_what_the_code_says() -> None:
    assert rules_page.PAGE.read_text("utf-8") == rules_page.page(), "run tests/rules_page.py --write"
    assert "| `runs_as_root` | true or false |" in rules_page.page()


def test_the_rule_of_the_page_keeps_its_promises(tmp_path: Path) -> None:
    text = rules_page.PAGE.read_text("utf-8").partition("<!-- rule -->\n```yaml\n")[2].partition("```")[0]
    (tmp_path / "rule.yaml").write_text(text, encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    assert run_examples((str(tmp_path),), out, err) == 0, out.getvalue() + err.getvalue()
    assert out.getvalue() == "3 of 3 examples pass\n"


@pytest.mark.parametrize("name", OPERATORS)
def test_the_example_of_an_operator_can_be_written_in_a_rule(name: str) -> None:
    when = load_plain(f"{{{OPERATORS[name].example}}}")[0]
    bundle = load_bundle()
    lexicon = Lexicon(bundle["words"], bundle["peers"])
    raws = [{"each": kind, "when": when, "message": "", "examples": []} for kind in kinds()]
    assert [raw["each"] for raw in raws if not list(check_rule(raw, lexicon))]
    assert name in str(when)
