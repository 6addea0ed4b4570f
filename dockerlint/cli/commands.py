"""All commands, as typer reads them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated

import typer

from dockerlint import __version__
from dockerlint.budget import SECONDS
from dockerlint.cli import rulebook
from dockerlint.cli.arguments import (
    CONFIDENCES,
    LEVELS,
    CheckLine,
    UsageError,
    listed,
    one_of,
    options_of,
    some_of,
)
from dockerlint.findings import Tier
from dockerlint.kinds import SUPPORTED
from dockerlint.report import FORMATS
from dockerlint.run.check import run
from dockerlint.workspace.config import NEVER, PROFILES

app = typer.Typer(
    name="dockerlint",
    help="Find and fix security problems in Dockerfiles and Compose files.",
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)
rules_app = typer.Typer(help="List, test and describe rules.", rich_markup_mode=None)
app.add_typer(rules_app, name="rules")

_SOME = "ids, names, id prefixes, hadolint:DL3002, profiles, all"
Folders = Annotated[
    list[str] | None, typer.Option("--rules", metavar="DIR", help="directory with your own rules")
]
TEXT_OR_JSON = ("text", "json")
Columns = Annotated[str, typer.Option("--format", metavar="FMT", help=" or ".join(TEXT_OR_JSON))]
NoConfig = Annotated[bool, typer.Option("--no-config", help="read no config file")]
NoGitignore = Annotated[bool, typer.Option("--no-gitignore", help="include files that git ignores")]
NoDefaultExcludes = Annotated[
    bool,
    typer.Option("--no-default-excludes", help="search vendor, third_party, node_modules and testdata, too"),
]
RequireFiles = Annotated[
    bool, typer.Option("--require-files", help="exit 2 where a directory holds no file to lint")
]
NoInline = Annotated[bool, typer.Option("--no-inline", help="ignore all suppression comments")]
Untrusted = Annotated[
    str | None,
    typer.Option(
        "--untrusted",
        metavar="[=REV]",
        help="for untrusted code: ignore config, rules, lock, .gitignore and suppression comments in it; "
        "with =REV use those of a git revision, but no comments; --config and --rules must be outside of it",
    ),
]
Limit = Annotated[
    str | None,
    typer.Option(
        "--time-limit", metavar="SECONDS", help=f"computing time per file ({SECONDS:g}); if exceeded, exit 2"
    ),
]


Work = Callable[[], int]
"""What a command line asks for. It is done once typer is out of the way, because that makes silent exits of
interrupts and broken pipes."""


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
    words = list(arguments)
    end = words.index("--") if "--" in words else len(words)
    if "--untrusted=" in words[:end]:
        raise UsageError("--untrusted=: name a git revision, or remove the equals sign")
    return [f"{word}=" if word == "--untrusted" else word for word in words[:end]] + words[end:]


def _sentence(message: str) -> str:
    """A message in one line, without its full stop, so that more can follow."""
    return " ".join(message.split()).rstrip(".")


@app.command(epilog="Exit code: 0 no findings at or above --fail-on, 1 findings, 2 errors.")
def check(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH", help="files and directories (default: .); - is standard input"),
    ] = None,
    format: Annotated[
        list[str] | None,
        typer.Option(metavar="FMT[:FILE]", help=f"{', '.join(FORMATS)}, to stdout or a file; repeatable"),
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(metavar="SEVERITY", help=f"exit 1 at or above: {', '.join(LEVELS)}, {NEVER} (high)"),
    ] = None,
    select: Annotated[
        list[str] | None, typer.Option(metavar="RULES", help=f"use only these rules: {_SOME}")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="RULES", help="skip these rules")] = None,
    profile: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="default, or strict, which adds noisy and style rules"),
    ] = None,
    min_confidence: Annotated[
        str | None, typer.Option(metavar="LEVEL", help=f"{', '.join(CONFIDENCES)} (medium)")
    ] = None,
    config: Annotated[str | None, typer.Option(metavar="FILE", help="use only this config file")] = None,
    rules: Folders = None,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help=f"treat every file as {' or '.join(SUPPORTED)}")
    ] = None,
    stdin_filename: Annotated[
        str | None, typer.Option(metavar="NAME", help="file name to assume for standard input")
    ] = None,
    time_limit: Limit = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="print one line per finding")] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="no colour, even on a terminal")] = False,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", metavar="N", help="number of processes; 0 is one per core")
    ] = 0,
    no_config: NoConfig = False,
    no_gitignore: NoGitignore = False,
    no_inline: NoInline = False,
    no_default_excludes: NoDefaultExcludes = False,
    require_files: RequireFiles = False,
    untrusted: Untrusted = None,
    only_failing: Annotated[
        bool, typer.Option("--only-failing", help="leave findings below --fail-on out of the reports")
    ] = False,
    statistics: Annotated[
        bool, typer.Option("--statistics", help="print how often each rule fires, not the findings")
    ] = False,
    show_secrets: Annotated[
        bool,
        typer.Option(
            "--show-secrets", help="do not mask secrets in report files of --format, which get mode 0600"
        ),
    ] = False,
    shellcheck: Annotated[
        bool,
        typer.Option("--shellcheck", help="also ShellCheck's findings in RUN; needs dockerlint[shellcheck]"),
    ] = False,
) -> Work:
    """Check files."""
    written = CheckLine(
        paths=paths or (),
        format=format or (),
        fail_on=fail_on,
        select=select or (),
        ignore=ignore or (),
        profile=profile,
        min_confidence=min_confidence,
        config=config,
        rules=rules or (),
        kind=kind,
        stdin_filename=stdin_filename,
        time_limit=time_limit,
        quiet=quiet,
        no_color=no_color,
        jobs=jobs,
        no_config=no_config,
        no_gitignore=no_gitignore,
        no_inline=no_inline,
        no_default_excludes=no_default_excludes,
        require_files=require_files,
        untrusted=untrusted,
        only_failing=only_failing,
        statistics=statistics,
        show_secrets=show_secrets,
        shellcheck=shellcheck,
    )
    options = options_of(written)
    return lambda: run(options, sys.stdout, sys.stderr)


@app.command(epilog="Exit code: 0 no findings left at or above --fail-on, 1 findings left, 2 errors.")
def fix(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH", help="files and directories (default: .); - is standard input"),
    ] = None,
    harden: Annotated[
        bool, typer.Option("--harden", help="also fixes that a program may notice: users, tags, ports")
    ] = False,
    unproven: Annotated[
        bool, typer.Option("--unproven", help="with --harden: also fixes that nobody has tried yet")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="one line for every finding, not for every service or stage")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="show a patch and write nothing")] = False,
    fail_on: Annotated[
        str | None,
        typer.Option(metavar="SEVERITY", help=f"exit 1 at or above: {', '.join(LEVELS)}, {NEVER} (high)"),
    ] = None,
    select: Annotated[
        list[str] | None, typer.Option(metavar="RULES", help=f"fix only findings of these rules: {_SOME}")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="RULES", help="skip these rules")] = None,
    profile: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="default, or strict, which adds noisy and style rules"),
    ] = None,
    min_confidence: Annotated[
        str | None, typer.Option(metavar="LEVEL", help=f"{', '.join(CONFIDENCES)} (medium)")
    ] = None,
    config: Annotated[str | None, typer.Option(metavar="FILE", help="use only this config file")] = None,
    rules: Folders = None,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help=f"treat every file as {' or '.join(SUPPORTED)}")
    ] = None,
    stdin_filename: Annotated[
        str | None, typer.Option(metavar="NAME", help="file name to assume for standard input")
    ] = None,
    no_config: NoConfig = False,
    no_gitignore: NoGitignore = False,
    no_inline: NoInline = False,
    no_default_excludes: NoDefaultExcludes = False,
    require_files: RequireFiles = False,
    untrusted: Untrusted = None,
    time_limit: Limit = None,
) -> Work:
    """Fix files: safe fixes, and with --harden also fixes that change behaviour."""
    from dockerlint.run.fix import run_fix

    written = CheckLine(
        paths=paths or (),
        fail_on=fail_on,
        select=select or (),
        ignore=ignore or (),
        profile=profile,
        min_confidence=min_confidence,
        config=config,
        rules=rules or (),
        kind=kind,
        stdin_filename=stdin_filename,
        no_config=no_config,
        no_gitignore=no_gitignore,
        no_inline=no_inline,
        no_default_excludes=no_default_excludes,
        require_files=require_files,
        untrusted=untrusted,
        time_limit=time_limit,
    )
    if unproven and not harden:
        raise UsageError("--unproven goes with --harden; write fix --harden --unproven")
    least = Tier.asked(harden=harden, unproven=unproven)
    options = replace(options_of(written), is_verbose=verbose)
    return lambda: run_fix(options, least, diff, sys.stdout, sys.stderr)


@app.command()
def explain(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="an id, a name, or another tool's id")],
    rules: Folders = None,
) -> Work:
    """Print the documentation of a rule."""
    return lambda: rulebook.explain(rule, tuple(rules or ()), sys.stdout, sys.stderr)


@app.command("explain-file")
def explain_file(path: Annotated[str, typer.Argument(metavar="PATH")]) -> Work:
    """Print what a file is taken for: its kind, its purpose, its config."""
    from dockerlint.cli import explainfile

    return lambda: explainfile.explain_file(path, sys.stdout, sys.stderr)


@rules_app.command("list")
def list_rules(
    rules: Folders = None,
    fixable: Annotated[bool, typer.Option("--fixable", help="only rules with a fix")] = False,
    profile: Annotated[
        str | None, typer.Option(metavar="NAME", help="only rules of this profile: default, strict")
    ] = None,
    severity: Annotated[
        list[str] | None, typer.Option(metavar="SEVERITY", help=f"only these: {', '.join(LEVELS)}")
    ] = None,
    cis: Annotated[
        list[str] | None,
        typer.Option(metavar="NUMBER", help="only rules of these sections or recommendations of CIS Docker"),
    ] = None,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help=f"only rules for {' or '.join(SUPPORTED)} files")
    ] = None,
    format: Columns = "text",
) -> Work:
    """List rules: id, severity, profile, fix, name, title."""
    from dockerlint.cli import rulelist

    filters = rulelist.RuleFilters(
        fixable=fixable,
        profile=one_of("--profile", profile, PROFILES),
        severities=some_of("--severity", severity or (), LEVELS),
        cis=listed(cis or ()),
        kind=one_of("--kind", kind, SUPPORTED),
    )
    wanted = one_of("--format", format, TEXT_OR_JSON) or "text"
    return lambda: rulelist.list_rules(tuple(rules or ()), sys.stdout, sys.stderr, filters, wanted)


@rules_app.command("map")
def print_map(
    peer: Annotated[str, typer.Argument(metavar="PEER", help="another tool, such as hadolint")],
    rules: Folders = None,
    format: Columns = "text",
) -> Work:
    """Print what takes the place of each rule of another tool, and why one has none."""
    from dockerlint.cli import rulemap

    wanted = one_of("--format", format, TEXT_OR_JSON) or "text"
    return lambda: rulemap.print_map(peer, wanted, tuple(rules or ()), sys.stdout, sys.stderr)


@rules_app.command("test")
def run_examples(folders: Annotated[list[str] | None, typer.Argument(metavar="DIR")] = None) -> Work:
    """Run the examples of the rules in directories, or of the built-in rules."""
    return lambda: rulebook.test_rules(tuple(folders or ()), sys.stdout, sys.stderr)


@rules_app.command("facts")
def print_facts(
    node: Annotated[
        str | None, typer.Argument(metavar="NODE", help="a kind of node, such as stage; none is an overview")
    ] = None,
    format: Columns = "text",
) -> Work:
    """Print what rules can ask: nodes, fields, operators and lists of words."""
    from dockerlint.cli import facts

    wanted = one_of("--format", format, TEXT_OR_JSON) or "text"
    return lambda: facts.print_facts(node, sys.stdout, sys.stderr, wanted)


@rules_app.command("schema")
def print_schema() -> Work:
    """Print the JSON Schema of a rule file."""
    return lambda: rulebook.print_schema(sys.stdout)


@app.command()
def version() -> None:
    """Print the version."""
    print(f"dockerlint {__version__}")


@app.callback(invoke_without_command=True)
def _top(
    context: typer.Context,
    show_version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if show_version:
        version()
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit(2)
