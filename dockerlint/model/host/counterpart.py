"""A container and the service that made it."""

from __future__ import annotations

from typing import NamedTuple

from dockerlint.model.container.container import Container
from dockerlint.model.host.deployment import Deployment
from dockerlint.model.host.drift import Drift
from dockerlint.model.host.launch import Launch
from dockerlint.text import Span


class Counterpart(NamedTuple):
    """A container, its service, and what is known around them."""

    container: Container
    service: Container
    key: str
    deployment: Deployment
    image_user: str | None = None
    """The user of its image; None where nobody knows."""
    image_variables: frozenset[str] | None = None
    """The names that its image sets."""
    launch: Launch = Launch()
    """What the container starts."""
    image_launch: Launch | None = None
    """The same of its image; None where nobody knows."""
    says_restart: bool = False
    """What was printed has a restart policy, and not only a part of a record."""
    says_devices: bool = False
    """The same for devices."""

    @property
    def said(self) -> Launch:
        """What the service starts."""
        return self.deployment.launches.get(self.key, Launch())

    def drift(
        self, aspect: str, found: str, wanted: str, *, span: Span | None = None, weakens: bool = False
    ) -> Drift:
        """A difference; the name of the container is underlined where no field says it."""
        return Drift(
            aspect=aspect,
            service=self.key,
            found=found,
            wanted=wanted,
            weakens=weakens,
            declared=self.deployment.places.get(self.key),
            span=span or self.container.name.span,
        )
