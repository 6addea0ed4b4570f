"""Services of one project that ask for the same thing of their host, which only one of them can get."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from dockerlint.model.container.mount import Mount
from dockerlint.model.container.port import Port, PortRange
from dockerlint.text import Span
from dockerlint.values import Unknown, known

if TYPE_CHECKING:
    from dockerlint.model.container.container import Container

MENU = 20
"""Services of a project that people may choose from."""
MENU_CLASHES = 3
"""Ports that two of them want, and services that come second, at least."""
NEIGHBOURS = 16
"""With how many ports before it, by number, a port is compared: bounds the work on hostile files."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Two services that cannot run at the same time."""

    KINDS: ClassVar[tuple[str, ...]] = ()
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    first: str
    """The service that was there before."""
    second: str
    """The service further down that has the same."""
    text: str
    """What both ask for."""
    span: Span = field(compare=False)
    """Where the second asks for it."""
    is_on_menu: bool = False
    """The project is a menu of services, of which people start a few by name."""


@dataclass(frozen=True, slots=True)
class NameClash(Clash):
    """Both have the same `container_name`."""

    KINDS: ClassVar[tuple[str, ...]] = ("name_clash",)


@dataclass(frozen=True, slots=True)
class PortClash(Clash):
    """Both publish the same port on the same address."""

    KINDS: ClassVar[tuple[str, ...]] = ("port_clash",)


def name_clashes(containers: Sequence[Container]) -> tuple[NameClash, ...]:
    """Every container that asks for a name that one before it has, in order of the text."""
    found: list[NameClash] = []
    owners: dict[str, Container] = {}
    for container in containers:
        name = container.container_name
        if name is None or isinstance(name.value, Unknown):
            continue
        owner = owners.setdefault(name.value, container)
        if owner is not container and _run_together(owner, container):
            found.append(NameClash(str(owner.name.value), str(container.name.value), name.value, name.span))
    return tuple(found)


class _Claim(NamedTuple):
    """One port of the host, asked for by one service."""

    ports: PortRange
    port: Port
    owner: Container


def port_clashes(containers: Sequence[Container]) -> tuple[PortClash, ...]:
    """Every published port that overlaps one before it, in order of the text."""
    claims = sorted(_claims(containers), key=lambda claim: (claim.ports.first, claim.port.span.start))
    found: list[PortClash] = []
    for at, claim in enumerate(claims):
        for other in claims[max(0, at - NEIGHBOURS) : at]:
            if _collide(other, claim):
                found.append(_clash(*sorted((other, claim), key=lambda one: one.port.span.start)))
                break
    return tuple(sorted(_marked(found, containers), key=lambda clash: clash.span.start))


def _marked(found: Sequence[PortClash], containers: Sequence[Container]) -> Iterator[PortClash]:
    """Nobody starts all of many services if several pairs of them want one port each."""
    ports, services = {one.text for one in found}, {one.second for one in found}
    is_menu = len(containers) >= MENU and min(len(ports), len(services)) >= MENU_CLASHES
    yield from (replace(one, is_on_menu=True) for one in found) if is_menu else found


def _claims(containers: Sequence[Container]) -> Iterator[_Claim]:
    for container in containers:
        if container.publishes_ports is not True:
            continue
        for port in container.ports:
            ports = None if port.published is None else port.published.value
            target = port.target.value
            if ports is None or isinstance(ports, Unknown) or isinstance(target, Unknown):
                continue
            # Several ports of the host for one of the container: Docker takes one that is free.
            if ports.last > ports.first and target.first == target.last:
                continue
            yield _Claim(ports, port, container)


def _collide(one: _Claim, other: _Claim) -> bool:
    if one.ports.last < other.ports.first or one.port.protocol != other.port.protocol:
        return False
    if isinstance(one.port.protocol, Unknown) or not _same_address(one.port, other.port):
        return False
    # Compose drops an entry that a service holds twice.
    is_twin = one.owner is other.owner and one.port.target == other.port.target and one.ports == other.ports
    return not is_twin and _run_together(one.owner, other.owner)


def _same_address(one: Port, other: Port) -> bool:
    """Whether both listen on one address; 0.0.0.0 and :: can be had at the same time."""
    first, second = (port.host_ip.value if port.host_ip else "" for port in (one, other))
    if isinstance(first, Unknown) or isinstance(second, Unknown):
        return False
    if first == second or not first or not second:
        return True
    is_mixed = (":" in first) != (":" in second)
    return not is_mixed and (one.on_all_interfaces is True or other.on_all_interfaces is True)


def _run_together(one: Container, other: Container) -> bool:
    """Whether one command starts both: no profiles, or a profile in common."""
    profiles, others = ({profile.value for profile in each.profiles} for each in (one, other))
    return not profiles or not others or bool(profiles & others)


def _clash(first: _Claim, second: _Claim) -> PortClash:
    names = str(first.owner.name.value), str(second.owner.name.value)
    return PortClash(*names, str(second.ports), second.port.span)


def shared_volume(containers: Sequence[Container]) -> Mount | None:
    """The first mount of a named volume that a service above mounts too, where both can write."""
    owners: dict[str, Container] = {}
    for container in containers:
        for mount in container.mounts:
            name = known(mount.source) if mount.type == "volume" else None
            if name is None or mount.is_read_only is not False:
                continue
            if owners.setdefault(name, container) is not container:
                return mount
    return None
