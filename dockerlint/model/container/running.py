"""What is known of a container only once it was made: how it fares, and what confines it in fact."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Located, Unknown, known

if TYPE_CHECKING:  # an audit that is given no project has none
    from dockerlint.model.host.drift import Drift

MANY_RESTARTS: Final = 5
"""A container that was restarted so often ends by itself again and again."""
UNCONFINED: Final = "unconfined"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningState:
    """The state of a container, as `docker inspect` tells it."""

    KINDS: ClassVar[tuple[str, ...]] = ("running",)
    CHILDREN: ClassVar[tuple[str, ...]] = ("drifts",)

    span: Span = field(compare=False)
    """Its name."""
    status: Located[str] | None = None
    """`running`, `exited`, `created`, `paused`, `restarting` or `dead`."""
    health: Located[str] | None = None
    """`healthy`, `unhealthy` or `starting`; None without a health check."""
    restart_count: Located[int] | None = None
    """How often the engine started it again."""
    was_out_of_memory: Located[bool] | None = None
    """The kernel killed a process of it for want of memory."""
    apparmor: Located[str] | None = None
    """The AppArmor profile; "" on a host without AppArmor."""
    selinux_label: Located[str] | None = None
    """The SELinux label of its processes; "" on a host without SELinux."""
    user: Located[str] | None = None
    """The user that image and container come to; "" is root."""
    image_age: int | None = None
    """Days since its image was made; None where that image is not part of what is read."""
    drifts: tuple[Drift, ...] = ()
    """Where it differs from the service that made it, where a project is given."""

    @property
    def runs_as_default_root(self) -> bool | Unknown:
        """Neither the image nor the command names a user, so it is root."""
        if self.user is None:
            return UNKNOWN
        return UNKNOWN if isinstance(self.user.value, Unknown) else not self.user.value

    @property
    def restarts_often(self) -> bool:
        """It ends by itself again and again."""
        return (known(self.restart_count) or 0) >= MANY_RESTARTS

    @property
    def was_restarted(self) -> bool | Unknown:
        """It ended by itself, and not so often that something is plainly wrong."""
        if self.restart_count is None or isinstance(self.restart_count.value, Unknown):
            return UNKNOWN
        return 0 < self.restart_count.value < MANY_RESTARTS

    @property
    def is_unconfined(self) -> bool | Unknown:
        """Neither AppArmor nor SELinux is there to confine it."""
        if self.apparmor is None or self.selinux_label is None:
            return UNKNOWN
        return not (self.apparmor.known or self.selinux_label.known)

    @property
    def is_unhealthy(self) -> bool:
        """Its health check fails."""
        return known(self.health) == "unhealthy"

    @property
    def lacks_apparmor(self) -> bool:
        """AppArmor is there and confines nothing of it."""
        return known(self.apparmor) == UNCONFINED
