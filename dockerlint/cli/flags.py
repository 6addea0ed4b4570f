"""The arguments and options of all commands, as typer reads them."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from dockerlint.budget import SECONDS
from dockerlint.cli.arguments import CONFIDENCES, LEVELS
from dockerlint.cli.offered import completion
from dockerlint.kinds import SUPPORTED
from dockerlint.report import FORMATS
from dockerlint.report.benchmark import AUDIT, BENCHMARKS, NEWEST, RENDERERS
from dockerlint.workspace.config import NEVER, PROFILES

_SOME: Final = "ids, names, id prefixes, hadolint:DL3002, hadolint, profiles, all"
TEXT_OR_JSON: Final = ("text", "json")

Paths = Annotated[
    list[str] | None,
    typer.Argument(metavar="PATH", help="files and directories (default: .); - is standard input"),
]
Records = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FILE",
        help="output of docker inspect, daemon.json, Compose files; - is standard input; "
        "default: run docker on this host",
    ),
]
RunLine = Annotated[
    list[str] | None,
    typer.Option("--run", metavar="LINE", help="a docker run command; repeatable"),
]
AgainstFiles = Annotated[
    list[str] | None,
    typer.Option(
        "--against",
        metavar="FILE",
        help="report where containers differ from this Compose project; repeatable",
    ),
]
Judged = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PATH", help="files and directories; - is standard input; default: list the recommendations"
    ),
]
Benchmark = Annotated[
    str | None,
    typer.Option(
        "--benchmark",
        metavar="VERSION",
        help=f"{', '.join(BENCHMARKS[:-1])} of the CIS Docker Benchmark ({NEWEST}), or {AUDIT}",
        autocompletion=completion.one_of_words((*BENCHMARKS, AUDIT)),
    ),
]
Level = Annotated[
    str | None,
    typer.Option(
        "--level",
        metavar="1|2",
        help="1: only level 1; 2: both levels (2)",
        autocompletion=completion.one_of_words("12"),
    ),
]
AskDocker = Annotated[bool, typer.Option("--host", help="also run docker on this host")]
VerdictFormats = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        metavar="FMT[:FILE]",
        help=f"{', '.join(RENDERERS)}, to stdout or a file; repeatable",
        autocompletion=completion.one_of_words(RENDERERS),
    ),
]
Formats = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        metavar="FMT[:FILE]",
        help=f"{', '.join(FORMATS)}, to stdout or a file; repeatable",
        autocompletion=completion.one_of_words(FORMATS),
    ),
]
Columns = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="FMT",
        help=" or ".join(TEXT_OR_JSON),
        autocompletion=completion.one_of_words(TEXT_OR_JSON),
    ),
]

# Which findings
FailOn = Annotated[
    str | None,
    typer.Option(
        "--fail-on",
        metavar="SEVERITY",
        help=f"exit 1 for findings at or above: {', '.join(LEVELS)}, {NEVER} (high)",
        autocompletion=completion.one_of_words((*LEVELS, NEVER)),
    ),
]
UseOnly = Annotated[
    list[str] | None,
    typer.Option(
        "--select", metavar="RULES", help=f"use only these rules: {_SOME}", autocompletion=completion.rules
    ),
]
FixOnly = Annotated[
    list[str] | None,
    typer.Option(
        "--select",
        metavar="RULES",
        help=f"fix only findings of these rules: {_SOME}",
        autocompletion=completion.rules,
    ),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="RULES", help="skip these rules", autocompletion=completion.rules),
]
Profile = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="NAME",
        help="default, or strict, which adds noisy rules and style rules",
        autocompletion=completion.one_of_words(PROFILES),
    ),
]
LeastSure = Annotated[
    str | None,
    typer.Option(
        "--min-confidence",
        metavar="LEVEL",
        help=f"hide findings below: {', '.join(CONFIDENCES)} (medium)",
        autocompletion=completion.one_of_words(CONFIDENCES),
    ),
]
OnlyFailing = Annotated[
    bool, typer.Option("--only-failing", help="leave findings below --fail-on out of the reports")
]
Statistics = Annotated[
    bool, typer.Option("--statistics", help="print how often each rule fires instead of the findings")
]
ShowSecrets = Annotated[
    bool,
    typer.Option("--show-secrets", help="do not mask secrets in report files, which get mode 0600"),
]
ShellCheck = Annotated[
    bool,
    typer.Option("--shellcheck", help="also run ShellCheck on RUN; needs dockerlint[shellcheck]"),
]

BaselineFile = Annotated[
    str | None,
    typer.Option("--baseline", metavar="FILE", help="hide and count the findings in this baseline"),
]
OwnBaseline = Annotated[
    str | None,
    typer.Option("--baseline", metavar="FILE", help="the baseline file; default: dockerlint-baseline.json"),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="REV",
        help="only report findings on lines and services changed since a git revision",
    ),
]
ScanReports = Annotated[
    list[str] | None,
    typer.Option(
        "--scan-report",
        metavar="[IMAGE=]FILE",
        help="vulnerability report of Trivy, Grype, Docker Scout or Snyk; repeatable",
    ),
]
SuggestScan = Annotated[
    bool, typer.Option("--suggest-scan", help="end with the commands that scan the images in these files")
]
RecordFile = Annotated[
    str | None,
    typer.Option(
        "--record",
        metavar="FILE.md",
        help="write a review record, compared with the last one (data in FILE.json)",
    ),
]
AllClear = Annotated[
    bool,
    typer.Option(
        "--all-clear", help="exit 0 only if all conditions in docs/record.md are known to hold, else 1"
    ),
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="why new entries are accepted")]
AcceptedBy = Annotated[str, typer.Option("--by", metavar="NAME", help="who accepts new entries")]
Until = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="the last day on which new entries are valid")
]

# Which files, and what they mean
ConfigFile = Annotated[str | None, typer.Option("--config", metavar="FILE", help="use only this config file")]
Folders = Annotated[
    list[str] | None, typer.Option("--rules", metavar="DIR", help="directory with your own rules")
]
TreatAs = Annotated[
    str | None,
    typer.Option(
        "--kind",
        metavar="KIND",
        help=f"treat every file as {' or '.join(SUPPORTED)}",
        autocompletion=completion.one_of_words(SUPPORTED),
    ),
]
StdinFilename = Annotated[
    str | None,
    typer.Option("--stdin-filename", metavar="NAME", help="file name to assume for standard input"),
]
NoConfig = Annotated[bool, typer.Option("--no-config", help="read no config file")]
NoGitignore = Annotated[bool, typer.Option("--no-gitignore", help="include files that git ignores")]
NoDefaultExcludes = Annotated[
    bool,
    typer.Option("--no-default-excludes", help="search vendor, third_party, node_modules and testdata, too"),
]
RequireFiles = Annotated[
    bool, typer.Option("--require-files", help="exit 2 if a directory contains no files to lint")
]
RequireComplete = Annotated[
    bool,
    typer.Option("--require-complete", help="exit 2 if a file that a Compose file names was not read"),
]
ComposeFiles = Annotated[
    list[str] | None,
    typer.Option(
        "--compose-file",
        metavar="FILE",
        help="a file of the Compose project, merged in this order; repeatable",
    ),
]
EnvFiles = Annotated[
    list[str] | None,
    typer.Option(
        "--env-file", metavar="FILE", help="variables for Compose files, instead of .env; repeatable"
    ),
]
NoInline = Annotated[bool, typer.Option("--no-inline", help="ignore all suppression comments")]
Untrusted = Annotated[
    str | None,
    typer.Option(
        "--untrusted",
        metavar="[=REV]",
        help="for untrusted code: ignore its config, rules, lock, .gitignore and suppression comments; "
        "with =REV use those of a git revision, except comments; "
        "--config and --rules must be outside the checkout",
    ),
]
TimeLimit = Annotated[
    str | None,
    typer.Option(
        "--time-limit",
        metavar="SECONDS",
        help=f"maximum CPU time per file ({SECONDS:g}); if exceeded, exit 2",
    ),
]
Today = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="calculate ages and ends of life for this day; default: today"),
]

# How it is done and shown
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="print one line per finding")]
NoColor = Annotated[bool, typer.Option("--no-color", help="do not use colours, even on a terminal")]
Jobs = Annotated[
    int, typer.Option("--jobs", "-j", metavar="N", help="number of processes; 0 is one per core")
]

# What a fix may change
Harden = Annotated[
    bool, typer.Option("--harden", help="also apply fixes that may change behaviour: users, tags, ports")
]
Unproven = Annotated[bool, typer.Option("--unproven", help="with --harden: also apply untested fixes")]
Verbose = Annotated[
    bool, typer.Option("--verbose", help="print one line per finding, not per service or stage")
]
OnlyFixed = Annotated[
    bool, typer.Option("--quiet", "-q", help="print what was fixed, and only count what is left")
]
Diff = Annotated[bool, typer.Option("--diff", help="show a patch and write nothing")]
