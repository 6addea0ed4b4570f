"""A rule that cannot be used or evaluated is named; the other rules and files go on."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from dockerlint.cli.arguments import CheckLine, options_of
from dockerlint.cli.rules.rulebook import explain
from dockerlint.cli.rules.rulebook import test_rules as run_examples
from dockerlint.cli.rules.rulelist import list_rules
from dockerlint.findings import Tier
from dockerlint.model.dockerfile.instruction import Maintainer
from dockerlint.model.dockerfile.stage import Stage
from dockerlint.report import FORMATS
from dockerlint.ruleset import index
from dockerlint.run.check import run
from dockerlint.run.fix import run_fix

DOCKERFILE = 'FROM node:latest\nMAINTAINER someone\nCMD ["node"]\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DOCKERLINT_DEBUG", raising=False)
    Path("app").mkdir()
    Path("app/Dockerfile").write_text(DOCKERFILE)
    return tmp_path


def raising(node: object) -> bool:
    raise KeyError("what stands in the file")


@pytest.fixture
def broken_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fact that our rules DK101 and others ask of a stage raises."""
    monkeypatch.setattr(Stage, "lacks_user", property(raising))


def check(*paths: str, format: str = "json", **said: Any) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = run(options_of(CheckLine(paths=paths, format=[format], **said)), out, err)
    return code, out.getvalue(), err.getvalue()


@pytest.mark.usefixtures("broken_fact")
def test_a_rule_that_raises_is_named_and_the_others_go_on() -> None:
    code, out, _ = check("app")
    report = json.loads(out)
    assert code == 2
    [problem] = report["problems"]
    assert problem["path"] == "app/Dockerfile"
    assert problem["message"].startswith(
        "not evaluated: rule DK102 final-stage-without-user: internal error (KeyError); please report it"
    )
    assert "what stands" not in out, "the text of the error may quote the file"
    found = {one["rule"] for one in report["findings"]}
    assert "DK126" in found
    assert "DK502" in found
    assert "DK102" not in found
    assert report["summary"]["rule_errors"] == 1
    assert report["summary"]["judged"] == 1


@pytest.mark.usefixtures("broken_fact")
@pytest.mark.parametrize(
    ("format", "quiet", "told"),
    [
        ("text", False, "not evaluated: rule DK102"),
        ("text", True, "app/Dockerfile: not evaluated: rule DK102"),
        ("github", False, "::error file=app/Dockerfile,title=dockerlint::not evaluated: rule DK102"),
        ("sarif", False, '"level": "error", "message": {"text": "not evaluated: rule DK102'),
    ],
)
def test_every_format_names_it(format: str, quiet: bool, told: str) -> None:
    code, out, _ = check("app", format=format, quiet=quiet)
    assert code == 2
    assert told in out
    assert "DK126" in out


@pytest.mark.usefixtures("broken_fact")
@pytest.mark.parametrize("format", FORMATS)
def test_no_format_is_silent_about_it(format: str) -> None:
    _, out, _ = check("app", format=format)
    assert "rule DK102 final-stage-without-user: internal error" in out


@pytest.mark.usefixtures("broken_fact")
def test_fix_names_it_and_does_what_the_other_rules_ask_for() -> None:
    out, err = io.StringIO(), io.StringIO()
    assert run_fix(options_of(CheckLine(paths=["app"])), Tier.SAFE, False, out, err) == 2
    assert "not evaluated: rule DK102 final-stage-without-user: internal error" in out.getvalue()
    assert "MAINTAINER" not in Path("app/Dockerfile").read_text()


@pytest.mark.usefixtures("broken_fact")
def test_whoever_debugs_gets_the_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKERLINT_DEBUG", "1")
    with pytest.raises(KeyError):
        check("app")


