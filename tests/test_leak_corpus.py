"""No secret of any kind leaves through any report, wherever a file gives it away.

A run tries a part of all pairs of kinds and places, each kind and each place among them;
`DOCKERLINT_LEAK_CORPUS=full` tries all.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from leak_corpus import Kind, Place, kinds, leaked, places

from dockerlint.findings import Tier
from dockerlint.masking.places import hide
from dockerlint.report import FORMATS
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.check import Options, run
from dockerlint.run.fix import run_fix
from dockerlint.run.output import Format
from dockerlint.run.text import lint_whole

IS_FULL = os.environ.get("DOCKERLINT_LEAK_CORPUS") == "full"
RULESET = load_ruleset()
KINDS, PLACES = kinds(), places()
TELLING: Final = """\
id: ACME{number}
name: telling-{kind}
title: A rule that tells all it can
severity: low
confidence: high
profile: default
each: {kind}
when: {{{field}: {{present: true}}}}
message: "{message}"
docs: {{why: "A report should tell of it.", instead: "Leave it out of the file."}}
examples:
  - kind: dockerfile
    bad: {bad}
    flags: [{flag}]
  - good: "FROM scratch"
"""


def cases(step: int) -> Iterator[tuple[Place, Kind, str]]:
    """One pair of so many, spread over all kinds and places; every pair in a full run."""
    number = 0
    for at, place in enumerate(PLACES):
        for turn, kind in enumerate(KINDS):
            if IS_FULL or (turn + 5 * at) % step == 0:
                text = place.text(kind.value)
                if text is not None:
                    number += 1
                    yield place, kind, text


def test_the_corpus_is_as_large_as_it_says() -> None:
    assert len(KINDS) >= 60
    assert len({(place.kind, place.name) for place in PLACES}) == len(PLACES) >= 80
    tried = list(cases(19))
    assert {kind.name for _, kind, _ in tried} == {kind.name for kind in KINDS}
    assert {(place.kind, place.name) for place, _, _ in tried} == {(one.kind, one.name) for one in PLACES}


def test_a_leak_would_be_seen() -> None:
    kind = next(kind for kind in KINDS if kind.name == "password plain")
    assert leaked(kind.secrets, f"it is {kind.value[3:8]} here")
    assert not leaked(kind.secrets, f"it is {kind.value[3:7]} here")


def test_nothing_of_a_secret_is_left_in_the_text_of_its_file() -> None:
    leaks = []
    for place, kind, text in cases(19):
        shown = hide(text, lint_whole(text, place.kind, RULESET, edits=False).mask.places())
        if leaked(kind.secrets, shown):
            leaks.append((place.kind, place.name, kind.name, shown))
    assert leaks == []


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a file for each case, named after what it holds."""
    root = tmp_path_factory.mktemp("leaks")
    (root / ".git").mkdir()
    (root / "house").mkdir()
    for number, kind, field, message, bad, flag in (
        (901, "command", "program", "runs {program} with {arguments}", "RUN make all", "RUN make all"),
        (902, "variable", "name", "{name} is {value}", "ENV A=b", "b"),
    ):
        rule = TELLING.format(number=number, kind=kind, field=field, message=message, bad=bad, flag=flag)
        (root / "house" / f"{kind}.yaml").write_text(rule)
    for number, (place, _, text) in enumerate(cases(61)):
        folder = root / "files" / f"{number:05} {place.name}"
        folder.mkdir(parents=True)
        name = "Dockerfile" if place.kind == "dockerfile" else "compose.yaml"
        (folder / name).write_text(text, encoding="utf-8")
    return root


def seen(said: str) -> list[tuple[str, str]]:
    """Each leak in a report: the kind, and the line that gives it away."""
    return [
        (kind.name, line)
        for kind in KINDS
        for part in leaked(kind.secrets, said)
        for line in said.splitlines()
        if part in line
    ]


def options(project: Path, *formats: Format, quiet: bool = False) -> Options:
    return Options(
        (str(project / "files"),),
        formats,
        rules=(str(project / "house"),),
        quiet=quiet,
        colour=False,
        jobs=1,
    )


@pytest.fixture(scope="module")
def reports(project: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each format says, and a quiet run."""
    folder, stderr = tmp_path_factory.mktemp("reports"), io.StringIO()
    targets = [Format(name, str(folder / name)) for name in FORMATS]
    run(options(project, *targets), io.StringIO(), stderr)
    said = {name: (folder / name).read_text("utf-8") + stderr.getvalue() for name in FORMATS}
    quiet, stderr = io.StringIO(), io.StringIO()
    run(options(project, Format("text"), quiet=True), quiet, stderr)
    return {**said, "quiet": quiet.getvalue() + stderr.getvalue()}


@pytest.mark.parametrize("output", ["quiet", *FORMATS])
def test_nothing_of_a_secret_stands_in_a_report(reports: dict[str, str], output: str) -> None:
    said = reports[output]
    if output == "checklist":  # it names no rules
        assert "****" in said
    else:
        assert "ACME901" in said
        assert "ACME902" in said
    assert seen(said) == []
    if "\\" in said and output in ("json", "sarif"):
        assert seen(said.replace('\\"', '"').replace("\\\\", "\\")) == []


def test_nothing_of_a_secret_stands_in_the_differences_that_a_fix_would_make(project: Path) -> None:
    stdout, stderr = io.StringIO(), io.StringIO()
    run_fix(options(project, Format("text")), Tier.HARDEN, True, stdout, stderr)
    assert "@@" in stdout.getvalue()
    assert seen(stdout.getvalue() + stderr.getvalue()) == []
