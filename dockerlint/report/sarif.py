"""SARIF 2.1.0 (OASIS, March 2020), with the properties that GitHub code scanning reads."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from dockerlint import __version__
from dockerlint.findings import Edit, Finding, RuleInfo, Severity
from dockerlint.report import Style
from dockerlint.report.json import encoded, separated
from dockerlint.report.omitted import omission_data
from dockerlint.report.prose import told_alone
from dockerlint.report.results import Diagnostic, FileReport, Place, Unread
from dockerlint.report.spool import Spool
from dockerlint.report.summary import Summary
from dockerlint.ruleset.rule import RuleMistake

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
_SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "3.0",
    Severity.INFO: "0.0",
}


class SarifReport:
    """Results are written as they come; the rules they name and the troubles follow at the end."""

    def __init__(self, style: Style) -> None:
        self._separator = "\n"
        self._rules: dict[str, RuleInfo] = {}
        self._indexes: dict[str, int] = {}
        self._notifications = Spool()

    def begin(self) -> str:
        return f'{{"$schema": "{_SCHEMA}",\n"version": "2.1.0",\n"runs": [{{"results": ['

    def add(self, report: FileReport) -> str:
        if report.obstacle is not None:
            self._notifications.add(encoded(_notification("error", report.path, report.obstacle)))
        for failure in report.failures:
            self._notifications.add(encoded(_notification("error", report.path, f"not evaluated: {failure}")))
        for gap in report.gaps:
            self._notifications.add(encoded(_gap(gap)))
        for note in report.notes:
            self._notifications.add(encoded(_notification("note", report.path, note)))
        results = [self._result(diagnostic, []) for diagnostic in report.findings]
        results += [self._result(diagnostic, [_suppression(diagnostic)]) for diagnostic in report.suppressed]
        return "".join(self._separated(encoded(result)) for result in results)

    def end(self, summary: Summary) -> Iterator[str]:
        invocation: dict[str, Any] = {
            "executionSuccessful": summary.exit_code != 2,
            "exitCode": summary.exit_code,
            "properties": {
                "taken": summary.taken,
                "judged": summary.linted,
                "unjudged": summary.unlinted,
                "gaps": summary.gaps,
                **omission_data(summary.omissions),
            },
        }
        driver = {
            "name": "dockerlint",
            "semanticVersion": __version__,
            "rules": [_rule(rule) for rule in self._rules.values()],
        }
        rest = {
            "tool": {"driver": driver},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {_ROOT: {"description": {"text": "The working directory of the check."}}},
        }
        yield f"\n],\n{encoded(rest)[1:-1]},\n"
        mistakes = [_rule_mistake(mistake) for mistake in summary.mistakes]
        if mistakes:
            invocation["toolConfigurationNotifications"] = mistakes
        yield f'"invocations": [{{{encoded(invocation)[1:-1]}, "toolExecutionNotifications": ['
        yield from separated(self._notifications)
        yield "\n]}]}]}\n"

    def _separated(self, entry: str) -> str:
        separator, self._separator = self._separator, ",\n"
        return separator + entry

    def _result(self, diagnostic: Diagnostic, suppressions: list[dict[str, Any]]) -> dict[str, Any]:
        finding, place = diagnostic.finding, diagnostic.place
        rule = finding.rule
        self._rules.setdefault(rule.id, rule)
        index = self._indexes.setdefault(rule.id, len(self._indexes))
        result: dict[str, Any] = {
            "ruleId": rule.id,
            "ruleIndex": index,
            "level": _LEVELS[finding.severity],
            "message": {"text": told_alone(finding)},
            "locations": [_location(finding, place)],
            "partialFingerprints": {"dockerlint/v1": finding.fingerprint},
            "suppressions": suppressions,
            "properties": {"severity": str(finding.severity), "confidence": str(finding.confidence)},
        }
        if related := diagnostic.related:
            result["relatedLocations"] = [
                {"id": number, **_location(finding, place), "message": {"text": text}}
                for number, (place, text) in enumerate(related)
            ]
        if finding.fix is not None:
            result["properties"]["fixTier"] = str(finding.fix.tier)
        if finding.fix is not None and finding.fix.edits and not finding.fix.files:
            result["fixes"] = [_fix(finding, place)]
        elif finding.fix is not None and finding.fix.left_out:
            result["properties"]["fixLeftOut"] = finding.fix.left_out
        return result


def _location(finding: Finding, place: Place) -> dict[str, Any]:
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": artifact_location(place.path),
            "region": {
                "startLine": place.line,
                "startColumn": place.column,
                "endLine": place.end_line,
                "endColumn": place.end_column,
            },
            "contextRegion": {"startLine": place.line, "snippet": {"text": place.excerpt}},
        }
    }
    if finding.subject is not None:
        kind = finding.subject_kind or "member"
        names = (finding.subject, *finding.shared_with)
        location["logicalLocations"] = [{"name": name, "kind": kind} for name in names]
    return location


def artifact_location(path: str) -> dict[str, str]:
    """Where a file is: a relative reference below the source root, or a file URI for an absolute path."""
    drive = re.match(r"[A-Za-z]:[\\/]", path)
    if drive or ("\\" in path and "/" not in path):
        path = path.replace("\\", "/")
    normal = posixpath.normpath(path)
    uri = quote(os.fsencode(normal), safe="/")
    if drive:
        return {"uri": f"file:///{uri[0]}:{uri[4:]}"}
    if normal.startswith("/"):
        return {"uri": f"file:///{uri.lstrip('/')}"}
    return {"uri": uri, "uriBaseId": _ROOT}


def _suppression(diagnostic: Diagnostic) -> dict[str, Any]:
    suppression: dict[str, Any] = {
        "kind": "inSource" if diagnostic.by == "inline" else "external",
        "status": "accepted",
        "properties": {"by": diagnostic.by},
    }
    return suppression | ({"justification": diagnostic.reason} if diagnostic.reason else {})


def _fix(finding: Finding, place: Place) -> dict[str, Any]:
    assert finding.fix is not None
    by_file: dict[str, list[dict[str, Any]]] = {}
    for edit in finding.fix.edits:
        by_file.setdefault(_edited_file(edit, finding, place), []).append(_replacement(edit))
    return {
        "description": {"text": finding.fix.title},
        "artifactChanges": [
            {"artifactLocation": artifact_location(path), "replacements": replacements}
            for path, replacements in by_file.items()
        ],
    }


def _edited_file(edit: Edit, finding: Finding, place: Place) -> str:
    if edit.span.source == finding.span.source:
        return place.path
    return (
        posixpath.join(posixpath.dirname(finding.path), edit.span.source)
        if edit.span.source
        else finding.path
    )


def _replacement(edit: Edit) -> dict[str, Any]:
    start, end, _ = edit.span
    return {
        "deletedRegion": {"charOffset": start, "charLength": end - start},
        "insertedContent": {"text": edit.text},
    }


def _notification(level: str, path: str, message: str) -> dict[str, Any]:
    return {
        "level": level,
        "message": {"text": message},
        "locations": [{"physicalLocation": {"artifactLocation": artifact_location(path)}}],
    }


def _gap(gap: Unread) -> dict[str, Any]:
    """What a file names and was not read."""
    notification = _notification("warning", gap.path, gap.message)
    region = {"startLine": gap.line, "startColumn": gap.column}
    notification["locations"][0]["physicalLocation"]["region"] = region
    return notification


def _rule_mistake(mistake: RuleMistake) -> dict[str, Any]:
    """Why a rule of a user is not used."""
    notification = _notification("error", mistake.path, mistake.message)
    notification["locations"][0]["physicalLocation"]["region"] = {"startLine": mistake.line}
    return notification


def _rule(rule: RuleInfo) -> dict[str, Any]:
    text = "\n\n".join(part.strip() for _, part in _chapters(rule)) or rule.title
    markdown = "\n\n".join(f"**{heading}**\n\n{part.strip()}" for heading, part in _chapters(rule))
    return {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": " ".join(rule.docs.why.split()) or rule.title},
        "help": {"text": text, "markdown": f"# {rule.title}\n\n{markdown}\n"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": _tags(rule),
            "precision": str(rule.confidence),
            "problem.severity": _LEVELS[rule.severity].replace("note", "recommendation"),
            "security-severity": _SCORES[rule.severity],
        },
    }


def _chapters(rule: RuleInfo) -> list[tuple[str, str]]:
    docs = rule.docs
    chapters = [
        ("Why", docs.why),
        ("Instead", docs.instead),
        ("When to suppress", docs.quiet),
        ("On a running container", docs.verify),
        ("Same verdict", ", ".join(rule.aliases)),
    ]
    return [(heading, text) for heading, text in chapters if text]


def _tags(rule: RuleInfo) -> list[str]:
    tags = ["security"] if rule.standards or rule.severity >= Severity.MEDIUM else ["maintainability"]
    for standard, ids in rule.standards.items():
        prefix = "external/cwe/cwe-" if standard == "cwe" else f"{standard}/"
        tags += [f"{prefix}{one}" for one in ids]
    return tags
