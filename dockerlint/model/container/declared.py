"""What a text says of a container: the fields that every kind of input fills.

What follows from them stands in `dockerlint.model.container.container`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dockerlint.images.receipt import Receipt
from dockerlint.model.command.command import Command
from dockerlint.model.container.built import Built
from dockerlint.model.container.isolation import Capability, Device, DeviceRule, Namespaces, SecurityOption
from dockerlint.model.container.limits import Bounds, Limits
from dockerlint.model.container.mount import Mount
from dockerlint.model.container.port import Port
from dockerlint.model.container.running import RunningState
from dockerlint.model.container.runtime import (
    Account,
    Hook,
    Logging,
    Restart,
    ServiceBuild,
    ServiceHealthcheck,
    Ulimit,
)
from dockerlint.model.image import Image
from dockerlint.model.variable import Variable
from dockerlint.text import Span
from dockerlint.values import Located


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A container as it is declared."""

    name: Located[str]
    """The key of the service; its span is what a finding about something absent underlines."""
    span: Span = field(compare=False)
    """From the key to the last character of the service."""
    is_partial: bool = False
    """More may be said elsewhere: `extends`, a part that does not parse, an unknown merge."""
    origins: tuple[Located[str], ...] = field(default=(), compare=False)
    """The path of each file that declares it, at its key there, in the order in which they are merged."""
    has_entrypoint: bool = False
    """Its own `entrypoint` takes the place of the image's."""
    has_command: bool = False
    """Its own `command` takes the place of the image's."""
    stop_signal: Located[str] | None = None
    """`stop_signal`."""
    image: Image | None = None
    build: ServiceBuild | None = None
    built: Built | None = field(default=None, compare=False, repr=False)
    """What its Dockerfile makes, where that can be read."""
    receipts: tuple[Receipt, ...] = field(default=(), compare=False, repr=False)
    """What was proven of services of its name."""
    inline_dockerfile: Located[str] | None = None
    """`build.dockerfile_inline`."""
    inline_offsets: tuple[tuple[int, int], ...] = ()
    """For every line of the inline Dockerfile: its offset there, and that of the same text in this file."""
    account: Account | None = None
    """`user`."""
    privileged: Located[bool] | None = None
    """`privileged`."""
    read_only: Located[bool] | None = None
    """`read_only`."""
    init: Located[bool] | None = None
    """`init`."""
    use_api_socket: Located[bool] | None = None
    """`use_api_socket`."""
    capabilities: tuple[Capability, ...] = ()
    """`cap_add`."""
    dropped: tuple[Located[str], ...] = ()
    """`cap_drop`, upper case, without `CAP_`."""
    dropped_at: Span | None = field(default=None, compare=False)
    """The `cap_drop` entry, when there is one."""
    security_options: tuple[SecurityOption, ...] = ()
    namespaces: Namespaces = Namespaces()
    networks: tuple[Located[str], ...] = ()
    """Keys of the networks it joins; none means the project's default network."""
    host_network: Located[str] | None = None
    """What joins it to the host's network: `network_mode: host`, or a network that is the host's."""
    ports: tuple[Port, ...] = ()
    expose: tuple[Located[str], ...] = ()
    """Ports in `expose`."""
    mounts: tuple[Mount, ...] = ()
    """`volumes` and `tmpfs`, and secrets and configs that are files of the host."""
    devices: tuple[Device, ...] = ()
    device_rules: tuple[DeviceRule, ...] = ()
    groups: tuple[Located[str], ...] = ()
    """`group_add`."""
    variables: tuple[Variable, ...] = ()
    """`environment`, origin `environment`."""
    env_files: tuple[Located[str], ...] = ()
    """Paths in `env_file`."""
    labels: tuple[Variable, ...] = ()
    """Origin `label`."""
    sysctls: tuple[Variable, ...] = ()
    """Origin `sysctl`."""
    ulimits: tuple[Ulimit, ...] = ()
    limits: Limits = Limits()
    limits_key: Located[str] | None = field(default=None, compare=False)
    """The last key of `deploy`, `resources`, `limits` that it has itself."""
    bounds: Bounds = Bounds()
    """What to write where it has no limit."""
    oom_kill_disable: Located[bool] | None = None
    """`oom_kill_disable`."""
    oom_score_adj: Located[int] | None = None
    """`oom_score_adj`."""
    healthcheck: ServiceHealthcheck | None = None
    logging: Logging | None = None
    restart: Restart | None = None
    """`restart`, or else `deploy.restart_policy`."""
    commands: tuple[Command, ...] = ()
    """`entrypoint` and `command`."""
    dropped_commands: tuple[Command, ...] = ()
    """What Compose drops of them: it starts no shell for `&&`, `|` or `;` in a string."""
    hooks: tuple[Hook, ...] = ()
    secrets: tuple[Located[str], ...] = ()
    """Keys of the secrets it is given."""
    configs: tuple[Located[str], ...] = ()
    """Keys of the configs it is given."""
    container_name: Located[str] | None = None
    """`container_name`."""
    pull_policy: Located[str] | None = None
    """`pull_policy`."""
    platform: Located[str] | None = None
    """`platform`."""
    isolation: Located[str] | None = None
    """`isolation`, which Windows containers have."""
    runtime: Located[str] | None = None
    """`runtime`."""
    profiles: tuple[Located[str], ...] = ()
    """`profiles`."""
    keys: tuple[Located[str], ...] = field(default=(), compare=False)
    """Its own keys in the order of the text; those that a merge key brings are none."""
    depends_on: tuple[Located[str], ...] = ()
    """The services that are started before it."""
    links: tuple[Located[str], ...] = ()
    """`links`, as written."""
    volumes_from: tuple[Located[str], ...] = ()
    """The services, or `container:…`, whose mounts it gets too, as written."""
    extends: Located[str] | None = None
    """The service it builds on."""
    has_develop: bool = False
    """`develop`: Compose updates it while its sources change."""
    running: RunningState | None = field(default=None, compare=False)
    """How it fares, where an engine told that; None for one that is only declared."""
    is_front_door: bool = False
    """It starts after other services of the project, and none of them after it: users come in here."""
    is_provided: bool = False
    """`provider`: something else than a container, so nothing of it is linted."""
