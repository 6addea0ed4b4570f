"""`dockerlint baseline`: write down what is found, tell what is new and what is gone, and prune."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import NamedTuple, TextIO

from dockerlint.errors import UserError
from dockerlint.masking.mask import hide_alone
from dockerlint.report import Style, open_report
from dockerlint.report.results import FileReport
from dockerlint.report.screen import complaint, harmless, visible
from dockerlint.report.summary import Summary, Tally
from dockerlint.review.baseline import DEFAULT_NAME, Baseline, Key
from dockerlint.review.baselinefile import Known, baseline_text
from dockerlint.run.check import (
    FAILED,
    Options,
    candidates_of,
    home_of,
    linter_for,
    project_of,
    reports_of,
    scans_of,
)
from dockerlint.run.output import style_for
from dockerlint.run.review.reviews import baseline_at, baseline_named_by
from dockerlint.run.rollcall import RollCall
from dockerlint.workspace.config import PROFILES
from dockerlint.workspace.discovery import STDIN
from dockerlint.workspace.door import Project, is_below
from dockerlint.workspace.target import write_file


class Acceptance(NamedTuple):
    """What `baseline write` says of findings that were not known."""

    reason: str = ""
    by: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A baseline after a run has gone past it."""

    baseline: Baseline
    reports: tuple[FileReport, ...]
    """What is new, and what could not be linted."""
    gone: tuple[Known, ...]
    summary: Summary
    project_of: Project

    @property
    def is_current(self) -> bool:
        """Nothing is new, expired or gone."""
        return not (self.baseline.fresh or self.baseline.expired or self.gone)


def write_baseline(options: Options, acceptance: Acceptance, stdout: TextIO, stderr: TextIO) -> int:
    """Take in what is found. What is known keeps its reason; a file that was not looked at, its entries."""
    try:
        compared = _compare(options, may_be_missing=True)
        reason, by = hide_alone(acceptance.reason), hide_alone(acceptance.by)
        fresh = compared.baseline.fresh.items()
        new = {key: one._replace(reason=reason, by=by, until=acceptance.until) for key, one in fresh}
        kept = compared.baseline.kept(compared.gone)
        _write(compared, {**kept, **new})
    except UserError as error:
        return _refuse(error, stderr)
    told = [f"{len(kept) + len(new)} findings", f"{len(new)} of them new", f"{len(compared.gone)} gone"]
    stdout.write(harmless(f"{visible(compared.baseline.path)}: {', '.join(told)}\n"))
    return _end(compared, 0, stderr)


def check_baseline(options: Options, stdout: TextIO, stderr: TextIO) -> int:
    """Tell what is new and what is gone: 0 where the baseline is what is found, else 1."""
    try:
        compared = _compare(options)
    except UserError as error:
        return _refuse(error, stderr)
    style = style_for(stdout, options.colour, quiet=True)
    stdout.writelines(map(harmless, _told(compared, style)))
    return _end(compared, 0 if compared.is_current else 1, stderr)


def prune_baseline(options: Options, stdout: TextIO, stderr: TextIO) -> int:
    """Drop what is gone; nothing is added."""
    try:
        compared = _compare(options)
        kept = compared.baseline.kept(compared.gone)
        _write(compared, kept)
    except UserError as error:
        return _refuse(error, stderr)
    pruned = f"{len(compared.gone)} findings pruned, {len(kept)} left"
    stdout.write(harmless(f"{visible(compared.baseline.path)}: {pruned}\n"))
    return _end(compared, 0, stderr)


def _compare(options: Options, *, may_be_missing: bool = False) -> Comparison:
    """Lint everything and hold it against the baseline; raises UserError."""
    linter = linter_for(options, edits=False)
    config = linter.configs.of_folder(home_of(options))
    path, folder = baseline_named_by(options.baseline, config) or (DEFAULT_NAME, os.getcwd())
    baseline = baseline_at(path, folder, linter, may_be_missing=may_be_missing)
    options = _as_written(options, baseline)
    linter = linter_for(options, edits=False)
    linter.scans = scans_of(options, config)
    tally = Tally()
    tally.mistakes |= dict.fromkeys(linter.check(config))
    roll = RollCall(candidates_of(options, linter, tally.omissions.exclude))
    left = []
    for report in reports_of(options, linter, roll, lambda _: None):
        tally.add(report)
        told = baseline.see(report)
        if told.findings or told.obstacle is not None:
            left.append(told._replace(suppressed=(), notes=(), gaps=(), checked=()))
    choice = linter.selection(config).choice(config, ())
    asked, baseline.profile = {rule.id for rule in choice.asked.rules}, choice.in_force.profile
    gone = tuple(baseline.gone(asked, partial(_is_covered, options)))
    summary = tally.summary(0.0, None, roll.taken)
    return Comparison(baseline, tuple(left), gone, summary, partial(project_of, linter.roots))


def _as_written(options: Options, baseline: Baseline) -> Options:
    """The options with the profile that the baseline was written with, unless the user names one."""
    flags = options.flags
    if flags.profile is not None or not baseline.known or baseline.profile == PROFILES[0]:
        return options
    return replace(options, flags=replace(flags, profile=baseline.profile))


def _is_covered(options: Options, path: str) -> bool:
    """Whether an absolute path lies in a folder that the run went over."""
    folders = [os.path.abspath(one) for one in options.paths if one != STDIN]
    return any(is_below(path, one) for one in folders if os.path.isdir(one))


def _write(compared: Comparison, known: Mapping[Key, Known]) -> None:
    """Put the file in its place; raises UserError."""
    write_file(
        compared.baseline.path, baseline_text(known.values(), compared.baseline.profile), compared.project_of
    )


def _told(compared: Comparison, style: Style) -> Iterator[str]:
    baseline = compared.baseline
    report = open_report("text", style)
    for one in compared.reports:
        report.add(one)
    yield from report.end(compared.summary)
    for entry in compared.gone:
        subject = f" {entry.subject}" if entry.subject else ""
        line = f"{entry.path}: gone: {entry.rule}{subject}; dockerlint baseline prune drops it"
        yield harmless(f"{visible(line, style.ascii)}\n")
    counts = [f"{len(baseline.met) - len(baseline.expired)} known", f"{len(baseline.fresh)} new"]
    counts += [f"{len(compared.gone)} gone"]
    counts += [f"{len(baseline.expired)} expired"] if baseline.expired else []
    yield harmless(f"{visible(baseline.path, style.ascii)}: {', '.join(counts)}\n")


def _refuse(error: UserError, stderr: TextIO) -> int:
    stderr.write(complaint(str(error)))
    return FAILED


def _end(compared: Comparison, code: int, stderr: TextIO) -> int:
    """The exit code: what could not be linted is an error."""
    for report in compared.reports:
        if report.obstacle is not None:
            stderr.write(complaint(f"{report.path}: not linted: {report.obstacle}"))
    for mistake in compared.summary.mistakes:
        stderr.write(complaint(str(mistake)))
    return compared.summary.exit_code or code
