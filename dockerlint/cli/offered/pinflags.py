"""The options of `pin` that no other command has, as typer reads them."""

from __future__ import annotations

from typing import Annotated

import typer

PinnedPaths = Annotated[
    list[str] | None, typer.Argument(metavar="PATH", help="files and directories (default: .)")
]
Resolve = Annotated[bool, typer.Option("--resolve", help="ask registries for digests that are not known")]
Update = Annotated[
    bool, typer.Option("--update", help="ask registries what every tag means today, and move the lock there")
]
CheckLock = Annotated[
    bool, typer.Option("--check", help="write nothing, and exit 1 where the lock would be written anew")
]
Offline = Annotated[
    bool, typer.Option("--offline", help="ask nobody, whatever else is said; exit 2 for unknown digests")
]
Platform = Annotated[
    str,
    typer.Option(
        "--platform", metavar="OS/ARCH", help="the digest of one platform, such as linux/arm64 (index of all)"
    ),
]
CaFile = Annotated[
    str | None,
    typer.Option("--ca-file", metavar="FILE", help="certificates that are trusted besides the system's"),
]
InsecureRegistry = Annotated[
    list[str] | None,
    typer.Option(
        "--insecure-registry",
        metavar="HOST",
        help="a registry that may be asked without TLS; repeatable (this machine always may)",
    ),
]
Timeout = Annotated[
    str | None, typer.Option("--timeout", metavar="SECONDS", help="time for one request (20)")
]
