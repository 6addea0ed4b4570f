"""The parts of a container that are worse together than each of them alone; None for one that is missing."""

from __future__ import annotations

from collections.abc import Iterable

from dockerlint.model.container.mount import Mount
from dockerlint.model.container.port import Port
from dockerlint.model.variable import Variable


def control_socket(mounts: Iterable[Mount]) -> Mount | None:
    """The first mount of the socket of a container engine."""
    return next((mount for mount in mounts if mount.is_control_socket is True), None)


def takeover_mount(mounts: Iterable[Mount]) -> Mount | None:
    """The first mount from which the host can be taken over."""
    return next((mount for mount in mounts if mount.gives_takeover is True), None)


def open_port(ports: Iterable[Port]) -> Port | None:
    """The first port that every network of the host reaches."""
    return next((port for port in ports if port.on_all_interfaces is True), None)


def guessable_password(variables: Iterable[Variable]) -> Variable | None:
    """The first variable that gives a container a well-known password, from whatever file."""
    named = (one for one in variables if one.is_secret_name)
    return next((one for one in named if one.is_guessable or one.is_guessable_as_deployed), None)
