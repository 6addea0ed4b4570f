"""Which images and services a file names, for those who count them over many repositories."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dockerlint.linting.subject import subject_of
from dockerlint.regex import pattern
from dockerlint.ruleset.bundle import load_bundle
from dockerlint.text import Source
from dockerlint.values import Unknown, known

if TYPE_CHECKING:
    from dockerlint.model.container.container import Container
    from dockerlint.model.container.port import Port
    from dockerlint.model.image import Image
    from dockerlint.ruleset.rule import Scope

_VERSION: Final = pattern(r"v?(\d+(?:\.\d+)*)(?=$|[-._+a-zA-Z])")
EVERYWHERE, ELSEWHERE, LOOPBACK, NOBODY_KNOWS = "all", "address", "loopback", "unknown"
"""What reaches a published port: every interface of the host, one address of it, itself alone; a variable."""


class ImageUse(NamedTuple):
    """One use of an image. A field is None where the text does not decide it, or nobody knows."""

    origin: str
    """`from`, `copy`, `mount` or `service`."""
    subject: str | None
    """The stage or service."""
    line: int | None
    """Where it stands; None in what several files make together."""
    reference: str | None
    registry: str | None
    name: str | None
    tag: str | None
    digest: str | None
    version: str | None
    """The number that the tag begins with: `3.12` of `3.12-slim`."""
    product: str | None
    """Whose release line the tag names: `Node.js`."""
    release: str | None
    """The line: `22`."""
    end_of_life: str | None
    """The first day on which it gets no fixes."""
    is_ended: bool | None
    system: str | None
    """The system that the tag names beside the version, and its release: `Debian 12`."""
    ships: bool
    """What runs in the end is built upon it, or a service runs it."""
    is_pinned: bool | None
    is_floating: bool | None


class PortUse(NamedTuple):
    """One entry of the ports that a service publishes."""

    host_ip: str | None
    published: str | None
    target: str | None
    protocol: str | None
    reach: str
    is_datastore: bool
    """A datastore listens on it, as its image or the number says."""


class ServiceUse(NamedTuple):
    """One service of a Compose file, or a container of another text."""

    name: str | None
    image: str | None
    image_name: str | None
    image_tag: str | None
    is_built: bool
    is_datastore: bool
    datastore_reach: str | None
    """The widest reach of its ports of datastores; None where it publishes none."""
    ports: tuple[PortUse, ...]
    is_privileged: bool | None
    has_host_network: bool | None
    is_root: bool | None
    has_engine_socket: bool


class Census(NamedTuple):
    """What one file names."""

    images: tuple[ImageUse, ...] = ()
    services: tuple[ServiceUse, ...] = ()

    def masked(self, mask: Callable[[str], str]) -> Census:
        """The same with every text as reports may show it."""
        images, services = (tuple(_masked(one, mask) for one in rows) for rows in self)
        return Census(images, services)


def census_of(nodes: Iterator[tuple[Any, Scope]], text: str | None) -> Census:
    """What is counted of the nodes of a file with this text; None where places are not in one file."""
    source = None if text is None else Source("", text)
    images: list[ImageUse] = []
    services: list[ServiceUse] = []
    for node, scope in nodes:
        if "image" in node.KINDS and node.is_scratch is not True:
            images.append(_image_use(node, scope, source))
        elif "container" in node.KINDS:
            services.append(_service_use(node))
    return Census(tuple(images), tuple(services))


def _image_use(image: Image, scope: Scope, source: Source | None) -> ImageUse:
    stage: Any = scope.get("stage")
    tag, line, base = known(image.tag), image.release, image.base
    number = _VERSION.match(tag) if tag else None
    return ImageUse(
        origin=image.origin,
        subject=subject_of(scope)[0],
        line=None if source is None else source.position(image.span.start).line,
        reference=_told(image.reference),
        registry=_told(image.registry),
        name=_told(image.name),
        tag=tag,
        digest=known(image.digest),
        version=number[1] if number else None,
        product=line.product if line else None,
        release=line.cycle if line else None,
        end_of_life=str(line.end_of_life) if line and line.end_of_life else None,
        is_ended=line.is_ended if line else None,
        system=f"{base.product} {base.cycle}" if base else None,
        ships=stage is None or (image.origin == "from" and stage.ships),
        is_pinned=_told(image.is_pinned),
        is_floating=_told(image.is_floating),
    )


def _service_use(container: Container) -> ServiceUse:
    image, runs_datastore = container.image, container.runs_datastore
    is_open = container.publishes_ports is True
    ports = tuple(_port_use(one, runs_datastore) for one in (container.ports if is_open else ()))
    reaches = {one.reach for one in ports if one.is_datastore}
    return ServiceUse(
        name=known(container.name),
        image=None if image is None else _told(image.reference),
        image_name=None if image is None else _told(image.name),
        image_tag=None if image is None else known(image.tag),
        is_built=container.is_built,
        is_datastore=runs_datastore,
        datastore_reach=next((one for one in _WIDEST_FIRST if one in reaches), None),
        ports=ports,
        is_privileged=_told(container.is_privileged),
        has_host_network=_told(container.uses_host_network),
        is_root=_told(container.is_root),
        has_engine_socket=container.control_socket is not None,
    )


_WIDEST_FIRST: Final = (EVERYWHERE, ELSEWHERE, NOBODY_KNOWS, LOOPBACK)


def _port_use(port: Port, runs_datastore: bool) -> PortUse:
    target, published = port.target.known, None if port.published is None else port.published.known
    is_datastore = runs_datastore or any(number in port.known_targets for number in _datastore_ports())
    return PortUse(
        host_ip=known(port.host_ip),
        published=None if published is None else str(published),
        target=None if target is None else str(target),
        protocol=_told(port.protocol),
        reach=_reach(port),
        is_datastore=is_datastore,
    )


@cache
def _datastore_ports() -> tuple[int, ...]:
    """Those that the rules go by."""
    return tuple(map(int, load_bundle()["words"]["datastore-ports"]))


def _reach(port: Port) -> str:
    if port.on_all_interfaces is True:
        return EVERYWHERE
    if port.is_loopback is True:
        return LOOPBACK
    return ELSEWHERE if port.on_all_interfaces is False and port.is_loopback is False else NOBODY_KNOWS


def _told(value: Any) -> Any:
    return None if isinstance(value, Unknown) else value


def _masked(value: Any, mask: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, tuple):
        parts = [_masked(one, mask) for one in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return value
