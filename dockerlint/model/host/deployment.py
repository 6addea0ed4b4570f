"""A project as the containers that it makes: what is named where it is deployed, and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from dockerlint.model.container.container import Container
from dockerlint.model.host.launch import Launch
from dockerlint.text import Span
from dockerlint.values import known

_LABEL: Final = "com.docker.compose."
"""How the labels begin that Compose gives to what it makes (docker/compose: pkg/api/labels.go)."""
PROJECT: Final = f"{_LABEL}project"
SERVICE: Final = f"{_LABEL}service"
FOLDER: Final = f"{_LABEL}project.working_dir"
ONE_OFF: Final = f"{_LABEL}oneoff"


@dataclass(frozen=True, slots=True)
class Deployment:
    """What a project says about its containers."""

    name: str
    """Of the project: what its files say, else what its folder is called."""
    folder: str
    """Where relative paths begin, on the host of the containers; "" where nobody knows."""
    services: Mapping[str, Container]
    started: tuple[str, ...]
    """Those of them that have a container once the project is up."""
    networks: Mapping[str, str]
    """The names of networks that the project gives them, by their keys."""
    volumes: Mapping[str, str]
    """The same for volumes."""
    variables: Mapping[str, frozenset[str] | None]
    """The names that files of variables set for a service; None where one could not be read."""
    is_named: bool = False
    """Its files say its name; `docker compose -p` gives it another one all the same."""
    is_whole: bool = True
    """Every file was read that may bring services."""
    places: Mapping[str, Span] = field(default_factory=dict)
    """The name of each service in its file."""
    launches: Mapping[str, Launch] = field(default_factory=dict)
    """What each service starts."""

    def named_by(self, containers: Iterable[Container]) -> Deployment:
        """The project as most containers of its services call it, where only its folder names it."""
        labels = [label(one, PROJECT) for one in containers if label(one, SERVICE) in self.services]
        if self.is_named or self.name in labels or not any(labels):
            return self
        return replace(self, name=max(filter(None, labels), key=labels.count))

    def seen_by(self, container: Container) -> Deployment:
        """The project as the container knows it: where it was deployed, and under which name."""
        name, folder = label(container, PROJECT), label(container, FOLDER)
        return replace(self, name=name or self.name, folder=folder or self.folder)

    def network(self, key: str) -> str:
        """The name of a network of the project."""
        return self.networks.get(key, f"{self.name}_{key}")

    def volume(self, key: str) -> str:
        """The name of a volume of the project."""
        return self.volumes.get(key, f"{self.name}_{key}")

    def service_of(self, container: Container) -> str | None:
        """The service that made a container, by its labels or its name; None where none did."""
        if label(container, SERVICE):
            return label(container, SERVICE) if self.is_made_here(container) else None
        name = known(container.name) or ""
        for key, service in self.services.items():
            made = known(service.container_name)
            if name == made or (made is None and name in self._names(key)):
                return key
        return None

    def is_made_here(self, container: Container) -> bool:
        """Its labels say that this project made it."""
        project, folder = label(container, PROJECT), label(container, FOLDER)
        return bool(project) and (project == self.name or (not self.is_named and folder == self.folder))

    def _names(self, key: str) -> tuple[str, ...]:
        return key, f"{self.name}-{key}-1", f"{self.name}_{key}_1"


def label(container: Container, name: str) -> str:
    """The value of a label; "" without it."""
    found = (known(one.value) for one in container.labels if one.name == name)
    return next(found, None) or ""
