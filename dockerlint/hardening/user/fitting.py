"""Whom a stage can run as instead of root."""

from __future__ import annotations

from typing import NamedTuple


class FittingUser(NamedTuple):
    """A user without rights for a stage, or the reason why it must stay root."""

    name: str = ""
    """For USER: a name, or `65532:65532`."""
    owner: str = ""
    """For `--chown=` and chown: `node:node`."""
    creation: str = ""
    """The command that makes it; "" where it is there."""
    origin: str = ""
    """Reads well behind "run as NAME, "."""
    caveat: str = ""
    """What to mind once the stage runs as it; "" for nothing."""
    refusal: str = ""
    """Why there is none; "" where there is one."""
    since: int = 0
    """The instruction of the stage, by number, behind which it exists."""
    owns_files: bool = True
    """The files of the program are to be its own: it may write them."""
    is_built_in: bool = False
    """The base image has it, with a home of its own."""

    @property
    def is_found(self) -> bool:
        """There is one."""
        return not self.refusal
