"""What a container starts and asks, word for word."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from dockerlint.values import Unknown

Argv: TypeAlias = "tuple[str, ...] | Unknown | None"
"""Words; UNKNOWN where a variable decides, None where the text does not say."""


class Launch(NamedTuple):
    """What a text says of it."""

    entrypoint: Argv = None
    command: Argv = None
    test: Argv = None
    """The health check as an engine keeps it: `CMD`, `CMD-SHELL` or `NONE` and what follows."""

    @property
    def has_own_entrypoint(self) -> bool:
        """It says an entrypoint, so that the command of the image does not count."""
        return self.entrypoint is not None
