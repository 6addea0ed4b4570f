"""What a registry did not do. No text of a registry and no login stands in a message of this room."""

from __future__ import annotations

from dockerlint.errors import UserError


class RegistryError(UserError):
    """No digest came of a request; the text says why and what to do about it."""


class HostError(RegistryError):
    """The whole registry is of no use for now, so that it is asked for no other image either."""


class LostError(RegistryError):
    """Nothing came of any try; once for one image is chance, and twice is the registry."""


class NoTlsError(HostError):
    """What answers does not speak TLS."""
