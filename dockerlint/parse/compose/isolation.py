"""What loosens or tightens the walls of a service: capabilities, namespaces, security options, devices."""

from __future__ import annotations

from collections.abc import Iterator

from dockerlint.data import word_list
from dockerlint.model.container.hostpath import clean_path
from dockerlint.model.container.isolation import (
    PREFIXED_ALL,
    Capability,
    Device,
    DeviceRule,
    Namespaces,
    SecurityOption,
    capability_name,
)
from dockerlint.parse.compose.values import Values, known_text
from dockerlint.quoting import closest, excerpt
from dockerlint.values import UNKNOWN, UNRESOLVED, Located, Unknown
from dockerlint.yaml.nodes import Mapping, Node, Sequence


def read_added(node: Node | None, values: Values) -> tuple[Capability, ...]:
    """The entries of `cap_add`."""
    return tuple(Capability(one.value, one.span) for one in read_dropped(node, values))


def read_dropped(node: Node | None, values: Values) -> tuple[Located[str], ...]:
    """The names in a list of capabilities, as Docker compares them."""
    found: list[Located[str]] = []
    known = word_list("privileges", "capabilities")
    for one in values.strings(node):
        name = UNKNOWN if isinstance(one.value, Unknown) else capability_name(one.value)
        if name == PREFIXED_ALL:
            values.problem("unknown-capability", "the Engine refuses CAP_ALL", one.span, "write ALL")
        elif isinstance(name, str) and name not in known and name != "ALL":
            hint = closest(name, known)
            message = f"the Engine knows no capability {excerpt(name)}"
            values.problem("unknown-capability", message, one.span, f"write {hint}" if hint else "")
        found.append(Located(name, one.span))
    return tuple(found)


def read_security_options(node: Node | None, values: Values) -> tuple[SecurityOption, ...]:
    """The entries of `security_opt`."""
    return tuple(map(_security_option, values.strings(node)))


def _security_option(option: Located[str]) -> SecurityOption:
    if isinstance(option.value, Unknown):
        return SecurityOption(UNKNOWN, UNKNOWN, option.span)
    text = option.value.strip()
    at = next((index for index, character in enumerate(text) if character in "=:"), len(text))
    return SecurityOption(
        text[:at].strip().lower(), text[at + 1 :].strip() if at < len(text) else None, option.span
    )


def read_namespaces(body: Mapping, network_mode: Located[str] | None, values: Values) -> Namespaces:
    """Which namespaces it shares with others."""
    return Namespaces(
        network=network_mode,
        pid=values.string(body.get("pid")),
        ipc=values.string(body.get("ipc")),
        uts=values.string(body.get("uts")),
        user=values.string(body.get("userns_mode")),
        cgroup=values.string(body.get("cgroup")),
        cgroup_parent=values.string(body.get("cgroup_parent")),
    )


def read_device_rules(node: Node | None, values: Values) -> tuple[DeviceRule, ...]:
    """The entries of `device_cgroup_rules`."""
    return tuple(DeviceRule(one.value, one.span) for one in values.strings(node))


def read_devices(node: Node | None, values: Values) -> Iterator[Device]:
    """The entries of `devices`, in either form."""
    for item in node.items if isinstance(node, Sequence) else ():
        if isinstance(item, Mapping):
            source = values.path_of(item.get("source"))
            permissions = values.string(item.get("permissions"))
            if source is not None:
                mode = permissions.value if permissions else "rwm"
                yield Device(_device_path(source), values.string(item.get("target")), mode, item.span)
        elif text := values.path_of(item):
            parts = str(text.value).split(":")
            target = Located(known_text(parts[1]), text.span) if len(parts) > 1 else None
            mode = known_text(parts[2]) if len(parts) > 2 else "rwm"
            yield Device(_device_path(Located(parts[0], text.span)), target, mode, text.span)


def _device_path(source: Located[str]) -> Located[str]:
    path = source.value
    if isinstance(path, Unknown) or UNRESOLVED in path:
        return Located(UNKNOWN, source.span)
    return Located(clean_path(path) if path.startswith("/") else path, source.span)
