"""What the text of a service says about capabilities, where nobody has looked into its image."""

from __future__ import annotations

from typing import Final

from dockerlint.data import table, word_list
from dockerlint.hardening.needs import not_dropped
from dockerlint.model.container.container import Container
from dockerlint.model.container.mount import Mount
from dockerlint.values import Unknown, known

_OWNERS = tuple(table("privileges", "owner-variables").items())
"""Pairs of variables with which an image is told whom to continue as and to hand its data to."""
_TO_CHANGE_USER = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID")
"""What that takes in the images of linuxserver.io, where the habit is from."""
_SERVERS: Final = word_list("privileges", "servers-that-leave-root")
"""Programs that root starts and that go on as somebody else, in most images that bear their names."""
_TO_LEAVE_ROOT = ("CHOWN", "DAC_OVERRIDE", "SETGID", "SETUID")
_OF_THE_SYSTEM = ("/dev/", "/etc/", "/lib/", "/proc/", "/run/", "/sys/", "/usr/", "/var/run/")


def hinted_capabilities(container: Container) -> tuple[str, ...]:
    """Capabilities that its name, variables and mounts speak for, in alphabetical order.

    Those that the text drops by name are left out.
    """
    return not_dropped(_hinted(container), container)


def _hinted(container: Container) -> tuple[str, ...]:
    names = {variable.name for variable in container.variables}
    if any(names.issuperset(pair) for pair in _OWNERS):
        return _TO_CHANGE_USER
    is_root = container.account is None or container.account.is_root is not False
    if is_root and _is_server(container):
        return _TO_LEAVE_ROOT
    has_foreign = any(map(_is_data, container.mounts)) or _builds_foreign_files(container)
    return ("DAC_OVERRIDE",) if is_root and has_foreign else ()


def _builds_foreign_files(container: Container) -> bool:
    """Its Dockerfile gives files to another user: root writes there with a capability only."""
    stage = None if container.built is None else container.built.stage
    if stage is None:
        return False
    from dockerlint.model.dockerfile.copying import Copy
    from dockerlint.model.dockerfile.running import Run

    steps = stage.all_instructions
    if any(isinstance(step, Copy) and step.owner is not None for step in steps):
        return True
    return any(one.tool == "chown" for step in steps if isinstance(step, Run) for one in step.commands)


def _is_server(container: Container) -> bool:
    """Its image bears the name of a server: `example/nginx`, `example/php:8.4-fpm`."""
    image = container.image
    if image is None or isinstance(image.name, Unknown):
        return False
    name, tag = image.name.rpartition("/")[2], known(image.tag) or ""
    return name in _SERVERS or (name == "php" and ("fpm" in tag or "apache" in tag))


def sudo_variable(container: Container) -> str | None:
    """A variable that sets sudo up, such as SUDO_PASSWORD; None for none."""
    names = (variable.name for variable in container.variables)
    return next((name for name in names if "SUDO" in name.split("_")), None)


def _is_data(mount: Mount) -> bool:
    """A file or folder of the host that it may write, and that belongs to anybody."""
    if mount.is_bind is not True or mount.is_read_only is True or mount.is_control_socket is True:
        return False
    return not (isinstance(mount.path, str) and mount.path.startswith(_OF_THE_SYSTEM))
