"""What was written on a `fix` line, and the run it means."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace

from dockerlint.cli.arguments import CheckLine, UsageError, options_of
from dockerlint.findings import Tier


@dataclass(frozen=True, slots=True)
class FixLine:
    """The values of a `fix` line as written."""

    files: CheckLine
    harden: bool = False
    unproven: bool = False
    verbose: bool = False
    diff: bool = False


def work_of(line: FixLine) -> Callable[[], int]:
    """The run that a line asks for, which gives the exit code; raises UsageError."""
    from dockerlint.run.fix import run_fix

    if line.verbose and line.files.quiet:
        raise UsageError("--verbose: cannot be combined with --quiet")
    if line.unproven and not line.harden:
        raise UsageError("--unproven: only with --harden; use fix --harden --unproven")
    least = Tier.asked(harden=line.harden, unproven=line.unproven)
    options = replace(options_of(line.files), is_verbose=line.verbose)
    return lambda: run_fix(options, least, line.diff, sys.stdout, sys.stderr)
