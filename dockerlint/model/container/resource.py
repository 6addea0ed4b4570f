"""What a Compose file declares beside its services: networks, secrets, configs, other files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from dockerlint.model.secret.named import names_of_secrets
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Located, Unknown, known


@dataclass(frozen=True, slots=True)
class Network:
    """One entry of the top-level `networks`."""

    KINDS: ClassVar[tuple[str, ...]] = ("network",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    name: Located[str]
    """The key, by which services join it."""
    real_name: Located[str] | None
    """`name:`, when the text gives one."""
    driver: Located[str] | None
    """`driver`."""
    is_external: bool | Unknown
    """It is made outside of this project."""
    is_internal: bool | Unknown
    """`internal`: nothing on it reaches other networks."""
    is_encrypted: bool | Unknown
    """An overlay with `driver_opts: {encrypted: …}`."""
    span: Span = field(compare=False)

    @property
    def is_host(self) -> bool | Unknown:
        """Joining it is joining the network of the host: an external network named `host`, or that driver."""
        if self.driver is not None and self.driver.value == "host":
            return True
        if self.is_external is not True:
            return self.is_external
        named = self.real_name or self.name
        return UNKNOWN if isinstance(named.value, Unknown) else named.value == "host"

    @property
    def is_overlay(self) -> bool | Unknown:
        """It spans several hosts."""
        if self.driver is None:
            return False
        return UNKNOWN if isinstance(self.driver.value, Unknown) else self.driver.value == "overlay"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One entry of the top-level `secrets` or `configs`; its kind is `secret` or `config`."""

    KINDS: ClassVar[tuple[str, ...]] = ()
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    name: Located[str]
    """Its key."""
    file: Located[str] | None
    """`file`."""
    content: Located[str] | None
    """Its text, where the Compose file itself holds it."""
    environment: Located[str] | None
    """The variable it comes from."""
    is_external: bool | Unknown
    """It is made outside of this project."""
    span: Span = field(compare=False)

    @property
    def has_literal_content(self) -> bool | Unknown:
        """The Compose file holds the text itself, and not as a variable."""
        if self.content is None:
            return False
        return UNKNOWN if isinstance(self.content.value, Unknown) else bool(self.content.value)


@dataclass(frozen=True, slots=True)
class Secret(StoredFile):
    """A secret of the project."""

    KINDS: ClassVar[tuple[str, ...]] = ("secret",)

    @property
    def secret_spans(self) -> tuple[Span, ...]:
        """What no report may show."""
        return () if self.content is None else (self.content.span,)


@dataclass(frozen=True, slots=True)
class ComposeConfig(StoredFile):
    """A configuration file of the project."""

    KINDS: ClassVar[tuple[str, ...]] = ("config",)

    @property
    def first_secret(self) -> str | None:
        """The name of the first secret that its text sets; None beside one of a known form."""
        names = list(names_of_secrets(known(self.content) or ""))
        return names[0] if names and not any(" " in name for name in names) else None


@dataclass(frozen=True, slots=True)
class Include:
    """Another Compose file that this one takes in, or a file that a service extends."""

    KINDS: ClassVar[tuple[str, ...]] = ("include",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    path: Located[str]
    """The path as written."""
    is_remote: bool | Unknown
    """Fetched from a Git or OCI address: code of somebody else that may change at any time."""
    span: Span = field(compare=False)
