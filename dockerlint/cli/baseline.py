"""The commands of `dockerlint baseline`, as typer reads them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

import typer

from dockerlint.cli import flags
from dockerlint.cli.arguments import CheckLine, day_of, options_of
from dockerlint.cli.offered.epilog import epilog
from dockerlint.cli.offered.work import Work
from dockerlint.run.check import Given, Options

baseline_app = typer.Typer(
    help="Write, check and prune the baseline of known findings.", rich_markup_mode=None
)


@baseline_app.command(
    epilog=epilog(
        "0 written, 2 errors.",
        "dockerlint baseline write",
        "dockerlint baseline write --reason 'from before the audit' --by ops --until 2027-06-30",
    )
)
def write(
    context: typer.Context,
    paths: flags.Paths = None,
    run_line: flags.RunLine = None,
    baseline: flags.OwnBaseline = None,
    scan_report: flags.ScanReports = None,
    reason: flags.Reason = "",
    by: flags.AcceptedBy = "",
    until: flags.Until = None,
    profile: flags.Profile = None,
    config: flags.ConfigFile = None,
    rules: flags.Folders = None,
    kind: flags.TreatAs = None,
    stdin_filename: flags.StdinFilename = None,
    compose_file: flags.ComposeFiles = None,
    env_file: flags.EnvFiles = None,
    today: flags.Today = None,
    time_limit: flags.TimeLimit = None,
    jobs: flags.Jobs = 0,
    no_config: flags.NoConfig = False,
) -> Work:
    """Write all findings to the baseline; entries that are still found keep their reasons."""
    from dockerlint.run.review.baseline import Acceptance, write_baseline

    acceptance = Acceptance(reason, by, day_of("--until", until))
    options = _options(context, run_line)
    return lambda: write_baseline(options, acceptance, sys.stdout, sys.stderr)


@baseline_app.command(
    epilog=epilog(
        "0 the baseline is up to date, 1 a finding is new, or an entry expired or obsolete, 2 errors.",
        "dockerlint baseline check",
        "dockerlint baseline check compose.yaml --baseline known.json",
    )
)
def check(
    context: typer.Context,
    paths: flags.Paths = None,
    run_line: flags.RunLine = None,
    baseline: flags.OwnBaseline = None,
    scan_report: flags.ScanReports = None,
    profile: flags.Profile = None,
    config: flags.ConfigFile = None,
    rules: flags.Folders = None,
    kind: flags.TreatAs = None,
    stdin_filename: flags.StdinFilename = None,
    compose_file: flags.ComposeFiles = None,
    env_file: flags.EnvFiles = None,
    today: flags.Today = None,
    time_limit: flags.TimeLimit = None,
    no_color: flags.NoColor = False,
    jobs: flags.Jobs = 0,
    no_config: flags.NoConfig = False,
) -> Work:
    """Report findings that are not in the baseline, and obsolete entries in it."""
    from dockerlint.run.review.baseline import check_baseline

    options = _options(context, run_line)
    return lambda: check_baseline(options, sys.stdout, sys.stderr)


@baseline_app.command(epilog=epilog("0 pruned, 2 errors.", "dockerlint baseline prune"))
def prune(
    context: typer.Context,
    paths: flags.Paths = None,
    run_line: flags.RunLine = None,
    baseline: flags.OwnBaseline = None,
    scan_report: flags.ScanReports = None,
    profile: flags.Profile = None,
    config: flags.ConfigFile = None,
    rules: flags.Folders = None,
    kind: flags.TreatAs = None,
    stdin_filename: flags.StdinFilename = None,
    compose_file: flags.ComposeFiles = None,
    env_file: flags.EnvFiles = None,
    today: flags.Today = None,
    time_limit: flags.TimeLimit = None,
    jobs: flags.Jobs = 0,
    no_config: flags.NoConfig = False,
) -> Work:
    """Remove obsolete entries from the baseline; adds nothing."""
    from dockerlint.run.review.baseline import prune_baseline

    options = _options(context, run_line)
    return lambda: prune_baseline(options, sys.stdout, sys.stderr)


def _options(context: typer.Context, lines: Sequence[str] | None) -> Options:
    names, given = CheckLine.__match_args__, context.params.items()
    written = CheckLine(**{name: value for name, value in given if name in names and value is not None})
    options = options_of(written)
    if not lines:
        return options
    runs = tuple(Given("<run>", "run", one.encode("utf-8", "surrogateescape")) for one in lines)
    return replace(options, paths=tuple(written.paths), given=runs)
