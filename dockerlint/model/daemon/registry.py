"""The registries that a daemon trusts more than others, and the mirrors that it asks first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Unknown


@dataclass(frozen=True, slots=True)
class InsecureRegistry:
    """One entry of `insecure-registries`: its certificate counts whoever made it, and plain HTTP will do."""

    KINDS: ClassVar[tuple[str, ...]] = ("insecure_registry",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    address: str | Unknown
    """A name with or without a port, or a range of addresses."""
    span: Span = field(compare=False)

    @property
    def is_every(self) -> bool | Unknown:
        """A range that holds every address."""
        return UNKNOWN if isinstance(self.address, Unknown) else self.address.endswith("/0")

    @property
    def is_local(self) -> bool | Unknown:
        """This machine itself, which Docker trusts anyway."""
        if isinstance(self.address, Unknown):
            return UNKNOWN
        return self.address.startswith(("127.", "localhost", "[::1]", "::1"))


@dataclass(frozen=True, slots=True)
class RegistryMirror:
    """One entry of `registry-mirrors`."""

    KINDS: ClassVar[tuple[str, ...]] = ("registry_mirror",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    address: str | Unknown
    """Its URL."""
    span: Span = field(compare=False)

    @property
    def is_plain(self) -> bool | Unknown:
        """Images come over plain HTTP from another machine."""
        if isinstance(self.address, Unknown):
            return UNKNOWN
        local = ("http://127.", "http://localhost", "http://[::1]")
        return self.address.startswith("http://") and not self.address.startswith(local)

    @property
    def secure_address(self) -> str | None:
        """The same with TLS; None for what is no plain address."""
        if self.is_plain is not True or isinstance(self.address, Unknown):
            return None
        return "https://" + self.address.removeprefix("http://")
