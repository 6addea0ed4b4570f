"""A Docker daemon: the same node for daemon.json and for flags of dockerd.

A fact about something absent is what the daemon does by default; where the text may not be all there is
(`is_partial`), it is UNKNOWN. Source: https://docs.docker.com/reference/cli/dockerd/
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Final

from dockerlint.data import ordered_words, word_list
from dockerlint.model.container.port import is_loopback, is_unspecified
from dockerlint.model.daemon.address import DaemonHost
from dockerlint.model.daemon.registry import InsecureRegistry, RegistryMirror
from dockerlint.model.secret.credential import Credential
from dockerlint.model.variable import Variable
from dockerlint.syntax import Comment, Problem
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Located, Unknown, known

ROTATING: Final = frozenset(("local", "none"))
"""Log drivers that keep a bounded amount, or nothing, without being told."""
DEFAULT_DRIVER: Final = "json-file"


@dataclass(frozen=True, slots=True)
class AddressPool:
    """One entry of `default-address-pools`."""

    KINDS: ClassVar[tuple[str, ...]] = ("address_pool",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    base: str | Unknown
    """The range from which networks are cut."""
    span: Span = field(compare=False)

    @property
    def is_public(self) -> bool | Unknown:
        """It holds addresses of machines on the Internet, which containers can then not reach."""
        if isinstance(self.base, Unknown):
            return UNKNOWN
        from ipaddress import ip_network

        try:
            return ip_network(self.base, strict=False).is_global
        except ValueError:
            return UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Daemon:
    """One daemon, as far as a file or a command line sets it up."""

    KINDS: ClassVar[tuple[str, ...]] = ("daemon",)
    CHILDREN: ClassVar[tuple[str, ...]] = (
        *("hosts", "insecure_registries", "registry_mirrors", "address_pools", "log_options", "proxies"),
    )

    span: Span = field(compare=False)
    """What a finding about something absent underlines: the opening bracket, or the program."""
    is_partial: bool = False
    """More may be said elsewhere, or a part could not be read."""
    is_command: bool = False
    """Flags of dockerd set it up; a daemon.json beside them may say more."""
    is_report: bool = False
    """It says itself what it came to (docker info); what that leaves out is unknown."""
    hosts: tuple[DaemonHost, ...] = ()
    """Where it takes commands; none means its Unix socket alone."""
    insecure_registries: tuple[InsecureRegistry, ...] = ()
    registry_mirrors: tuple[RegistryMirror, ...] = ()
    address_pools: tuple[AddressPool, ...] = ()
    tls: Located[bool] | None = None
    """`tls`."""
    tls_verify: Located[bool] | None = None
    """`tlsverify`."""
    icc: Located[bool] | None = None
    """`icc`."""
    userns_remap: Located[str] | None = None
    """`userns-remap`."""
    rootless: Located[bool] | None = None
    """`rootless`."""
    no_new_privileges: Located[bool] | None = None
    """`no-new-privileges`."""
    live_restore: Located[bool] | None = None
    """`live-restore`."""
    userland_proxy: Located[bool] | None = None
    """`userland-proxy`."""
    log_driver: Located[str] | None = None
    """`log-driver`."""
    log_options: tuple[Variable, ...] = ()
    """`log-opts`, origin `logging-option`."""
    proxies: tuple[Variable, ...] = ()
    """Proxies that it fetches images through, origin `proxy`."""
    log_level: Located[str] | None = None
    """`log-level`."""
    debug: Located[bool] | None = None
    """`debug`."""
    seccomp_profile: Located[str] | None = None
    """`seccomp-profile`."""
    selinux_enabled: Located[bool] | None = None
    """`selinux-enabled`."""
    experimental: Located[bool] | None = None
    """`experimental`."""
    default_ulimits: Span | None = field(default=None, compare=False)
    """`default-ulimits`, when it names some."""
    authorization_plugins: tuple[Located[str], ...] = ()
    """`authorization-plugins`."""
    iptables: Located[bool] | None = None
    """`iptables`."""
    ip6tables: Located[bool] | None = None
    """`ip6tables`."""
    ip: Located[str] | None = None
    """`ip`: where ports are published that name no address."""
    data_root: Located[str] | None = None
    """`data-root`."""
    storage_driver: Located[str] | None = None
    """`storage-driver`."""
    storage_options: tuple[Located[str], ...] = ()
    """`storage-opts`."""
    cgroup_parent: Located[str] | None = None
    """`cgroup-parent`."""
    metrics_address: Located[str] | None = None
    """`metrics-addr`."""
    cors_header: Located[str] | None = None
    """`api-cors-header`."""
    allow_direct_routing: Located[bool] | None = None
    """`allow-direct-routing`."""
    ip_forward_no_drop: Located[bool] | None = None
    """`ip-forward-no-drop`."""
    ipc_mode: Located[str] | None = None
    """`default-ipc-mode`."""
    cgroupns_mode: Located[str] | None = None
    """`default-cgroupns-mode`."""
    minimum_api: Located[str] | None = None
    """`min-api-version`."""
    containerd: Located[str] | None = None
    """`containerd`."""
    server_version: Located[str] | None = None
    """The version of the Engine, as it says itself."""
    end_of_life: date | None = None
    """The first day without fixes for its release line; None where nobody knows of one."""
    today: date | None = None
    """The day on which that is asked."""
    swarm: Located[str] | None = None
    """What the Engine is in a swarm: `inactive`, `active`, `pending`, `locked` or `error`."""
    cgroup_driver: Located[str] | None = None
    """What makes control groups: `systemd` or `cgroupfs`."""
    cgroup_version: Located[str] | None = None
    """The version of control groups of the kernel: `1` or `2`."""

    @property
    def allows_container_traffic(self) -> bool | Unknown:
        """Containers on the default bridge talk to each other unless `icc` is false."""
        return self._flag(self.icc, True)

    @property
    def forbids_new_privileges(self) -> bool | Unknown:
        """No container gains rights from a set-user-ID program."""
        return self._flag(self.no_new_privileges, False)

    @property
    def remaps_users(self) -> bool | Unknown:
        """Root in a container is nobody on the host: `userns-remap`, or a rootless daemon."""
        remap = self._words(self.userns_remap)
        rootless = self._flag(self.rootless, False)
        return True if remap is True or rootless is True else remap

    @property
    def is_rootless(self) -> bool | Unknown:
        """It runs as a plain user; a file does not tell who starts it."""
        return UNKNOWN if self.rootless is None else self.rootless.value

    @property
    def is_end_of_life(self) -> bool | Unknown:
        """Its release line gets no more fixes."""
        if self.end_of_life is None or self.today is None:
            return UNKNOWN if self.server_version is None or self.end_of_life is None else False
        return self.end_of_life <= self.today

    @property
    def is_in_swarm(self) -> bool | Unknown:
        """It is a node of a swarm."""
        state = None if self.swarm is None else self.swarm.value
        return UNKNOWN if state is None or isinstance(state, Unknown) else state != "inactive"

    @property
    def restores_live(self) -> bool | Unknown:
        """Containers go on while the daemon is restarted."""
        return self._flag(self.live_restore, False)

    @property
    def uses_userland_proxy(self) -> bool | Unknown:
        """A process of the host carries what goes to published ports of its own addresses."""
        return self._flag(self.userland_proxy, True)

    @property
    def log_driver_name(self) -> str | Unknown:
        """Where output of containers goes."""
        if self.log_driver is None:
            return UNKNOWN if self._is_silent else DEFAULT_DRIVER
        return self.log_driver.value

    @property
    def bounds_logs(self) -> bool | Unknown:
        """Its log files are rotated, or it keeps none itself."""
        driver = self.log_driver_name
        if isinstance(driver, Unknown):
            return UNKNOWN
        if driver != DEFAULT_DRIVER or any(one.name == "max-size" for one in self.log_options):
            return True
        return self._absent(False)

    @property
    def has_remote_logs(self) -> bool | Unknown:
        """Output of containers leaves the host."""
        driver = self.log_driver_name
        return UNKNOWN if isinstance(driver, Unknown) else driver not in (*ROTATING, DEFAULT_DRIVER)

    @property
    def has_usual_log_level(self) -> bool | Unknown:
        """Its log tells what happened, and no secrets: level `info`."""
        level = self.log_level
        if level is None:
            return self._absent(True)
        return UNKNOWN if isinstance(level.value, Unknown) else level.value == "info"

    @property
    def is_verbose(self) -> bool | Unknown:
        """`debug`: its log holds what clients ask, secrets among it."""
        return self._flag(self.debug, False)

    @property
    def is_experimental(self) -> bool | Unknown:
        """Features that may change or break are on."""
        return self._flag(self.experimental, False)

    @property
    def has_seccomp(self) -> bool | Unknown:
        """A profile keeps containers from dangerous system calls."""
        profile = self.seccomp_profile
        if profile is None:
            return self._absent(True)
        return UNKNOWN if isinstance(profile.value, Unknown) else profile.value != "unconfined"

    @property
    def admits_web_pages(self) -> bool | Unknown:
        """Pages in browsers may call its API."""
        return True if self.cors_header is not None else self._absent(False)

    @property
    def has_default_ulimits(self) -> bool | Unknown:
        """Containers have limits of the kernel that they do not ask for."""
        return True if self.default_ulimits is not None else self._absent(False)

    @property
    def has_authorization(self) -> bool | Unknown:
        """Something decides what each client may ask."""
        return True if self.authorization_plugins else self._absent(False)

    @property
    def manages_firewall(self) -> bool | Unknown:
        """It writes the rules that keep containers apart and ports closed."""
        return self._flag(self.iptables, True)

    @property
    def manages_firewall6(self) -> bool | Unknown:
        """The same for IPv6."""
        return self._flag(self.ip6tables, True)

    @property
    def publishes_everywhere(self) -> bool | Unknown:
        """A port that names no address is published on every one of the host."""
        if self.ip is None:
            return self._absent(True)
        return UNKNOWN if isinstance(self.ip.value, Unknown) else is_unspecified(self.ip.value)

    @property
    def data_is_shared(self) -> bool | Unknown:
        """Images, volumes and secrets lie where others can put files, or their disk can be gone."""
        if self.data_root is None:
            return False
        path = self.data_root.value
        if isinstance(path, Unknown):
            return UNKNOWN
        return f"{path}/".startswith(
            tuple(f"{one}/" for one in ordered_words("daemon", "folders-of-everybody"))
        )

    @property
    def has_dead_storage_driver(self) -> bool | Unknown:
        """Nobody repairs the driver that holds its images."""
        driver = self.storage_driver
        if driver is None:
            return self._absent(False)
        dead = word_list("daemon", "removed-storage-drivers")
        return UNKNOWN if isinstance(driver.value, Unknown) else driver.value in dead

    @property
    def base_size(self) -> Located[str] | None:
        """The storage option that changes the size of every container's file system."""
        found = (one for one in self.storage_options if (known(one) or "").startswith("dm.basesize"))
        return next(found, None)

    @property
    def changes_base_size(self) -> bool | Unknown:
        """A storage option changes the size of every container's file system."""
        return True if self.base_size is not None else self._absent(False)

    @property
    def has_cgroup_parent(self) -> bool | Unknown:
        """Containers are put into another control group than Docker's own."""
        return self._words(self.cgroup_parent)

    @property
    def shows_metrics(self) -> bool | Unknown:
        """Its metrics can be read from other machines."""
        address = self.metrics_address
        if address is None:
            return self._absent(False)
        if isinstance(address.value, Unknown):
            return UNKNOWN
        host = address.value.rpartition(":")[0]
        return not (host == "localhost" or is_loopback(host))

    @property
    def local_metrics(self) -> str | None:
        """The same address for this machine alone; None where it is so already."""
        address = known(self.metrics_address)
        return (
            None
            if self.shows_metrics is not True or address is None
            else f"127.0.0.1:{address.rpartition(':')[2]}"
        )

    @property
    def lowers_api(self) -> bool | Unknown:
        """Clients may speak versions of the API that the daemon would refuse by itself."""
        return self._words(self.minimum_api) if self.minimum_api is not None else False

    def _absent(self, default: bool) -> bool | Unknown:
        return UNKNOWN if self._is_silent else default

    @property
    def _is_silent(self) -> bool:
        """What is absent may be said elsewhere."""
        return self.is_partial or self.is_command or self.is_report

    def _flag(self, flag: Located[bool] | None, default: bool) -> bool | Unknown:
        return self._absent(default) if flag is None else flag.value

    def _words(self, text: Located[str] | None) -> bool | Unknown:
        if text is None:
            return self._absent(False)
        return UNKNOWN if isinstance(text.value, Unknown) else bool(text.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class DaemonFile:
    """A file about daemons: daemon.json holds one, a list of processes may show several."""

    KINDS: ClassVar[tuple[str, ...]] = ("daemon_file",)
    CHILDREN: ClassVar[tuple[str, ...]] = ("daemons", "credentials", "problems")

    daemons: tuple[Daemon, ...]
    credentials: tuple[Credential, ...] = ()
    """Tokens and keys of a known shape."""
    problems: tuple[Problem, ...] = ()
    comments: tuple[Comment, ...] = ()
    span: Span = field(compare=False)