@pytest.mark.parametrize("id", ["DK126", "DK001"])
def test_a_rule_that_does_not_compile_is_named(id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """DK001 is about comments, which are linted once all others have been."""
    Path("app/Dockerfile").write_text(f"# dockerlint: ignore[DK103]\n{DOCKERFILE}")

    def compile_rule(rule: Any) -> Any:
        if rule.id == id:
            raise ZeroDivisionError
        return compiled(rule)

    compiled = index.compile_rule
    monkeypatch.setattr(index, "compile_rule", compile_rule)
    code, out, _ = check("app")
    report = json.loads(out)
    assert code == 2
    assert f"rule {id} " in report["problems"][0]["message"]
    assert {"DK502", "DK126", "DK001"} - {one["rule"] for one in report["findings"]} == {id}


def test_rules_that_are_found_by_a_field_that_raises_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    rule(1, "{quoted: x}")
    rule(2)
    monkeypatch.setattr(Maintainer, "quoted", property(raising))
    code, out, _ = check("app", rules=["house"], select=["ACME"])
    report = json.loads(out)
    assert code == 2
    assert "rule ACME001 rule-1: internal error (KeyError)" in report["problems"][0]["message"]
    assert [one["rule"] for one in report["findings"]] == ["ACME002"]


@pytest.mark.usefixtures("broken_fact")
def test_an_example_whose_rule_raises_does_not_hold() -> None:
    out = io.StringIO()
    assert run_examples((), out, io.StringIO()) == 1
    assert "DK102-2-bad: rule DK102 final-stage-without-user: internal error (KeyError)" in out.getvalue()


RULE = """\
id: ACME00NUMBER
name: rule-NUMBER
title: A rule of the house, number NUMBER
severity: high
each: maintainer
when: WHEN
message: found by number NUMBER
docs: {why: Because this is only a rule of the tests., instead: Do something else.}
examples:
  - {bad: "FROM a\\nMAINTAINER b", flags: ["MAINTAINER b"]}
  - {good: "FROM b"}
"""


def rule(number: int, when: str = "{keyword: MAINTAINER}") -> None:
    Path("house").mkdir(exist_ok=True)
    text = RULE.replace("NUMBER", str(number)).replace("WHEN", when)
    Path(f"house/{number}.yaml").write_text(text)


MISTAKE = "house/1.yaml:6: unknown field or operator 'keywrd'; did you mean 'keyword'?"


@pytest.fixture
def house() -> None:
    rule(1, "{keywrd: MAINTAINER}")
    rule(2)


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("said", [{}, {"select": ["ACME"]}, {"select": ["ACME001,rule-2"]}])
def test_a_mistake_in_one_rule_leaves_the_others_running(said: dict[str, Any]) -> None:
    code, out, err = check("app", rules=["house"], **said)
    report = json.loads(out)
    assert code == 2
    assert err == f"dockerlint: {MISTAKE}\n"
    assert "ACME002" in {one["rule"] for one in report["findings"]}
    assert report["problems"] == [
        {"path": "house/1.yaml", "level": "error", "message": MISTAKE.replace("house/1.yaml:6:", "line 6:")}
    ]
    assert report["summary"]["rule_errors"] == 1
    assert report["summary"]["exit_code"] == 2
    assert report["summary"]["unjudged"] == 0


@pytest.mark.usefixtures("house")
def test_it_is_told_once_for_many_files_in_several_processes() -> None:
    for number in range(40):
        Path(f"app/{number}.Dockerfile").write_text(DOCKERFILE)
    code, out, err = check("app", rules=["house"], jobs=2)
    assert code == 2
    assert err.count(MISTAKE) == 1
    assert [one["path"] for one in json.loads(out)["problems"]] == ["house/1.yaml"]


@pytest.mark.usefixtures("house")
def test_it_is_told_once_where_a_config_in_a_folder_brings_the_rules() -> None:
    Path("house").rename("app/house")
    Path("app/.dockerlint.yaml").write_text("rules: [house]\n")
    Path("other").mkdir()
    Path("other/Dockerfile").write_text(DOCKERFILE)
    code, out, err = check("other", "app")
    assert code == 2
    assert err.count("1.yaml:6: unknown field") == 1
    assert [one["path"] for one in json.loads(out)["findings"] if one["rule"] == "ACME002"] == [
        "app/Dockerfile"
    ]


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("format", "told"),
    [
        ("text", "1 rule left out"),
        ("github", "::error file=house/1.yaml,line=6,title=dockerlint::unknown field or operator"),
        ("sarif", '"toolConfigurationNotifications": [{"level": "error", "message": {"text": "unknown'),
    ],
)
def test_every_format_tells_it(format: str, told: str) -> None:
    code, out, _ = check("app", format=format, rules=["house"])
    assert code == 2
    assert told in out
    assert "ACME002" in out


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("format", [one for one in FORMATS if one != "text"])
def test_no_format_for_programs_is_silent_about_it(format: str) -> None:
    _, out, _ = check("app", format=format, rules=["house"])
    assert "unknown field or operator" in out


@pytest.mark.usefixtures("house")
def test_fix_goes_on_without_the_rule_too() -> None:
    out, err = io.StringIO(), io.StringIO()
    assert run_fix(options_of(CheckLine(paths=["app"], rules=["house"])), Tier.SAFE, False, out, err) == 2
    assert err.getvalue() == f"dockerlint: {MISTAKE}\n"
    assert "MAINTAINER" not in Path("app/Dockerfile").read_text()


def test_no_comment_is_wrong_because_the_rule_that_it_names_is_left_out() -> None:
    rule(1, "{keywrd: MAINTAINER}")
    Path("app/Dockerfile").write_text(f"# dockerlint: ignore[rule-1]\n{DOCKERFILE}")
    _, out, _ = check("app", rules=["house"])
    assert "DK002" not in {one["rule"] for one in json.loads(out)["findings"]}


def broken_files() -> None:
    rule(1, "{keyword: {above: 1}}")
    rule(2)
    rule(3)
    Path("house/3.yaml").write_text(Path("house/3.yaml").read_text().replace("ACME003", "ACME002"))
    Path("house/4.yaml").write_text("id: [")
    Path("house/5.yaml").write_text("- a list\n")
    Path("house/6.yaml").write_text("id: ACME006\n")
    rule(7)
    Path("house/7.yaml").write_text(Path("house/7.yaml").read_text().replace("ACME007", "DK101"))


@pytest.mark.parametrize("command", [list_rules, run_examples])
def test_every_kind_of_mistake_is_named_with_file_and_line(command: Any) -> None:
    broken_files()
    out, err = io.StringIO(), io.StringIO()
    assert command(("house",), out, err) == 2
    places = {line.split(": ")[1] for line in err.getvalue().splitlines()}
    assert places == {
        "house/1.yaml:6",
        "house/3.yaml:1",
        "house/4.yaml:1",
        "house/5.yaml:1",
        "house/6.yaml:1",
        "house/7.yaml:1",
    }
    assert "ACME002" in out.getvalue() or "2 of 2 examples pass" in out.getvalue()


def test_a_rule_that_is_left_out_is_explained_by_its_mistake() -> None:
    broken_files()
    out, err = io.StringIO(), io.StringIO()
    assert explain("ACME001", ("house",), out, err) == 2
    assert "house/1.yaml:6: 'above' asks a number" in err.getvalue()
    assert explain("ACME002", ("house",), out, err) == 2
    assert "found by number 2" not in out.getvalue()
    assert "A rule of the house, number 2" in out.getvalue()


def test_a_folder_without_rules_still_ends_the_run() -> None:
    Path("house").mkdir()
    code, out, err = check("app", rules=["house"])
    assert (code, out) == (2, "")
    assert "no rule files" in err
