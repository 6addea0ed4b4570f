"""A run: files in, reports out, and one number that says how it went."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, NamedTuple, TextIO

from dockerlint.budget import SECONDS
from dockerlint.errors import UserError
from dockerlint.findings import Severity
from dockerlint.held import hold
from dockerlint.linting.linted import Telling
from dockerlint.linting.selection import SelectionFlags
from dockerlint.report import FORMATS, FormatInfo, Report, Style, open_report
from dockerlint.report.results import FileReport, unlinted
from dockerlint.report.screen import complaint, harmless
from dockerlint.report.summary import Tally
from dockerlint.run.file import FileLinter, largest_of
from dockerlint.run.named import NamedProject
from dockerlint.run.output import Format, Output, Progress, style_for, tell_of_facts
from dockerlint.run.review.verdicts import each_verdict_once
from dockerlint.run.rollcall import UNANSWERED, RollCall
from dockerlint.run.stdin import read_stdin, stdin_candidate
from dockerlint.workspace.config import NEVER, Config, ConfigError
from dockerlint.workspace.discovery import STDIN, Candidate, Told, discover
from dockerlint.workspace.door import Unreadable, is_below
from dockerlint.workspace.roots import Roots, repository_top
from dockerlint.workspace.trust import Trust, refuse_inside

if TYPE_CHECKING:
    from dockerlint.review import Review
    from dockerlint.run.peernote import PeerNote

FEW: Final = 24
"""Up to so many files one process is faster than the start of several."""
FAILED: Final = 2
"""The exit code when what was asked could not be done."""


class Given(NamedTuple):
    """A text that no file holds: a line of the command line, or the answer of an engine."""

    name: str
    """What reports call it."""
    kind: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asks for; None and empty where they leave it to the config."""

    paths: tuple[str, ...] = (".",)
    formats: tuple[Format, ...] = (Format("text"),)
    fail_on: Severity | str | None = None
    flags: SelectionFlags = SelectionFlags()
    config: str | None = None
    rules: tuple[str, ...] = ()
    kind: str | None = None
    stdin_filename: str | None = None
    quiet: bool = False
    colour: bool = True
    jobs: int = 0
    """Processes; 0 for one a core."""
    trust: Trust = Trust()
    reveal: bool = False
    """Mask nothing in the reports that go to files."""
    time_limit: float = SECONDS
    """Seconds of the processor that one file may take."""
    today: date | None = None
    """The day from which ages are counted; None for that of the clock."""
    is_verbose: bool = False
    """A fix tells of every finding on a line of its own."""
    shellcheck: bool = False
    """ShellCheck reads the scripts of Dockerfiles, too."""
    only_failing: bool = False
    """Reports leave out findings below the threshold; they are counted."""
    require_files: bool = False
    """That there is nothing to lint is an error."""
    require_complete: bool = False
    """That something was not read which a Compose file names is an error."""
    project: NamedProject = NamedProject()
    """The files of one project."""
    baseline: str | None = None
    """The file with the findings that are known; None for the one that the config names."""
    since: str | None = None
    """The revision of git whose changes are shown; None for everything."""
    scan_reports: tuple[str, ...] = ()
    """Reports of scanners, `FILE` or `IMAGE=FILE`, besides those that the config names."""
    record: str | None = None
    """The Markdown file that a review goes to; None for no record."""
    all_clear: bool = False
    """The exit code says whether all conditions of all-clear hold."""
    suggest_scan: bool = False
    """The text report ends with commands that scan the images of the run, where no report was given."""
    given: tuple[Given, ...] = ()
    """What is linted besides the files."""
    against: NamedProject = NamedProject()
    """The project that containers of an engine are held to."""
    verdicts: Callable[[str, Style], Report] | None = None
    """Makes a report on what every rule comes to, by the name of its format; None for the usual reports."""

    @property
    def untrusted(self) -> bool:
        """Whether a stranger wrote what is linted."""
        return self.trust.is_untrusted


def run(options: Options, stdout: TextIO, stderr: TextIO) -> int:
    """Lint and report; returns the exit code. What cannot be done is one line on `stderr`."""
    try:
        return _run(options, stdout, stderr)
    except UserError as error:
        stderr.write(complaint(str(error)))
        return FAILED


