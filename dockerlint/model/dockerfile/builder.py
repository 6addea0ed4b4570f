"""A service that builds a stage of a Dockerfile, as far as that changes the verdict on the file."""

from __future__ import annotations

from typing import NamedTuple


class BuildingService(NamedTuple):
    """What a service says of the image that it builds, and of how it starts it."""

    service: str
    """The name of the service."""
    target: str | None = None
    """The stage that it builds; None for the last one, and where a variable decides."""
    contexts: tuple[str, ...] = ()
    """The names below `additional_contexts`."""
    is_unprivileged: bool = False
    """Its `user` is known, and not root."""
    has_healthcheck: bool = False
    """It has a health check of its own."""
    has_entrypoint: bool = False
    """It has an entrypoint of its own, with which neither ENTRYPOINT nor CMD of the image counts."""
    has_command: bool = False
    """It has a command of its own, in place of CMD."""
    is_deployed: bool = True
    """Its Compose file is not for tests, examples or development."""
    has_stop_signal: bool = False
    """It says itself which signal stops it."""

    has_host_folders: bool = False
    """It mounts files of the host that its program may write to; whose they are, the host decides."""

    def builds(self, name: str, number: int, *, is_last: bool) -> bool:
        """Whether it builds the stage of this name, in lower case, and number."""
        if self.target is None:
            return is_last
        return self.target.lower() in (name, str(number)) if name else self.target == str(number)
