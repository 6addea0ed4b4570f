"""What a container starts, and starts again, next to the service that made it.

What engines fill in is no difference: the image's entrypoint, command and health check, `no` for a restart
policy. Source: daemon/commit.go of moby (merge), pkg/compose/create.go of Compose.
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename
from typing import Final

from dockerlint.model.container.container import Container
from dockerlint.model.container.isolation import Device
from dockerlint.model.container.runtime import Restart
from dockerlint.model.host.counterpart import Counterpart
from dockerlint.model.host.drift import Drift
from dockerlint.model.host.launch import Argv, Launch
from dockerlint.quoting import excerpt
from dockerlint.text import Span
from dockerlint.values import Unknown, known

_POLICIES: Final = {"": "no", "none": "no", "false": "no", "any": "always"}
"""How `deploy` and YAML call what an engine calls by another name."""
_OFF: Final = ("NONE",)


def differing_launch(pair: Counterpart) -> Iterator[Drift]:
    """The command, the restart policy, the devices and the health check."""
    yield from _command(pair)
    yield from _restart(pair)
    yield from _devices(pair)
    yield from _health(pair)


def _command(pair: Counterpart) -> Iterator[Drift]:
    said, image = pair.said, pair.image_launch or Launch()
    is_partial = pair.service.is_partial
    wanted = image.entrypoint if said.entrypoint is None else said.entrypoint
    found = pair.launch.entrypoint
    if not (said.entrypoint is None and is_partial) and _differ(found, wanted):
        yield pair.drift("command", *_told_apart("entrypoint", _program(found), _program(wanted)))
    if said.command is not None:
        wanted = said.command
    elif is_partial:
        return
    else:
        wanted = () if said.has_own_entrypoint else image.command
    found = pair.launch.command
    if _differ(found, wanted):
        yield pair.drift("command", *_told_apart("command", _program(found), _program(wanted)))


def _differ(found: Argv, wanted: Argv) -> bool:
    """Both are known, and not the same."""
    return isinstance(found, tuple) and isinstance(wanted, tuple) and found != wanted


def _program(words: Argv) -> str:
    """The first word alone: those behind it may be secrets."""
    first = words[0].split() if isinstance(words, tuple) and words else []
    return (basename(first[0]) or first[0]) if first else ""


def _told_apart(what: str, found: str, wanted: str) -> tuple[str, str]:
    """Both programs, or that what follows them differs."""
    if found == wanted:
        return f"has other arguments in its {what}", f"says others for {excerpt(wanted)}"
    has = f"has the {what} {excerpt(found)}" if found else f"has no {what}"
    return has, f"says {excerpt(wanted)}" if wanted else "has none"


def _restart(pair: Counterpart) -> Iterator[Drift]:
    made, said = pair.container.restart, pair.service.restart
    if not pair.says_restart or (said is None and pair.service.is_partial):
        return
    found, wanted = _policy(made), _policy(said)
    if found is None or wanted is None or found == wanted:
        return
    if said is not None and said.policy == "any" and found in ("no", "always"):
        return  # of a policy without condition no more is known
    span = None if made is None else made.span
    yield pair.drift("restart", f"has the restart policy {found}", f"says {wanted}", span=span)


def _policy(restart: Restart | None) -> str | None:
    """As `docker run --restart` spells it; None where a variable decides."""
    if restart is None:
        return "no"
    if isinstance(restart.policy, Unknown) or isinstance(restart.attempts, Unknown):
        return None
    name = _POLICIES.get(restart.policy, restart.policy)
    return f"{name}:{restart.attempts}" if name == "on-failure" and restart.attempts else name


def _devices(pair: Counterpart) -> Iterator[Drift]:
    if not pair.says_devices or pair.service.is_partial:
        return
    found, wanted = _device_files(pair.container), _device_files(pair.service)
    if found is None or wanted is None:
        return
    if more := sorted(found.keys() - wanted.keys()):
        words = f"has the device {', '.join(more)}"
        yield pair.drift("devices", words, "does not", span=found[more[0]], weakens=True)
    if less := sorted(wanted.keys() - found.keys()):
        yield pair.drift("devices", f"lacks the device {', '.join(less)}", "has it")


def _device_files(container: Container) -> dict[str, Span] | None:
    """Device files as `--device` spells them in full; None where a variable decides one."""
    found: dict[str, Span] = {}
    for one in container.devices:
        if one.role == "cdi":
            continue  # requested from a driver, which engines keep elsewhere
        if isinstance(one.source.value, Unknown) or isinstance(one.permissions, Unknown) or _is_open(one):
            return None
        target = known(one.target) or one.source.value
        found[f"{one.source.value}:{target}:{''.join(sorted(one.permissions))}"] = one.span
    return found


def _is_open(device: Device) -> bool:
    return device.target is not None and isinstance(device.target.value, Unknown)


def _health(pair: Counterpart) -> Iterator[Drift]:
    made, said = pair.container.healthcheck, pair.said.test
    if said is None and pair.service.is_partial:
        return
    wanted = said if said is not None else None if pair.image_launch is None else pair.image_launch.test or ()
    found = pair.launch.test
    if found is None or not _differ(found, wanted):
        return
    span = None if made is None else made.span
    if not _asks(found):
        yield pair.drift("healthcheck", "has no health check", "has one", span=span, weakens=True)
    else:
        told = "has another one" if _asks(wanted) else "has none"
        yield pair.drift("healthcheck", "has a health check", told, span=span)


def _asks(test: Argv) -> bool:
    """It is a health check, and not switched off."""
    return bool(test) and test != _OFF
