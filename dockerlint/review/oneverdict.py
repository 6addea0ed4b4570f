"""One verdict on a service and on the Dockerfile that it builds, where both files are in the run.

Each file says it when it is linted by itself. Of a whole project it is told once: at the Dockerfile, where it
is mended, with the services that build it. What is hidden at one of both places is hidden at the other.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from dockerlint.report.results import Diagnostic, FileReport
from dockerlint.workspace.omissions import Hider, count

MOST_HELD: Final = 1000
"""Reports that wait for the end of the run; those behind them go on as they are."""
_BY_PEOPLE: Final = frozenset({"inline", "config"})
"""Who hides a verdict, and not one finding of it, as a baseline does, which knows both."""


@dataclass(slots=True)
class OneVerdict:
    """Holds back the reports that may say the same, until all were seen."""

    stage_rules: frozenset[str]
    """The rules about stages whose verdict others give on services."""
    ignored: Callable[[str], Mapping[str, Hider]]
    """What hides rules in the file at an absolute path, by their ids."""
    _held: list[FileReport] = field(default_factory=list)
    _services: dict[str, list[Diagnostic]] = field(default_factory=dict)
    """What is said of services that build the Dockerfile at an absolute path."""
    _stages: dict[str, list[Diagnostic]] = field(default_factory=dict)
    """What is said at the Dockerfile itself of stages that services build."""

    def see(self, report: FileReport) -> Iterator[FileReport]:
        """The report, unless it is held back."""
        relevant = [one for one in _said(report) if one.finding.dockerfile or self._is_of_stage(one)]
        if not relevant or len(self._held) >= MOST_HELD:
            yield report
            return
        self._held.append(report)
        for one in relevant:
            said = self._services if one.finding.dockerfile else self._stages
            said.setdefault(dockerfile_of(report, one), []).append(one)

    def rest(self) -> Iterator[FileReport]:
        """The reports that were held back, each verdict in one of them."""
        for report in self._held:
            revealed = report.revealed
            yield self._once(report)._replace(revealed=None if revealed is None else self._once(revealed))

    def _is_of_stage(self, one: Diagnostic) -> bool:
        return bool(one.finding.built_by) and one.finding.rule.id in self.stage_rules

    def _once(self, report: FileReport) -> FileReport:
        kept: list[Diagnostic] = []
        excused = list(report.suppressed)
        hidden = dict(report.omissions.hidden)
        for one in report.findings:
            if one.finding.dockerfile:
                stages = self._stages_of(report, one)
                excuse = next((stage for stage in stages if stage.by), None)
                is_told = bool(stages)
            else:
                services = self._services_of(report, one)
                excuse = _excuse(one, services)
                is_told = False
                one = _with_services(one, services)
            if excuse is not None:
                excused.append(one._replace(reason=excuse.reason, by=excuse.by, until=excuse.until))
            elif not is_told and (hider := self._ignored(report, one)) is not None:
                count(hidden, hider)
            elif not is_told:
                kept.append(one)
        omissions = report.omissions._replace(hidden=hidden)
        return report._replace(findings=tuple(kept), suppressed=tuple(excused), omissions=omissions)

    def _stages_of(self, report: FileReport, service: Diagnostic) -> list[Diagnostic]:
        found = self._stages.get(dockerfile_of(report, service), ())
        return [one for one in found if agree(service, one)]

    def _services_of(self, report: FileReport, stage: Diagnostic) -> list[Diagnostic]:
        found = self._services.get(dockerfile_of(report, stage), ()) if self._is_of_stage(stage) else ()
        return [one for one in found if agree(one, stage)]

    def _ignored(self, report: FileReport, service: Diagnostic) -> Hider | None:
        """What hides the verdict at the Dockerfile of a service, from which nothing came."""
        if not service.finding.dockerfile:
            return None
        ignored = self.ignored(dockerfile_of(report, service))
        return next((ignored[id] for id in service.finding.rule.told_by if id in ignored), None)


def _said(report: FileReport) -> Iterator[Diagnostic]:
    """What a report finds, and what people hide of it."""
    yield from report.findings
    yield from (one for one in report.suppressed if one.by in _BY_PEOPLE)


def dockerfile_of(report: FileReport, one: Diagnostic) -> str:
    """The absolute path of the Dockerfile that a finding is about."""
    folder = os.path.dirname(os.path.abspath(report.path))
    return os.path.normpath(os.path.join(folder, one.finding.dockerfile or os.path.basename(report.path)))


def _names(service: Diagnostic) -> set[str | None]:
    return {service.finding.subject, *service.finding.shared_with}


def agree(service: Diagnostic, stage: Diagnostic) -> bool:
    """Whether a finding on a service and one on a stage are the same verdict."""
    is_same = stage.finding.rule.id in service.finding.rule.told_by
    return is_same and not _names(service).isdisjoint(stage.finding.built_by)


def _with_services(stage: Diagnostic, services: Sequence[Diagnostic]) -> Diagnostic:
    """What is said of a stage, in the words in which it is said of a service, with the places of all."""
    if not services:
        return stage
    told = next((one for one in services if not one.by), services[0]).finding
    parts = (*stage.parts, *(one.place for one in services))
    return stage._replace(finding=replace(stage.finding, message=told.message), parts=parts)


def _excuse(stage: Diagnostic, services: Sequence[Diagnostic]) -> Diagnostic | None:
    """The first of the services, where it is hidden for each that builds the stage."""
    hidden = [one for one in services if one.by]
    names = {name for one in hidden for name in _names(one)}
    return hidden[0] if hidden and names.issuperset(stage.finding.built_by) else None
