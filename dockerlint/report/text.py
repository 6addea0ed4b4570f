"""The report for people: the worst file first, by subject, most severe first, the exact text underlined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from dockerlint.findings import Finding, RuleInfo, Severity, Tier, rule_order
from dockerlint.report import Style
from dockerlint.report.alike import once_a_file
from dockerlint.report.prose import cis_ids, first_sentence, heading, told_alone
from dockerlint.report.ranking import FileText, Piece, Ranking
from dockerlint.report.repeats import Repeats
from dockerlint.report.results import Diagnostic, FileReport, Place
from dockerlint.report.screen import Paint, harmless, visible, width
from dockerlint.report.summary import Summary

_TAB = "    "
_NOT_LINTED: Final = max(Severity) + 1
_NOTHING_FOUND: Final = min(Severity) - 1


class TextReport:
    """Explains a rule where it first fires; later findings of it take one line and their excerpt.

    Which file is the worst is known at the end, so all that is said about files is written then.
    """

    def __init__(self, style: Style) -> None:
        self._style = style
        self._paint = Paint(style.colour)
        self._ranking = Ranking()
        self._repeats = Repeats()
        self._asides: dict[tuple[str, str, Tier | None], int] = {}
        """The number of every explanation: by rule, since a rule may have several tiers of fixes."""
        self._explanations: list[tuple[str, str]] = []
        """The name of the rule, and the lines."""
        self._untold: Counter[Severity] = Counter()
        """Findings that are told as part of another."""

    def begin(self) -> str:
        return ""

    def add(self, report: FileReport) -> str:
        findings = once_a_file(report.findings)
        if len(findings) < len(report.findings):
            self._untold.update(one.finding.severity for one in report.findings)
            self._untold.subtract(one.finding.severity for one in findings)
            report = report._replace(findings=tuple(findings))
        pieces = list(self._brief(report) if self._style.quiet else self._full(report))
        if pieces:
            worst = max((one.finding.severity for one in findings), default=_NOTHING_FOUND)
            if report.obstacle is not None or report.failures:
                worst = _NOT_LINTED
            self._ranking.add(FileText(report.path, pieces), worst, len(findings))
        return ""

    def end(self, summary: Summary) -> Iterator[str]:
        explained: set[str] = set()
        gap = ""
        for text in self._ranking:
            if told := "".join(self._lines(text, explained)):
                yield harmless(told)
                gap = "\n"
        if not self._style.quiet:
            yield harmless(f"{gap}{self._summary(summary)}\n{self._omitted(summary)}")

    def _lines(self, text: FileText, explained: set[str]) -> Iterator[str]:
        """What is said about a file, with the explanations of rules that no file above it has.

        A heading waits for something below it that no file above has said.
        """
        waiting: dict[int, str] = {}
        for piece in text.pieces:
            if isinstance(piece, str):
                yield from (*waiting.values(), f"{piece}\n")
                waiting.clear()
            elif isinstance(piece[1], str):
                waiting[piece[0]] = f"{piece[1]}\n"
            elif self._repeats.is_repeated(piece[0]):
                self._untold.update(Severity(one) for one in piece[2])
            else:
                yield from waiting.values()
                waiting.clear()
                yield from self._told(piece[0], piece[1], text.path, explained)

    def _told(
        self, number: int, lines: tuple[str | int, ...], path: str, explained: set[str]
    ) -> Iterator[str]:
        """A block of findings, and where else it stands."""
        elsewhere = self._repeats.elsewhere(number, path)
        for line in lines:
            if isinstance(line, str):
                yield f"{line}\n"
                continue
            if elsewhere:
                yield f"{self._aside('same in', elsewhere)}\n"
                elsewhere = ""
            name, explanation = self._explanations[line]
            if name not in explained:
                explained.add(name)
                yield explanation

    def _omitted(self, summary: Summary) -> str:
        if summary.omissions.is_usual:
            return ""
        from dockerlint.report.omitted import omission_line

        return f"{self._clean(omission_line(summary.omissions))}\n"

    def _brief(self, report: FileReport) -> Iterator[str]:
        if report.obstacle is not None:
            yield f"{self._clean(report.path)}: not linted: {self._clean(report.obstacle)}"
        for failure in report.failures:
            yield f"{self._clean(report.path)}: not evaluated: {self._clean(failure)}"
        for gap in report.gaps:
            yield f"{self._clean(gap.path)}:{gap.line}:{gap.column}: not read: {self._clean(gap.message)}"
        for diagnostic in sorted(report.findings, key=_worst_first):
            finding, place = diagnostic.finding, diagnostic.place
            severity = self._paint.severity(str(finding.severity), finding.severity)
            where = f"{self._clean(place.path)}:{place.line}:{place.column}"
            message = self._clean(told_alone(finding))
            yield f"{where}: {severity} {finding.rule.id} {finding.rule.name}: {message}"

    def _full(self, report: FileReport) -> Iterator[Piece]:
        told = report.findings or report.notes or report.gaps or report.failures
        if not told and report.obstacle is None:
            return
        yield 0, self._paint.bold(self._clean(report.path))
        if report.obstacle is not None:
            yield f"  {self._paint.severity('not linted', Severity.CRITICAL)}: {self._clean(report.obstacle)}"
        for failure in report.failures:
            yield f"  {self._paint.severity('not evaluated', Severity.CRITICAL)}: {self._clean(failure)}"
        for gap in report.gaps:
            where = f"{gap.line}:{gap.column}" if gap.path == report.path else f"{gap.path}:{gap.line}"
            yield f"  not read: {self._clean(f'{where}  {gap.message}')}"
        for note in report.notes:
            yield f"  note: {self._clean(note)}"
        margin = max(
            (len(self._where(diagnostic.place, report)) for diagnostic in report.findings), default=0
        )
        for subject, group in _by_subject(report.findings):
            if subject:
                yield 1, f"  {self._clean(subject)}{self._chain(group[0])}"
            for block in _blocks(group):
                lines = tuple(self._block(block, report, margin))
                severities = tuple(int(one.finding.severity) for one in block)
                yield self._repeats.number(block), lines, severities

    def _chain(self, diagnostic: Diagnostic) -> str:
        """The files that declare a service, where the heading does not name all of them."""
        paths = list(dict.fromkeys(place.path for place in diagnostic.chain))
        if len(paths) == len(diagnostic.finding.project.split(" + ")):
            return ""
        arrow = " -> " if self._style.ascii else " → "
        return self._paint.dim(f"  ({self._clean(arrow.join(paths))})") if paths else ""

    def _block(self, block: list[Diagnostic], report: FileReport, margin: int) -> Iterator[str | int]:
        """Findings that underline the same text; the text is shown once."""
        for index, diagnostic in enumerate(block):
            finding = diagnostic.finding
            where = self._where(diagnostic.place, report).ljust(margin)
            severity = self._paint.severity(f"{finding.severity!s:8}", finding.severity)
            name = f"{self._paint.bold(finding.rule.id)} {finding.rule.name}"
            yield f"    {where}  {severity}  {name}   {self._clean(finding.message)}"
            if index == 0:
                yield from self._excerpt(diagnostic.place, block[0].finding.severity)
            for place in diagnostic.parts:
                yield self._other("with", place, report)
            for place in diagnostic.more:
                yield self._other("also", place, report)
            yield self._aside_number(finding)

    def _other(self, word: str, place: Place, report: FileReport) -> str:
        return f"        {word} {self._where(place, report)}  {self._clean(place.excerpt.strip())}"

    def _where(self, place: Place, report: FileReport) -> str:
        position = f"{place.line}:{place.column}"
        return position if place.path == report.path else f"{self._clean(place.path)}:{position}"

    def _excerpt(self, place: Place, severity: Severity) -> Iterator[str]:
        start, end = place.mark
        before, marked, after = (
            self._clean(part.replace("\t", _TAB))
            for part in (place.excerpt[:start], place.excerpt[start:end], place.excerpt[end:])
        )
        marks = self._paint.severity("^" * max(1, width(marked)), severity)
        yield f"{place.line:>7} | {before}{marked}{after}".rstrip()
        yield f"{'':7} | {' ' * width(before)}{marks}"

    def _aside_number(self, finding: Finding) -> int:
        """The number under which the explanation of a rule is found at the end."""
        tier = finding.fix.tier if finding.fix else None
        key = (finding.rule.name, finding.rule.id.partition(" ")[0], tier)
        number = self._asides.get(key)
        if number is None:
            number = self._asides[key] = len(self._explanations)
            lines = "".join(f"{line}\n" for line in self._explanation(finding.rule, key[1], tier))
            self._explanations.append((finding.rule.name, lines))
        return number

    def _explanation(self, rule: RuleInfo, id: str, tier: Tier | None) -> Iterator[str]:
        why, instead = first_sentence(rule.docs.why), first_sentence(rule.docs.instead)
        if why:
            ids = cis_ids(rule)
            yield self._aside("why", why + (f"   (CIS {', '.join(ids)})" if ids else ""))
        more = f"dockerlint explain {id}"
        if not instead:
            yield self._aside("more", more)
            return
        promise = f"   [{tier}]" if tier is not None else ""
        yield self._aside("fix", f"{instead}{promise}   more: {more}")

    def _aside(self, label: str, text: str) -> str:
        return f"        {self._paint.dim(f'{label}:')} {self._clean(text)}"

    def _summary(self, summary: Summary) -> str:
        dot = " - " if self._style.ascii else " · "
        counts = [
            self._paint.severity(f"{number} {severity}", severity)
            for severity in sorted(Severity, reverse=True)
            if (number := summary.counts.get(severity, 0) - self._untold[severity]) > 0
        ]
        files = "1 file" if summary.files == 1 else f"{summary.files} files"
        parts = [f"{dot.join(counts) or 'nothing found'} in {files} ({_duration(summary.seconds)})"]
        if summary.unlinted:
            parts.append(self._paint.severity(f"{summary.unlinted} not linted", Severity.CRITICAL))
        if summary.gaps:
            parts.append(self._paint.severity(f"{summary.gaps} not read", Severity.HIGH))
        if summary.rule_errors:
            parts.append(self._paint.severity(f"{_rules(summary.rule_errors)} left out", Severity.CRITICAL))
        if fixes := _fixes(summary):
            parts.append(f"fixes: {fixes}")
        if summary.suppressed:
            parts.append(f"suppressed {summary.suppressed}")
        parts.append("never failing" if summary.fail_on is None else f"failing at {summary.fail_on}")
        return "   ".join(parts)

    def _clean(self, text: str) -> str:
        return visible(text, self._style.ascii)


def _worst_first(diagnostic: Diagnostic) -> tuple[int, str, int, int, tuple[str, int, str]]:
    place, finding = diagnostic.place, diagnostic.finding
    return (-finding.severity, place.path, place.line, place.column, rule_order(finding.rule.id))


def _by_subject(findings: Iterable[Diagnostic]) -> list[tuple[str, list[Diagnostic]]]:
    """Findings under the heading they belong to, the heading with the worst finding first.

    Those of no heading come before all others, below which they would read as findings of the last one.
    """
    groups: dict[str, list[Diagnostic]] = {}
    for diagnostic in sorted(findings, key=_worst_first):
        groups.setdefault(heading(diagnostic.finding), []).append(diagnostic)
    return sorted(groups.items(), key=lambda group: bool(group[0]))


def _blocks(findings: list[Diagnostic]) -> list[list[Diagnostic]]:
    """Findings that share a span together; the order is that of the first of each block."""
    blocks: dict[tuple[object, ...], list[Diagnostic]] = {}
    for diagnostic in findings:
        blocks.setdefault(tuple(diagnostic.finding.span), []).append(diagnostic)
    return list(blocks.values())


def _rules(count: int) -> str:
    return "1 rule" if count == 1 else f"{count} rules"


_OPTIONS: Final = {Tier.SAFE: "", Tier.HARDEN: " --harden", Tier.UNPROVEN: " --harden --unproven"}
"""What asks `fix` for the fixes of a tier."""


def _fixes(summary: Summary) -> str:
    parts: list[str] = []
    for tier, option in _OPTIONS.items():
        if count := summary.fixes.get(tier):
            how = f"more with `{option.strip()}`" if parts else f"with `dockerlint fix{option}`"
            parts.append(f"{count} {'safe ' if tier is Tier.SAFE else ''}{how}")
    return ", ".join(parts)


def _duration(seconds: float) -> str:
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds // 60:.0f} min {seconds % 60:.0f} s"
