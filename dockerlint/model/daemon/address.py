"""Where a daemon listens: https://docs.docker.com/reference/cli/dockerd/#daemon-socket-option"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Final

from dockerlint.model.container.port import is_loopback, is_unspecified
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Unknown

_DEFAULT_SCHEME: Final = "tcp"
"""Of an address without one (parseDaemonHost in opts/hosts.go of moby)."""


@dataclass(frozen=True, slots=True)
class DaemonHost:
    """One address that a daemon takes commands on: an entry of `hosts`, or a `-H`."""

    KINDS: ClassVar[tuple[str, ...]] = ("daemon_host",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    address: str | Unknown
    """As written: `tcp://0.0.0.0:2375`, `unix:///run/docker.sock`, `fd://`."""
    has_tls: bool | Unknown
    """The daemon speaks TLS on it: `tls`, or `tlsverify` whatever its value."""
    verifies_clients: bool | Unknown
    """`tlsverify`: only who holds a certificate of the daemon's authority gets in."""
    span: Span = field(compare=False)

    @property
    def scheme(self) -> str | Unknown:
        """`tcp`, `unix`, `fd`, `ssh` or `npipe`."""
        if isinstance(self.address, Unknown):
            return UNKNOWN
        scheme, mark, _ = self.address.partition("://")
        return scheme.lower() if mark else _DEFAULT_SCHEME

    @property
    def is_tcp(self) -> bool | Unknown:
        """Something else than this machine's file system decides who reaches it."""
        return UNKNOWN if isinstance(self.scheme, Unknown) else self.scheme in ("tcp", "http", "https")

    @property
    def host(self) -> str | Unknown:
        """Name or number of the address of a `tcp` one; "" where it names none, which is localhost."""
        if isinstance(self.address, Unknown):
            return UNKNOWN
        rest = self.address.rpartition("://")[2].partition("/")[0]
        name, colon, _ = rest.rpartition(":")
        return name if colon and not rest.endswith("]") else rest

    @property
    def is_local(self) -> bool | Unknown:
        """Only programs on this machine reach it; so do those in containers on the host's network."""
        if isinstance(self.host, Unknown):
            return UNKNOWN
        return self.host in ("", "localhost") or is_loopback(self.host)

    @property
    def on_all_interfaces(self) -> bool | Unknown:
        """It listens on every address of the host."""
        if isinstance(self.host, Unknown):
            return UNKNOWN
        return bool(self.host) and is_unspecified(self.host)
