"""Ports and mounts of a container next to those of the service that made it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from posixpath import join, normpath
from typing import Final, NamedTuple

from dockerlint.model.container.container import Container
from dockerlint.model.container.mount import Mount
from dockerlint.model.container.port import Port, is_loopback
from dockerlint.model.host.counterpart import Counterpart
from dockerlint.model.host.drift import Drift
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.values import Unknown, known

_MOST_PORTS: Final = 4096
"""Of a range; longer ones are not compared."""
_ANONYMOUS: Final = pattern(r"[0-9a-f]{64}\Z")
_STORED: Final = ("secrets", "configs")
_SECRETS: Final = "/run/secrets/"


class _Published(NamedTuple):
    """One port."""

    address: str
    published: int | None
    target: int
    protocol: str

    def __str__(self) -> str:
        host = "a free port" if self.published is None else str(self.published)
        return f"{self.address}:{host}→{self.target}/{self.protocol}"


def differing_ports(pair: Counterpart) -> Iterator[Drift]:
    """Ports that are published and should not be, and the other way round."""
    made, said = pair.container, pair.service
    if said.is_partial or made.uses_host_network is not False or said.uses_host_network is not False:
        return
    found, wanted = _published(made.ports), _published(said.ports)
    if found is None or wanted is None:
        return
    if more := set(found) - set(wanted):
        first = min(more, key=str)
        words = f"publishes {', '.join(sorted(map(str, more)))}"
        weakens = not all(is_loopback(one.address) for one in more)
        yield pair.drift("ports", words, "does not", span=found[first], weakens=weakens)
    if less := set(wanted) - set(found):
        yield pair.drift("ports", f"does not publish {', '.join(sorted(map(str, less)))}", "does")


def _published(ports: Iterable[Port]) -> dict[_Published, Span] | None:
    """Every port with its place; None where a variable decides, or Docker picks one of several."""
    found = {}
    for port in ports:
        targets, published = known(port.target), known(port.published)
        address = _address(port)
        is_open = port.published is not None and published is None
        if targets is None or address is None or is_open or isinstance(port.protocol, Unknown):
            return None
        inside = targets.numbers
        outside = [None] * len(inside) if published is None else published.numbers
        if len(inside) > _MOST_PORTS or len(outside) != len(inside):
            return None
        for target, host in zip(inside, outside, strict=True):
            found[_Published(address, host, target, port.protocol)] = port.span
    return found


def _address(port: Port) -> str | None:
    if port.on_all_interfaces is True:
        return "0.0.0.0"
    return None if port.host_ip is None else port.host_ip.known


def differing_mounts(pair: Counterpart) -> Iterator[Drift]:
    """Mounts that are there and should not be, that are missing, and that show something else."""
    made, said = pair.container, pair.service
    wanted = [one for one in said.mounts if one.origin not in _STORED]
    if said.is_partial or not all(map(_target, (*wanted, *made.mounts))):
        return
    there = {_target(one): one for one in made.mounts}
    meant = {_target(one): one for one in wanted}
    for target, mount in there.items():
        if target in meant:
            yield from _changed(pair, mount, meant[target])
        elif not _is_of_image(mount) and not _is_stored(target, said) and not said.volumes_from:
            yield pair.drift("mounts", f"mounts {_shown(mount)}", "does not", span=mount.span, weakens=True)
    for target, mount in meant.items():
        if target not in there:
            yield pair.drift("mounts", f"does not mount {_shown(mount)}", "does")


def _target(mount: Mount) -> str:
    """Where it is mounted; "" where that is not known."""
    target = None if mount.target is None else mount.target.known
    return normpath(target) if target else ""


def _is_of_image(mount: Mount) -> bool:
    """An anonymous volume, which an image may ask for."""
    return mount.type == "volume" and bool(_ANONYMOUS.match(known(mount.source) or ""))


def _is_stored(target: str, service: Container) -> bool:
    """A secret or a config that Compose mounts as a file."""
    return bool(service.configs) or (bool(service.secrets) and target.startswith(_SECRETS))


def _changed(pair: Counterpart, has: Mount, wanted: Mount) -> Iterator[Drift]:
    found, told = _source(has, pair, made=True), _source(wanted, pair, made=False)
    target = _target(has)
    if found is not None and told is not None and found != told:
        has_it, says = (one or "a volume of its own" for one in (found, told))
        yield pair.drift(
            "mounts",
            f"mounts {has_it} on {target}",
            f"says {says}",
            span=has.span,
            weakens=has.is_bind is True,
        )
    is_closed, should_be = has.is_read_only, wanted.is_read_only
    if isinstance(is_closed, Unknown) or isinstance(should_be, Unknown) or is_closed == should_be:
        return
    words = ("read-only", "says writable") if is_closed else ("writable", "says read-only")
    yield pair.drift("mounts", f"mounts {target} {words[0]}", words[1], span=has.span, weakens=not is_closed)


def _source(mount: Mount, pair: Counterpart, *, made: bool) -> str | None:
    """What is mounted: a path, a volume, `memory`; None where that cannot be known."""
    if mount.is_tmpfs is True:
        return "memory"
    if mount.is_bind is True:
        path = mount.path
        if not isinstance(path, str) or path.startswith("~"):
            return None
        if path.startswith("/"):
            return normpath(path)
        return normpath(join(pair.deployment.folder, path)) if pair.deployment.folder else None
    name = known(mount.source)
    if mount.type != "volume" or (mount.source is not None and name is None):
        return None
    if made:
        return "" if name is None or _ANONYMOUS.match(name) else name
    return "" if name is None else pair.deployment.volume(name) if pair.deployment.name else None


def _shown(mount: Mount) -> str:
    source = "memory" if mount.is_tmpfs is True else mount.label
    if mount.type == "volume" and mount.source is None:
        source = "a volume"
    return f"{source} on {_target(mount)}"
