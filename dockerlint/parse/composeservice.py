"""One service of a Compose file into a container."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Lookup
from typing import NamedTuple

from dockerlint.model.container import Container, Limits, Namespaces
from dockerlint.model.hardening import Capability, Device, DeviceRule, SecurityOption, capability_name
from dockerlint.model.hostpath import clean_path
from dockerlint.model.image import Image, read_image
from dockerlint.model.knowledge import Knowledge
from dockerlint.model.mount import Mount
from dockerlint.model.resource import Config, Network, Secret
from dockerlint.model.runtime import Account, Healthcheck, Hook, Logging, Restart, ServiceBuild, Ulimit
from dockerlint.model.shared import UNKNOWN, UNRESOLVED, Located, Unknown
from dockerlint.parse.composecommand import read_command, read_test
from dockerlint.parse.composeinline import inline_dockerfile
from dockerlint.parse.composemounts import NamedVolume, read_stored, read_tmpfs, read_volumes
from dockerlint.parse.composeports import read_ports
from dockerlint.parse.composevalues import Values
from dockerlint.parse.yamlnodes import Entry, Mapping, Node, Scalar, Sequence
from dockerlint.text import Span

CPU_PERIOD = 100_000
"""Microseconds; what `cpu_quota` is a share of unless `cpu_period` says otherwise."""


class Surroundings(NamedTuple):
    """What the rest of the file tells about a service."""

    values: Values
    knowledge: Knowledge
    volumes: Lookup[str, NamedVolume]
    networks: Lookup[str, Network]
    secrets: Lookup[str, Secret]
    configs: Lookup[str, Config]


def read_service(entry: Entry, around: Surroundings, *, is_partial: bool) -> Container:
    """The container that one entry of `services:` describes."""
    values, body = around.values, _mapping(entry.value)
    is_partial = is_partial or body.is_partial or body is _NOTHING or body.get("extends") is not None
    networks = values.keys(body.get("networks"))
    network_mode = values.string(body.get("network_mode"))
    deploy = _mapping(body.get("deploy"))
    inline, offsets = inline_dockerfile(_mapping(body.get("build")).get("dockerfile_inline"), values)
    return Container(
        name=Located(entry.key.text, values.content(entry.key)),
        span=entry.span,
        is_partial=is_partial,
        image=_image(body, around),
        build=_build(body.get("build"), values),
        inline_dockerfile=inline,
        inline_offsets=offsets,
        account=_account(body.get("user"), values),
        privileged=values.flag(body.get("privileged")),
        read_only=values.flag(body.get("read_only")),
        init=values.flag(body.get("init")),
        use_api_socket=values.flag(body.get("use_api_socket")),
        capabilities=tuple(
            Capability(UNKNOWN if isinstance(one.value, Unknown) else capability_name(one.value), one.span)
            for one in values.strings(body.get("cap_add"))
        ),
        dropped=tuple(
            Located(UNKNOWN if isinstance(one.value, Unknown) else capability_name(one.value), one.span)
            for one in values.strings(body.get("cap_drop"))
        ),
        dropped_at=_span(body, "cap_drop"),
        security_options=tuple(map(_security_option, values.strings(body.get("security_opt")))),
        namespaces=_namespaces(body, network_mode, values),
        networks=networks,
        host_network=_host_network(network_mode, networks, around),
        ports=read_ports(body.get("ports"), values),
        expose=values.strings(body.get("expose")),
        mounts=_mounts(body, around),
        devices=tuple(_devices(body.get("devices"), values)),
        device_rules=tuple(
            DeviceRule(one.value, one.span) for one in values.strings(body.get("device_cgroup_rules"))
        ),
        groups=values.strings(body.get("group_add")),
        variables=values.variables(body.get("environment"), "environment"),
        env_files=_env_files(body.get("env_file"), values),
        labels=values.variables(body.get("labels"), "label")
        + values.variables(deploy.get("labels"), "label"),
        sysctls=values.variables(body.get("sysctls"), "sysctl"),
        ulimits=tuple(_ulimits(body.get("ulimits"), values)),
        limits=_limits(body, deploy, values),
        oom_kill_disable=values.flag(body.get("oom_kill_disable")),
        oom_score_adj=values.integer(body.get("oom_score_adj")),
        healthcheck=_healthcheck(body, values),
        logging=_logging(body, values),
        restart=_restart(body, deploy, values),
        commands=read_command(body.get("entrypoint"), values) + read_command(body.get("command"), values),
        hooks=tuple(_hooks(body, values)),
        secrets=_sources(body.get("secrets"), values),
        configs=_sources(body.get("configs"), values),
        container_name=values.string(body.get("container_name")),
        pull_policy=values.string(body.get("pull_policy")),
        platform=values.string(body.get("platform")),
        runtime=values.string(body.get("runtime")),
        profiles=values.strings(body.get("profiles")),
        depends_on=values.keys(body.get("depends_on")),
        links=values.strings(body.get("links")),
        extends=_extends(body.get("extends"), values),
        is_provided=body.get("provider") is not None,
    )


_NOTHING = Mapping({}, Span(0, 0))


def _mapping(node: Node | None) -> Mapping:
    """The node, or an empty mapping for anything else."""
    return node if isinstance(node, Mapping) else _NOTHING


def _span(body: Mapping, key: str) -> Span | None:
    entry = body.entries.get(key)
    return None if entry is None else entry.span


def _image(body: Mapping, around: Surroundings) -> Image | None:
    node = body.get("image")
    text = around.values.text_of(node)
    if text is None or not isinstance(node, Scalar):
        return None
    written = node.text if node.text != text.value else ""
    return read_image(text, "service", around.knowledge, written=written, is_built="build" in body.entries)


def _build(node: Node | None, values: Values) -> ServiceBuild | None:
    if isinstance(node, Scalar):
        context = values.string(node)
        return (
            None
            if context is None
            else ServiceBuild(context, None, None, (), (), None, None, (), context.span)
        )
    if not isinstance(node, Mapping):
        return None
    return ServiceBuild(
        context=values.string(node.get("context")),
        dockerfile=values.string(node.get("dockerfile")),
        target=values.string(node.get("target")),
        arguments=values.variables(node.get("args"), "build-arg"),
        labels=values.variables(node.get("labels"), "label"),
        privileged=values.flag(node.get("privileged")),
        network=values.string(node.get("network")),
        entitlements=values.strings(node.get("entitlements")),
        span=node.span,
    )


def _account(node: Node | None, values: Values) -> Account | None:
    text = values.text_of(node)
    if text is None or isinstance(text.value, Unknown):
        return None
    name, colon, group = text.value.partition(":")
    # A variable without a default may bring the group along.
    group_of = _known(group) if colon else (UNKNOWN if UNRESOLVED in name else None)
    return Account(_known(text.value), _known(name), group_of, text.span)


def _security_option(option: Located[str]) -> SecurityOption:
    if isinstance(option.value, Unknown):
        return SecurityOption(UNKNOWN, UNKNOWN, option.span)
    text = option.value.strip()
    at = next((index for index, character in enumerate(text) if character in "=:"), len(text))
    return SecurityOption(
        text[:at].strip().lower(), text[at + 1 :].strip() if at < len(text) else None, option.span
    )


def _namespaces(body: Mapping, network_mode: Located[str] | None, values: Values) -> Namespaces:
    return Namespaces(
        network=network_mode,
        pid=values.string(body.get("pid")),
        ipc=values.string(body.get("ipc")),
        uts=values.string(body.get("uts")),
        user=values.string(body.get("userns_mode")),
        cgroup=values.string(body.get("cgroup")),
        cgroup_parent=values.string(body.get("cgroup_parent")),
    )


def _host_network(
    mode: Located[str] | None, networks: tuple[Located[str], ...], around: Surroundings
) -> Located[str] | None:
    if mode is not None and mode.value == "host":
        return mode
    for name in networks:
        network = around.networks.get(str(name.value))
        if network is not None and network.is_host is True:
            return name
    return None


def _mounts(body: Mapping, around: Surroundings) -> tuple[Mount, ...]:
    values = around.values
    return (
        *read_volumes(body.get("volumes"), around.volumes, values),
        *read_tmpfs(body.get("tmpfs"), values),
        *read_stored(body.get("secrets"), around.secrets, "secrets", values),
        *read_stored(body.get("configs"), around.configs, "configs", values),
    )


def _devices(node: Node | None, values: Values) -> Iterator[Device]:
    for item in node.items if isinstance(node, Sequence) else ():
        if isinstance(item, Mapping):
            source = values.path_of(item.get("source"))
            permissions = values.string(item.get("permissions"))
            if source is not None:
                mode = permissions.value if permissions else "rwm"
                yield Device(_device_path(source), values.string(item.get("target")), mode, item.span)
        elif text := values.path_of(item):
            parts = str(text.value).split(":")
            target = Located(_known(parts[1]), text.span) if len(parts) > 1 else None
            mode = _known(parts[2]) if len(parts) > 2 else "rwm"
            yield Device(_device_path(Located(parts[0], text.span)), target, mode, text.span)


def _device_path(source: Located[str]) -> Located[str]:
    path = source.value
    if isinstance(path, Unknown) or UNRESOLVED in path:
        return Located(UNKNOWN, source.span)
    return Located(clean_path(path) if path.startswith("/") else path, source.span)


def _env_files(node: Node | None, values: Values) -> tuple[Located[str], ...]:
    items = node.items if isinstance(node, Sequence) else () if node is None else (node,)
    paths = (values.string(item.get("path") if isinstance(item, Mapping) else item) for item in items)
    return tuple(path for path in paths if path is not None)


def _sources(node: Node | None, values: Values) -> tuple[Located[str], ...]:
    items = node.items if isinstance(node, Sequence) else ()
    names = (values.string(item.get("source") if isinstance(item, Mapping) else item) for item in items)
    return tuple(name for name in names if name is not None)


def _extends(node: Node | None, values: Values) -> Located[str] | None:
    return values.string(node.get("service") if isinstance(node, Mapping) else node)


def _ulimits(node: Node | None, values: Values) -> Iterator[Ulimit]:
    for name, entry in _mapping(node).entries.items():
        if isinstance(entry.value, Mapping):
            soft, hard = (values.integer(entry.value.get(key)) for key in ("soft", "hard"))
        else:
            soft = hard = values.integer(entry.value)
        if soft is not None and hard is not None:
            yield Ulimit(name, soft.value, hard.value, entry.span)


def _limits(body: Mapping, deploy: Mapping, values: Values) -> Limits:
    limits = _mapping(_mapping(deploy.get("resources")).get("limits"))
    return Limits(
        memory=values.size(body.get("mem_limit")) or values.size(limits.get("memory")),
        cpus=values.number(body.get("cpus")) or values.number(limits.get("cpus")) or _quota(body, values),
        pids=values.integer(body.get("pids_limit")) or values.integer(limits.get("pids")),
    )


def _quota(body: Mapping, values: Values) -> Located[float] | None:
    quota, period = values.number(body.get("cpu_quota")), values.number(body.get("cpu_period"))
    if quota is None:
        return None
    share = period.value if period is not None else CPU_PERIOD
    if isinstance(quota.value, Unknown) or isinstance(share, Unknown):
        return Located(UNKNOWN, quota.span)
    return Located(quota.value / (share or CPU_PERIOD), quota.span)


def _healthcheck(body: Mapping, values: Values) -> Healthcheck | None:
    node = body.get("healthcheck")
    if not isinstance(node, Mapping):
        return None
    disable, test = values.flag(node.get("disable")), node.get("test")
    first = test.items[0] if isinstance(test, Sequence) and test.items else test
    is_none = isinstance(first, Scalar) and first.text == "NONE"
    return Healthcheck(
        is_disabled=True if is_none else disable.value if disable else False,
        has_test=first is not None and not is_none,
        interval=values.string(node.get("interval")),
        timeout=values.string(node.get("timeout")),
        retries=values.integer(node.get("retries")),
        commands=read_test(test, values),
        span=body.entries["healthcheck"].span,
        disabled_at=next(
            (node.entries[key].span for key in ("test" if is_none else "disable",) if key in node.entries),
            None,
        ),
    )


def _logging(body: Mapping, values: Values) -> Logging | None:
    node = body.get("logging")
    if not isinstance(node, Mapping):
        return None
    options = values.variables(node.get("options"), "logging-option")
    return Logging(values.string(node.get("driver")), options, body.entries["logging"].span)


def _restart(body: Mapping, deploy: Mapping, values: Values) -> Restart | None:
    node = body.get("restart")
    # Quotes are easily forgotten round no, and YAML 1.1 readers make false of it.
    if (policy := values.string(node)) is not None:
        if isinstance(policy.value, Unknown):
            return Restart(UNKNOWN, UNKNOWN, policy.span)
        name, _, attempts = policy.value.partition(":")
        return Restart(
            name, int(attempts) if attempts.isdecimal() and len(attempts) < 10 else None, policy.span
        )
    declared = deploy.get("restart_policy")
    if not isinstance(declared, Mapping):
        return None
    condition, attempts_of = (
        values.string(declared.get("condition")),
        values.integer(declared.get("max_attempts")),
    )
    return Restart(
        condition.value if condition else "any",
        attempts_of.value if attempts_of else None,
        deploy.entries["restart_policy"].span,
    )


def _hooks(body: Mapping, values: Values) -> Iterator[Hook]:
    for when in ("pre_start", "post_start", "pre_stop"):
        node = body.get(when)
        for item in node.items if isinstance(node, Sequence) else ():
            if isinstance(item, Mapping):
                yield Hook(
                    when,
                    values.flag(item.get("privileged")),
                    _account(item.get("user"), values),
                    values.variables(item.get("environment"), "environment"),
                    read_command(item.get("command"), values),
                    item.span,
                )


def _known(text: str) -> str | Unknown:
    return UNKNOWN if UNRESOLVED in text else text
