"""One service of a Compose file into a container."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from collections.abc import Mapping as Lookup
from dataclasses import replace
from typing import NamedTuple

from dockerlint.images.facts import ImageFacts, Knowledge
from dockerlint.kinds import TextOf
from dockerlint.link.envfiles import env_files
from dockerlint.link.resolve import Resolved
from dockerlint.model.container.container import Container
from dockerlint.model.container.mount import Mount
from dockerlint.model.container.resource import ComposeConfig, Network, Secret
from dockerlint.model.container.runtime import ServiceBuild
from dockerlint.model.image import Image
from dockerlint.model.variable import Variable
from dockerlint.parse.compose.command import dropped_commands, read_command
from dockerlint.parse.compose.envfiles import variables_of_files
from dockerlint.parse.compose.inline import inline_dockerfile, read_built
from dockerlint.parse.compose.isolation import (
    read_added,
    read_device_rules,
    read_devices,
    read_dropped,
    read_namespaces,
    read_security_options,
)
from dockerlint.parse.compose.mounts import NamedVolume, read_stored, read_tmpfs, read_volumes
from dockerlint.parse.compose.ports import read_ports
from dockerlint.parse.compose.runtime import (
    limits_key,
    read_account,
    read_healthcheck,
    read_hooks,
    read_limits,
    read_logging,
    read_restart,
    read_ulimits,
)
from dockerlint.parse.compose.values import Values, own_keys
from dockerlint.parse.image import read_image
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, UNRESOLVED, Located, Unknown
from dockerlint.yaml.nodes import Entry, Mapping, Node, Scalar, Sequence, as_mapping


class Surroundings(NamedTuple):
    """What the rest of the file tells about a service."""

    values: Values
    knowledge: Knowledge
    volumes: Lookup[str, NamedVolume]
    networks: Lookup[str, Network]
    secrets: Lookup[str, Secret]
    configs: Lookup[str, ComposeConfig]
    text_of: TextOf
    """Texts of files by their paths from the folder of the Compose file."""
    resolved: Resolved
    """All of the project."""
    extending: Lookup[str, Node] = {}
    """What services say about the one that they extend."""


def read_service(
    entry: Entry, around: Surroundings, origins: tuple[Located[str], ...], *, is_partial: bool
) -> Container:
    """The container that one entry of `services:` describes, declared at these places."""
    values, body = around.values, as_mapping(entry.value)
    is_partial = (
        is_partial
        or body.is_partial
        or not isinstance(entry.value, Mapping)
        or body.get("extends") is not None
    )
    networks = values.keys(body.get("networks"))
    network_mode = values.string(body.get("network_mode"))
    deploy = as_mapping(body.get("deploy"))
    image = _image(body, around)
    build = _build(body.get("build"), values)
    inline, offsets = inline_dockerfile(as_mapping(body.get("build")).get("dockerfile_inline"), values)
    return Container(
        name=Located(entry.key.text, values.content(entry.key)),
        span=entry.span,
        is_partial=is_partial,
        origins=origins,
        has_entrypoint=body.get("entrypoint") is not None,
        has_command=body.get("command") is not None,
        stop_signal=values.string(body.get("stop_signal")),
        image=image,
        build=build,
        built=read_built(build, inline, around.knowledge, around.text_of),
        receipts=around.knowledge.receipts.get(entry.key.text, ()),
        inline_dockerfile=inline,
        inline_offsets=offsets,
        account=read_account(body.get("user"), values),
        privileged=values.flag(body.get("privileged")),
        read_only=values.flag(body.get("read_only")),
        init=values.flag(body.get("init")),
        use_api_socket=values.flag(body.get("use_api_socket")),
        capabilities=read_added(body.get("cap_add"), values),
        dropped=read_dropped(body.get("cap_drop"), values),
        dropped_at=_span(body, "cap_drop"),
        security_options=read_security_options(body.get("security_opt"), values),
        namespaces=read_namespaces(body, network_mode, values),
        networks=networks,
        host_network=_host_network(network_mode, networks, around),
        ports=read_ports(body.get("ports"), values),
        expose=values.strings(body.get("expose")),
        mounts=_mounts(body, around),
        devices=tuple(read_devices(body.get("devices"), values)),
        device_rules=read_device_rules(body.get("device_cgroup_rules"), values),
        groups=values.strings(body.get("group_add")),
        variables=_variables(body, image, around),
        env_files=tuple(_env_files(body.get("env_file"), around)),
        labels=_labels(body, deploy, around),
        sysctls=values.variables(body.get("sysctls"), "sysctl"),
        ulimits=tuple(read_ulimits(body.get("ulimits"), values)),
        limits=read_limits(body, deploy, values),
        limits_key=limits_key(body, values),
        oom_kill_disable=values.flag(body.get("oom_kill_disable")),
        oom_score_adj=values.integer(body.get("oom_score_adj")),
        healthcheck=read_healthcheck(body, values),
        logging=read_logging(body, values),
        restart=read_restart(body, deploy, values),
        commands=read_command(body.get("entrypoint"), values) + read_command(body.get("command"), values),
        dropped_commands=dropped_commands(body.get("entrypoint"), values)
        + dropped_commands(body.get("command"), values),
        hooks=tuple(read_hooks(body, values)),
        secrets=_sources(body.get("secrets"), values),
        configs=_sources(body.get("configs"), values),
        container_name=values.string(body.get("container_name")),
        pull_policy=values.string(body.get("pull_policy")),
        platform=values.string(body.get("platform")),
        isolation=values.string(body.get("isolation")),
        runtime=values.string(body.get("runtime")),
        profiles=values.strings(body.get("profiles")),
        keys=own_keys(body, values),
        depends_on=values.keys(body.get("depends_on")),
        links=values.strings(body.get("links")),
        volumes_from=values.strings(body.get("volumes_from")),
        extends=_extends(body.get("extends") or around.extending.get(entry.key.text), values),
        has_develop=body.get("develop") is not None,
        is_provided=body.get("provider") is not None,
    )


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


def _variables(body: Mapping, image: Image | None, around: Surroundings) -> tuple[Variable, ...]:
    """What `environment` and `env_file` set, and what the image would take from a file instead."""
    values = around.values
    variables = values.variables(body.get("environment"), "environment")
    if body.get("env_file") is not None and not around.resolved.is_alone:
        variables += tuple(variables_of_files(body.get("env_file"), variables, around.resolved))
    facts = None if image is None else image.facts
    if image is None or facts is None or not facts.secret_files or not _reads_secrets(body, facts, values):
        return variables
    tag = "" if image.tag is None else None if isinstance(image.tag.value, Unknown) else image.tag.value
    return tuple(replace(one, names_file=facts.secret_file_of(one.name, tag) or "") for one in variables)


def _labels(body: Mapping, deploy: Mapping, around: Surroundings) -> tuple[Variable, ...]:
    labels, file = around.values.variables(body.get("labels"), "label"), body.get("label_file")
    if file is not None and not around.resolved.is_alone:
        labels += tuple(variables_of_files(file, labels, around.resolved, "label"))
    return labels + around.values.variables(deploy.get("labels"), "label")


def _reads_secrets(body: Mapping, facts: ImageFacts, values: Values) -> bool:
    """What it starts is the server whose entrypoint reads the files, as far as its command tells."""
    if body.get("build") is not None or body.get("entrypoint") is not None:
        return False
    command = body.get("command")
    if isinstance(command, Sequence):
        command = command.items[0] if command.items else None
    text = values.string(command)
    if text is None or isinstance(text.value, Unknown):
        return text is None and not isinstance(command, Mapping)
    return facts.starts_server(next(iter(text.value.split()), ""))


def _build(node: Node | None, values: Values) -> ServiceBuild | None:
    if isinstance(node, Scalar):
        context = _context(node, values)
        return (
            None
            if context is None
            else ServiceBuild(
                *(context, None, None, (), (), None, None, (), context.span),
                context_pattern=_context_pattern(node, values),
            )
        )
    if not isinstance(node, Mapping):
        return None
    return ServiceBuild(
        context=_context(node.get("context"), values) or _folder(node, values),
        dockerfile=values.string(node.get("dockerfile")),
        target=values.string(node.get("target")),
        arguments=values.variables(node.get("args"), "build-arg"),
        labels=values.variables(node.get("labels"), "label"),
        privileged=values.flag(node.get("privileged")),
        network=values.string(node.get("network")),
        entitlements=values.strings(node.get("entitlements")),
        span=node.span,
        contexts=tuple(pair.name for pair in values.pairs(node.get("additional_contexts"))),
        context_pattern=_context_pattern(node.get("context"), values),
    )


def _context(node: Node | None, values: Values) -> Located[str] | None:
    context = values.string(node)
    if context is None or isinstance(context.value, Unknown):
        return context
    return Located(values.below(context.value, context.span), context.span)


def _context_pattern(node: Node | None, values: Values) -> str:
    """The folder of the context with `*` for variables, where its first part at least is written."""
    text = values.text_of(node)
    if text is None or not isinstance(text.value, str) or UNRESOLVED not in text.value:
        return ""
    path = posixpath.normpath(values.below(text.value, text.span))
    return "" if UNRESOLVED in path.partition("/")[0] else path.replace(UNRESOLVED, "*")


def _folder(node: Mapping, values: Values) -> Located[str] | None:
    """The context where none is written, as far as it is another folder than that of the project."""
    folder = values.home_of(node)
    return Located(folder, node.span) if folder else None


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


def _env_files(node: Node | None, around: Surroundings) -> Iterator[Located[str]]:
    for one in env_files(node, around.resolved.settings):
        yield Located(UNKNOWN if UNRESOLVED in one.path else one.path, one.span)


def _sources(node: Node | None, values: Values) -> tuple[Located[str], ...]:
    items = node.items if isinstance(node, Sequence) else ()
    names = (values.string(item.get("source") if isinstance(item, Mapping) else item) for item in items)
    return tuple(name for name in names if name is not None)


def _extends(node: Node | None, values: Values) -> Located[str] | None:
    return values.string(node.get("service") if isinstance(node, Mapping) else node)
