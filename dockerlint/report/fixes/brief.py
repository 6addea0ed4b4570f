"""What `fix` prints by default: one line for each service or stage that was fixed, and what is left of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from dockerlint.findings import Finding, Fix
from dockerlint.fixing.results import Applied
from dockerlint.report.prose import heading
from dockerlint.report.screen import visible


class Notes:
    """Caveats by number, each told once in a file."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def mark(self, caveat: str) -> str:
        """What stands behind the text that a caveat is about."""
        return f" [{self._numbers.setdefault(caveat, len(self._numbers) + 1)}]" if caveat else ""

    def lines(self) -> Iterator[str]:
        return (f"[{number}] note: {visible(caveat)}" for caveat, number in self._numbers.items())


def brief_applied(applied: Iterable[Applied], verb: str, notes: Notes) -> Iterator[str]:
    """The fixes of each service or stage in one line, and the tiers that they promise."""
    by_subject: dict[str, list[Fix]] = {}
    for one in applied:
        by_subject.setdefault(heading(one.finding), []).append(one.fix)
    for subject, fixes in by_subject.items():
        of = f"{subject}: " if subject else ""
        done = "; ".join(dict.fromkeys(f"{fix.title}{notes.mark(fix.caveat)}" for fix in fixes))
        tiers = ", ".join(dict.fromkeys(str(fix.tier) for fix in fixes))
        yield f"{verb}  {visible(of + done)}   ({tiers})"


def brief_left(findings: Iterable[Finding], why: Callable[[Finding], str]) -> Iterator[str]:
    """What is left of each service or stage: the rules in one line for each reason."""
    rules: dict[tuple[str, str], dict[str, None]] = {}
    for one in findings:
        rules.setdefault((heading(one), why(one)), {})[f"{one.rule.id} {one.rule.name}"] = None
    for (subject, reason), names in rules.items():
        of = f"{subject}: " if subject else ""
        yield f"left  {visible(of)}{', '.join(names)}   ({visible(reason)})"
