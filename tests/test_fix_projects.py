"""Files of one project, as `include` puts them together, are fixed in one go, each in the light of all."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dockerlint.findings import Tier
from dockerlint.held import HELD
from dockerlint.linting.selection import SelectionFlags
from dockerlint.run import fix, members
from dockerlint.run.check import Options
from dockerlint.run.fix import run_fix
from dockerlint.workspace.writing import Unwritable

Texts = Mapping[str, str]
HOUSE = """\
id: ACME00{number}
name: house-{number}
title: A rule of the house
severity: high
profile: default
each: container
when: {when}
message: the house says so
docs: {{why: The house says that it is so., instead: Do what the house says.}}
examples:
  - {{bad: "services: {{a: {bad}}}", kind: compose, flags: ["a: {bad}"]}}
  - {{good: "services: {{a: {good}}}", kind: compose}}
"""
WITH_INIT = (
    HOUSE.format(number=1, when="{init: {present: false}}", bad="{image: a}", good="{image: a, init: true}")
    + """\
  - bad: "services:\\n  a:\\n    image: a\\n"
    kind: compose
    flags: ["a:\\n    image: a"]
    fixed: "services:\\n  a:\\n    image: a\\n    init: true\\n"
fix: [{set: {init: true}, tier: safe, title: start it with init}]
"""
)
WITHOUT_INIT = HOUSE.format(
    number=2,
    when="{init: true, image: {name: old}}",
    bad="{image: old, init: true}",
    good="{image: new, init: true}",
)
WEB = "    image: nginx:1.28\n    ports: ['80:80']\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(name="lints")
def lints_of_projects(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """One entry for each time that a project was linted."""
    seen: list[object] = []
    lint = members.lint_whole

    def counted(*given: Any, **options: Any) -> object:
        seen.append(options["member"].files.paths)
        return lint(*given, **options)

    monkeypatch.setattr(members, "lint_whole", counted)
    return seen


def including(**services: str) -> dict[str, str]:
    """A project of files that include each other, each with one service."""
    files = {f"{name}/compose.yaml": f"services:\n  {name}:\n{body}" for name, body in services.items()}
    names = "".join(f"  - {path}\n" for path in files)
    return {"compose.yaml": f"include:\n{names}", **files}


def fixed(texts: Texts, is_diff: bool = False, **options: Any) -> tuple[dict[str, str], str]:
    """What a run makes of files, and what it says."""
    for name, text in texts.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text)
    told = io.StringIO()
    run_fix(Options(paths=(".",), **options), Tier.HARDEN, is_diff, told, told)
    return {name: Path(name).read_text() for name in texts}, told.getvalue()


def by_house_rules(texts: Texts, *paths: str) -> tuple[dict[str, str], str]:
    """The same with `init: true` for every service, which images called `old` do not like."""
    house = {"house/init.yaml": WITH_INIT, "house/old.yaml": WITHOUT_INIT}
    flags = SelectionFlags(select=("ACME001", "ACME002"))
    after, told = fixed({**house, **texts}, rules=("house",), flags=flags)
    return {name: text for name, text in after.items() if name in texts}, told


def changed(before: Texts, after: Texts) -> set[str]:
    """The names of folders whose file is another one."""
    return {os.path.dirname(name) for name, text in before.items() if after[name] != text}


def test_a_finding_at_the_same_place_of_another_file_is_another_finding() -> None:
    after, told = fixed(including(one=WEB, two=WEB))
    assert all("security_opt" in after[f"{name}/compose.yaml"] for name in ("one", "two"))
    assert "would remain" not in told


@pytest.mark.parametrize("is_diff", [False, True])
def test_a_project_is_linted_once_before_and_once_after_its_files_are_fixed(
    lints: list[object], is_diff: bool
) -> None:
    _, told = fixed(including(one=WEB, two=WEB, three=WEB, four=WEB), is_diff)
    assert told.count("set no-new-privileges") >= 4
    assert lints == [("compose.yaml",)] * 2


def test_what_a_fix_of_one_file_breaks_holds_up_no_other_file(lints: list[object]) -> None:
    good, bad = "    image: new\n", "    image: old\n"
    texts = including(a=good, b=bad, c=good, d=good)
    after, told = by_house_rules(texts)
    assert changed(texts, after) == {"a", "c", "d"}
    assert "fix withheld: it would cause ACME002 house-2" in told
    assert len(lints) < 8


def test_a_difference_shows_what_is_written() -> None:
    texts = including(one=WEB, two=WEB)
    _, shown = fixed(texts, is_diff=True)
    after, _ = fixed(texts)
    for name, text in after.items():
        added = set(text.splitlines()) - set(texts[name].splitlines())
        assert all(f"\n+{line}\n" in shown for line in added)


def test_no_fixed_text_is_left_behind_in_place_of_a_file() -> None:
    before = dict(HELD)
    fixed(including(one=WEB, two=WEB), is_diff=True)
    assert before == HELD


def test_where_a_file_cannot_be_written_the_others_are_fixed_beside_it_as_it_is(
    monkeypatch: pytest.MonkeyPatch, lints: list[object]
) -> None:
    write = fix.write_all

    def refusing(source: Any, *rest: Any) -> None:
        if source.path == "one/compose.yaml":
            raise Unwritable("it is read-only")
        write(source, *rest)

    monkeypatch.setattr(fix, "write_all", refusing)
    texts = including(one=WEB, two=WEB)
    after, told = fixed(texts)
    assert changed(texts, after) == {"two"}
    assert "it is read-only" in told
    assert len(lints) == 4


def test_a_secret_of_a_fixed_file_hides_nothing_else_in_the_other_files() -> None:
    password = "Vb7" + "kQ2xT9mL4w"
    aux = f"  aux:\n    image: busybox\n    environment: {{ADMIN_PASSWORD: {password}}}\n"
    one = f"{WEB}{aux}{'# set no-new-privileges' * 20}\n"  # where the secret was, and something else is now
    _, told = fixed(including(one=one, two=WEB, three=WEB), is_diff=True)
    assert password not in told
    assert told.count("# [harden] DK223 new-privileges-allowed: set no-new-privileges\n") == 2
    assert told.count("; set no-new-privileges;") == 3


def test_files_that_the_config_asks_something_else_of_are_fixed_by_themselves(lints: list[object]) -> None:
    texts = including(one=WEB, two=WEB, three=WEB)
    config = "overrides: [{files: [two/compose.yaml], fix: {memory: 100m}}]\n"
    after, _ = fixed({".dockerlint.yaml": config, **texts})
    assert all("security_opt" in after[f"{name}/compose.yaml"] for name in ("one", "two", "three"))
    assert "mem_limit: 100m" in after["two/compose.yaml"]
    assert len(lints) <= 4
