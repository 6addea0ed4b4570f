"""A `pin` line, and what of it cannot be meant."""

from __future__ import annotations

from collections.abc import Sequence

from dockerlint.cli.arguments import CheckLine, UsageError, options_of, seconds_of
from dockerlint.images.reference import is_server
from dockerlint.pin.options import PinOptions
from dockerlint.registry.network import NetworkPolicy
from dockerlint.workspace.discovery import STDIN
from dockerlint.workspace.lock import is_platform

_SECONDS = 20.0


def pin_options(
    files: CheckLine,
    *,
    resolve: bool,
    update: bool,
    check: bool,
    offline: bool,
    platform: str,
    network: NetworkPolicy,
) -> PinOptions:
    """What a run needs to know; raises UsageError where a value cannot be meant."""
    options = options_of(files)
    if STDIN in options.paths:
        raise UsageError("pin: standard input (-) is not supported; name a file or directory")
    if platform and not is_platform(platform):
        raise UsageError(f"--platform: {platform!r} is not in the form linux/arm64")
    for server in network.insecure:
        if not is_server(server):
            raise UsageError(f"--insecure-registry: {server!r} is not a host, with or without a port")
    return PinOptions(options, resolve, update, check, offline, platform, network, options.today)


def network_of(ca_file: str | None, insecure: Sequence[str], timeout: str | None) -> NetworkPolicy:
    """What the command line says about the network; raises UsageError."""
    return NetworkPolicy(ca_file or "", tuple(insecure), seconds_of("--timeout", timeout, _SECONDS))
