"""Whether a program in a container gains privileges when it starts, as set-user-ID programs do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from dockerlint.data import word_list
from dockerlint.hardening.receipts import TESTED, proven_here, receipt_evidence
from dockerlint.model.command.command import Command
from dockerlint.model.container.container import Container
from dockerlint.model.image import Image

if TYPE_CHECKING:  # a Compose file without builds is linted without the classes of Dockerfiles
    from dockerlint.model.dockerfile.stage import Stage

_PROGRAMS: Final = word_list("privileges", "programs-that-gain-privileges")
_PACKAGES: Final = word_list("privileges", "packages-that-gain-privileges")


def privilege_evidence(container: Container) -> str:
    """What it rests on that nothing in it has to gain privileges.

    `image`: facts about its image. `built`: the Dockerfile in sight and facts about its base. `none`: nobody
    has looked, or something in it gains some. `here`, `line`, `failed`: as `capability_evidence`.
    """
    if (receipt := proven_here(container)) is not None:
        if not receipt.no_new_privileges:
            return "failed"
        return "here" if receipt_evidence(container) == TESTED else "line"
    if _start_gaining(container.commands):
        return "none"
    if container.build is None:
        return "image" if _gains_nothing(container.image) else "none"
    built = container.built
    if built is None or built.stage is None or not _gains_nothing(built.stage.base):
        return "none"
    is_gaining = _start_gaining(built.commands) or _makes_gaining(built.stage)
    return "none" if is_gaining or any(map(_gives_rights, _steps_of_all(container))) else "built"


def _gains_nothing(image: Image | None) -> bool:
    """Somebody has looked at what it starts; a base for others brings a bare system."""
    facts = None if image is None else image.facts
    if facts is None:
        return False
    if facts.needs is None:
        return facts.role == "base"
    return facts.needs.strength not in ("", "derived") and not facts.needs.gains_privileges


def _start_gaining(commands: Iterable[Command]) -> bool:
    return any(not _PROGRAMS.isdisjoint((one.program, *one.wrappers)) for one in commands)


def _makes_gaining(stage: Stage) -> bool:
    """A step of the stage installs such a program, or needs one."""
    commands = _steps(stage)
    words = (word.text.partition("=")[0] for one in commands for word in one.words[1:])
    return _start_gaining(commands) or not _PACKAGES.isdisjoint(words)


def _steps_of_all(container: Container) -> list[Command]:
    """The commands of all steps of its Dockerfile: a file keeps its rights when it is copied."""
    document = None if container.built is None else container.built.document
    stages = () if document is None else document.stages
    return [command for stage in stages for command in _steps(stage)]


def _steps(stage: Stage) -> list[Command]:
    from dockerlint.model.dockerfile.running import Run

    return [command for each in stage.all_instructions if isinstance(each, Run) for command in each.commands]


def _gives_rights(command: Command) -> bool:
    """It makes a file that runs with the rights of its owner, or with capabilities of its own."""
    return command.tool == "setcap" or command.sets_identity is not None
