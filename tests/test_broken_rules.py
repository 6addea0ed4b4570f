"""A rule that cannot be used or evaluated is named; the other rules and files go on."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from dockerlint.cli.arguments import Written, options_of
from dockerlint.cli.rulebook import test_rules as run_examples
from dockerlint.findings import Tier
from dockerlint.model.dockerfile.stage import Stage
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
    code = run(options_of(Written(paths=paths, format=[format], **said)), out, err)
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
def test_fix_names_it_and_does_what_the_other_rules_ask_for() -> None:
    out, err = io.StringIO(), io.StringIO()
    assert run_fix(options_of(Written(paths=["app"])), Tier.SAFE, False, out, err) == 2
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
        if rule.info.id == id:
            raise ZeroDivisionError
        return compiled(rule)

    compiled = index.compile_rule
    monkeypatch.setattr(index, "compile_rule", compile_rule)
    code, out, _ = check("app")
    report = json.loads(out)
    assert code == 2
    assert f"rule {id} " in report["problems"][0]["message"]
    assert {"DK502", "DK126", "DK001"} - {one["rule"] for one in report["findings"]} == {id}


@pytest.mark.usefixtures("broken_fact")
def test_an_example_whose_rule_raises_does_not_hold() -> None:
    out = io.StringIO()
    assert run_examples((), out, io.StringIO()) == 1
    assert "DK102-1-bad: rule DK102 final-stage-without-user: internal error (KeyError)" in out.getvalue()
