"""The commands of `dockerlint rules`, as typer reads them."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from dockerlint.cli import flags
from dockerlint.cli.arguments import LEVELS, listed, one_of, some_of
from dockerlint.cli.offered.epilog import epilog
from dockerlint.cli.offered.work import Work
from dockerlint.cli.rules import flags as ruleflags
from dockerlint.cli.rules import rulebook
from dockerlint.kinds import SUPPORTED
from dockerlint.workspace.config import PROFILES

rules_app = typer.Typer(help="List, test and describe rules.", rich_markup_mode=None)


@rules_app.command(
    "list",
    epilog=epilog(
        "0 listed, 2 errors.",
        "dockerlint rules list --fixable --severity critical,high",
        "dockerlint rules list --kind compose --cis 5.5 --format json",
    ),
)
def list_rules(
    rules: flags.Folders = None,
    fixable: ruleflags.Fixable = False,
    profile: ruleflags.OfProfile = None,
    severity: ruleflags.OfSeverity = None,
    cis: ruleflags.OfCis = None,
    kind: ruleflags.OfKind = None,
    format: flags.Columns = "text",
) -> Work:
    """List rules: id, severity, profile, fix, name, title."""
    from dockerlint.cli.rules import rulelist

    filters = rulelist.RuleFilters(
        fixable=fixable,
        profile=one_of("--profile", profile, PROFILES),
        severities=some_of("--severity", severity or (), LEVELS),
        cis=listed(cis or ()),
        kind=one_of("--kind", kind, SUPPORTED),
    )
    wanted = one_of("--format", format, flags.TEXT_OR_JSON) or "text"
    return lambda: rulelist.list_rules(tuple(rules or ()), sys.stdout, sys.stderr, filters, wanted)


@rules_app.command(
    "map",
    epilog=epilog(
        "0 printed, 2 no such tool.",
        "dockerlint rules map hadolint",
        "dockerlint rules map checkov --format json",
    ),
)
def print_map(peer: ruleflags.Peer, rules: flags.Folders = None, format: flags.Columns = "text") -> Work:
    """Print the equivalent of each rule of another tool, or why there is none."""
    from dockerlint.cli.rules import rulemap

    wanted = one_of("--format", format, flags.TEXT_OR_JSON) or "text"
    return lambda: rulemap.print_map(peer, wanted, tuple(rules or ()), sys.stdout, sys.stderr)


@rules_app.command(
    "test",
    epilog=epilog("0 all examples hold, 1 one does not, 2 errors.", "dockerlint rules test policy/"),
)
def run_examples(folders: Annotated[list[str] | None, typer.Argument(metavar="DIR")] = None) -> Work:
    """Run the examples of the rules in directories, or of the built-in rules."""
    return lambda: rulebook.test_rules(tuple(folders or ()), sys.stdout, sys.stderr)


@rules_app.command(
    "facts",
    epilog=epilog(
        "0 printed, 2 no such node.",
        "dockerlint rules facts",
        "dockerlint rules facts stage",
        "dockerlint rules facts port --format json",
    ),
)
def print_facts(node: ruleflags.NodeKind = None, format: flags.Columns = "text") -> Work:
    """Print what rules can use: nodes, fields, operators and word lists."""
    from dockerlint.cli.rules import rulefacts

    wanted = one_of("--format", format, flags.TEXT_OR_JSON) or "text"
    return lambda: rulefacts.print_facts(node, sys.stdout, sys.stderr, wanted)


@rules_app.command("schema", epilog=epilog("0 printed.", "dockerlint rules schema > rule.schema.json"))
def print_schema() -> Work:
    """Print the JSON Schema of a rule file."""
    return lambda: rulebook.print_schema(sys.stdout)
