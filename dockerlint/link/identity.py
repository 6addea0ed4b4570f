"""What makes items of two lists the same thing, so that the later takes the place of the earlier.

As compose-go's override package has it; None says that an item is like no other.
"""

from __future__ import annotations

from collections.abc import Callable
from posixpath import normpath
from typing import TypeAlias

from dockerlint.link.places import file_below
from dockerlint.link.space import Settings
from dockerlint.regex import pattern
from dockerlint.yaml.nodes import Mapping, Node, Scalar

Identity: TypeAlias = "Callable[[Node, Settings], str | None]"

_PORT = pattern(r"(?:(?:(?P<ip>.*):)?(?P<published>[0-9-]*):)?(?P<target>[0-9-]+)(?:/(?P<protocol>\w+))?\Z")
ANY_ADDRESS = "0.0.0.0"
"""What a port is published on when nothing else is said."""


def name(item: Node, settings: Settings) -> str | None:
    """What stands before `=`, or the whole where there is none."""
    return settings.fill(item).partition("=")[0] if isinstance(item, Scalar) else None


def whole(item: Node, settings: Settings) -> str | None:
    """All of it."""
    return settings.fill(item) if isinstance(item, Scalar) else None


def env_file(item: Node, settings: Settings) -> str | None:
    """The path of a file of variables, in both forms, seen from the folder of the project."""
    path = item.get("path") if isinstance(item, Mapping) else item
    if not isinstance(path, Scalar):
        return None
    return file_below(settings.at(path.span.start).folder, settings.fill(path))


def mount(item: Node, settings: Settings) -> str | None:
    """The place in the container."""
    if not isinstance(item, Scalar):
        return _path(_field(item, "target", settings))
    parts = split_mount(settings.fill(item))
    return _path(parts[1] if len(parts) > 1 else parts[0])


def device(item: Node, settings: Settings) -> str | None:
    """The place in the container."""
    if not isinstance(item, Scalar):
        return _field(item, "target", settings)
    parts = settings.fill(item).split(":")
    return parts[1] if len(parts) > 1 else parts[0]


def secret(item: Node, settings: Settings) -> str | None:
    """The file in the container."""
    return _stored(item, "/run/secrets", settings)


def config(item: Node, settings: Settings) -> str | None:
    """The file in the container."""
    return _stored(item, "", settings)


def subnet(item: Node, settings: Settings) -> str | None:
    """The range of addresses that a network is given."""
    return _field(item, "subnet", settings)


def port(item: Node, settings: Settings) -> str | None:
    """Address, published port, port of the container and protocol."""
    if isinstance(item, Scalar):
        match = _PORT.match(settings.fill(item))
        if match is None:
            return settings.fill(item)
        fields = (match["ip"] and match["ip"].strip("[]"), match["published"], match["target"])
        protocol = match["protocol"]
    else:
        names = ("host_ip", "published", "target")
        fields = tuple(_field(item, name, settings) for name in names)  # type: ignore[assignment]
        protocol = _field(item, "protocol", settings)
    ip, published, target = fields
    return f"{ip or ANY_ADDRESS}:{published or ''}:{target}/{(protocol or 'tcp').lower()}"


def split_mount(text: str) -> list[str]:
    """A mount in its short form at its colons, but for one behind a single letter: a drive."""
    parts: list[str] = []
    for part in text.split(":"):
        if parts and len(parts[-1]) == 1 and parts[-1].isalpha():
            parts[-1] += ":" + part
        else:
            parts.append(part)
    return parts


def _stored(item: Node, folder: str, settings: Settings) -> str | None:
    if isinstance(item, Scalar):
        return f"{folder}/{settings.fill(item)}"
    target = _field(item, "target", settings)
    return target if target is not None else f"{folder}/{_field(item, 'source', settings)}"


def _field(item: Node, key: str, settings: Settings) -> str | None:
    value = item.get(key) if isinstance(item, Mapping) else None
    return settings.fill(value) if isinstance(value, Scalar) else None


def _path(text: str | None) -> str | None:
    return None if text is None else normpath(text)
