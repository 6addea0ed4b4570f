"""Fixes of several files that are tried together: what fails is dropped, whosever fault it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dockerlint.findings import Confidence, Edit, Finding, Fix, RuleInfo, Severity, Tier
from dockerlint.fixing.joint import ProjectResult, fix_files
from dockerlint.fixing.results import LintResult
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.examples import EXAMPLE_DAY
from dockerlint.text import Span

DOCS = load_ruleset(today=EXAMPLE_DAY).rules[0].info.docs
BAD, GOOD = "x: bad\n", "x: good\n"


def finding(id: str, path: str, at: int, fix: Fix | None = None, subject: str | None = None) -> Finding:
    rule = RuleInfo(id, id.lower(), f"about {id}", Severity.LOW, Confidence.HIGH, "default", DOCS)
    place = Span(at, at + 3)
    return Finding(
        rule,
        place,
        "wrong",
        Severity.LOW,
        Confidence.HIGH,
        path=path,
        kind="compose",
        fix=fix,
        subject=subject,
    )


def in_file(path: str, text: str) -> Iterator[Finding]:
    """One finding for `bad`, which can be fixed."""
    if "bad" in text:
        at = text.index("bad")
        yield finding("X1", path, at, Fix(Tier.SAFE, "mend", (Edit(Span(at, at + 3), "good"),)), path)


class Project:
    """A project of files, in which `good` in some of them brings a finding somewhere else."""

    def __init__(self, *harmful: str, where: str = "", subject: str | None = None) -> None:
        self.harmful, self.where, self.subject = harmful, where, subject
        self.lints = 0

    def lint(self, texts: Mapping[str, str]) -> ProjectResult:
        self.lints += 1
        found = {path: list(in_file(path, text)) for path, text in texts.items()}
        harm = [one for one in self.harmful if "good" in texts[one]]
        more = [finding("X2", self.where, 0, subject=self.subject)] if harm else []
        if self.where in found:
            found[self.where] += more
        files = {path: LintResult(every, every) for path, every in found.items()}
        return ProjectResult(files, [] if self.where in found else more, ())


def fixed(project: Project, *names: str) -> dict[str, str]:
    return {
        path: one.text for path, one in fix_files(dict.fromkeys(names, BAD), Tier.SAFE, project.lint).items()
    }


def test_all_files_are_fixed_with_two_lints() -> None:
    project = Project()
    assert fixed(project, *"abcdefgh") == dict.fromkeys("abcdefgh", GOOD)
    assert project.lints == 2


def test_what_harms_a_third_file_is_found_by_halves() -> None:
    project = Project("c", where="elsewhere")
    assert fixed(project, *"abcdefgh") == {**dict.fromkeys("abcdefgh", GOOD), "c": BAD}
    assert project.lints == 8


def test_a_new_finding_about_a_service_blames_the_steps_that_fix_that_service() -> None:
    project = Project("c", where="a", subject="c")
    assert fixed(project, *"abcdefgh") == {**dict.fromkeys("abcdefgh", GOOD), "c": BAD}
    assert project.lints == 3


def test_what_failed_is_left_to_its_file_and_not_tried_again() -> None:
    project = Project("a", "b", where="elsewhere")
    results = fix_files(dict.fromkeys("ab", BAD), Tier.SAFE, project.lint)
    assert [one.text for one in results.values()] == [BAD, BAD]
    assert all(one.left and not one.withheld for one in results.values())
    assert project.lints == 4
