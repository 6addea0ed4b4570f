"""Networks that carry data only, so that nothing on them needs a way out of the host."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from dockerlint.model.container.resource import Network
from dockerlint.text import Span
from dockerlint.values import Unknown

if TYPE_CHECKING:
    from dockerlint.model.container.container import Container


@dataclass(frozen=True, slots=True)
class DataNetwork:
    """A network with datastores on it, which everybody else on it could leave by another one."""

    KINDS: ClassVar[tuple[str, ...]] = ("data_network",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    name: str
    """The key of the network."""
    stores: tuple[str, ...]
    """The datastores on it."""
    span: Span = field(compare=False)
    """Its key."""


def data_networks(networks: Sequence[Network], containers: Sequence[Container]) -> tuple[DataNetwork, ...]:
    """The networks that could be `internal` and are not.

    A datastore that publishes a port needs the way in, whatever else is on the network the way out: it has
    to be on another network, too, which is open.
    """
    found = []
    members = _members(containers)
    open_names = {str(one.name.value) for one in networks if one.is_internal is False}
    ways_out = {id(one): len(_joined(one) & open_names) for one in containers}
    for network in networks:
        name = network.name.value
        if isinstance(name, Unknown) or network.is_external is not False or network.is_internal is not False:
            continue
        stores = tuple(str(one.name.value) for one in members.get(name, ()) if one.runs_datastore)
        if stores and all(_can_do_without(one, ways_out[id(one)] - 1) for one in members[name]):
            found.append(DataNetwork(name, stores, network.name.span))
            for one in members[name]:
                ways_out[id(one)] -= 1
    return tuple(found)


def _members(containers: Sequence[Container]) -> dict[str, list[Container]]:
    """The containers on each network, in order of the text."""
    found: dict[str, list[Container]] = {}
    for container in containers:
        for name in _joined(container):
            found.setdefault(name, []).append(container)
    return found


def _can_do_without(container: Container, other_ways: int) -> bool:
    """Whether it needs nothing of the network but the containers on it."""
    if container.is_partial:
        return False
    return (container.runs_datastore and not container.ports) or other_ways > 0


def _joined(container: Container) -> set[str]:
    return {str(one.value) for one in container.networks}
