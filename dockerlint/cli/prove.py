"""A `prove` line, and what of it cannot be meant."""

from __future__ import annotations

from dockerlint.cli.arguments import UsageError, seconds_of
from dockerlint.prove.options import ProveOptions

_SECONDS = 600.0


def prove_options(
    path: str,
    services: tuple[str, ...],
    tests: tuple[str, ...],
    *,
    may_pull: bool,
    writes: bool,
    is_dry: bool,
    with_data: bool,
    exports: bool,
    time_limit: str | None,
) -> ProveOptions:
    """What a run needs to know; raises UsageError where options contradict each other."""
    if is_dry and (writes or exports):
        raise UsageError("--dry-run: cannot be combined with --write or --export")
    if tests and len(services) != 1:
        raise UsageError("--test: applies to one service; name it with --service")
    seconds = seconds_of("--time-limit", time_limit, _SECONDS)
    return ProveOptions(path, services, tests, may_pull, writes, is_dry, with_data, exports, seconds)
