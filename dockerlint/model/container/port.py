"""Ports that a container publishes on its host."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from dockerlint.images.privilege import FIRST_UNPRIVILEGED_PORT
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Located, Unknown

"""Ports up to here need root, or CAP_NET_BIND_SERVICE, to listen on."""

_NO_PORTS = range(0)


@dataclass(frozen=True, slots=True)
class PortRange:
    """One port, or several in a row."""

    first: int
    """The lowest port."""
    last: int
    """The highest port; the same for one port."""

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    @property
    def numbers(self) -> range:
        """Every port of it, told by its ends: the 65,535 of a whole host are never listed."""
        return range(self.first, self.last + 1)


@dataclass(frozen=True, slots=True)
class Port:
    """One entry of `ports:`, short or long."""

    KINDS: ClassVar[tuple[str, ...]] = ("port",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    target: Located[PortRange]
    """Inside the container."""
    published: Located[PortRange] | None
    """On the host; None when Docker picks a free one."""
    host_ip: Located[str] | None
    """As written, without brackets; None when the entry names none."""
    protocol: str | Unknown
    """`tcp`, `udp` or `sctp`."""
    mode: str
    """`ingress` or `host`."""
    span: Span = field(compare=False)
    is_base_60: bool = False
    """Written without quotes and such that YAML 1.1 reads it as one number: `22:22` is 1342."""
    is_plain: bool = False
    """The short form, written without quotes."""

    @property
    def on_all_interfaces(self) -> bool | Unknown:
        """It listens on every address of the host: no address given, or the unspecified one in any spelling.

        https://docs.docker.com/engine/network/port-publishing/
        """
        if self.host_ip is None:
            return True
        address = self.host_ip.value
        return UNKNOWN if isinstance(address, Unknown) else is_unspecified(address)

    @property
    def is_loopback(self) -> bool | Unknown:
        """Only this host can reach it."""
        if self.host_ip is None:
            return False
        address = self.host_ip.value
        return UNKNOWN if isinstance(address, Unknown) else is_loopback(address)

    @property
    def is_ephemeral(self) -> bool:
        """Published on a port that Docker picks."""
        return self.published is None

    @property
    def targets(self) -> range | Unknown:
        """Every port inside the container."""
        ports = self.target.value
        return UNKNOWN if isinstance(ports, Unknown) else ports.numbers

    @property
    def host_ports(self) -> range | Unknown:
        """Every port on the host; none when Docker picks."""
        if self.published is None:
            return _NO_PORTS
        ports = self.published.value
        return UNKNOWN if isinstance(ports, Unknown) else ports.numbers

    @property
    def known_targets(self) -> range:
        """As `targets`; none where the text does not decide."""
        return _NO_PORTS if isinstance(self.targets, Unknown) else self.targets

    @property
    def known_host_ports(self) -> range:
        """As `host_ports`; none where the text does not decide."""
        return _NO_PORTS if isinstance(self.host_ports, Unknown) else self.host_ports

    @property
    def is_privileged(self) -> bool | Unknown:
        """A port below 1024 on the host, which services of the system use."""
        if self.published is None:
            return False
        ports = self.published.value
        return UNKNOWN if isinstance(ports, Unknown) else 0 < ports.first < FIRST_UNPRIVILEGED_PORT

    @property
    def number(self) -> int | None:
        """What ports are sorted by: the first on the host, else in the container; None for a variable."""
        ports = self.target.known if self.published is None else self.published.known
        return None if ports is None else ports.first

    @property
    def needs_privilege(self) -> bool:
        """One of its ports, on the host or inside, is below 1024, as far as the text shows them."""
        return any(
            0 < ports.start < FIRST_UNPRIVILEGED_PORT for ports in (self.known_targets, self.known_host_ports)
        )

    @property
    def label(self) -> str:
        """How to name it in a sentence: the host's port where it is known, else the container's; `…` for what
        a variable brings.
        """
        published = None if self.published is None else self.published.known
        port = self.target.known if published is None else published
        return "…" if port is None else str(port)


def _words_of_ipv6(address: str) -> list[int] | None:
    """Eight 16-bit words, or None when this is not an IPv6 address."""
    from ipaddress import AddressValueError, IPv6Address

    try:
        packed = IPv6Address(address.partition("%")[0]).packed
    except AddressValueError:
        return None
    return [packed[at] << 8 | packed[at + 1] for at in range(0, 16, 2)]


def is_unspecified(address: str) -> bool:
    bare = address.strip("[]").lower()
    if ":" not in bare:
        # Go's parser refuses 0 and 000.0.0.0, so no shorter spelling reaches the host.
        return bare in ("", "*", "0.0.0.0")
    words = _words_of_ipv6(bare)
    return words is not None and not any(words[:5]) and words[5] in (0, 0xFFFF) and words[6:] == [0, 0]


def is_loopback(address: str) -> bool:
    bare = address.strip("[]").lower()
    if ":" not in bare:
        return bare == "localhost" or bare.startswith("127.")
    words = _words_of_ipv6(bare)
    if words is None:
        return False
    return words == [0, 0, 0, 0, 0, 0, 0, 1] or (
        words[:6] == [0, 0, 0, 0, 0, 0xFFFF] and words[6] >> 8 == 127
    )