def _run(options: Options, stdout: TextIO, stderr: TextIO) -> int:
    began = time.perf_counter()
    formats = [FORMATS[format.name] for format in options.formats]
    edits = options.verdicts is None and any(format.shows_edits for format in formats)
    linter = linter_for(options, edits, _telling(options, formats))
    config = linter.configs.of_folder(home_of(options))
    linter.scans = scans_of(options, config)
    tally = Tally()
    tally.requires_complete = options.require_complete
    tally.mistakes |= dict.fromkeys(linter.check(config))
    roll = RollCall(candidates_of(options, linter, tally.omissions.exclude))
    progress, note = Progress(stderr), _peer_note(options, linter)
    reviews = _reviews(options, linter, config)
    style = style_for(stdout, options.colour, options.quiet)
    threshold = threshold_of(options, config)
    project, opened_by = partial(project_of, linter.roots), options.verdicts or open_report
    with Output(options.formats, stdout, style, project, opened_by, options.reveal) as output:
        output.begin()
        reports = _reviewed(reports_of(options, linter, roll, progress.interrupt), reviews)
        if options.verdicts is None:
            reports = each_verdict_once(reports, linter, config)
        for report in reports:
            progress.clear()
            tally.add(report)
            if note is not None:
                note.look_beside(report.path)
            output.add(_at_least(report, threshold) if options.only_failing else report)
            progress.tell(tally.files, time.perf_counter() - began)
        progress.clear()
        summary = tally.summary(time.perf_counter() - began, threshold, roll.taken)
        output.end(summary)
        said = stdout if any(one.is_for_people for one in options.formats) else stderr
        for review in reviews:
            said.writelines(map(harmless, review.end(style)))
        is_read = said is stdout and not options.quiet
        tell_of_facts(options.today, stdout if is_read else None, stderr)
    for mistake in summary.mistakes:
        stderr.write(complaint(str(mistake)))
    if missing := roll.complaint():
        stderr.write(complaint(missing))
    if note is not None and (told := note.text()):
        stderr.write(complaint(told))
    if not tally.files:
        places = ", ".join(options.paths)
        stderr.write(complaint(f"nothing to lint: no Dockerfile or Compose file in {places}"))
    code = FAILED if options.require_files and not tally.files else summary.exit_code
    for review in reviews:
        code = review.code(code)
    return code


def _peer_note(options: Options, linter: FileLinter) -> PeerNote | None:
    """What notices configs of other tools, where a person reads the report; None where nobody is told."""
    if (
        options.quiet
        or options.verdicts is not None
        or not linter.trust.config
        or not any(one == Format("text") for one in options.formats)
    ):
        return None
    from dockerlint.run.peernote import PeerNote

    return PeerNote(linter.configs)


def _reviews(options: Options, linter: FileLinter, config: Config) -> Sequence[Review]:
    """What every report goes through; raises UserError where a baseline or a revision cannot be used."""
    if options.verdicts is not None:  # what is known still fails a recommendation
        return ()
    found: list[Review] = []
    if any(rule.is_told_once for rule in linter.selection(config).choice(config, ()).asked.rules):
        from dockerlint.review.once import OncePerRepository

        found.append(OncePerRepository())
    if options.baseline is not None or options.since is not None or config.baseline:
        from dockerlint.run.review.reviews import reviews_of

        found += reviews_of(options.baseline, options.since, linter, config)
    if options.suggest_scan and not linter.scans:
        from dockerlint.review.suggestion import Suggestion

        found.append(Suggestion())
    if options.record is not None:
        from dockerlint.run.review.record import recorder

        found.append(recorder(options.record, linter, home_of(options), [one.name for one in options.given]))
    if options.all_clear:
        from dockerlint.review.clearance import Clearance

        found.append(Clearance())
    return found


def _reviewed(reports: Iterable[FileReport], reviews: Sequence[Review]) -> Iterator[FileReport]:
    for report in reports:
        for review in reviews:
            report = review.see(report)
        yield report


def scans_of(options: Options, config: Config) -> str:
    """What scanners found in images; raises ScanError."""
    named = () if options.untrusted else config.scan_reports
    if not options.scan_reports and not named:
        return ""
    from dockerlint.run.review.scans import scans_text

    return scans_text(options.scan_reports, config, named)


def _at_least(report: FileReport, threshold: Severity | None) -> FileReport:
    """A report without the findings that fail nothing; with a threshold of never, without any."""
    failing = [one for one in report.findings if threshold is not None and one.finding.severity >= threshold]
    revealed = None if report.revealed is None else _at_least(report.revealed, threshold)
    return report._replace(findings=tuple(failing), revealed=revealed)


def project_of(roots: Roots, folder: str) -> str | None:
    """What a real folder belongs to: a repository, a project of this run, or the folder it was started in."""
    here = os.path.realpath(os.curdir)
    return repository_top(folder) or roots.holding(folder) or (here if is_below(folder, here) else None)


