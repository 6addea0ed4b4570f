"""What was proven of one service on an engine, as a file of the project keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Receipt:
    """The hardening with which a service worked, started again on the same volumes, and worked.

    None and "" stand for what was not proven.
    """

    path: str
    """The file it is from, for messages."""
    service: str
    """The name of the service."""
    image: str
    """What it ran, as its text had it: `postgres:17`; "" for one that was built."""
    digest: str
    """`sha256:…` under which a registry has the image; "" where it is from none."""
    dockerfile: str
    """SHA-256 of the Dockerfile that was built, in hexadecimal; "" where nothing was built."""
    setup: str
    """A digest of what it was started with: command, mounts and names of variables."""
    date: str
    """The day: `2026-11-30`."""
    engine: str
    """What it ran on: `Docker Engine 26.1.5`."""
    read_only: bool = False
    """Its own file system was read-only."""
    tmpfs: tuple[str, ...] = ()
    """Entries of `tmpfs:` that it then took."""
    user: str = ""
    """The value of `user:` that was proven, where the service itself names none."""
    capabilities: tuple[str, ...] | None = None
    """What is given back behind `cap_drop: [ALL]`."""
    no_new_privileges: bool = False
    """It ran with no-new-privileges."""
    memory: str = ""
    """`256m`, with head-room over what was measured."""
    pids: int = 0
    """Processes and threads, with head-room over what was measured; 0 for no limit."""
