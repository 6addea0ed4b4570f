"""The options of `dockerlint init`, as typer reads them."""

from __future__ import annotations

from typing import Annotated

import typer

from dockerlint.cli.offered.completion import some_of_words

PeerFiles = Annotated[
    list[str] | None,
    typer.Option(
        "--from",
        metavar="FILE",
        help="convert the config of another tool (.hadolint.yaml, .trivyignore, .checkov.yaml, "
        ".compose-lint.yml, .dclintrc, kics.config); repeatable",
    ),
]
Memory = Annotated[
    str, typer.Option("--memory", metavar="SIZE", help="memory limit that fixes write, such as 512m or 2g")
]
Cpus = Annotated[str, typer.Option("--cpus", metavar="N", help="CPU limit that fixes write, such as 0.5")]
Pids = Annotated[str, typer.Option("--pids", metavar="N", help="process limit that fixes write, such as 200")]
AddHooks = Annotated[
    bool, typer.Option("--hooks", help="also add hooks to .pre-commit-config.yaml; its content is kept")
]
AddPipelines = Annotated[
    list[str] | None,
    typer.Option(
        "--ci",
        metavar="SERVICE",
        help="also add a CI job for github or gitlab; repeatable",
        autocompletion=some_of_words(("github", "gitlab")),
    ),
]
SourceAddress = Annotated[
    str,
    typer.Option(
        "--source",
        metavar="ADDRESS@REV",
        help="the git repository from which hooks and jobs install dockerlint (default: like this one)",
    ),
]
OnlyPrint = Annotated[bool, typer.Option("--print", help="print the config and write nothing")]
