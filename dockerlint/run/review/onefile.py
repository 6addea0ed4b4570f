"""One verdict on a service and its Dockerfile where files are judged one by one: by `fix` and in editors.

Only a Compose file asks for the other one: its Dockerfile is linted as `check` does it, and tells what both
say. A Dockerfile is judged by itself at once, however many services build it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from dockerlint.findings import Finding
from dockerlint.kinds import kind_of_name, kind_of_wide_name
from dockerlint.report.results import Diagnostic, FileReport, Place
from dockerlint.review.oneverdict import agree, dockerfile_of
from dockerlint.run.file import FileLinter
from dockerlint.run.review.verdicts import one_verdict
from dockerlint.workspace.config import ConfigError
from dockerlint.workspace.discovery import Candidate, shown
from dockerlint.workspace.door import is_below
from dockerlint.workspace.roots import upwards

_KIND: Final = "dockerfile"
_NOWHERE: Final = Place(1, 1, 1, 1, "", (0, 0), "")


def told_once(report: FileReport, linter: FileLinter) -> FileReport:
    """The report on a Compose file, in which what Dockerfiles of the run say as well stands at these.

    It has no fix there: those of a Dockerfile are in the report on it.
    """
    kept, others = _parted(report, linter)
    staying = set(map(id, kept))
    left_out = [one for one in report.findings if id(one) not in staying]
    there = (one for other in others for one in other.findings)
    told = [_seen(one, report) for one in there if any(agree(service, one) for service in left_out)]
    return report._replace(findings=(*kept, *told)) if left_out else report


def without_told(path: str, findings: Sequence[Finding], linter: FileLinter) -> list[Finding]:
    """The findings of a Compose file without those that a Dockerfile of the run tells."""
    report = FileReport(path, "compose", tuple(Diagnostic(one, _NOWHERE) for one in findings))
    return [one.finding for one in _parted(report, linter)[0]]


def _parted(report: FileReport, linter: FileLinter) -> tuple[tuple[Diagnostic, ...], list[FileReport]]:
    """The findings of a report that no other one tells, and the reports on the Dockerfiles."""
    paths = {dockerfile_of(report, one) for one in report.findings if one.finding.dockerfile}
    others = list(_reports(sorted(paths), linter))
    if not others:
        return report.findings, []
    once = one_verdict(linter, linter.configs.of(report.path))
    told = [one for each in (*others, report) for one in once.see(each)]
    told += once.rest()
    return told[-1].findings, told[:-1]


def _reports(paths: Iterable[str], linter: FileLinter) -> Iterator[FileReport]:
    for path in paths:
        root = linter.roots.holding(path)
        if root is not None and _is_of_run(path, linter):
            report = linter.file(Candidate(shown(path), _KIND, root=root))
            if report.obstacle is None:
                yield report


def _is_of_run(path: str, linter: FileLinter) -> bool:
    """Whether the run goes over a file, as far as its name and the configs tell."""
    name = os.path.basename(path)
    try:
        config = linter.configs.of(path)
        kind = config.kind_of(path) or kind_of_name(name) or kind_of_wide_name(name)
        is_left_out = any(config.excludes(one, one != path) for one in upwards(path))
    except ConfigError:
        return False
    named = [os.path.abspath(one) for one in linter.paths]
    return path in named or (kind == _KIND and not is_left_out and any(is_below(path, one) for one in named))


def _seen(stage: Diagnostic, report: FileReport) -> Diagnostic:
    """A finding of a Dockerfile, as the report on a Compose file tells it."""
    folder = os.path.dirname(os.path.abspath(report.path))
    source = os.path.relpath(os.path.abspath(stage.place.path), folder).replace(os.sep, "/")
    span = stage.finding.span._replace(source=source)
    return stage._replace(finding=replace(stage.finding, span=span, fix=None, unfixed=None), regions=())
