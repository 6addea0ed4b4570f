"""The image that a service builds: what its Dockerfile says about how it starts."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Final

from dockerlint.values import known

if TYPE_CHECKING:  # a Compose file without builds is linted without the classes of Dockerfiles
    from dockerlint.model.command.command import Command
    from dockerlint.model.dockerfile.build import Build
    from dockerlint.model.dockerfile.stage import Stage
    from dockerlint.model.image import Image


_MOST_SCRIPTS: Final = 20
"""So many words are looked for in the build context."""


class Built:
    """A Dockerfile that is read once somebody asks for it."""

    __slots__ = ("_read", "_read_as_built", "_stage", "_text", "_unknown", "path", "target")

    def __init__(
        self,
        read: Callable[[], Build | None],
        read_as_built: Callable[[], Build | None],
        target: str | None,
        unknown: Collection[str] = (),
        path: str = "",
        text: Callable[[], str | None] = lambda: None,
    ) -> None:
        """`read` gives the Dockerfile as it is written, `read_as_built` with the arguments of the service.

        Of the arguments in `unknown` the service sets another value, which nobody sees. `path` leads from the
        folder of the project to the Dockerfile; it is "" for one inside the Compose file. `text` is what is
        read.
        """
        self._text = text
        self._read = read
        self._read_as_built = read_as_built
        self._stage: list[Stage | None] = []
        self._unknown = unknown
        self.target = target
        self.path = path

    @property
    def label(self) -> str:
        """What is built, for a sentence: `stage prod of api/Dockerfile`."""
        file = self.path or "its inline Dockerfile"
        name = None if self.stage is None else known(self.stage.name)
        return file if name is None else f"stage {name} of {file}"

    @property
    def document(self) -> Build | None:
        """The whole Dockerfile as it is written; None where it cannot be read."""
        return self._read()

    @property
    def text(self) -> str | None:
        """The text of the Dockerfile; None where it cannot be read."""
        return self._text()

    @property
    def stage(self) -> Stage | None:
        """The stage that is built; None where it cannot be read."""
        if not self._stage:
            build = self._read_as_built()
            is_other = build is None or any(one.name in self._unknown for one in build.arguments)
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
        return self.with_scripts(
            [command for start in starts if start is not None for command in start.commands]
        )

    def with_scripts(self, commands: Iterable[Command]) -> tuple[Command, ...]:
        """Commands, and those of the scripts of the build context that they start."""
        from dockerlint.model.dockerfile.script import script_word
        from dockerlint.model.dockerfile.startscript import find_script

        stage, waiting = self.stage, deque(commands)
        found: list[Command] = []
        read: set[str] = set()
        while waiting:
            command = waiting.popleft()
            found.append(command)
            word = script_word(command)
            if stage is None or not word or word in read or len(read) >= _MOST_SCRIPTS:
                continue
            read.add(word)
            if (script := find_script(stage, word)) is not None:
                waiting.extend(script.commands)
        return tuple(found)


def _stage(build: Build, target: str | None) -> Stage | None:
    if target is None:
        return build.stages[-1] if build.stages else None
    return next((one for one in build.stages if one.lower_name == target.lower()), None)
