"""What a run of `pin` is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dockerlint.registry.network import NetworkPolicy
from dockerlint.run.check import Options


@dataclass(frozen=True, slots=True)
class PinOptions:
    """What a run of `pin` is asked to do."""

    files: Options
    """Which files are read, and how."""
    resolve: bool = False
    """Ask the registry for what is not known."""
    update: bool = False
    """Ask the registry for everything."""
    check: bool = False
    """Write nothing, and say whether something would be written."""
    offline: bool = False
    """Ask nobody; that something is not known is an error."""
    platform: str = ""
    """The platform whose digest is wanted; "" for the index of all."""
    network: NetworkPolicy = NetworkPolicy()
    today: date | None = None
    """The day that new entries get; None for that of the clock."""

    @property
    def asks(self) -> bool:
        """Whether a registry may be asked."""
        return (self.resolve or self.update) and not self.offline
