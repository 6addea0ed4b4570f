"""The JSON of images, their history, and networks into the model."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dockerlint.model.host.inspection import HostNetwork, ImageConfig, ImageLayer
from dockerlint.parse.inspect.fields import entries_of, flag_at, found_at, inner, items_of, text_at
from dockerlint.parse.inspect.history import read_layer
from dockerlint.parse.literal import LiteralValues
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Located, Unknown, known
from dockerlint.yaml.nodes import Mapping, Node, Scalar, as_mapping

_DAY = pattern(r"(\d{4})-(\d\d)-(\d\d)T")
_EPOCH = 1990
"""Images built before are dated 1970 or 1980, so that the same sources give the same bytes."""


def read_image_config(body: Mapping, values: LiteralValues, today: date) -> ImageConfig:
    """One image."""
    name = _image_name(body)
    config = body.get("Config")
    check = found_at(config, "Healthcheck", "Test")
    unchecked: bool | Unknown = UNKNOWN if body.is_partial else False
    return ImageConfig(
        name=name,
        span=name.span,
        user=text_at(body, "Config", "User")
        or (Located("", name.span) if isinstance(config, Mapping) else None),
        variables=values.variables(as_mapping(config).get("Env"), "env"),
        labels=values.variables(as_mapping(config).get("Labels"), "label"),
        layers=tuple(_layers(body)),
        has_healthcheck=unchecked if check is None else _is_asked(check.value),
        age=age_of(body, today),
    )


def _is_asked(test: Node) -> bool | Unknown:
    first = next(items_of_node(test), None)
    return not (isinstance(first, Scalar) and first.text == "NONE")


def items_of_node(node: Node) -> Iterator[Node]:
    """The items of a list; nothing for another value."""
    yield from getattr(node, "items", ()) if not isinstance(node, (Mapping, Scalar)) else ()


def _image_name(body: Mapping) -> Located[str]:
    for key in ("RepoTags", "RepoDigests"):
        for item in items_of(found_at(body, key)):
            if isinstance(item, Scalar) and item.style:
                return Located(item.text, inner(item))
    found = text_at(body, "Id")
    return Located(
        (known(found) or "image")[:19], found.span if found else Span(body.span.start, body.span.start + 1)
    )


def age_of(body: Mapping, today: date) -> int | None:
    """Days since `Created`."""
    match = _DAY.match(known(text_at(body, "Created")) or "")
    if match is None:
        return None
    try:
        made = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    return None if made.year < _EPOCH else max((today - made).days, 0)


def _layers(body: Mapping) -> Iterator[ImageLayer]:
    for item in items_of(found_at(body, "History")):
        layer = read_layer(item)
        if layer is not None:
            yield layer


def read_network(body: Mapping) -> HostNetwork:
    """One network."""
    name = text_at(body, "Name") or Located("network", Span(body.span.start, body.span.start + 1))
    option = "com.docker.network.bridge.enable_icc"
    return HostNetwork(
        name=name,
        span=name.span,
        driver=text_at(body, "Driver"),
        allows_traffic=flag_at(body, "Options", option),
        is_encrypted="encrypted" in {one.key.text for one in entries_of(found_at(body, "Options"))},
        is_internal=flag_at(body, "Internal"),
        containers=len(list(entries_of(found_at(body, "Containers")))),
    )
