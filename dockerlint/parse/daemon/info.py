"""What a daemon says about itself: `docker info` and `docker version`, as JSON or as people read it.

Both say what the daemon came to, whatever daemon.json and its flags say. They are put under the keys of
daemon.json where there is one; what they do not tell is unknown. Source: the API of the Docker Engine,
SystemInfo and SystemVersion.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from dockerlint.data import table
from dockerlint.model.daemon.address import DaemonHost
from dockerlint.model.daemon.daemon import Daemon
from dockerlint.parse.compose.values import Values
from dockerlint.parse.daemon.configuration import read_daemon
from dockerlint.parse.inspect.fields import entries_of, found_at, inner, items_of, text_at
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.values import Located
from dockerlint.yaml.nodes import Entry, Mapping, Node, Scalar, Sequence, as_mapping

_OPEN: Final = pattern(r"API is accessible on (https?)://(\S+) without (encryption|TLS client verification)")
"""A warning of the daemon about each address of its own (daemon/info.go of moby)."""
_WARNINGS: Final = "Warnings"
_OPTION: Final = pattern(r"(?:name=)?([\w-]+)(?:,profile=(.*))?\Z")


def is_info(body: Mapping) -> bool:
    """Whether an object is the answer of `docker info` or `docker version`."""
    return "ServerVersion" in body.entries or _version(body) is not None


def read_info(bodies: Iterable[Mapping], values: Values, today: date) -> Daemon:
    """The daemon that some answers of one engine describe; the first that says a thing counts."""
    bodies = list(bodies)
    told: dict[str, Entry] = {}
    for body in bodies:
        for key, entry in (*_same(body), *_registries(body), *_options(body), *_authorization(body)):
            told.setdefault(key, entry)
    start = bodies[0].span.start
    place = Span(start, start + 1)
    # Only `docker info` lists registries and warns of addresses; `docker version` does not.
    is_partial = not any(_WARNINGS in body.entries for body in bodies)
    made = read_daemon(Mapping(told, bodies[0].span, is_partial=is_partial), values, place)
    versions = (found for body in bodies if (found := _version(body)) is not None)
    version = next(versions, None)
    return replace(
        made,
        is_report=True,
        hosts=tuple(host for body in bodies for host in _addresses(body)),
        server_version=version,
        end_of_life=None if version is None else _end_of(str(version.value)),
        today=today,
        swarm=_first(text_at(body, "Swarm", "LocalNodeState") for body in bodies),
        cgroup_driver=_first(text_at(body, "CgroupDriver") for body in bodies),
        cgroup_version=_first(text_at(body, "CgroupVersion") for body in bodies),
    )


def _first(found: Iterable[Located[str] | None]) -> Located[str] | None:
    return next((one for one in found if one is not None), None)


def _version(body: Mapping) -> Located[str] | None:
    return text_at(body, "ServerVersion") or text_at(body, "Server", "Version")


def _end_of(version: str) -> date | None:
    """The first day without fixes of the line that a version belongs to; None where nobody knows."""
    lines = table("daemon", "engine-releases")
    numbers = version.lstrip("v").replace("-", ".").replace("+", ".").split(".")
    for count in (2, 1):
        if (line := ".".join(numbers[:count])) in lines:
            return date.fromisoformat(lines[line]) if lines[line] else None
    oldest = min(int(line.partition(".")[0]) for line in lines)
    is_old = numbers[0].isdecimal() and int(numbers[0]) < oldest
    return date.min if is_old else None


def _same(body: Mapping) -> Iterator[tuple[str, Entry]]:
    """What says the same as a key of daemon.json in the same form."""
    for path, key in table("daemon", "info-fields").items():
        found = found_at(body, *path.split("."))
        if found is not None:
            yield key, found


def _registries(body: Mapping) -> Iterator[tuple[str, Entry]]:
    """Registries without TLS; this machine itself is always one of them."""
    found = list(items_of(found_at(body, "RegistryConfig", "InsecureRegistryCIDRs")))
    for entry in entries_of(found_at(body, "RegistryConfig", "IndexConfigs")):
        secure = as_mapping(entry.value).get("Secure")
        if isinstance(secure, Scalar) and secure.text == "false":
            found.append(entry.key)
    config = found_at(body, "RegistryConfig")
    if config is not None:
        yield "insecure-registries", Entry(config.key, Sequence(tuple(found), config.value.span), config.span)


def _authorization(body: Mapping) -> Iterator[tuple[str, Entry]]:
    plugins = found_at(body, "Plugins")
    if plugins is not None:
        named = found_at(plugins.value, "Authorization")
        items = tuple(items_of(named))
        yield "authorization-plugins", Entry(plugins.key, Sequence(items, plugins.span), plugins.span)


def _options(body: Mapping) -> Iterator[tuple[str, Entry]]:
    """Seccomp, user namespaces and rootless mode are there or not; the list names them all."""
    listed = as_mapping(body).entries.get("SecurityOptions")
    if listed is None:
        return
    found: dict[str, Scalar] = {}
    for item in items_of(listed):
        match = _OPTION.match(item.text) if isinstance(item, Scalar) else None
        if isinstance(item, Scalar) and match is not None:
            found[match[1]] = Scalar(match[2] or "", inner(item))

    def told(key: str, text: str, name: str) -> tuple[str, Entry]:
        place = found[name].span if name in found else listed.key.span
        return key, Entry(Scalar(key, place), Scalar(text, place, "" if text else '"'), place)

    profile = found["seccomp"].text if "seccomp" in found else "unconfined"
    yield told("seccomp-profile", "" if profile in ("default", "builtin") else profile, "seccomp")
    yield told("userns-remap", "default" if "userns" in found else "", "userns")
    for key, name in (("rootless", "rootless"), ("no-new-privileges", "no-new-privileges")):
        yield told(key, "true" if name in found else "false", name)


def _addresses(body: Mapping) -> Iterator[DaemonHost]:
    """Its addresses on TCP that let everybody in, of which it warns; its socket stands for the others."""
    warnings = body.entries.get(_WARNINGS)
    if warnings is None or "ServerVersion" not in body.entries:
        return
    found = [match for item in items_of(warnings) if (match := _open_address(item)) is not None]
    yield from found or [DaemonHost("unix://", False, False, warnings.key.span)]


def _open_address(item: Node) -> DaemonHost | None:
    match = _OPEN.search(item.text) if isinstance(item, Scalar) else None
    if match is None or not isinstance(item, Scalar):
        return None
    return DaemonHost(f"tcp://{match[2].rstrip('.')}", match[1] == "https", False, inner(item))
