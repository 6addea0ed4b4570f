"""Run the examples of rules: they are their tests and their documentation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from typing import Any, Final, NamedTuple

from dockerlint.data import extend
from dockerlint.findings import Confidence, Finding, NewFile, Refusal, Severity, Tier
from dockerlint.fixing.results import LintResult, Result
from dockerlint.fixing.rounds import fix_text
from dockerlint.linting.failures import told
from dockerlint.linting.suppression import KINDS_OF_COMMENTS, Policy, suppress
from dockerlint.ruleset.ruleset import Ruleset
from dockerlint.run.text import lint_text, lint_whole
from dockerlint.text import Span
from dockerlint.workspace.newfiles import completed, opposed

EXAMPLE_DAY = date(2026, 8, 22)
"""The day on which examples are linted, so that an end of life does not change their outcome."""

_INDEX: Final = ".git/index"
"""Under this name an example lists the files that git has, one a line."""


@dataclass(frozen=True)
class Example:
    """One example of one rule."""

    rule: str
    number: int
    text: str
    kind: str
    flags: tuple[str, ...] = ()
    """The exact texts that are underlined; none for a good example."""
    title: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)
    """What the config says about suppression comments, and adds to lists of words."""
    severity: Severity | None = None
    confidence: Confidence | None = None
    fixed: str | None = None
    """What the rule's own fixes make of the text."""
    fixed_files: Mapping[str, str] = field(default_factory=dict)
    """What other files hold that they make or complete."""

    def __str__(self) -> str:
        return f"{self.rule}-{self.number}-{'bad' if self.flags else 'good'}"


def read_examples(rule: str, raw: Iterable[Mapping[str, Any]]) -> Iterator[Example]:
    """The examples of one rule from its data."""
    for number, one in enumerate(raw, 1):
        severity, confidence = one.get("severity"), one.get("confidence")
        yield Example(
            rule=rule,
            number=number,
            text=one.get("bad", one.get("good", "")),
            kind=one["kind"],
            flags=tuple(one.get("flags", ())),
            title=one.get("title", ""),
            files=one.get("files", {}),
            config=one.get("config", {}),
            severity=Severity[severity.upper()] if severity else None,
            confidence=Confidence[confidence.upper()] if confidence else None,
            fixed=one.get("fixed"),
            fixed_files=one.get("fixed_files", {}),
        )


def failure(example: Example, ruleset: Ruleset) -> str | None:
    """What is wrong with an example when it is linted by its rule alone, or None."""
    extend(example.config.get("words", {}))
    try:
        found, failures = _found(example, ruleset)
    finally:
        extend({})
    if failures:
        return "; ".join(failures)
    flags = tuple(_underlined(finding.span, example) for finding in found)
    if flags != example.flags:
        return f"underlines {list(flags)}, not {list(example.flags)}"
    return next(filter(None, (_wrong_grade(finding, example) for finding in found)), None)


def _underlined(span: Span, example: Example) -> str:
    """The text under a finding, which may stand in a file beside the example."""
    text = example.files.get(span.source, "") if span.source else example.text
    return text[span.start : span.end]


def fix_failure(example: Example, ruleset: Ruleset) -> str | None:
    """What is wrong with the text that the example's rule alone makes of it, or None."""
    if example.fixed is None:
        return None
    result = fixed_by_rule(example, example.text, ruleset)
    withheld = "; ".join(one.refusal.reason for one in result.withheld)
    if result.text != example.fixed:
        return f"is fixed to\n{result.text}" + (f"withheld: {withheld}" if withheld else "")
    after = _with(example.files, result.files)
    if after != {**example.files, **example.fixed_files}:
        return f"the other files become {after}" + (f"; withheld: {withheld}" if withheld else "")
    again = fixed_by_rule(replace(example, files=after), result.text, ruleset)
    if again.text != result.text or _with(after, again.files) != after:
        return "a second run changes it again"
    return None


def _with(files: Mapping[str, str], new: Iterable[NewFile]) -> dict[str, str]:
    """The files beside an example once fixes have made and completed theirs."""
    after = dict(files)
    for file in new:
        is_whole = file.how == "create"
        after[file.path] = file.text if is_whole else completed(after.get(file.path, ""), file.text)
    return after


def fixed_by_rule(example: Example, text: str, ruleset: Ruleset) -> Result:
    """A text with every fix of the example's rule, advice included, verified by all rules."""

    folder = _ExampleFolder(example, ruleset)
    return fix_text(text, example.kind, Tier.ADVICE, folder.linter(()), folder)


class _ExampleFolder(NamedTuple):
    """The files beside an example, as `fix_text` asks about them."""

    example: Example
    ruleset: Ruleset

    def refusal(self, files: Sequence[NewFile]) -> Refusal | None:
        """Nothing is made over a file that says something else."""
        there = self.example.files
        taken = (
            one.path for one in files if one.how == "create" and there.get(one.path, one.text) != one.text
        )
        lines = (opposed(there.get(one.path, ""), one.text) for one in files if one.how == "add_line")
        refusals = (Refusal(f"{path} exists already with other content") for path in taken)
        return next(chain(refusals, (Refusal(f"it says {line}") for line in lines if line)), None)

    def linter(self, files: Sequence[NewFile]) -> Callable[[str], LintResult]:
        """The verdict of all rules beside these files; the rule of the example is the one to fix."""
        neighbours = _with(self.example.files, files)

        def linted(text: str) -> LintResult:
            every = lint_text(text, self.example.kind, self.ruleset, text_of=neighbours.get)
            return LintResult([one for one in every if one.rule.id == self.example.rule], every)

        return linted


def _found(example: Example, ruleset: Ruleset) -> tuple[list[Finding], tuple[str, ...]]:
    """What the rule finds, and which rules raised.

    One about suppression comments needs all others to know what they hide.
    """
    alone = ruleset.choose((rule for rule in ruleset.rules if rule.id == example.rule), Confidence.LOW)
    if alone.by_kind.keys().isdisjoint(KINDS_OF_COMMENTS):
        standing_of = _standings(example.files) if _INDEX in example.files else None
        linted = lint_whole(
            example.text, example.kind, alone, text_of=example.files.get, standing_of=standing_of
        )
        return linted.findings, told(linted.failures)
    policy = Policy(example.config.get("require-reasons", False), example.config.get("forbid-inline", False))
    judgement = lint_whole(example.text, example.kind, ruleset, text_of=example.files.get)
    kept, _ = suppress(judgement, example.text, ruleset, ruleset, policy)
    return [one for one in kept if one.rule.id == example.rule], told(judgement.failures)


def _standings(files: Mapping[str, str]) -> Callable[[str], str]:
    """What git would do with the files beside an example, of which `.git/index` lists those that it has."""
    tracked, left_out = files[_INDEX].split(), files.get(".gitignore", "").split()

    def standing_of(name: str) -> str:
        return "tracked" if name in tracked else "" if name in left_out else "open"

    return standing_of


def _wrong_grade(finding: Finding, example: Example) -> str | None:
    if "?" in finding.message and "?" not in finding.rule.title:
        return f"the message has an unfilled placeholder: {finding.message}"
    if example.severity is not None and finding.severity != example.severity:
        return f"severity is {finding.severity}, not {example.severity}"
    if example.confidence is not None and finding.confidence != example.confidence:
        return f"confidence is {finding.confidence}, not {example.confidence}"
    return None
