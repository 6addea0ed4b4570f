"""Who is root, and which ports are root's."""

from __future__ import annotations

from typing import Final

from dockerlint.regex import pattern

FIRST_UNPRIVILEGED_PORT: Final = 1024
"""From here on a port is anybody's (ip_unprivileged_port_start of Linux, where nobody changed it)."""
_ROOT = pattern(r"(?:root|[+-]?0+)\Z")
"""Docker reads a user that is a number with Go's strconv.Atoi, which takes a sign and zeros in front."""


def is_root(user: str) -> bool:
    """Whether a user as Docker takes it is root: `root`, `0`, `000:app`, `+0`. One that is empty is not."""
    return _ROOT.match(user.partition(":")[0]) is not None


def starts_as_root(user: str) -> bool:
    """The same of the user that the configuration of an image names, where an empty one is root."""
    return not user.partition(":")[0] or is_root(user)
