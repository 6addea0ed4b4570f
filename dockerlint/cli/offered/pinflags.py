"""The options of `pin` that no other command has, as typer reads them."""

from __future__ import annotations

from typing import Annotated

import typer

PinnedPaths = Annotated[
    list[str] | None, typer.Argument(metavar="PATH", help="files and directories (default: .)")
]
Resolve = Annotated[bool, typer.Option("--resolve", help="query registries for missing digests")]
Update = Annotated[bool, typer.Option("--update", help="query registries for all tags, and update the lock")]
CheckLock = Annotated[
    bool, typer.Option("--check", help="write nothing, and exit 1 if the lock would change")
]
Offline = Annotated[
    bool, typer.Option("--offline", help="use no network, even with --resolve; exit 2 if a digest is missing")
]
Platform = Annotated[
    str,
    typer.Option(
        "--platform",
        metavar="OS/ARCH",
        help="pin the digest of one platform, such as linux/arm64 (default: the index of all)",
    ),
]
CaFile = Annotated[
    str | None,
    typer.Option("--ca-file", metavar="FILE", help="CA certificates to trust in addition to the system's"),
]
InsecureRegistry = Annotated[
    list[str] | None,
    typer.Option(
        "--insecure-registry",
        metavar="HOST",
        help="allow plain HTTP for this registry; repeatable (always allowed for localhost)",
    ),
]
Timeout = Annotated[
    str | None, typer.Option("--timeout", metavar="SECONDS", help="time limit per request (20)")
]
