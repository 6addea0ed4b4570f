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
        help="a shell command in the container that fails where the service does not work; repeatable",
    ),
]
MayPull = Annotated[bool, typer.Option("--pull", help="pull images that are not on the engine")]
ApplyProven = Annotated[bool, typer.Option("--write", help="apply the proposed difference")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="print what would be tried, and start nothing")]
WithData = Annotated[
    bool, typer.Option("--with-data", help="give trials copies of the host files that services mount")
]
ExportFacts = Annotated[
    bool, typer.Option("--export", help="also print what was proven as facts for rules/images")
]
ProofLimit = Annotated[
    str | None,
    typer.Option("--time-limit", metavar="SECONDS", help="time for the trials of one service (600)"),
]
