"""What a command gives back to the command line."""

from __future__ import annotations

from collections.abc import Callable

Work = Callable[[], int]
"""What a command line asks for, and its exit code. It is done once typer is out of the way, because that
makes silent exits of interrupts and broken pipes."""
