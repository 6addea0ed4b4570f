"""Why a service is not started for a trial: it would reach its host, or what is not known to stay inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from dockerlint.data import ordered_words, table, word_list
from dockerlint.prove.host.composed import ComposedProject

KEPT: Final = word_list("prove", "service-keys-of-trials")
_DROPPED: Final = word_list("prove", "service-keys-without-effect-in-trials")
_REFUSED: Final = table("prove", "service-keys-refused-in-trials")
_CAPABILITIES: Final = ordered_words("prove", "capabilities-refused-in-trials")
_SPACES: Final = ("network_mode", "pid", "ipc", "uts", "cgroup", "userns_mode")


def refusals(service: Mapping[str, Any], *, with_data: bool) -> Iterator[str]:
    """What speaks against starting a service, as Compose prints it; nothing where nothing does.

    Host files that are copied speak against it without `with_data` only.
    """
    for key, value in service.items():
        if key in _REFUSED and value not in (None, False, [], {}):
            yield f"{key}: {_REFUSED[key]}"
        elif key not in KEPT and key not in _DROPPED and key not in _REFUSED and not key.startswith("x-"):
            yield f"{key}: not known to stay inside of a trial"
    for key in _SPACES:
        value = str(service.get(key) or "")
        if value == "host" or value.startswith("container:"):
            yield f"{key}: {value}, which is the host's or another container's"
    for name in map(capability_name, service.get("cap_add") or ()):
        if name in _CAPABILITIES:
            yield f"cap_add: {name} can take over the host"
    if _reserves_devices(service):
        yield "deploy: devices of the host"
    yield from _mounts(service, with_data)


def capability_name(written: str) -> str:
    """`NET_ADMIN` of `cap_net_admin`."""
    return written.upper().removeprefix("CAP_")


def _reserves_devices(service: Mapping[str, Any]) -> bool:
    resources = (service.get("deploy") or {}).get("resources") or {}
    return bool((resources.get("reservations") or {}).get("devices"))


def stored_refusals(
    project: ComposedProject, service: Mapping[str, Any], *, with_data: bool
) -> Iterator[str]:
    """The same of the secrets and configs that it is given."""
    for key in ("secrets", "configs"):
        for one in service.get(key) or ():
            stored = getattr(project, key).get(one.get("source")) or {}
            if stored.get("external"):
                yield f"{key}: {one['source']} is kept by another program"
            elif stored.get("file") and not with_data:
                yield f"{key}: {one['source']} is a file of the host; --with-data gives the trials a copy"


def _mounts(service: Mapping[str, Any], with_data: bool) -> Iterator[str]:
    for mount in service.get("volumes") or ():
        kind, target = mount.get("type"), mount.get("target")
        if kind == "bind" and not with_data:
            yield f"volumes: {target} is a path of the host; --with-data gives the trials a copy"
        elif kind not in ("bind", "volume", "tmpfs"):
            yield f"volumes: {target} is a mount of type {kind}"
