"""Whom a stage can run as instead of root, or why as nobody else."""

from __future__ import annotations

from typing import NamedTuple

from dockerlint.findings import Refusal


class FittingUser(NamedTuple):
    """A user without rights for a stage."""

    name: str
    """For USER: a name, or `65532:65532`."""
    owner: str
    """For `--chown=` and chown: `node:node`."""
    origin: str
    """Reads well behind "run as NAME, "."""
    creation: str | None = None
    """The command that makes it; None where it is there."""
    caveat: str | None = None
    """What to mind once the stage runs as it."""
    since: int = 0
    """The instruction of the stage, by number, behind which it exists."""
    owns_files: bool = True
    """The files of the program are to be its own: it may write them."""
    is_built_in: bool = False
    """The base image has it, with a home of its own."""
    is_of_base: bool = False
    """The base image has it for what starts in it."""
    is_proven: bool = False
    """What the stage starts is known to run as it; else it is likely, and nobody has tried."""

    @property
    def is_found(self) -> bool:
        """There is one."""
        return True


class StaysRoot(Refusal):
    """Why a stage must stay root, under the names by which rules ask for it."""

    __slots__ = ()

    @property
    def refusal(self) -> str:
        """Why there is no other user."""
        return self.reason

    @property
    def is_found(self) -> bool:
        """There is another user."""
        return False
