"""All commands, as typer reads them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from typing import Annotated

import typer

from dockerlint.cli import flags
from dockerlint.cli.arguments import (
    CheckLine,
    UsageError,
    day_of,
    options_of,
    some_of,
)
from dockerlint.cli.baseline import baseline_app
from dockerlint.cli.facts import facts_app
from dockerlint.cli.fixline import FixLine, work_of
from dockerlint.cli.offered import pinflags, proveflags
from dockerlint.cli.offered.epilog import epilog
from dockerlint.cli.offered.work import Work
from dockerlint.cli.rules import flags as ruleflags
from dockerlint.cli.rules import rulebook
from dockerlint.cli.rules.app import rules_app
from dockerlint.cli.start import flags as startflags
from dockerlint.cli.survey import survey_app, with_command
from dockerlint.run.check import run

app = typer.Typer(
    name="dockerlint",
    help="Find and fix security problems in Dockerfiles, Compose files and other container configuration.",
    rich_markup_mode=None,
    add_completion=True,
    pretty_exceptions_enable=False,
)
app.add_typer(baseline_app, name="baseline")
app.add_typer(facts_app, name="facts")
app.add_typer(survey_app, name="survey")
app.add_typer(rules_app, name="rules")


def invoke(arguments: Sequence[str]) -> int:
    """Do what the command line says; raises UsageError where typer does not understand it."""
    try:
        said = app(_joined(arguments), prog_name="dockerlint", standalone_mode=False)
    except typer.Exit as done:
        return done.exit_code
    except Exception as error:
        told = getattr(error, "format_message", None)  # click's exceptions, wherever typer keeps them
        if told is None:
            raise
        where = getattr(getattr(error, "ctx", None), "command_path", "dockerlint")
        raise UsageError(f"{_sentence(told())}; see {where} --help") from None
    return said() if callable(said) else said if isinstance(said, int) else 0


def _joined(arguments: Sequence[str]) -> list[str]:
    """The arguments with a value joined to `--untrusted`, which never takes the next word for it."""
    words = with_command(list(arguments))
    if words[:1] == ["lsp"]:
        return words  # there it is a switch
    end = words.index("--") if "--" in words else len(words)
    if "--untrusted=" in words[:end]:
        raise UsageError("--untrusted=: name a git revision, or remove the equals sign")
    return [f"{word}=" if word == "--untrusted" else word for word in words[:end]] + words[end:]


def _sentence(message: str) -> str:
    """A message in one line, without its full stop, so that more can follow."""
    return " ".join(message.split()).rstrip(".")


@app.command(
    epilog=epilog(
        "0 no findings at or above --fail-on, 1 findings, 2 errors.",
        "dockerlint check",
        "dockerlint check api/Dockerfile compose.yaml --fail-on medium",
        "dockerlint check --format text --format sarif:dockerlint.sarif",
        "dockerlint check - --stdin-filename compose.yaml < compose.yaml",
    )
)
def check(
    context: typer.Context,
    paths: flags.Paths = None,
    format: flags.Formats = None,
    fail_on: flags.FailOn = None,
    select: flags.UseOnly = None,
    ignore: flags.Ignore = None,
    profile: flags.Profile = None,
    min_confidence: flags.LeastSure = None,
    config: flags.ConfigFile = None,
    rules: flags.Folders = None,
    kind: flags.TreatAs = None,
    stdin_filename: flags.StdinFilename = None,
    time_limit: flags.TimeLimit = None,
    today: flags.Today = None,
    baseline: flags.BaselineFile = None,
    since: flags.Since = None,
    scan_report: flags.ScanReports = None,
    suggest_scan: flags.SuggestScan = False,
    quiet: flags.Quiet = False,
    no_color: flags.NoColor = False,
    jobs: flags.Jobs = 0,
    no_config: flags.NoConfig = False,
    no_gitignore: flags.NoGitignore = False,
    no_inline: flags.NoInline = False,
    no_default_excludes: flags.NoDefaultExcludes = False,
    require_files: flags.RequireFiles = False,
    require_complete: flags.RequireComplete = False,
    compose_file: flags.ComposeFiles = None,
    env_file: flags.EnvFiles = None,
    untrusted: flags.Untrusted = None,
    only_failing: flags.OnlyFailing = False,
    statistics: flags.Statistics = False,
    show_secrets: flags.ShowSecrets = False,
    shellcheck: flags.ShellCheck = False,
) -> Work:
    """Report problems in files."""
    options = options_of(_written(context))
    return lambda: run(options, sys.stdout, sys.stderr)


@app.command(
    epilog=epilog(
        "0 no findings at or above --fail-on, 1 findings, 2 errors.",
        "dockerlint audit",
        "docker inspect $(docker ps -aq) | dockerlint audit -",
        "dockerlint audit --run 'docker run -p 5432:5432 postgres:17'",
        "dockerlint audit --against compose.yaml",
    )
)
def audit(
    context: typer.Context,
    paths: flags.Records = None,
    run_line: flags.RunLine = None,
    against: flags.AgainstFiles = None,
    record: flags.RecordFile = None,
    all_clear: flags.AllClear = False,
    env_file: flags.EnvFiles = None,
    format: flags.Formats = None,
    fail_on: flags.FailOn = None,
    select: flags.UseOnly = None,
    ignore: flags.Ignore = None,
    profile: flags.Profile = None,
    min_confidence: flags.LeastSure = None,
    config: flags.ConfigFile = None,
    rules: flags.Folders = None,
    kind: flags.TreatAs = None,
    time_limit: flags.TimeLimit = None,
    today: flags.Today = None,
    baseline: flags.BaselineFile = None,
    since: flags.Since = None,
    scan_report: flags.ScanReports = None,
    suggest_scan: flags.SuggestScan = False,
    quiet: flags.Quiet = False,
    no_color: flags.NoColor = False,
    no_config: flags.NoConfig = False,
    only_failing: flags.OnlyFailing = False,
    untrusted: flags.Untrusted = None,
) -> Work:
    """Show what passed and what failed for containers, images, networks and the daemon."""
    from dockerlint.cli.audit import audit_options

    options = audit_options(_written(context), run_line or (), against or (), record, all_clear)
    return lambda: run(options, sys.stdout, sys.stderr)


@app.command(
    epilog=epilog(
        "0 no failures at or above --fail-on, 1 failures, 2 errors.",
        "dockerlint cis",
        "dockerlint cis compose.yaml Dockerfile daemon.json --level 1",
        "docker inspect $(docker ps -aq) | dockerlint cis - --benchmark 1.7.0 --format json",
    )
)
def cis(
    context: typer.Context,
    paths: flags.Judged = None,
    benchmark: flags.Benchmark = None,
    level: flags.Level = None,
    host: flags.AskDocker = False,
    run_line: flags.RunLine = None,
    format: flags.VerdictFormats = None,
    fail_on: flags.FailOn = None,
    min_confidence: flags.LeastSure = None,
    config: flags.ConfigFile = None,
    kind: flags.TreatAs = None,
    stdin_filename: flags.StdinFilename = None,
    scan_report: flags.ScanReports = None,
    time_limit: flags.TimeLimit = None,
    today: flags.Today = None,
    quiet: flags.Quiet = False,
    no_color: flags.NoColor = False,
    jobs: flags.Jobs = 0,
    no_config: flags.NoConfig = False,
    untrusted: flags.Untrusted = None,
) -> Work:
    """Check files against the CIS Docker Benchmark, or list its recommendations."""
    from dockerlint.cli.cis import benchmark_of, cis_options, print_deciders

    asked = benchmark_of(benchmark, level)
    options = cis_options(_written(context), asked, run_line or (), host)
    if not options.paths and not options.given:
        return lambda: print_deciders(options, sys.stdout)
    return lambda: run(options, sys.stdout, sys.stderr)


@app.command(
    epilog=epilog(
        "0 no findings left at or above --fail-on, 1 findings left, 2 errors.",
        "dockerlint fix --diff",
        "dockerlint fix --harden compose.yaml",
        "dockerlint fix --select DK231,DK524 --harden",
    )
)
def fix(
    context: typer.Context,
    paths: flags.Paths = None,
    harden: flags.Harden = False,
    unproven: flags.Unproven = False,
    verbose: flags.Verbose = False,
    quiet: flags.OnlyFixed = False,
    diff: flags.Diff = False,
    fail_on: flags.FailOn = None,
    select: flags.FixOnly = None,
    ignore: flags.Ignore = None,
    profile: flags.Profile = None,
    min_confidence: flags.LeastSure = None,
    config: flags.ConfigFile = None,
    rules: flags.Folders = None,
    kind: flags.TreatAs = None,
    stdin_filename: flags.StdinFilename = None,
    no_config: flags.NoConfig = False,
    no_gitignore: flags.NoGitignore = False,
    no_inline: flags.NoInline = False,
    no_default_excludes: flags.NoDefaultExcludes = False,
    require_files: flags.RequireFiles = False,
    require_complete: flags.RequireComplete = False,
    compose_file: flags.ComposeFiles = None,
    env_file: flags.EnvFiles = None,
    untrusted: flags.Untrusted = None,
    time_limit: flags.TimeLimit = None,
) -> Work:
    """Fix files: safe fixes, and with --harden also fixes that may change behaviour."""
    return work_of(FixLine(_written(context), harden, unproven, verbose, diff))


@app.command(
    epilog=epilog(
        "0 every service was tried, 2 a service without a result, or an error.",
        "dockerlint prove --dry-run",
        "dockerlint prove --service db --test 'psql -U postgres -c \"select 1\"'",
        "dockerlint prove compose.yaml --with-data --write",
    )
)
def prove(
    project: proveflags.ProvenProject = ".",
    service: proveflags.ProvenServices = None,
    test: proveflags.ProofTests = None,
    pull: proveflags.MayPull = False,
    write: proveflags.ApplyProven = False,
    dry_run: proveflags.DryRun = False,
    with_data: proveflags.WithData = False,
    export: proveflags.ExportFacts = False,
    time_limit: proveflags.ProofLimit = None,
) -> Work:
    """Find the fewest rights with which services work, by trials on your Docker or Podman engine."""
    from dockerlint.cli.prove import prove_options
    from dockerlint.prove.command import prove as run_prove

    options = prove_options(
        project,
        tuple(service or ()),
        tuple(test or ()),
        may_pull=pull,
        writes=write,
        is_dry=dry_run,
        with_data=with_data,
        exports=export,
        time_limit=time_limit,
    )
    return lambda: run_prove(options, sys.stdout, sys.stderr)


@app.command(
    epilog=epilog(
        "0 done, 1 the lock is stale (--check), 2 a digest could not be found, or an error.",
        "dockerlint pin --resolve",
        "dockerlint pin --update && dockerlint fix --select DK516 --diff",
        "dockerlint pin --check",
        "dockerlint pin --resolve --ca-file ca.pem --platform linux/arm64 compose.yaml",
    )
)
def pin(
    context: typer.Context,
    paths: pinflags.PinnedPaths = None,
    resolve: pinflags.Resolve = False,
    update: pinflags.Update = False,
    check_lock: pinflags.CheckLock = False,
    offline: pinflags.Offline = False,
    platform: pinflags.Platform = "",
    ca_file: pinflags.CaFile = None,
    insecure_registry: pinflags.InsecureRegistry = None,
    timeout: pinflags.Timeout = None,
    config: flags.ConfigFile = None,
    kind: flags.TreatAs = None,
    no_config: flags.NoConfig = False,
    no_gitignore: flags.NoGitignore = False,
    no_default_excludes: flags.NoDefaultExcludes = False,
    compose_file: flags.ComposeFiles = None,
    env_file: flags.EnvFiles = None,
) -> Work:
    """Write the digests of all images to dockerlint.lock, from which `fix` pins images."""
    from dockerlint.cli.pin import network_of, pin_options
    from dockerlint.pin.command import pin as run_pin

    options = pin_options(
        _written(context),
        resolve=resolve,
        update=update,
        check=check_lock,
        offline=offline,
        platform=platform,
        network=network_of(ca_file, insecure_registry or (), timeout),
    )
    return lambda: run_pin(options, sys.stdout, sys.stderr)


def _written(context: typer.Context) -> CheckLine:
    """What a line of `check` or `fix` says, but for the options that only `fix` has."""
    names, given = CheckLine.__match_args__, context.params.items()
    return CheckLine(**{name: value for name, value in given if name in names and value is not None})


@app.command(
    "init",
    epilog=epilog(
        "0 written, 2 a config exists already and nothing else was requested, or an error.",
        "dockerlint init",
        "dockerlint init --from .hadolint.yaml",
        "dockerlint init --hooks --ci github --source https://github.com/OWNER/dockerlint@v0.1.0",
    ),
)
def write_config(
    peer_files: startflags.PeerFiles = None,
    memory: startflags.Memory = "",
    cpus: startflags.Cpus = "",
    pids: startflags.Pids = "",
    hooks: startflags.AddHooks = False,
    ci: startflags.AddPipelines = None,
    source: startflags.SourceAddress = "",
    only_print: startflags.OnlyPrint = False,
) -> Work:
    """Create .dockerlint.yaml here, and hooks and CI jobs on request; never replaces files."""
    from dockerlint.cli.init import Extras, LimitsPolicy, init
    from dockerlint.cli.start.pipelines import ADDITIONS

    if source and not hooks and not ci:
        raise UsageError("--source: only with --hooks or --ci")
    limits = LimitsPolicy(memory, cpus, pids)
    extras = Extras(hooks, some_of("--ci", ci or (), tuple(ADDITIONS)), source)
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return lambda: init(peer_files or (), limits, only_print, streams, extras)


@app.command(
    epilog=epilog(
        "0 printed, 2 no such rule.",
        "dockerlint explain DK231",
        "dockerlint explain datastore-port-on-all-interfaces",
        "dockerlint explain hadolint:DL3007",
    )
)
def explain(rule: ruleflags.NamedRule, rules: flags.Folders = None) -> Work:
    """Print the documentation of a rule."""
    return lambda: rulebook.explain(rule, tuple(rules or ()), sys.stdout, sys.stderr)


@app.command(
    "explain-file",
    epilog=epilog("0 printed, 2 errors.", "dockerlint explain-file deploy/compose.prod.yaml"),
)
def explain_file(path: Annotated[str, typer.Argument(metavar="PATH")]) -> Work:
    """Print how a file is classified: its kind, its purpose, its config."""
    from dockerlint.cli import explainfile

    return lambda: explainfile.explain_file(path, sys.stdout, sys.stderr)


@app.command(
    "lsp",
    epilog=epilog("0 ended by the editor, 2 errors.", "dockerlint lsp", "dockerlint lsp --untrusted"),
)
def language_server(
    stdio: Annotated[bool, typer.Option("--stdio", help="accepted for compatibility; no effect")] = False,
    untrusted: Annotated[
        bool,
        typer.Option(
            "--untrusted", help="ignore configs, suppression comments, lock and ignore files in the workspace"
        ),
    ] = False,
) -> Work:
    """Run the language server for editors on standard input and output (needs dockerlint[lsp])."""
    from dockerlint.cli.server import serve_editor

    return lambda: serve_editor(untrusted)


@app.command(epilog=epilog("0 printed.", "dockerlint version"))
def version(today: flags.Today = None) -> None:
    """Print the version and the date of the facts about images."""
    from dockerlint.cli.storedfacts import print_version

    print_version(day_of("--today", today) or date.today(), sys.stdout)


@app.callback(invoke_without_command=True)
def _top(
    context: typer.Context,
    show_version: Annotated[
        bool, typer.Option("--version", help="Print the version and the date of the facts about images.")
    ] = False,
    today: Annotated[str | None, typer.Option("--today", hidden=True)] = None,
) -> None:
    if show_version:
        version(today)
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit(2)
