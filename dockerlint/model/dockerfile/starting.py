"""What an image of a stage is started for, as far as its instructions tell: logins, or nothing at all."""

from __future__ import annotations

from collections.abc import Sequence

from dockerlint.data import word_list
from dockerlint.model.dockerfile.copying import Copy
from dockerlint.model.dockerfile.instruction import Instruction
from dockerlint.model.dockerfile.running import Run, Start
from dockerlint.model.image import Image


def holds_ssh_server(steps: Sequence[Instruction | None]) -> bool:
    """One of the steps installs or starts an SSH server."""
    servers = word_list("services", "ssh-servers")
    commands = [command for one in steps if isinstance(one, (Run, Start)) for command in one.commands]
    installed = (one.step.names for one in commands if one.step is not None)
    return any(one.program in servers for one in commands) or not servers.isdisjoint(
        name for names in installed for name in names
    )


def only_looks_at_files(base: Image | None, steps: Sequence[Instruction]) -> bool:
    """On a distribution or toolchain, steps read files that are mounted, and none comes into the image."""
    facts = None if base is None else base.facts
    if facts is None or facts.role != "base" or any(isinstance(one, Copy) for one in steps):
        return False
    mounts = (mount for one in steps if isinstance(one, Run) for mount in one.mounts)
    return any(mount.type == "bind" for mount in mounts)
