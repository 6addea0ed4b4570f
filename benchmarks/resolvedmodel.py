"""The facts of a Compose project as the model holds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from resolvedfacts import FLAGS, NAMES, Bag, Facts, Script, absolute, cleaned, seconds

from dockerlint.model.container.container import Container
from dockerlint.model.container.isolation import Device
from dockerlint.model.container.mount import Mount
from dockerlint.model.container.port import Port
from dockerlint.model.container.project import Project
from dockerlint.model.container.resource import Network, StoredFile
from dockerlint.model.container.runtime import Hook, ServiceBuild, ServiceHealthcheck
from dockerlint.model.variable import Variable
from dockerlint.values import UNKNOWN, Located, Unknown


def of_model(project: Project, folder: str) -> Facts:
    """The facts of a project whose relative paths start at `folder`."""
    return {
        "services": {
            str(one.name.value): _container(one, folder) for one in project.containers if not one.is_provided
        },
        "networks": _default(project) | {str(one.name.value): _network(one) for one in project.networks},
        "secrets": {str(one.name.value): _stored(one, folder) for one in project.secrets},
        "configs": {str(one.name.value): _stored(one, folder) for one in project.configs},
    }


def _default(project: Project) -> Facts:
    """The network that Compose makes for whoever names none."""
    wanted = any(not one.networks and one.namespaces.network is None for one in project.containers)
    wanted = wanted or any(_value(name) == "default" for one in project.containers for name in one.networks)
    return {"default": UNKNOWN} if wanted else {}


def _container(one: Container, folder: str) -> Facts:
    spaces = one.namespaces
    facts: Facts = {
        "image": None if one.image is None else one.image.reference,
        "build": None if one.build is None else _build(one.build, folder, one.inline_dockerfile),
        "user": None if one.account is None else one.account.text,
        "cap_add": Bag(each.name for each in one.capabilities),
        "cap_drop": Bag(map(_value, one.dropped)),
        "security_opt": Bag((each.name, each.value) for each in one.security_options),
        "network_mode": _value(spaces.network),
        "pid": _value(spaces.pid),
        "ipc": _value(spaces.ipc),
        "uts": _value(spaces.uts),
        "userns_mode": _value(spaces.user),
        "cgroup": _value(spaces.cgroup),
        "cgroup_parent": _value(spaces.cgroup_parent),
        "networks": Bag(map(_value, one.networks)) or Bag(() if spaces.network else ("default",)),
        "ports": Bag(each for port in one.ports for each in _ports(port)),
        "expose": Bag(map(_value, one.expose)),
        "volumes": Bag(_mount(each, folder) for each in one.mounts if each.origin == "volumes"),
        "tmpfs": Bag(_tmpfs(each) for each in one.mounts if each.origin == "tmpfs"),
        "devices": Bag(map(_device, one.devices)),
        "device_cgroup_rules": Bag(each.text for each in one.device_rules),
        "group_add": Bag(map(_value, one.groups)),
        "environment": _variables(one.variables),
        "labels": _filled(one.labels),
        "sysctls": _filled(one.sysctls),
        "ulimits": {each.name: (each.soft, each.hard) for each in one.ulimits},
        "memory": _value(one.limits.memory),
        "cpus": _value(one.limits.cpus),
        "pids": _value(one.limits.pids),
        "oom_score_adj": _value(one.oom_score_adj),
        "healthcheck": _healthcheck(one.healthcheck),
        "logging": one.logging and (_value(one.logging.driver), _variables(one.logging.options)),
        "restart": one.restart and (one.restart.policy, one.restart.attempts or None),
        "commands": Script(one.commands),
        "hooks": [_hook(each) for each in one.hooks],
        "secrets": Bag(map(_value, one.secrets)),
        "configs": Bag(map(_value, one.configs)),
        "profiles": Bag(map(_value, one.profiles)),
        "depends_on": Bag(_dependencies(one)),
        "links": Bag(map(_value, one.links)),
        "volumes_from": Bag(map(_value, one.volumes_from)),
        "develop": one.has_develop,
    }
    facts |= {name: _value(getattr(one, name)) for name in NAMES}
    return facts | {name: _value(getattr(one, name), False) for name in FLAGS}


def _value(located: Located[Any] | None, nothing: Any = None) -> Any:
    """The value; `nothing` where it is absent, or what Compose leaves out: zero, "" and false."""
    value = nothing if located is None else located.value
    return value if isinstance(value, Unknown) else value or nothing


def _variables(variables: Iterable[Variable]) -> Facts:
    return {one.name: None if one.value is None else one.value.value for one in variables}


def _filled(variables: Iterable[Variable]) -> Facts:
    """A name without a value has an empty one."""
    return {name: "" if value is None else value for name, value in _variables(variables).items()}


def _build(build: ServiceBuild, folder: str, inline: Located[str] | None) -> Facts:
    context = "." if build.context is None else build.context.value
    return {
        "context": context if context is UNKNOWN or build.is_remote is True else absolute(context, folder),
        "dockerfile": _value(build.dockerfile, None if inline else "Dockerfile"),
        "dockerfile_inline": _value(inline),
        "target": _value(build.target),
        "args": {name: value for name, value in _variables(build.arguments).items() if value is not None},
        "labels": _filled(build.labels),
        "privileged": _value(build.privileged, False),
        "network": _value(build.network),
        "entitlements": Bag(map(_value, build.entitlements)),
    }


def _ports(port: Port) -> Iterator[Any]:
    """One entry for each port of the container, as Compose spreads ranges."""
    ip = _value(port.host_ip)
    published = None if port.published is None else port.published.value
    if isinstance(port.target.value, Unknown):
        yield UNKNOWN
        return
    inside = port.target.value.numbers
    for at, target in enumerate(inside):
        outside: Any = published
        if published is not None and not isinstance(published, Unknown):
            outside = str(published if len(inside) == 1 else published.first + at)
        yield (ip, outside, target, port.protocol, port.mode)


def _mount(mount: Mount, folder: str) -> Any:
    type_, source = mount.type, _value(mount.source)
    if mount.volume is not None:
        type_, source = "volume", mount.volume
    elif type_ in ("bind", "npipe") and isinstance(source, str):
        source = absolute(source, folder)
    target = _value(mount.target)
    return (type_, source, cleaned(target), mount.is_read_only, _value(mount.propagation))


def _tmpfs(mount: Mount) -> Any:
    return _value(mount.target)


def _device(device: Device) -> Any:
    source = device.source.value
    target = _value(device.target) if device.target is not None else source
    return (source, target, device.permissions)


def _healthcheck(check: ServiceHealthcheck | None) -> Any:
    if check is None:
        return None
    if check.is_disabled is True:
        return "disabled"
    return {
        "has_test": check.has_test,
        "interval": seconds(_value(check.interval)),
        "timeout": seconds(_value(check.timeout)),
        "retries": _value(check.retries),
        "commands": Script(check.commands),
    }


def _hook(hook: Hook) -> Any:
    return (
        hook.when,
        None if hook.account is None else hook.account.text,
        _value(hook.privileged, False),
        _variables(hook.variables),
        Script(hook.commands),
    )


def _dependencies(one: Container) -> Iterator[Any]:
    """With what Compose waits for without being asked."""
    found = [_value(each) for each in one.depends_on]
    for each in (*one.links, *one.volumes_from):
        name = str(each.value).partition(":")[0]
        found += [name] if name != "container" else []
    for space in one.namespaces.shared:
        kind, _, name = str(space.value).partition(":")
        found += [name] if kind == "service" else []
    yield from dict.fromkeys(found)


def _network(network: Network) -> Facts:
    return {
        "driver": _value(network.driver),
        "external": network.is_external,
        "internal": network.is_internal,
        "name": UNKNOWN if network.real_name is None else network.real_name.value,
    }


def _stored(stored: StoredFile, folder: str) -> Facts:
    file = _value(stored.file)
    return {
        "file": absolute(file, folder) if isinstance(file, str) else file,
        "content": _value(stored.content),
        "environment": _value(stored.environment),
        "external": stored.is_external,
    }
