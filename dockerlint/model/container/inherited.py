"""What a container has from the image that it runs: from the stage that is built for it, else from what is
known about the image by its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dockerlint.model.container.built import Built
from dockerlint.model.container.port import Port
from dockerlint.model.image import Image
from dockerlint.values import UNKNOWN, Unknown, known

if TYPE_CHECKING:  # a Compose file without builds is linted without the classes of Dockerfiles
    from dockerlint.model.dockerfile.stage import Stage


@dataclass(frozen=True, slots=True)
class Inherited:
    """What the image of a container says where the container says nothing."""

    image: Image | None
    built: Built | None
    is_built: bool
    """The container has a `build`, whether or not its Dockerfile can be read."""
    has_entrypoint: bool
    """The container has an entrypoint of its own, so that of the image does not run."""

    @property
    def stage(self) -> Stage | None:
        """The stage that is built for it."""
        return None if self.built is None else self.built.stage

    @property
    def source(self) -> str:
        """Who says it, for a sentence: `stage prod of api/Dockerfile`, `node:22`."""
        if self.built is not None:
            return self.built.label
        return "its image" if self.image is None else self.image.label

    @property
    def base(self) -> Image | None:
        """The image at the bottom: the one that runs, or that its stage is built upon."""
        if self.is_built:
            return None if self.stage is None else self.stage.base
        return self.image

    @property
    def is_root(self) -> bool | Unknown:
        """What runs in it is root where the container names no user; UNKNOWN where nobody knows."""
        if self.is_built:
            return UNKNOWN if self.stage is None else self._is_root_in(self.stage)
        if self.image is None:
            return UNKNOWN
        if self.image.drops_root is True:
            return UNKNOWN if self.has_entrypoint else False
        return self.image.starts_as_root

    def _is_root_in(self, stage: Stage) -> bool | Unknown:
        if stage.user is None and self.has_entrypoint and stage.base is not None:
            return UNKNOWN if stage.base.drops_root is True else stage.base_runs_as_root
        return stage.runs_as_root

    @property
    def has_unknown_base(self) -> bool:
        """A stage is built for it that names no user, and nothing is known about the image below."""
        stage = self.stage
        return stage is not None and stage.lacks_user is not False and self.is_root is UNKNOWN

    @property
    def user_evidence(self) -> str:
        """Why it runs as somebody, behind "compose sets no user": what the stage and its base say."""
        stage = self.stage
        if stage is None:
            return f"{self.source} starts as root"
        if stage.user is not None:
            user = None if stage.user.text is None else stage.user.text.known
            return f"{self.source} ends with USER {user or '…'}"
        base = stage.base
        if base is None or base.is_scratch is True:
            return f"{self.source} ends without USER on an empty image"
        name = base.reference if base.release is not None and base.is_resolved else base.label
        says = f"{name} starts as root" if self.is_root is True else f"the user of {name} is not known"
        return f"{self.source} ends without USER, {says}"

    @property
    def has_healthcheck(self) -> bool:
        """The image is known to bring a health check."""
        stage = self.stage
        if stage is not None and stage.healthcheck is not None:
            return not stage.healthcheck.is_none
        facts = None if self.base is None else self.base.facts
        return facts is not None and facts.has_healthcheck

    @property
    def lacks_healthcheck(self) -> bool:
        """The stage that is built for it has none, as far as its text says."""
        return self.stage is not None and not self.has_healthcheck

    @property
    def healthcheck_evidence(self) -> str:
        """Who says nothing about a health check."""
        return f"{self.source} has no HEALTHCHECK"

    @property
    def volumes(self) -> tuple[str, ...]:
        """The paths that VOLUME names in the stage and in those that it builds on, as far as known."""
        from dockerlint.model.dockerfile.instruction import Volume

        stage = self.stage
        declared = () if stage is None else stage.all_instructions
        named = (known(one.path) for each in declared if isinstance(each, Volume) for one in each.paths)
        return tuple(dict.fromkeys(path for path in named if path))

    @property
    def exposed(self) -> tuple[range, ...]:
        """The ports that the stage exposes with all that it builds on; () where it exposes none, or what a
        variable says.
        """
        ranges: list[range] = []
        stage = self.stage
        while stage is not None:
            for port in stage.exposed_ports:
                if isinstance(port.first, Unknown) or isinstance(port.last, Unknown):
                    return ()
                ranges.append(range(port.first, port.last + 1))
            stage = stage.parent
        facts = None if self.base is None else self.base.facts
        theirs = () if facts is None or not ranges else facts.ports
        return (*ranges, *(range(port, port + 1) for port in theirs))

    @property
    def exposed_names(self) -> str:
        """These ports, for a sentence: `3000 and 9229`."""
        names = [f"{one[0]}-{one[-1]}" if len(one) > 1 else str(one[0]) for one in self.exposed if one]
        names = list(dict.fromkeys(names))
        return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def is_outside(port: Port, exposed: tuple[range, ...]) -> bool:
    """Whether a port leads to none that is exposed."""
    targets = port.known_targets
    return bool(targets) and not any(targets[0] in one and targets[-1] in one for one in exposed)
