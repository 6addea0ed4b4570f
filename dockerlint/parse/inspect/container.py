"""The JSON of one container into the keys of a Compose service: its settings, and what became of them.

Source: the API of the Docker Engine, ContainerInspect; libpod's inspect, which leaves fields out or spells
capabilities with their prefix.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Final

from dockerlint.data import table
from dockerlint.images.facts import Knowledge
from dockerlint.model.container.container import Container
from dockerlint.model.container.running import RunningState
from dockerlint.parse.alone import entry, read_alone
from dockerlint.parse.inspect.fields import (
    entries_of,
    flag_at,
    found_at,
    is_empty,
    items_of,
    number_at,
    text_at,
)
from dockerlint.parse.inspect.security import read_security
from dockerlint.parse.literal import LiteralValues
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.values import known
from dockerlint.yaml.nodes import Entry, Mapping, Node, Scalar, Sequence, as_mapping

_NOTHING: Final = {
    **dict.fromkeys(("mem_limit", "cpu_quota", "cpu_period", "pids_limit", "oom_score_adj"), ("0",)),
    **dict.fromkeys(("init", "oom_kill_disable", "read_only", "privileged"), ("false",)),
    "ipc": ("private",),
    "isolation": ("default",),
    "runtime": ("runc", "oci", "crun"),
}
"""What a field says when nobody set it."""
_DEFAULT_NETWORKS: Final = ("bridge", "default", "host", "none", "podman", "pasta", "slirp4netns")
_DIGEST: Final = pattern(r"(?:sha256:)?[0-9a-f]{12,64}\Z")
_NANO: Final = 1_000_000_000


@cache
def _same_fields() -> dict[str, list[tuple[str, str, tuple[str, ...]]]]:
    """By the object: fields that say the same as keys of Compose, in one form; the key; what says nothing."""
    fields: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {}
    for path, key in table("inspect", "inspect-fields").items():
        around, _, name = path.partition(".")
        fields.setdefault(around, []).append((name, key, _NOTHING.get(key, ())))
    return fields


def read_container(body: Mapping, values: LiteralValues, knowledge: Knowledge) -> Container:
    """One container; null stands for nothing, and wrong types for what cannot be known."""
    name = _name(body)
    made = read_alone(name, _keys(body), body.span, values, knowledge, is_partial=body.is_partial)
    # An entrypoint of the image stands there as well.
    return replace(made, has_entrypoint=False, running=_running(body, name))


def _name(body: Mapping) -> Scalar:
    for path in (("Name",), ("Id",)):
        found = found_at(body, *path)
        if found is not None and isinstance(found.value, Scalar) and found.value.style:
            text, span = found.value.text, found.value.span
            slash = 1 if text.startswith("/") else 0
            shown = text[slash:] if path == ("Name",) else text[:12]
            return Scalar(shown or "container", Span(span.start + 1 + slash, span.end - 1))
    return Scalar("container", Span(body.span.start, body.span.start + 1))


def _keys(body: Mapping) -> Iterator[Entry]:
    for around, fields in _same_fields().items():
        members = as_mapping(body.get(around)).entries
        for name, key, defaults in fields:
            found = members.get(name)
            if found is None or is_empty(found.value):
                continue
            value = found.value
            if defaults and isinstance(value, Scalar) and value.text in defaults:
                continue
            yield Entry(Scalar(key, found.key.span), _spelled(key, value), found.span)
    yield from read_security(body)
    yield from _image(body)
    yield from _network(body)
    yield from _ports(body)
    yield from _mounts(body)
    yield from _limits(body)
    yield from _devices(body)
    yield from _healthcheck(body)
    yield from _logging(body)
    yield from _restart(body)


def _spelled(key: str, node: Node) -> Node:
    """As Compose spells it: engines print CAP_ALL for ALL."""
    if key not in ("cap_add", "cap_drop") or not isinstance(node, Sequence):
        return node
    items = (
        one._replace(text="ALL") if isinstance(one, Scalar) and one.text == "CAP_ALL" else one
        for one in node.items
    )
    return node._replace(items=tuple(items))


def _image(body: Mapping) -> Iterator[Entry]:
    for path in (("Config", "Image"), ("ImageName",)):
        found = found_at(body, *path)
        if found is not None and isinstance(found.value, Scalar) and not _DIGEST.match(found.value.text):
            yield entry("image", found.value)
            return


def _network(body: Mapping) -> Iterator[Entry]:
    mode = found_at(body, "HostConfig", "NetworkMode")
    if mode is None or not isinstance(mode.value, Scalar):
        return
    text = mode.value.text
    if text in _DEFAULT_NETWORKS or ":" in text:
        yield entry("network_mode", mode.value)
        return
    joined = found_at(body, "NetworkSettings", "Networks")
    names = tuple(one.key for one in entries_of(joined)) or (mode.value,)
    yield entry("networks", Sequence(names, mode.value.span))


def _ports(body: Mapping) -> Iterator[Entry]:
    """What was asked for; with `-P`, what the engine chose."""
    for path in (("HostConfig", "PortBindings"), ("NetworkSettings", "Ports")):
        found = found_at(body, *path)
        ports = [port for one in entries_of(found) for port in _bindings(one)]
        if ports and found is not None:
            yield entry("ports", Sequence(tuple(ports), found.value.span))
            return


def _bindings(one: Entry) -> Iterator[Node]:
    target, _, protocol = one.key.text.partition("/")
    key = one.key.span
    for binding in items_of(one):
        host, port = text_at(binding, "HostIp"), text_at(binding, "HostPort")
        told = [
            entry("target", Scalar(target, key, '"')),
            entry("protocol", Scalar(protocol or "tcp", key, '"')),
        ]
        if known(port) and known(port) != "0":
            told.append(entry("published", Scalar(str(known(port)), binding.span)))
        if known(host):
            told.append(entry("host_ip", Scalar(str(known(host)), binding.span)))
        yield Mapping({part.key.text: part for part in told}, Span(key.start, binding.span.end))


def _mounts(body: Mapping) -> Iterator[Entry]:
    found = found_at(body, "Mounts")
    if found is not None:
        mounts = [one for item in items_of(found) if (one := _mount(item)) is not None]
        yield entry("volumes", Sequence(tuple(mounts), found.value.span))
    elif (binds := found_at(body, "HostConfig", "Binds")) is not None:
        yield entry("volumes", binds.value)
    tmpfs = found_at(body, "HostConfig", "Tmpfs")
    if tmpfs is not None:
        words = (_with_options(one) for one in entries_of(tmpfs))
        yield entry("tmpfs", Sequence(tuple(words), tmpfs.value.span))


def _mount(item: Node) -> Mapping | None:
    kind = known(text_at(item, "Type"))
    if not isinstance(item, Mapping) or kind is None:
        return None
    source = found_at(item, "Name") if kind == "volume" else found_at(item, "Source")
    target, writable, shared = (item.entries.get(key) for key in ("Destination", "RW", "Propagation"))
    told = [entry("type", Scalar(kind, item.span))]
    told += [entry("source", source.value)] if source is not None else []
    told += [entry("target", target.value)] if target is not None else []
    if writable is not None and isinstance(writable.value, Scalar) and writable.value.text == "false":
        told.append(entry("read_only", writable.value._replace(text="true")))
    if shared is not None and not is_empty(shared.value):
        told.append(entry("bind", Mapping({"propagation": entry("propagation", shared.value)}, item.span)))
    return Mapping({part.key.text: part for part in told}, item.span)


def _with_options(one: Entry) -> Scalar:
    options = one.value.text if isinstance(one.value, Scalar) else ""
    return Scalar(f"{one.key.text}:{options}" if options else one.key.text, one.span)


def _limits(body: Mapping) -> Iterator[Entry]:
    cpus = number_at(body, "HostConfig", "NanoCpus")
    share = known(cpus)
    if cpus is not None and share:
        yield entry("cpus", Scalar(str(share / _NANO), cpus.span))
    mode = found_at(body, "HostConfig", "CgroupnsMode")
    if mode is not None and isinstance(mode.value, Scalar) and mode.value.text == "host":
        yield entry("cgroup", mode.value)
    found = found_at(body, "HostConfig", "Ulimits")
    told = {}
    for item in items_of(found):
        name, soft, hard = (found_at(item, key) for key in ("Name", "Soft", "Hard"))
        if name is not None and isinstance(name.value, Scalar):
            parts = {key: entry(key, one.value) for key, one in (("soft", soft), ("hard", hard)) if one}
            told[name.value.text] = Entry(name.value, Mapping(parts, item.span), item.span)
    if told and found is not None:
        yield entry("ulimits", Mapping(told, found.value.span))


def _devices(body: Mapping) -> Iterator[Entry]:
    found = found_at(body, "HostConfig", "Devices")
    names = (("source", "PathOnHost"), ("target", "PathInContainer"), ("permissions", "CgroupPermissions"))
    items = []
    for item in items_of(found):
        told = {
            key: entry(key, one.value) for key, name in names if (one := found_at(item, name)) is not None
        }
        items.append(Mapping(told, item.span))
    if items and found is not None:
        yield entry("devices", Sequence(tuple(items), found.value.span))


def _healthcheck(body: Mapping) -> Iterator[Entry]:
    found = found_at(body, "Config", "Healthcheck")
    test = None if found is None else found_at(found.value, "Test")
    if found is not None and test is not None:
        yield Entry(
            Scalar("healthcheck", found.key.span),
            Mapping({"test": entry("test", test.value)}, found.span),
            found.span,
        )


def _logging(body: Mapping) -> Iterator[Entry]:
    found = found_at(body, "HostConfig", "LogConfig")
    if found is None:
        return
    driver, options = found_at(found.value, "Type"), found_at(found.value, "Config")
    told = {}
    if driver is not None:
        told["driver"] = entry("driver", driver.value)
    if options is not None:
        told["options"] = entry("options", options.value)
    if told:
        yield Entry(Scalar("logging", found.key.span), Mapping(told, found.value.span), found.span)


def _restart(body: Mapping) -> Iterator[Entry]:
    found = found_at(body, "HostConfig", "RestartPolicy")
    name = None if found is None else found_at(found.value, "Name")
    if found is None or name is None or not isinstance(name.value, Scalar):
        return
    count = known(number_at(found.value, "MaximumRetryCount"))
    text = f"{name.value.text}:{count}" if count else name.value.text
    yield entry("restart", Scalar(text, name.value.span, '"'))


def _running(body: Mapping, name: Scalar) -> RunningState:
    health = text_at(body, "State", "Health", "Status") or text_at(body, "State", "Healthcheck", "Status")
    return RunningState(
        span=name.span,
        status=text_at(body, "State", "Status"),
        health=health,
        restart_count=number_at(body, "RestartCount"),
        was_out_of_memory=flag_at(body, "State", "OOMKilled"),
        apparmor=text_at(body, "AppArmorProfile"),
        selinux_label=text_at(body, "ProcessLabel"),
        user=text_at(body, "Config", "User"),
    )
