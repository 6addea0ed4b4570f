"""Can a stage that runs as root run as a user of its own, and how does its base make one?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from dockerlint.expressions import pattern
from dockerlint.model.command import Command
from dockerlint.model.image import Image
from dockerlint.model.instruction import Instruction, Volume
from dockerlint.model.running import Cmd, Entrypoint, Healthcheck, Run
from dockerlint.model.shared import Unknown, known

NAME: Final = "app"
_ALPINE: Final = f"RUN addgroup -S {NAME} && adduser -S -G {NAME} {NAME}"
_DEBIAN: Final = f"RUN useradd --system --user-group --create-home {NAME}"

_DEBIAN_NAMES: Final = frozenset(
    ("debian", "ubuntu", "python", "ruby", "golang", "rust", "perl", "eclipse-temurin", "buildpack-deps")
)
"""Official images whose tags stand on Debian or Ubuntu unless they say otherwise."""
_OTHER_SYSTEM = pattern(r"ubi|windows|nanoserver|oracle|centos|amazon|al2|musl")
_OLD_JDK = pattern(r"(?:7|8|9|10|11)(?:\D|\Z)")
"""Tags of openjdk that stand on Debian; later ones stand on Oracle Linux."""
_SCRIPT = pattern(r".*\.(?:sh|bash|ash)\Z|.*(?:entrypoint|start|run|init|boot)[\w.-]*\Z")
_MAKES_USERS: Final = frozenset(("useradd", "adduser", "groupadd", "addgroup", "usermod", "chpasswd"))
_SHELLS: Final = frozenset(("sh", "bash", "ash", "dash"))


def creation(base: Image | None) -> str | None:
    """The instruction that makes a user as the base's distribution does it; None where that is not known."""
    name = None if base is None or isinstance(base.name, Unknown) else base.name
    if base is None or name is None or (base.tag is not None and base.tag.known is None):
        return None
    tag = known(base.tag) or ""
    if "alpine" in tag.split("-", 1)[-1] or name == "alpine":
        return _ALPINE if name in _DEBIAN_NAMES or name in ("alpine", "openjdk") else None
    if name == "openjdk":
        return _DEBIAN if _OLD_JDK.match(tag) and not _OTHER_SYSTEM.search(tag) else None
    return _DEBIAN if name in _DEBIAN_NAMES and not _OTHER_SYSTEM.search(tag) else None


def starts_plain_program(starts: Iterable[Cmd | Entrypoint | None]) -> bool:
    """What is started is named in the file and is neither a shell script nor a shell that waits for one."""
    commands = [command for start in starts if start is not None for command in start.commands]
    return bool(commands) and not any(_is_opaque(command) for command in commands)


def _is_opaque(command: Command) -> bool:
    if not isinstance(command.program, str):
        return True
    if command.program in _SHELLS:
        return not any(word.text in ("-c", "-lc", "-ec") for word in command.words[1:2])
    return bool(_SCRIPT.match(command.program)) or bool(_SCRIPT.match(command.words[0].text))


def keeps_to_itself(instructions: Iterable[Instruction]) -> bool:
    """The stage makes no user of its own, and keeps no volume that would stay root's."""
    every = list(instructions)
    if any(isinstance(each, Volume) for each in every):
        return False
    return not any(command.tool in _MAKES_USERS for command in _commands(every))


def _commands(instructions: Iterable[Instruction]) -> Iterator[Command]:
    for each in instructions:
        if isinstance(each, (Run, Healthcheck)):
            yield from each.commands
