"""The arguments and options of commands about rules, as typer reads them."""

from __future__ import annotations

from typing import Annotated

import typer

from dockerlint.cli.arguments import LEVELS
from dockerlint.cli.offered import completion
from dockerlint.kinds import SUPPORTED
from dockerlint.workspace.config import PROFILES

NamedRule = Annotated[
    str,
    typer.Argument(
        metavar="RULE", help="an id, a name, or another tool's id", autocompletion=completion.rule
    ),
]
Fixable = Annotated[bool, typer.Option("--fixable", help="only rules with a fix")]
OfProfile = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="NAME",
        help="only rules of this profile: default, strict",
        autocompletion=completion.one_of_words(PROFILES),
    ),
]
OfSeverity = Annotated[
    list[str] | None,
    typer.Option(
        "--severity",
        metavar="SEVERITY",
        help=f"only these: {', '.join(LEVELS)}",
        autocompletion=completion.some_of_words(LEVELS),
    ),
]
OfCis = Annotated[
    list[str] | None,
    typer.Option(
        "--cis",
        metavar="NUMBER",
        help="only rules for these sections or recommendations of the CIS Docker Benchmark",
    ),
]
OfKind = Annotated[
    str | None,
    typer.Option(
        "--kind",
        metavar="KIND",
        help=f"only rules for {' or '.join(SUPPORTED)} files",
        autocompletion=completion.one_of_words(SUPPORTED),
    ),
]
Peer = Annotated[
    str, typer.Argument(metavar="PEER", help="another tool, such as hadolint", autocompletion=completion.peer)
]
NodeKind = Annotated[
    str | None,
    typer.Argument(
        metavar="NODE",
        help="a kind of node, such as stage; default: an overview",
        autocompletion=completion.node,
    ),
]
