"""`volumes:`, `tmpfs:`, `secrets:` and `configs:` of a Compose service, as mounts.

https://docs.docker.com/reference/compose-file/services/#volumes and format.ParseVolume of compose-go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Lookup
from dataclasses import replace
from typing import NamedTuple

from dockerlint.model.container.mount import Mount
from dockerlint.model.container.resource import StoredFile
from dockerlint.parse.compose.values import Values, known_text
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, UNRESOLVED, Located, Unknown, known
from dockerlint.yaml.nodes import Mapping, Node, Scalar, Sequence
from dockerlint.yaml.style import stands_plain

PROPAGATIONS = frozenset(("private", "rprivate", "shared", "rshared", "slave", "rslave"))
_DRIVE = pattern(r"[A-Za-z]:[\\/]")
_IS_PATH = pattern(r"[./~\\]|[A-Za-z]:[\\/]")
_PIPE = pattern(r"[\\/]{2}\.[\\/]pipe[\\/]", re.IGNORECASE)


class NamedVolume(NamedTuple):
    """A top-level volume that shows a path of the host."""

    device: Located[str]


def host_volumes(node: Node | None, values: Values) -> dict[str, NamedVolume]:
    """The top-level volumes of the local driver that bind a path of the host, by name."""
    found: dict[str, NamedVolume] = {}
    for name, entry in node.entries.items() if isinstance(node, Mapping) else ():
        if isinstance(entry.value, Mapping) and (device := _bound_device(entry.value, values)):
            found[name] = NamedVolume(device)
    return found


def _bound_device(volume: Mapping, values: Values) -> Located[str] | None:
    driver, options = values.string(volume.get("driver")), volume.get("driver_opts")
    if (driver is not None and driver.value != "local") or not isinstance(options, Mapping):
        return None
    device = values.place_of(options.get("device"))
    flags, kind = known(values.string(options.get("o"))), known(values.string(options.get("type")))
    binds = not {"bind", "rbind"}.isdisjoint((flags or "").split(","))
    is_bind = kind == "bind" or (binds and kind in (None, "", "none"))
    return device if is_bind else None


def read_volumes(node: Node | None, named: Lookup[str, NamedVolume], values: Values) -> list[Mount]:
    """The entries of `volumes:`."""
    items = node.items if isinstance(node, Sequence) else ()
    mounts = (
        _short(item, named, values) if isinstance(item, Scalar) else _long(item, named, values)
        for item in items
    )
    return [mount for mount in mounts if mount is not None]


def _short(item: Scalar, named: Lookup[str, NamedVolume], values: Values) -> Mount | None:
    located = values.path_of(item)
    if located is None:
        return None
    text, span = str(located.value), located.span
    parts = _split(text)
    if len(parts) > 3 or not all(parts):
        values.problem("bad-mount", "invalid mount", span, "write [source:]target[:options]")
        return None
    places = _places(parts, item, text == item.text, span, values)
    options = tuple(word.lower() for word in parts[2].split(",")) if len(parts) == 3 else ()
    source = Located(parts[0], places[0]) if len(parts) > 1 else None
    target = Located(known_text(parts[1 if source else 0]), places[1 if source else 0])
    type_: str | Unknown = "volume"
    if source is not None:
        type_ = _type_of(parts[0])
        if type_ == "bind":
            source = Located(values.below(parts[0], span), places[0])
    elif UNRESOLVED in parts[0]:
        # The whole entry is a variable: it may name a source, too.
        type_, source = UNKNOWN, Located(UNKNOWN, span)
    propagation = next((word for word in options if word in PROPAGATIONS), None)
    read_only = _read_only(options, places[-1])
    shared = None if propagation is None else Located(propagation, places[-1])
    mount = _mount(type_, source, target, read_only, shared, options, span, named)
    return replace(mount, is_quoted_for_nothing=item.style in ("'", '"') and stands_plain(item.text))


def _mount(
    type_: str | Unknown,
    source: Located[str] | None,
    target: Located[str] | None,
    read_only: Located[bool] | None,
    propagation: Located[str] | None,
    options: tuple[str, ...],
    span: Span,
    named: Lookup[str, NamedVolume],
) -> Mount:
    volume = known(source) if type_ == "volume" and source is not None else None
    if volume is not None and volume in named:
        type_, source = "bind", named[volume].device
    return Mount(type_, source, target, "volumes", read_only, propagation, options, span, volume)


def _split(text: str) -> list[str]:
    """At colons, but for the one behind a drive letter."""
    parts: list[str] = []
    at = 0
    while True:
        skip = 2 if _DRIVE.match(text, at) else 0
        colon = text.find(":", at + skip)
        if colon < 0:
            return [*parts, text[at:]]
        parts.append(text[at:colon])
        at = colon + 1


def _places(parts: list[str], item: Scalar, literal: bool, span: Span, values: Values) -> list[Span]:
    """The span of each part."""
    if not literal:
        return [span] * len(parts)
    spans, at = [], 0
    for part in parts:
        spans.append(values.part(item, at, at + len(part)))
        at += len(part) + 1
    return spans


def _type_of(source: str) -> str | Unknown:
    if _PIPE.match(source):
        return "npipe"
    if _IS_PATH.match(source):
        return "bind"
    if not source.startswith(UNRESOLVED):
        return "volume"
    # A volume's name holds no slash, so what follows the variable makes it a path.
    return "bind" if "/" in source else UNKNOWN


def _read_only(options: tuple[str, ...], span: Span) -> Located[bool] | None:
    if "ro" in options or "readonly" in options:
        return Located(True, span)
    if any(UNRESOLVED in word for word in options):
        return Located(UNKNOWN, span)
    return Located(False, span) if "rw" in options else None


def _long(item: Node, named: Lookup[str, NamedVolume], values: Values) -> Mount | None:
    if not isinstance(item, Mapping):
        return None
    type_ = values.string(item.get("type"))
    source, target = values.path_of(item.get("source")), values.string(item.get("target"))
    bind = item.get("bind")
    propagation = values.string(bind.get("propagation")) if isinstance(bind, Mapping) else None
    read_only = values.flag(item.get("read_only"))
    kind = _type_of(str(source.value) if source else "") if type_ is None else type_.value
    if kind == "bind" and (source is None or not source.value):
        values.problem("bad-mount", "a bind needs a source", item.span, "add source:")
    if kind == "bind" and source is not None:
        source = Located(values.below(str(source.value), source.span), source.span)
    return _mount(kind, source, target, read_only, propagation, (), item.span, named)


def read_tmpfs(node: Node | None, values: Values) -> list[Mount]:
    """The entries of `tmpfs:`."""
    mounts = []
    for entry in values.strings(node):
        path, _, options = ("", "", "") if isinstance(entry.value, Unknown) else entry.value.partition(":")
        target = Located(UNKNOWN if isinstance(entry.value, Unknown) else path, entry.span)
        words = tuple(word.strip().lower() for word in options.split(",") if word.strip())
        mounts.append(Mount("tmpfs", None, target, "tmpfs", None, None, words, entry.span))
    return mounts


def read_stored(
    node: Node | None, stored: Lookup[str, StoredFile], origin: str, values: Values
) -> list[Mount]:
    """The `secrets:` or `configs:` of a service that are files of the host, which Compose binds read-only."""
    mounts = []
    for item in node.items if isinstance(node, Sequence) else ():
        name = values.string(item.get("source") if isinstance(item, Mapping) else item)
        entry = stored.get(known(name) or "")
        file = None if entry is None else entry.file
        if file is None:
            continue
        target = values.string(item.get("target")) if isinstance(item, Mapping) else None
        span = values.content(item)
        mounts.append(Mount("bind", file, target, origin, Located(True, span), None, (), span))
    return mounts
