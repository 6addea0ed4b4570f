"""The report for programs: one JSON object; `docs/report.schema.json` describes it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from dockerlint.findings import Fix, NewFile, Severity, Tier
from dockerlint.report import Style
from dockerlint.report.omitted import omission_data
from dockerlint.report.results import Diagnostic, FileReport, Place
from dockerlint.report.spool import Spool
from dockerlint.report.summary import Summary
from dockerlint.ruleset.rule import RuleMistake

VERSION = 1
"""Rises when a program that read the last version could no longer read this one."""


class JsonReport:
    """Findings are written as they come; what stands after them in the object is spooled until the end.

    All output is printable ASCII, so that neither a terminal nor the encoding of a stream can alter it.
    """

    def __init__(self, style: Style) -> None:
        self._separator = "\n"
        self._suppressed, self._problems, self._files = Spool(), Spool(), Spool()

    def begin(self) -> str:
        return f'{{"version": {VERSION},\n"findings": ['

    def add(self, report: FileReport) -> str:
        for diagnostic in report.suppressed:
            self._suppressed.add(encoded(suppressed_data(diagnostic, report)))
        for problem in problems_of(report):
            self._problems.add(encoded(problem))
        self._files.add(encoded({"path": report.path, "kind": report.kind}))
        return "".join(
            self._separated(encoded(finding_data(diagnostic, report))) for diagnostic in report.findings
        )

    def end(self, summary: Summary) -> Iterator[str]:
        for mistake in summary.mistakes:
            self._problems.add(encoded(mistake_data(mistake)))
        yield "\n],\n"
        spools = {"suppressed": self._suppressed, "problems": self._problems, "files": self._files}
        for name, spool in spools.items():
            yield f'"{name}": ['
            yield from separated(spool)
            yield "\n],\n"
        yield f'"summary": {encoded(summary_data(summary))}}}\n'

    def _separated(self, entry: str) -> str:
        separator, self._separator = self._separator, ",\n"
        return separator + entry


def suppressed_data(diagnostic: Diagnostic, report: FileReport) -> dict[str, Any]:
    """A finding that is hidden, with what hides it."""
    excuse = {"reason": diagnostic.reason, "by": diagnostic.by}
    if diagnostic.until:
        excuse["until"] = diagnostic.until
    return finding_data(diagnostic, report) | excuse


def problems_of(report: FileReport) -> Iterator[dict[str, Any]]:
    """What stood in the way of a verdict on a file, and what may be missing in it."""
    if report.obstacle is not None:
        yield {"path": report.path, "level": "error", "message": report.obstacle}
    for failure in report.failures:
        yield {"path": report.path, "level": "error", "message": f"not evaluated: {failure}"}
    for gap in report.gaps:
        yield {"level": "note", "unread": True} | gap._asdict()
    for note in report.notes:
        yield {"path": report.path, "level": "note", "message": note}


def mistake_data(mistake: RuleMistake) -> dict[str, Any]:
    """A rule of a user that cannot be used."""
    return {"path": mistake.path, "level": "error", "message": f"line {mistake.line}: {mistake.message}"}


def encoded(value: object) -> str:
    """JSON in printable ASCII that is no command to a service which reads the log of its run."""
    text = json.dumps(value).replace("\x7f", "\\u007f")
    return text.replace("##", "#\\u0023") if "##" in text else text


def separated(entries: Iterable[str]) -> Iterator[str]:
    """The entries of a list, one a line."""
    for index, entry in enumerate(entries):
        yield ("\n" if index == 0 else ",\n") + entry


def finding_data(diagnostic: Diagnostic, report: FileReport) -> dict[str, Any]:
    """A finding, its fix included."""
    finding, place = diagnostic.finding, diagnostic.place
    return {
        "rule": finding.rule.id,
        "name": finding.rule.name,
        "severity": str(finding.severity),
        "confidence": str(finding.confidence),
        "message": finding.message,
        "path": place.path,
        "kind": finding.kind or report.kind,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "subject": finding.subject,
        **({"shared_with": list(finding.shared_with)} if finding.shared_with else {}),
        **({"built_by": list(finding.built_by)} if finding.built_by else {}),
        **({"profiles": list(finding.profiles)} if finding.profiles else {}),
        **({"project": finding.project} if finding.project else {}),
        **({"chain": [_link(one) for one in diagnostic.chain]} if diagnostic.chain else {}),
        **({"parts": [_link(one) for one in diagnostic.parts]} if diagnostic.parts else {}),
        "standards": {name: list(ids) for name, ids in finding.rule.standards.items()},
        "aliases": list(finding.rule.aliases),
        "fingerprint": finding.fingerprint,
        "fix": None if finding.fix is None else _fix(finding.fix),
    }


def _link(place: Place) -> dict[str, Any]:
    return {"path": place.path, "line": place.line}


def _fix(fix: Fix) -> dict[str, Any]:
    told: dict[str, Any] = {
        "tier": str(fix.tier),
        "title": fix.title,
        "caveat": fix.caveat,
        "edits": [{"start": edit.span.start, "end": edit.span.end, "text": edit.text} for edit in fix.edits],
        "files": [_file(file) for file in fix.files],
    }
    return told | {"edits": None, "left_out": fix.left_out} if fix.left_out else told


def _file(file: NewFile) -> dict[str, Any]:
    """A file that a fix makes; what a secret holds is not told."""
    text = None if file.is_secret else file.text
    return {"path": file.path, "how": file.how, "secret": file.is_secret, "text": text}


def summary_data(summary: Summary) -> dict[str, Any]:
    """What the run came to."""
    return {
        "files": summary.files,
        "taken": summary.taken,
        "judged": summary.linted,
        "unjudged": summary.unlinted,
        **omission_data(summary.omissions),
        "findings": {
            str(severity): summary.counts.get(severity, 0) for severity in sorted(Severity, reverse=True)
        },
        "suppressed": summary.suppressed,
        "troubles": summary.obstacles,
        "rule_errors": summary.rule_errors,
        "gaps": summary.gaps,
        "fixes": {str(tier): summary.fixes.get(tier, 0) for tier in sorted(Tier, reverse=True)},
        "seconds": round(summary.seconds, 3),
        "fail_on": "never" if summary.fail_on is None else str(summary.fail_on),
        "failing": summary.failing,
        "exit_code": summary.exit_code,
    }
