"""What a user asks of `prove`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ProveOptions:
    """What the user asks for."""

    path: str = "."
    services: tuple[str, ...] = ()
    """The services to prove; all of them where none is named."""
    tests: tuple[str, ...] = ()
    """Commands that tell whether the service works, for a shell in its container."""
    may_pull: bool = False
    writes: bool = False
    """The proposed difference is applied."""
    is_dry: bool = False
    with_data: bool = False
    """Trials get copies of the host files and volumes of the services."""
    exports: bool = False
    seconds: float = 600.0
    """How long the trials of one service may take."""
