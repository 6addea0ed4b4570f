"""The image that a service builds: what its Dockerfile says about how it starts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a Compose file without builds is linted without the classes of Dockerfiles
    from dockerlint.model.command.command import Command
    from dockerlint.model.dockerfile.build import Build
    from dockerlint.model.dockerfile.stage import Stage
    from dockerlint.model.image import Image


class Built:
    """A Dockerfile that is read once somebody asks for it."""

    __slots__ = ("_has_arguments", "_read", "_stage", "target")

    def __init__(
        self, read: Callable[[], Build | None], target: str | None, *, has_arguments: bool = False
    ) -> None:
        self._read = read
        self._stage: list[Stage | None] = []
        self._has_arguments = has_arguments
        self.target = target

    @property
    def document(self) -> Build | None:
        """The whole Dockerfile as it is written; None where it cannot be read."""
        return self._read()

    @property
    def stage(self) -> Stage | None:
        """The stage that is built; None where it cannot be read."""
        if not self._stage:
            build = self._read()
            # Arguments of the service may name another base than the defaults do.
            is_other = build is None or (build.arguments and self._has_arguments)
            self._stage.append(None if build is None or is_other else _stage(build, self.target))
        return self._stage[0]

    @property
    def base(self) -> Image | None:
        """The image whose entrypoint it keeps."""
        stage = self.stage
        return None if stage is None or stage.entrypoint is not None else stage.base

    @property
    def commands(self) -> tuple[Command, ...]:
        """What ENTRYPOINT and CMD start."""
        stage = self.stage
        starts = () if stage is None else (stage.entrypoint, stage.cmd)
        return tuple(command for start in starts if start is not None for command in start.commands)


def _stage(build: Build, target: str | None) -> Stage | None:
    if target is None:
        return build.stages[-1] if build.stages else None
    return next((one for one in build.stages if one.lower_name == target.lower()), None)
