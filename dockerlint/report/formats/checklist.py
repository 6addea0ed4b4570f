"""The report of an audit: a block for each container with what passed and what failed, the worst first.

Images, networks and the daemon follow, and last what belongs to none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from dockerlint.findings import Severity, rule_order
from dockerlint.report import Style
from dockerlint.report.prose import first_sentence
from dockerlint.report.results import Diagnostic, FileReport
from dockerlint.report.screen import Paint, harmless, visible, width
from dockerlint.report.summary import Summary

_ORDER: Final = {
    kind: number
    for number, kinds in enumerate(("container service", "image", "network", "daemon", "stage"))
    for kind in kinds.split()
}
"""Kinds of subjects as they follow each other."""
_HEADINGS: Final = {"image": "image ", "network": "network ", "stage": "stage "}
_LINE: Final = 100
"""Columns that passes may take."""
_WIDEST: Final = 24
"""Columns of a name that others are aligned with."""


@dataclass(slots=True)
class _Block:
    """All that is said about one subject of one file."""

    title: str
    kind: str
    findings: list[Diagnostic] = field(default_factory=list)
    accepted: list[Diagnostic] = field(default_factory=list)
    passed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def place(self) -> tuple[int, int, int]:
        """Its kind, the worst of it, and how much there is."""
        worst = max((int(one.finding.severity) for one in self.findings), default=-1)
        return _ORDER.get(self.kind, len(_ORDER)), -worst, -len(self.findings)


class ChecklistReport:
    """Which subject is the worst is known at the end, so everything is written then."""

    def __init__(self, style: Style) -> None:
        self._paint = Paint(style.colour)
        self._ascii = style.ascii
        self._passed, self._failed, self._unknown = ("+", "x", "?") if style.ascii else ("✔", "✘", "?")
        self._dash = " - " if style.ascii else " — "
        self._blocks: list[_Block] = []
        self._told: list[str] = []
        self._explained: set[str] = set()

    def begin(self) -> str:
        return ""

    def add(self, report: FileReport) -> str:
        blocks: dict[tuple[str, str], _Block] = {}

        def block(subject: str, kind: str) -> _Block:
            title = f"{_HEADINGS.get(kind, '')}{subject}" if subject else report.path
            return blocks.setdefault((subject, kind), _Block(self._clean(title), kind))

        for one in report.checked:
            checked = block(one.subject, one.subject_kind)
            checked.passed, checked.unknown = one.passed, one.unknown
        for diagnostic in report.findings:
            block(*_subject(diagnostic)).findings.append(diagnostic)
        for diagnostic in report.suppressed:
            block(*_subject(diagnostic)).accepted.append(diagnostic)
        self._blocks += blocks.values()
        told = [f"not evaluated: {failure}" for failure in report.failures]
        told += [f"not read: {gap.message}" for gap in report.gaps]
        told += [f"note: {note}" for note in report.notes]
        if report.obstacle is not None:
            told.append(f"not linted: {report.obstacle}")
        self._told += (self._clean(f"{report.path}: {one}") for one in told)
        return ""

    def end(self, summary: Summary) -> Iterator[str]:
        margin = min(max((width(one.title) for one in self._blocks), default=0), _WIDEST)
        for block in sorted(self._blocks, key=lambda one: one.place):
            yield harmless("".join(f"{line}\n" for line in self._lines(block, margin)))
        told = [*self._told, *(self._clean(f"not evaluated: {one}") for one in summary.mistakes)]
        yield from (harmless(f"{line}\n") for line in [*told, self._summary(summary)])

    def _lines(self, block: _Block, margin: int) -> Iterator[str]:
        said = [
            *_wrapped([f"{self._passed} {one}" for one in block.passed]),
            *(self._finding(one) for one in sorted(block.findings, key=_worst_first)),
            *(self._accepted(one) for one in block.accepted),
            *_wrapped([f"{self._unknown} {one}" for one in block.unknown]),
        ]
        title = f"{block.title}{' ' * (margin - width(block.title))}"
        if width(title) > margin:
            yield self._paint.bold(title)
            title = " " * margin
        for line in said or [f"{self._passed} nothing found"]:
            yield f"{self._paint.bold(title)}  {line}".rstrip()
            title = " " * margin

    def _finding(self, diagnostic: Diagnostic) -> str:
        finding = diagnostic.finding
        severity = self._paint.severity(f"{self._failed} {finding.severity!s:8}", finding.severity)
        instead = first_sentence(finding.rule.docs.instead)
        if finding.rule.id in self._explained or not instead:
            return f"{severity}  {self._clean(finding.message)}"
        self._explained.add(finding.rule.id)
        return f"{severity}  {self._clean(f'{finding.message}{self._dash}{_lowered(instead)}')}"

    def _accepted(self, diagnostic: Diagnostic) -> str:
        reason = f" ({diagnostic.reason})" if diagnostic.reason else ""
        return self._paint.dim(self._clean(f"accepted    {diagnostic.finding.message}{reason}"))

    def _summary(self, summary: Summary) -> str:
        counts = [
            self._paint.severity(f"{number} {severity}", severity)
            for severity in sorted(Severity, reverse=True)
            if (number := summary.counts.get(severity, 0))
        ]
        subjects = sum(one.kind in ("container", "service") for one in self._blocks)
        parts = [
            f"{', '.join(counts) or 'nothing found'} in {subjects} container{'' if subjects == 1 else 's'}"
        ]
        if summary.unlinted:
            parts.append(self._paint.severity(f"{summary.unlinted} not linted", Severity.CRITICAL))
        if summary.rule_errors:
            parts.append(self._paint.severity(f"{summary.rule_errors} not evaluated", Severity.CRITICAL))
        if summary.suppressed:
            parts.append(f"accepted {summary.suppressed}")
        parts.append("never failing" if summary.fail_on is None else f"failing at {summary.fail_on}")
        return "   ".join(parts)

    def _clean(self, text: str) -> str:
        return visible(text if not self._ascii else text.replace("—", "-"), self._ascii)


def _subject(diagnostic: Diagnostic) -> tuple[str, str]:
    """The block that a finding belongs to; a daemon has no name."""
    finding = diagnostic.finding
    if finding.subject is None:
        return (finding.kind, finding.kind) if finding.kind == "daemon" else ("", "")
    return finding.subject, finding.subject_kind


def _worst_first(diagnostic: Diagnostic) -> tuple[int, int, int, tuple[str, int, str]]:
    finding, place = diagnostic.finding, diagnostic.place
    return -finding.severity, place.line, place.column, rule_order(finding.rule.id)


def _wrapped(said: Iterable[str]) -> list[str]:
    """Short phrases behind each other, in as many lines as they need."""
    lines: list[str] = []
    for one in said:
        if lines and width(lines[-1]) + width(one) + 2 <= _LINE:
            lines[-1] += f"  {one}"
        else:
            lines.append(one)
    return lines


def _lowered(sentence: str) -> str:
    """A sentence behind a dash; names such as `USER` and `Docker` at its start keep their capitals."""
    first, _, rest = sentence.partition(" ")
    return f"{first.lower()} {rest}" if first.istitle() and rest else sentence
