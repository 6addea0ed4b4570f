"""How the network is used: what the user said about it."""

from __future__ import annotations

from typing import Final, NamedTuple

from dockerlint.registry.names import host_of, is_loopback

MOST_TRIES: Final = 4
MOST_SILENCES: Final = 2
"""Of these tries so many may end without any answer, as each of them takes all of its time."""
LONGEST_WAIT: Final = 60.0
"""Seconds that a registry may ask to be left alone; beyond that the user is told."""
MOST_REDIRECTS: Final = 5


class NetworkPolicy(NamedTuple):
    """What the user said about the network."""

    ca_file: str = ""
    """Certificates that are trusted besides those of the system."""
    insecure: tuple[str, ...] = ()
    """Registries that may be spoken to without TLS, with their ports where they are named with one."""
    seconds: float = 20.0
    """For one request, from the name of the host to the last byte."""

    def allows_plain(self, server: str) -> bool:
        """Whether a server may be spoken to without TLS: this machine, and what the user named."""
        return is_loopback(server) or server in self.insecure or host_of(server) in self.insecure
