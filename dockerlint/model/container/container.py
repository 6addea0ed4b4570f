"""What a container is: the same nodes for a Compose service, `docker inspect` and `docker run`.

A fact about something absent is UNKNOWN where the text that is read may not be all there is (`is_partial`).
"""

from __future__ import annotations

from typing import ClassVar

from dockerlint.data import word_list
from dockerlint.model.command.fetched import FetchedProgram, fetched_programs
from dockerlint.model.container import combination
from dockerlint.model.container.declared import Declared
from dockerlint.model.container.inherited import Inherited, is_outside
from dockerlint.model.container.mount import Mount
from dockerlint.model.container.order import misplaced_key, unsorted, unsorted_port
from dockerlint.model.container.port import Port
from dockerlint.model.variable import Variable
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Located, Unknown, known


class Container(Declared):
    """One container, wherever it was declared."""

    __slots__ = ()  # nothing but what follows from the fields of `Declared`

    KINDS: ClassVar[tuple[str, ...]] = ("container",)
    CHILDREN: ClassVar[tuple[str, ...]] = (
        "image",
        "build",
        "account",
        "ports",
        "mounts",
        "variables",
        "labels",
        "sysctls",
        "capabilities",
        "security_options",
        "devices",
        "device_rules",
        "healthcheck",
        "logging",
        "restart",
        "hooks",
        "ulimits",
        "commands",
        "fetched_programs",
        "running",
    )

    @property
    def secret_spans(self) -> tuple[Span, ...]:
        """What no report may show of what is never run."""
        found = (secret for one in self.dropped_commands for secret in one.typed_secrets)
        return tuple(span for secret in found for span in secret.secret_spans)

    @property
    def fetched_programs(self) -> tuple[FetchedProgram, ...]:
        """Downloads of its command and hooks that are used without a checksum, each time it starts."""
        parts = (self.commands, *(hook.commands for hook in self.hooks))
        return tuple(found for commands in parts for found in fetched_programs(commands))

    @property
    def misplaced_key(self) -> Located[str] | None:
        """The first of its keys that belongs before one above it."""
        return misplaced_key(self.keys)

    @property
    def ports_key(self) -> Located[str] | None:
        """Its own key `ports`."""
        return self._own_key("ports")

    @property
    def depends_on_key(self) -> Located[str] | None:
        """Its own key `depends_on`."""
        return self._own_key("depends_on")

    def _own_key(self, name: str) -> Located[str] | None:
        return next((key for key in self.keys if key.known == name), None)

    @property
    def unsorted_dependency(self) -> Located[str] | None:
        """The first service in `depends_on` that belongs before the one above it."""
        return unsorted(self.depends_on)

    @property
    def unsorted_port(self) -> Port | None:
        """The first published port with a lower number than the one above it."""
        return unsorted_port(self.ports)

    @property
    def is_privileged(self) -> bool | Unknown:
        """Every capability, every device, no profile."""
        return self._flag(self.privileged)

    @property
    def has_user(self) -> bool | Unknown:
        """The text names a user; else the image decides."""
        return True if self.account is not None else self._absent

    @property
    def is_root(self) -> bool | Unknown:
        """The text says that it runs as root."""
        return self._absent if self.account is None else self.account.is_root

    @property
    def has_read_only_root(self) -> bool | Unknown:
        """Its own file system cannot be written."""
        return self._flag(self.read_only)

    @property
    def is_windows(self) -> bool:
        """A Windows container: it knows no capabilities, and the Engine refuses a limit of its processes."""
        platform = known(self.platform) or ""
        if platform:
            return platform.startswith("windows")
        base = self.image or (None if self.built is None else self.built.base)
        mode = (known(self.isolation) or "default").lower()
        is_base = base is not None and base.is_windows
        return mode != "default" or is_base or any(mount.is_on_drive for mount in self.mounts)

    @property
    def mounts_api_socket(self) -> bool | Unknown:
        """`use_api_socket`: Compose hands the engine's socket and the user's registry logins over."""
        return self._flag(self.use_api_socket)

    @property
    def adds_all_capabilities(self) -> bool:
        """`cap_add` holds ALL: the engine gives every capability but those that are dropped by name."""
        return any(one.name == "ALL" for one in self.capabilities)

    @property
    def drops_all_capabilities(self) -> bool | Unknown:
        """`cap_drop` holds ALL, and `cap_add` does not give all of them back."""
        if self.adds_all_capabilities:
            return False
        names = [entry.value for entry in self.dropped]
        if "ALL" in names:
            return True
        return UNKNOWN if UNKNOWN in names else self._absent

    @property
    def capabilities_belong_at(self) -> Located[str]:
        """Its name where none are dropped; the key `cap_add` where that gives all back that are."""
        is_undone = self.adds_all_capabilities and any(one.value == "ALL" for one in self.dropped)
        return (self._own_key("cap_add") if is_undone else None) or self.name

    @property
    def forbids_new_privileges(self) -> bool | Unknown:
        """The last word that `security_opt` says about new privileges forbids them."""
        words = [option.forbids_new_privileges for option in self.security_options]
        told = [word for word in words if word is not None]
        if told:
            return told[-1]
        return UNKNOWN if any(option.name is UNKNOWN for option in self.security_options) else self._absent

    @property
    def image_gains_privileges(self) -> bool:
        """A program in its image is known to gain rights when it starts."""
        facts = None if self.image is None else self.image.facts
        return facts is not None and facts.needs is not None and facts.needs.gains_privileges

    @property
    def uses_host_network(self) -> bool | Unknown:
        """It has no network of its own."""
        if self.host_network is not None:
            return True
        return self._is_host(self.namespaces.network)

    @property
    def uses_host_pid(self) -> bool | Unknown:
        """It sees and signals the processes of the host."""
        return self._is_host(self.namespaces.pid)

    @property
    def uses_host_ipc(self) -> bool | Unknown:
        """It shares memory with the processes of the host."""
        return self._is_host(self.namespaces.ipc)

    @property
    def uses_host_uts(self) -> bool | Unknown:
        """It can rename the host."""
        return self._is_host(self.namespaces.uts)

    @property
    def uses_host_users(self) -> bool | Unknown:
        """Root in it is root on the host even where user namespaces are configured."""
        return self._is_host(self.namespaces.user)

    @property
    def uses_host_cgroup(self) -> bool | Unknown:
        """It sees the control groups of the host."""
        return self._is_host(self.namespaces.cgroup)

    @property
    def control_socket(self) -> Mount | None:
        """The first mount of the socket of a container engine."""
        return combination.control_socket(self.mounts)

    @property
    def takeover_mount(self) -> Mount | None:
        """The first mount from which the host can be taken over."""
        return combination.takeover_mount(self.mounts)

    @property
    def open_port(self) -> Port | None:
        """The first port that every network of the host reaches."""
        return combination.open_port(self.ports) if self.publishes_ports is True else None

    @property
    def guessable_password(self) -> Variable | None:
        """The first variable that holds a well-known password."""
        return combination.guessable_password(self.variables)

    @property
    def inherited(self) -> Inherited:
        """What its image says where it says nothing."""
        return Inherited(self.image, self.built, self.is_built, self.has_entrypoint)

    @property
    def unexposed_port(self) -> Port | None:
        """The first published port that its Dockerfile does not expose, where that exposes others."""
        exposed = self.inherited.exposed
        if not exposed or self.expose:
            return None
        return next((port for port in self.ports if is_outside(port, exposed)), None)

    @property
    def unnamed_volume(self) -> str | None:
        """The first VOLUME of its Dockerfile in which nothing is mounted; None where that is not known."""
        volumes = self.inherited.volumes
        targets = {None if mount.target is None else known(mount.target) for mount in self.mounts}
        if not volumes or None in targets or self.volumes_from or self.is_partial:
            return None
        taken = {target.rstrip("/") for target in targets if target}
        return next((path for path in volumes if path.rstrip("/") not in taken), None)

    @property
    def starts_as_root(self) -> bool | Unknown:
        """Its user is root: that of the text, else of its Dockerfile, else of its image."""
        if self.account is not None:
            return self.account.is_root
        if self.is_partial:
            return UNKNOWN
        if self.is_built:
            stage = None if self.built is None else self.built.stage
            return UNKNOWN if stage is None else stage.runs_as_root
        return UNKNOWN if self.image is None else self.image.starts_as_root

    @property
    def publishes_ports(self) -> bool | Unknown:
        """It has published ports; with the host's network, or without a network, they are ignored."""
        if self.namespaces.network is not None and self.namespaces.network.value in ("host", "none"):
            return False
        return True if self.ports else self._absent

    @property
    def runs_datastore(self) -> bool:
        """Its image, or what that is built upon, is a known database, broker, cache or search engine."""
        images = (self.image, None if self.built is None else self.built.base)
        return any(one is not None and one.is_datastore is True for one in images)

    @property
    def is_socket_proxy(self) -> bool:
        """Its image stands between others and the engine's socket, and lets some calls through."""
        return self.image is not None and "socket-proxy" in str(self.image.name)

    @property
    def has_no_network(self) -> bool | Unknown:
        """`network_mode: none`: nothing reaches it, whatever it publishes."""
        network = self.namespaces.network
        if network is None:
            return False
        return UNKNOWN if isinstance(network.value, Unknown) else network.value == "none"

    @property
    def limits_belong_at(self) -> Located[str]:
        """Where a limit is missed: below `deploy` as far as the service has that, else at its name."""
        return self.limits_key or self.name

    @property
    def has_memory_limit(self) -> bool | Unknown:
        """A bound above zero on its memory."""
        return self._bounds(self.limits.memory)

    @property
    def has_cpu_limit(self) -> bool | Unknown:
        """A bound above zero on its processor time; weights are none."""
        return self._bounds(self.limits.cpus)

    @property
    def has_pids_limit(self) -> bool | Unknown:
        """A bound above zero on its processes."""
        return self._bounds(self.limits.pids)

    @property
    def has_healthcheck(self) -> bool | Unknown:
        """The text gives one and does not switch it off; the image may have one of its own."""
        if self.healthcheck is None:
            return self._absent
        disabled = self.healthcheck.is_disabled
        return UNKNOWN if isinstance(disabled, Unknown) else not disabled

    @property
    def disables_oom_killer(self) -> bool | Unknown:
        """The kernel ends something else when memory runs out."""
        return self._flag(self.oom_kill_disable)

    @property
    def runs_service_manager(self) -> bool | Unknown:
        """It starts a program that starts several others; what its image starts by itself is not known."""
        managers = word_list("services", "service-managers")
        if any(one.program in managers for one in self.commands):
            return True
        return False if self.running is not None and self.commands else UNKNOWN

    @property
    def is_built(self) -> bool:
        """It has a `build`."""
        return self.build is not None

    @property
    def has_image_or_build(self) -> bool:
        """It can be started by itself; else this text is there to be merged with another one."""
        return self.image is not None or self.build is not None or self.running is not None

    @property
    def image_name(self) -> str:
        """What it runs, for a sentence: the image, `a local build`, or "" when the text says neither."""
        if self.image is not None:
            return str(self.image.reference) if self.image.is_resolved else "its image"
        return "a local build" if self.build is not None else ""

    @property
    def source_name(self) -> str:
        """Whose entrypoint it runs, for a sentence: that of its image, or of the base that is built upon."""
        base = None if self.built is None else self.built.base
        return self.image_name if base is None else f"{base.reference} (its base image)"

    @property
    def _absent(self) -> bool | Unknown:
        """What to say when nothing is there."""
        return UNKNOWN if self.is_partial else False

    def _flag(self, flag: Located[bool] | None) -> bool | Unknown:
        return self._absent if flag is None else flag.value

    def _is_host(self, namespace: Located[str] | None) -> bool | Unknown:
        if namespace is None:
            return self._absent
        return UNKNOWN if isinstance(namespace.value, Unknown) else namespace.value == "host"

    def _bounds(self, limit: Located[int] | Located[float] | None) -> bool | Unknown:
        if limit is None:
            return self._absent
        return UNKNOWN if isinstance(limit.value, Unknown) else limit.value > 0
