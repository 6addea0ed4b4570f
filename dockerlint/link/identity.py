"""What makes items of two lists the same thing, so that the later takes the place of the earlier.

As compose-go's override package has it; `text_of` gives the text of a scalar with its variables put in, and
None says that an item is like no other.
"""

from __future__ import annotations

from collections.abc import Callable
from posixpath import normpath
from typing import TypeAlias

from dockerlint.regex import pattern
from dockerlint.yaml.nodes import Mapping, Node, Scalar

TextOfScalar: TypeAlias = "Callable[[Scalar], str]"
Identity: TypeAlias = "Callable[[Node, TextOfScalar], str | None]"

_PORT = pattern(r"(?:(?:(?P<ip>.*):)?(?P<published>[0-9-]*):)?(?P<target>[0-9-]+)(?:/(?P<protocol>\w+))?\Z")
ANY_ADDRESS = "0.0.0.0"
"""What a port is published on when nothing else is said."""


def name(item: Node, text_of: TextOfScalar) -> str | None:
    """What stands before `=`, or the whole where there is none."""
    return text_of(item).partition("=")[0] if isinstance(item, Scalar) else None


def whole(item: Node, text_of: TextOfScalar) -> str | None:
    """All of it."""
    return text_of(item) if isinstance(item, Scalar) else None


def env_file(item: Node, text_of: TextOfScalar) -> str | None:
    """The path of a file of variables, in both forms."""
    return text_of(item) if isinstance(item, Scalar) else _field(item, "path", text_of)


def mount(item: Node, text_of: TextOfScalar) -> str | None:
    """The place in the container."""
    if not isinstance(item, Scalar):
        return _path(_field(item, "target", text_of))
    parts = split_mount(text_of(item))
    return _path(parts[1] if len(parts) > 1 else parts[0])


def device(item: Node, text_of: TextOfScalar) -> str | None:
    """The place in the container."""
    if not isinstance(item, Scalar):
        return _field(item, "target", text_of)
    parts = text_of(item).split(":")
    return parts[1] if len(parts) > 1 else parts[0]


def secret(item: Node, text_of: TextOfScalar) -> str | None:
    """The file in the container."""
    return _stored(item, "/run/secrets", text_of)


def config(item: Node, text_of: TextOfScalar) -> str | None:
    """The file in the container."""
    return _stored(item, "", text_of)


def subnet(item: Node, text_of: TextOfScalar) -> str | None:
    """The range of addresses that a network is given."""
    return _field(item, "subnet", text_of)


def port(item: Node, text_of: TextOfScalar) -> str | None:
    """Address, published port, port of the container and protocol."""
    if isinstance(item, Scalar):
        match = _PORT.match(text_of(item))
        if match is None:
            return text_of(item)
        fields = (match["ip"] and match["ip"].strip("[]"), match["published"], match["target"])
        protocol = match["protocol"]
    else:
        names = ("host_ip", "published", "target")
        fields = tuple(_field(item, name, text_of) for name in names)  # type: ignore[assignment]
        protocol = _field(item, "protocol", text_of)
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


def _stored(item: Node, folder: str, text_of: TextOfScalar) -> str | None:
    if isinstance(item, Scalar):
        return f"{folder}/{text_of(item)}"
    target = _field(item, "target", text_of)
    return target if target is not None else f"{folder}/{_field(item, 'source', text_of)}"


def _field(item: Node, key: str, text_of: TextOfScalar) -> str | None:
    value = item.get(key) if isinstance(item, Mapping) else None
    return text_of(value) if isinstance(value, Scalar) else None


def _path(text: str | None) -> str | None:
    return None if text is None else normpath(text)
