"""`audit --all-clear`: conditions that must hold, each decided by rules; what is unknown does not hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from dockerlint.data import records
from dockerlint.report import Style
from dockerlint.report.results import Diagnostic, FileReport
from dockerlint.report.screen import harmless, visible
from dockerlint.review import Review

_NOTHING_JUDGED: Final = 2
MOST_NAMED: Final = 5
"""Subjects that are named for one condition."""


class Condition(NamedTuple):
    """Something that must hold."""

    title: str
    rules: frozenset[str]
    about: frozenset[str]
    """The kinds of subjects of which there must be one."""


def all_conditions() -> list[Condition]:
    """All of them, in order."""
    rows = records("clearance", "all-clear")
    return [
        Condition(row["title"], frozenset(row["rules"].split()), frozenset(row["about"].split()))
        for row in rows
    ]


def clearance_rules() -> tuple[str, ...]:
    """The rules that decide them."""
    return tuple(sorted({id for one in all_conditions() for id in one.rules}))


@dataclass(slots=True)
class Clearance(Review):
    """Collects what speaks against the conditions."""

    conditions: list[Condition] = field(default_factory=all_conditions)
    kinds: set[str] = field(default_factory=set)
    """Of the subjects that were looked at."""
    _against: dict[str, dict[str, None]] = field(default_factory=dict)
    """By rule: what it found that has no written reason."""
    _unknown: dict[str, dict[str, None]] = field(default_factory=dict)
    """By rule: what it could not decide."""

    def see(self, report: FileReport) -> FileReport:
        """The report as it is."""
        self.kinds |= {one.subject_kind for one in report.checked}
        for one in report.findings:
            self._note(self._against, one, report.path)
        for one in report.suppressed:
            if not one.reason.strip():
                self._note(self._against, one, report.path)
        for checked in report.checked:
            for rule in checked.undecided:
                self._unknown.setdefault(rule, {})[checked.subject or report.path] = None
        return report

    def _note(self, found: dict[str, dict[str, None]], one: Diagnostic, path: str) -> None:
        found.setdefault(one.finding.rule.id, {})[one.finding.subject or path] = None

    def end(self, style: Style) -> Iterator[str]:
        """Every condition, and what it fails on."""
        marks = ("+", "x", "?") if style.ascii else ("✔", "✘", "?")
        yield f"all clear: {'yes' if self.is_clear else 'no'}\n"
        for one in self.conditions:
            against, unknown = self._of(one, self._against), self._of(one, self._unknown)
            lacks = one.about.isdisjoint(self.kinds)
            mark = marks[1] if against else marks[2] if unknown or lacks else marks[0]
            why = [
                *([_named("", against)] if against else []),
                *([_named("not known: ", unknown)] if unknown else []),
            ]
            if lacks:
                why.append(f"no {' or '.join(sorted(one.about))} was looked at")
            told = f"{one.title}{': ' if why else ''}{'; '.join(why)}"
            yield harmless(f"  {mark} {visible(told, style.ascii)}\n")

    def _of(self, condition: Condition, found: dict[str, dict[str, None]]) -> list[str]:
        names = (f"{name} ({rule})" for rule in sorted(condition.rules) for name in found.get(rule, ()))
        return list(names)

    @property
    def is_clear(self) -> bool:
        """Everything holds, and is known to."""
        return not any(
            self._of(one, self._against) or self._of(one, self._unknown) or one.about.isdisjoint(self.kinds)
            for one in self.conditions
        )

    def code(self, usual: int) -> int:
        """0 or 1 by the conditions alone; 2 where something went wrong, or nothing could be judged."""
        if usual == _NOTHING_JUDGED or not self.kinds:
            return _NOTHING_JUDGED
        return 0 if self.is_clear else 1


def _named(label: str, names: Iterable[str]) -> str:
    names = list(names)
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{label}{', '.join(names[:MOST_NAMED])}{more}"
