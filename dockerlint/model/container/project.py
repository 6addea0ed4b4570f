"""A whole Compose file: its containers, and what they share and fight about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from dockerlint.model.container.conflict import (
    NameClash,
    PortClash,
    name_clashes,
    port_clashes,
    shared_volume,
)
from dockerlint.model.container.container import Container
from dockerlint.model.container.datanetwork import DataNetwork, data_networks
from dockerlint.model.container.envfile import EnvFile
from dockerlint.model.container.mount import Mount
from dockerlint.model.container.order import misplaced_section, unsorted
from dockerlint.model.container.repeatedsecret import RepeatedSecret, repeated_secrets
from dockerlint.model.container.resource import ComposeConfig, Include, Network, Secret
from dockerlint.model.secret.credential import Credential
from dockerlint.syntax import Comment, Problem
from dockerlint.text import Span
from dockerlint.values import Located


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A whole Compose file."""

    KINDS: ClassVar[tuple[str, ...]] = ("project",)
    CHILDREN: ClassVar[tuple[str, ...]] = (
        "containers",
        "networks",
        "secrets",
        "configs",
        "includes",
        "credentials",
        "problems",
        "name_clashes",
        "port_clashes",
        "data_networks",
        "env_files",
        "repeated_secrets",
    )

    name: Located[str] | None = None
    """The top-level `name`."""
    version: Located[str] | None = None
    """The obsolete `version:`."""
    keys: tuple[Located[str], ...] = field(default=(), compare=False)
    """The keys at its top, in the order of the text."""
    containers: tuple[Container, ...]
    networks: tuple[Network, ...] = ()
    secrets: tuple[Secret, ...] = ()
    configs: tuple[ComposeConfig, ...] = ()
    includes: tuple[Include, ...] = ()
    extended: tuple[Located[str], ...] = ()
    """The files of the services that services of this file extend."""
    env_files: tuple[EnvFile, ...] = ()
    """Files of variables beside it that hold secrets."""
    credentials: tuple[Credential, ...] = ()
    """Tokens and keys of a known shape, anywhere in the file but in comments."""
    problems: tuple[Problem, ...]
    comments: tuple[Comment, ...]
    shared: tuple[Span, ...] = field(default=(), compare=False)
    """Text that an alias or a merge key brings to several places: an edit there changes them all."""
    span: Span = field(compare=False)

    @property
    def defines_networks(self) -> bool:
        """Some service joins a network of its own choice."""
        return any(
            container.networks or container.namespaces.network is not None for container in self.containers
        )

    @property
    def first_service(self) -> Located[str] | None:
        """Where to say something about the whole file: the key of the first service."""
        return self.containers[0].name if self.containers else None

    @property
    def has_several_services(self) -> bool:
        """There is somebody to talk to."""
        return len(self.containers) > 1

    @property
    def misplaced_section(self) -> Located[str] | None:
        """The first key at its top that belongs before one above it."""
        return misplaced_section(self.keys)

    @property
    def unsorted_service(self) -> Located[str] | None:
        """The first service whose name belongs before the one above it."""
        return unsorted(container.name for container in self.containers)

    @property
    def shared_volume(self) -> Mount | None:
        """The first mount of a named volume that another service can write to as well."""
        return shared_volume(self.containers)

    @property
    def repeated_secrets(self) -> tuple[RepeatedSecret, ...]:
        """Secrets that the text of several services holds."""
        return repeated_secrets(self.containers)

    @property
    def data_networks(self) -> tuple[DataNetwork, ...]:
        """Networks that could be closed to the outside, and are not."""
        return data_networks(self.networks, self.containers)

    @property
    def name_clashes(self) -> tuple[NameClash, ...]:
        """Services that ask for the same container name."""
        return name_clashes(self.containers)

    @property
    def port_clashes(self) -> tuple[PortClash, ...]:
        """Services that publish the same port."""
        return port_clashes(self.containers)
