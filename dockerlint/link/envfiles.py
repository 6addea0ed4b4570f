"""The files of variables that services name.

https://docs.docker.com/reference/compose-file/services/#env_file
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from dockerlint.link.places import file_below
from dockerlint.link.space import Settings
from dockerlint.text import Span
from dockerlint.yaml.nodes import DROPPED, Mapping, Node, Scalar, Sequence


class NamedEnvFile(NamedTuple):
    """A file of variables, as a service names it."""

    path: str
    """From the folder of the project's first file; UNRESOLVED may stand inside."""
    span: Span
    is_required: bool = True
    is_raw: bool = False
    """Values are taken as they stand: no quotes, no variables in them."""


def env_files(node: Node | None, settings: Settings) -> Iterator[NamedEnvFile]:
    """The files below `env_file` or `label_file`, in the order in which they are read."""
    items = node.items if isinstance(node, Sequence) else () if node is None else (node,)
    for item in items:
        path = item.get("path") if isinstance(item, Mapping) else item
        if isinstance(path, Scalar) and path.text and path.tag != DROPPED:
            found = file_below(settings.at(path.span.start).folder, settings.fill(path))
            yield NamedEnvFile(found, path.span, _is_required(item), _format(item, settings) == "raw")


def _is_required(item: Node) -> bool:
    required = item.get("required") if isinstance(item, Mapping) else None
    return not isinstance(required, Scalar) or required.value is not False


def _format(item: Node, settings: Settings) -> str:
    format_ = item.get("format") if isinstance(item, Mapping) else None
    return settings.fill(format_) if isinstance(format_, Scalar) else ""
