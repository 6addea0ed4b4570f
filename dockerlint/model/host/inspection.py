"""What `docker inspect` printed: the containers, images and networks of a host."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from dockerlint.images.privilege import starts_as_root
from dockerlint.model.container.container import Container
from dockerlint.model.daemon.daemon import Daemon
from dockerlint.model.host.drift import MissingContainer
from dockerlint.model.secret.credential import Credential
from dockerlint.model.variable import Variable
from dockerlint.syntax import Comment, Problem
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Located, Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageConfig:
    """An image as it was built, whatever made it."""

    KINDS: ClassVar[tuple[str, ...]] = ("image_config",)
    CHILDREN: ClassVar[tuple[str, ...]] = ("variables", "labels", "layers")

    name: Located[str]
    """A tag of it, else its digest."""
    span: Span = field(compare=False)
    """The name."""
    user: Located[str] | None = None
    """The user that containers run as; None where the text does not say."""
    variables: tuple[Variable, ...] = ()
    """Its environment, origin `env`."""
    labels: tuple[Variable, ...] = ()
    """Origin `label`."""
    layers: tuple[ImageLayer, ...] = ()
    """What its history says."""
    has_healthcheck: bool | Unknown = UNKNOWN
    """It says how to ask whether it works."""
    age: int | None = None
    """Days since it was made; None where the text does not say, or nobody knows (1970)."""

    @property
    def is_root(self) -> bool | Unknown:
        """Containers of it run as root unless somebody says otherwise."""
        if self.user is None:
            return UNKNOWN
        return UNKNOWN if isinstance(self.user.value, Unknown) else starts_as_root(self.user.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageLayer:
    """One step of the history of an image."""

    KINDS: ClassVar[tuple[str, ...]] = ("image_layer",)
    CHILDREN: ClassVar[tuple[str, ...]] = ("variables",)

    command: Located[str]
    """What made it."""
    variables: tuple[Variable, ...] = ()
    """What it sets, origin `history`."""
    secret_spans: tuple[Span, ...] = field(default=(), compare=False)
    """What no report may show of its command."""
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostNetwork:
    """A network of the engine."""

    KINDS: ClassVar[tuple[str, ...]] = ("host_network",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    name: Located[str]
    """Its name."""
    span: Span = field(compare=False)
    """The name."""
    driver: Located[str] | None = None
    """`bridge`, `overlay`, `macvlan` …"""
    allows_traffic: Located[bool] | None = None
    """`com.docker.network.bridge.enable_icc`."""
    is_encrypted: bool = False
    """An overlay whose traffic is encrypted."""
    is_internal: Located[bool] | None = None
    """Nothing on it reaches other networks."""
    containers: int = 0
    """How many containers are on it."""

    @property
    def is_open_default(self) -> bool:
        """The default bridge, on which containers reach each other, with some on it."""
        is_default = self.name.value == "bridge"
        allows = self.allows_traffic is None or self.allows_traffic.value is not False
        return is_default and allows and self.containers > 1

    @property
    def is_plain_overlay(self) -> bool:
        """What is said on it crosses the network between hosts in clear text."""
        return self.driver is not None and self.driver.value == "overlay" and not self.is_encrypted


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """All that was printed."""

    KINDS: ClassVar[tuple[str, ...]] = ("inspection",)
    CHILDREN: ClassVar[tuple[str, ...]] = (
        "containers",
        "images",
        "layers",
        "networks",
        "daemons",
        "credentials",
        "problems",
        "missing",
    )

    containers: tuple[Container, ...] = ()
    images: tuple[ImageConfig, ...] = ()
    layers: tuple[ImageLayer, ...] = ()
    """Lines of `docker history` without their image."""
    networks: tuple[HostNetwork, ...] = ()
    daemons: tuple[Daemon, ...] = ()
    """The daemon, where it says something about itself."""
    credentials: tuple[Credential, ...] = ()
    """Tokens and keys of a known shape."""
    problems: tuple[Problem, ...] = ()
    missing: tuple[MissingContainer, ...] = ()
    """Services of the project that it is held to, and that no container belongs to."""
    comments: tuple[Comment, ...] = ()
    span: Span = field(compare=False)
