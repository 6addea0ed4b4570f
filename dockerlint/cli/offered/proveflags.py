"""The arguments and options of `dockerlint prove`, as typer reads them."""

from __future__ import annotations

from typing import Annotated

import typer

ProvenProject = Annotated[
    str, typer.Argument(metavar="PROJECT", help="a Compose file, or the directory of one (default: .)")
]
ProvenServices = Annotated[
    list[str] | None,
    typer.Option("--service", metavar="NAME", help="only this service; repeatable (default: all)"),
]
ProofTests = Annotated[
    list[str] | None,
    typer.Option(
        "--test",
        metavar="COMMAND",
        help="a shell command, run in the container, that fails if the service does not work; repeatable",
    ),
]
MayPull = Annotated[bool, typer.Option("--pull", help="pull missing images")]
ApplyProven = Annotated[bool, typer.Option("--write", help="apply the resulting patch")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="print what would be tried, but start nothing")]
WithData = Annotated[
    bool, typer.Option("--with-data", help="copy mounted host files of the project into the trials")
]
ExportFacts = Annotated[
    bool, typer.Option("--export", help="also print the result in the format of rules/images")
]
ProofLimit = Annotated[
    str | None,
    typer.Option("--time-limit", metavar="SECONDS", help="time limit for the trials of one service (600)"),
]
