"""The Compose project of one trial: the services without anything of the host or of running projects.

What is not known is left out (`service-keys-of-trials`), and so are ports, labels, names and restarts.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dockerlint.prove.host.composed import ComposedProject
from dockerlint.prove.host.images import LocalImage
from dockerlint.prove.trials.refusing import KEPT
from dockerlint.prove.trials.variant import Variant

_LONGEST_CHECK: Final = 10
"""Seconds for one health check."""
Copies = Mapping[str, Mapping[str, Any]]
"""By service and target: the mount that takes the place of one of the host."""
NO_COPIES: Final[Copies] = {}
_LOGGING: Final = {"driver": "json-file", "options": {"max-size": "8m", "max-file": "1"}}


@dataclass(frozen=True)
class Sandbox:
    """What is the same for all trials of a service."""

    project: ComposedProject
    service: str
    images: Mapping[str, LocalImage]
    """Of every service that is started."""
    labels: Mapping[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        """The services that are started."""
        return self.project.needed_by(self.service)

    @property
    def has_check(self) -> bool:
        """The service says itself whether it works."""
        return _check(self.project.services[self.service], self.images[self.service]) is not None

    def document(self, variant: Variant, seconds: int, copies: Copies = NO_COPIES) -> dict[str, Any]:
        """The project in which the service is as in the variant; a start may take so many seconds.

        `copies` take the place of what is mounted from the host.
        """
        volumes: dict[str, Any] = {}
        services = {name: self._service(name, seconds, volumes, copies) for name in self.names}
        services[self.service] = variant.applied(services[self.service])
        networks = {name: self._network(name) for name in self._networks(services.values())}
        stored = {
            key: {name: getattr(self.project, key)[name] for name in _sources(services.values(), key)}
            for key in ("secrets", "configs")
        }
        return {
            "services": services,
            "networks": {"default": {"labels": dict(self.labels)}, **networks},
            "volumes": volumes,
            **{key: entries for key, entries in stored.items() if entries},
        }

    def _service(self, name: str, seconds: int, volumes: dict[str, Any], copies: Copies) -> dict[str, Any]:
        written, image = self.project.services[name], self.images[name]
        service = {
            key: copy.deepcopy(value) for key, value in written.items() if key in KEPT and value is not None
        }
        service |= {
            "image": image.reference,
            "labels": dict(self.labels),
            "restart": "no",
            "logging": _LOGGING,
        }
        limits = ((written.get("deploy") or {}).get("resources") or {}).get("limits")
        if limits:
            service["deploy"] = {"resources": {"limits": limits}}
        if service.get("network_mode") in ("bridge", "default"):
            del service["network_mode"]
        self._connect(service)
        service["volumes"] = [*self._mounts(name, written, image, volumes), *_copied(name, copies, volumes)]
        for key in ("secrets", "configs"):
            service[key] = [one for one in service.get(key) or () if not self._is_file(key, one)]
        if (check := _check(written, image)) is not None:
            service["healthcheck"] = {**check, "retries": seconds}
        return service

    def _connect(self, service: dict[str, Any]) -> None:
        """Fresh networks give their own addresses."""
        for key, network in (service.get("networks") or {}).items():
            aliases = (network or {}).get("aliases")
            service["networks"][key] = {"aliases": aliases} if aliases else None

    def _networks(self, services: Any) -> set[str]:
        return {name for service in services for name in service.get("networks") or ()}

    def _network(self, name: str) -> dict[str, Any]:
        written = self.project.networks.get(name) or {}
        return {"labels": dict(self.labels), **({"internal": True} if written.get("internal") else {})}

    def _mounts(
        self, name: str, written: Mapping[str, Any], image: LocalImage, volumes: dict[str, Any]
    ) -> Iterator[dict[str, Any]]:
        """The mounts of a service, every volume a fresh one with a name and marks."""
        taken = {str(mount.get("target")).rstrip("/") for mount in written.get("volumes") or ()}
        for number, mount in enumerate(written.get("volumes") or ()):
            if mount.get("type") == "volume":
                source = mount.get("source") or f"{name}-anonymous-{number}"
                volumes[source] = {"labels": dict(self.labels)}
                yield {**{key: value for key, value in mount.items() if key != "bind"}, "source": source}
            elif mount.get("type") == "tmpfs":
                yield dict(mount)
        for number, target in enumerate(path for path in image.volumes if path.rstrip("/") not in taken):
            source = f"{name}-image-{number}"
            volumes[source] = {"labels": dict(self.labels)}
            yield {"type": "volume", "source": source, "target": target}

    def _is_file(self, key: str, one: Mapping[str, Any]) -> bool:
        """A secret or config that is a file of the host: a copy takes its place."""
        return bool((getattr(self.project, key).get(one["source"]) or {}).get("file"))


def _copied(name: str, copies: Copies, volumes: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for place, mount in copies.items():
        if place.partition(":")[0] == name:
            volumes[mount["source"]] = {"external": True, "name": mount["source"]}
            yield dict(mount)


def _sources(services: Any, key: str) -> set[str]:
    return {one["source"] for service in services for one in service.get(key) or ()}


def _check(service: Mapping[str, Any], image: LocalImage) -> dict[str, Any] | None:
    """The health check of a service, asked every second; None where it has none."""
    written = service.get("healthcheck") or {}
    test: Sequence[str] | str = written.get("test") or image.healthcheck
    words = [test] if isinstance(test, str) else list(test)
    if written.get("disable") or not words or words[0] == "NONE":
        return None
    return {"test": test, "interval": "1s", "timeout": f"{_LONGEST_CHECK}s"}