def _telling(options: Options, formats: Iterable[FormatInfo]) -> Telling:
    if options.verdicts is not None:
        return Telling.VERDICTS
    told = Telling.IMAGES if options.suggest_scan else Telling.NOTHING
    if options.all_clear:
        return told | Telling.PASSES | Telling.UNDECIDED
    is_asked = options.record is not None or any(format.shows_passes for format in formats)
    return told | (Telling.PASSES if is_asked else Telling.NOTHING)


def linter_for(options: Options, edits: bool = True, telling: Telling = Telling.NOTHING) -> FileLinter:
    """What lints the files of a run; raises ConfigError for a config of an untrusted checkout."""
    stdin = options.stdin_filename or os.curdir
    places = (*options.paths, *options.against.files)
    roots = Roots(stdin if path == STDIN else path for path in places)
    if options.untrusted:
        refuse_inside(roots, "--config", [options.config] if options.config else [])
        refuse_inside(roots, "--rules", options.rules)
        refuse_inside(roots, "--baseline", [options.baseline] if options.baseline else [])
        refuse_inside(roots, "--scan-report", [one.partition("=")[2] or one for one in options.scan_reports])
    flags, trust, limit = options.flags, options.trust, options.time_limit
    if options.shellcheck:
        from dockerlint.run.shellcheck import program

        program()
    return FileLinter(
        flags,
        options.config,
        options.rules,
        edits,
        trust,
        roots,
        options.reveal,
        limit,
        options.shellcheck,
        tuple(path for path in options.paths if path != STDIN),
        options.project,
        options.today,
        telling,
        options.against,
    )


def home_of(options: Options) -> str:
    """The folder whose config says when the run fails: that of the first path."""
    first = options.stdin_filename or next(iter(options.paths), STDIN)
    if first == STDIN:
        return os.getcwd()
    path = os.path.abspath(first)
    return path if os.path.isdir(path) else os.path.dirname(path)


def threshold_of(options: Options, config: Config) -> Severity | None:
    wanted = options.fail_on if options.fail_on is not None else config.fail_on
    if wanted == NEVER:
        return None
    return wanted if isinstance(wanted, Severity) else Severity.HIGH


def candidates_of(options: Options, linter: FileLinter, tell: Told) -> Iterator[Candidate]:
    """Every file of the run, standard input first; what is passed over is told."""
    yield from (Candidate(one.name, one.kind) for one in options.given)
    files = [path for path in options.paths if path != STDIN]
    if len(files) < len(options.paths):
        yield stdin_candidate(options.stdin_filename, options.kind)
    yield from discover(
        files,
        options.kind,
        partial(excluded_by, linter),
        linter.ignore_file,
        tell,
        partial(kind_by_config, linter),
        linter.trust.default_excludes,
    )


def reports_of(
    options: Options, linter: FileLinter, roll: RollCall, tell: Callable[[str], None]
) -> Iterator[FileReport]:
    """A report on every file of the roll, in its order; what went missing follows."""
    for report in _linted(options, linter, iter(roll), tell):
        roll.answer(report.path)
        yield report
    for path in roll.unanswered():
        yield unlinted(path, UNANSWERED)


def _linted(
    options: Options, linter: FileLinter, candidates: Iterator[Candidate], tell: Callable[[str], None]
) -> Iterator[FileReport]:
    for one in options.given:
        yield linter.data(one.data, next(candidates))
    if STDIN in options.paths:
        yield _lint_stdin(next(candidates), linter, is_held=bool(options.since and options.stdin_filename))
    jobs = options.jobs or os.cpu_count() or 1
    first = list(islice(candidates, FEW + 1))
    if jobs == 1 or len(first) <= FEW:
        yield from map(linter.file, chain(first, candidates))
        return
    from dockerlint.run.pool import lint_many

    yield from lint_many(linter, chain(first, candidates), jobs, tell)


def excluded_by(linter: FileLinter, path: str, is_folder: bool) -> str:
    """The config above a path that leaves it out, or ""; a broken one is told of with the files it is for."""
    try:
        config = linter.configs.of(path)
    except ConfigError:
        return ""
    return config.path if config.excludes(path, is_folder) else ""


def kind_by_config(linter: FileLinter, path: str) -> str | None:
    """The kind that the config above a path gives to its name; a broken one is told of with the files."""
    try:
        return linter.configs.of(path).kind_of(path)
    except ConfigError:
        return None


def _lint_stdin(candidate: Candidate, linter: FileLinter, *, is_held: bool) -> FileReport:
    """Lint standard input; where it is held, it stands in for its file for whoever reads that later."""
    try:
        data = read_stdin(largest_of(candidate))
    except Unreadable as error:
        return unlinted(candidate.path, str(error))
    if is_held:
        hold(os.path.abspath(candidate.path), data)
    return linter.data(data, candidate)
