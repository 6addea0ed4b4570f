"""Where the registry of an image is, and what it calls the image. Pure.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md; the names of Docker Hub are those of
github.com/distribution/reference and github.com/docker/cli (cli/config/configfile).
"""

from __future__ import annotations

import ipaddress
from typing import Final, NamedTuple

from dockerlint.images.reference import is_server
from dockerlint.registry.errors import RegistryError

HUB: Final = "docker.io"
_HUB_SERVER: Final = "registry-1.docker.io"
_HUB_LOGINS: Final = ("https://index.docker.io/v1/", "index.docker.io", HUB, _HUB_SERVER)
"""Under which names logins for Docker Hub are kept; the first is what `docker login` writes."""


class Repository(NamedTuple):
    """A repository of images in a registry."""

    registry: str
    """As references name it: `docker.io`, `localhost:5000`."""
    path: str
    """As the registry names it: `library/node`."""

    @property
    def server(self) -> str:
        """The host, and the port if one is named, that answers for the registry."""
        return _HUB_SERVER if self.registry == HUB else self.registry


def repository_of(registry: str, name: str) -> Repository:
    """The repository behind a registry and a familiar name; raises RegistryError for what is no host."""
    if not is_server(registry):
        raise RegistryError("the registry is not a host name")
    if registry == HUB:
        return Repository(HUB, name if "/" in name else f"library/{name}")
    return Repository(registry, name.removeprefix(f"{registry}/"))


def login_names(registry: str) -> tuple[str, ...]:
    """The keys under which a login for a registry may be kept, the usual one first."""
    if registry == HUB:
        return _HUB_LOGINS
    return (registry, f"https://{registry}", f"https://{registry}/", f"https://{registry}/v2/")


def host_of(server: str) -> str:
    """A server without its port: `localhost` of `localhost:5000`, `::1` of `[::1]:5000`."""
    if server.startswith("["):
        return server[1:].partition("]")[0]
    return server.partition(":")[0]


def is_loopback(server: str) -> bool:
    """Whether a server, by its name or address, is this machine."""
    host = host_of(server).rstrip(".").lower()
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
