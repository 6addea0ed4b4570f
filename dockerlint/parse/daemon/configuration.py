"""The keys of daemon.json, or flags that say the same, into a daemon."""

from __future__ import annotations

from collections.abc import Iterator

from dockerlint.model.daemon.address import DaemonHost
from dockerlint.model.daemon.daemon import AddressPool, Daemon
from dockerlint.model.daemon.registry import InsecureRegistry, RegistryMirror
from dockerlint.parse.compose.values import Values
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Unknown
from dockerlint.yaml.nodes import Mapping, Node, Sequence, as_mapping


def read_daemon(body: Mapping, values: Values, place: Span, *, is_command: bool = False) -> Daemon:
    """The daemon that a mapping of keys sets up; `place` stands for what is absent."""
    flag, string = values.flag, values.string
    return Daemon(
        span=place,
        is_partial=body.is_partial,
        is_command=is_command,
        hosts=tuple(_hosts(body, values)),
        insecure_registries=tuple(
            InsecureRegistry(one.value, one.span) for one in values.strings(body.get("insecure-registries"))
        ),
        registry_mirrors=tuple(
            RegistryMirror(one.value, one.span) for one in values.strings(body.get("registry-mirrors"))
        ),
        address_pools=tuple(_pools(body.get("default-address-pools"), values)),
        tls=flag(body.get("tls")),
        tls_verify=flag(body.get("tlsverify")),
        icc=flag(body.get("icc")),
        userns_remap=string(body.get("userns-remap")),
        rootless=flag(body.get("rootless")),
        no_new_privileges=flag(body.get("no-new-privileges")),
        live_restore=flag(body.get("live-restore")),
        userland_proxy=flag(body.get("userland-proxy")),
        log_driver=string(body.get("log-driver")),
        log_options=values.variables(body.get("log-opts"), "logging-option"),
        proxies=values.variables(body.get("proxies"), "proxy"),
        log_level=string(body.get("log-level")),
        debug=flag(body.get("debug")),
        seccomp_profile=string(body.get("seccomp-profile")),
        selinux_enabled=flag(body.get("selinux-enabled")),
        experimental=flag(body.get("experimental")),
        default_ulimits=_filled(body.get("default-ulimits")),
        authorization_plugins=values.strings(body.get("authorization-plugins")),
        iptables=flag(body.get("iptables")),
        ip6tables=flag(body.get("ip6tables")),
        ip=string(body.get("ip")),
        data_root=string(body.get("data-root") or body.get("graph")),
        storage_driver=string(body.get("storage-driver")),
        storage_options=values.strings(body.get("storage-opts")),
        cgroup_parent=string(body.get("cgroup-parent")),
        metrics_address=string(body.get("metrics-addr")),
        cors_header=string(body.get("api-cors-header")),
        allow_direct_routing=flag(body.get("allow-direct-routing")),
        ip_forward_no_drop=flag(body.get("ip-forward-no-drop")),
        ipc_mode=string(body.get("default-ipc-mode")),
        cgroupns_mode=string(body.get("default-cgroupns-mode")),
        minimum_api=string(body.get("min-api-version")),
        containerd=string(body.get("containerd")),
    )


def _hosts(body: Mapping, values: Values) -> Iterator[DaemonHost]:
    tls, verify = values.flag(body.get("tls")), values.flag(body.get("tlsverify"))
    unset = UNKNOWN if body.is_partial else False
    verifies: bool | Unknown = unset if verify is None else verify.value
    # newAPIServerTLSConfig of dockerd: that tlsverify is there turns TLS on, whatever it says.
    has_tls: bool | Unknown = True if verify is not None else unset if tls is None else tls.value
    for one in values.strings(body.get("hosts")):
        yield DaemonHost(one.value, has_tls, verifies, one.span)


def _pools(node: Node | None, values: Values) -> Iterator[AddressPool]:
    for item in node.items if isinstance(node, Sequence) else ():
        base = values.string(as_mapping(item).get("base"))
        if base is not None:
            yield AddressPool(base.value, base.span)


def _filled(node: Node | None) -> Span | None:
    return node.span if isinstance(node, Mapping) and node.entries else None
