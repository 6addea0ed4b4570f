"""What goes to standard error: lines that name the program, show no secret and command nothing."""

from __future__ import annotations

from dockerlint.masking.mask import hide_alone
from dockerlint.report.screen import harmless, visible


def complaint(message: str) -> str:
    """A message as lines of standard error."""
    lines = hide_alone(message).splitlines()
    return harmless("".join(f"dockerlint: {visible(line)}\n" for line in lines))
