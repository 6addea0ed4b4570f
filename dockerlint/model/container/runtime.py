"""How a container is started, watched, restarted and limited."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Final

from dockerlint.images.privilege import is_root
from dockerlint.model.command.command import Command
from dockerlint.model.variable import Variable
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Located, Unknown


@dataclass(frozen=True, slots=True)
class Account:
    """The user a container, or a hook in it, runs as."""

    KINDS: ClassVar[tuple[str, ...]] = ("account",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    text: str | Unknown
    """As set: `node`, `10001:10001`. UNRESOLVED may stand inside."""
    name: str | Unknown
    """Name or number, without the group."""
    group: str | Unknown | None
    """Group name or number; None where it is not written."""
    span: Span = field(compare=False)

    @property
    def is_root(self) -> bool | Unknown:
        """root, or any spelling of 0 (`000`, `+0`), whatever the group; "" is what the image says."""
        if isinstance(self.name, Unknown) or not self.name:
            return UNKNOWN
        return is_root(self.name)


@dataclass(frozen=True, slots=True)
class ServiceHealthcheck:
    """How a container is asked whether it works."""

    KINDS: ClassVar[tuple[str, ...]] = ("container_healthcheck",)
    CHILDREN: ClassVar[tuple[str, ...]] = ("commands",)

    is_disabled: bool | Unknown
    """`disable: true` or `test: NONE`."""
    has_test: bool
    """It names a command; without one the command of the image is used."""
    interval: Located[str] | None
    """`interval`."""
    timeout: Located[str] | None
    """`timeout`."""
    retries: Located[int] | None
    """`retries`."""
    commands: tuple[Command, ...]
    span: Span = field(compare=False)
    disabled_at: Span | None = field(default=None, compare=False)
    """What switches it off: `disable: true`, or the `test` that is NONE."""


@dataclass(frozen=True, slots=True)
class Logging:
    """Where the output of a container goes."""

    KINDS: ClassVar[tuple[str, ...]] = ("logging",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    driver: Located[str] | None
    """None when only options are given: the daemon's default, `json-file` unless configured."""
    options: tuple[Variable, ...]
    span: Span = field(compare=False)

    @property
    def is_disabled(self) -> bool | Unknown:
        """Nothing is kept."""
        return False if self.driver is None else _is(self.driver, "none")

    @property
    def is_json_file(self) -> bool | Unknown:
        """Docker's default driver, which keeps everything for ever unless it is told otherwise."""
        return True if self.driver is None else _is(self.driver, "json-file")

    @property
    def has_max_size(self) -> bool:
        """The log is rotated."""
        return any(option.name == "max-size" for option in self.options)


MOST_ATTEMPTS: Final = 5
"""CIS Docker Benchmark 5.15: `on-failure:5`."""


@dataclass(frozen=True, slots=True)
class Restart:
    """What happens when a container ends."""

    KINDS: ClassVar[tuple[str, ...]] = ("restart",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    policy: str | Unknown
    """`no`, `always`, `unless-stopped`, `on-failure` or (in `deploy`) `any`, `none`."""
    attempts: int | Unknown | None
    """None when the text gives no bound."""
    span: Span = field(compare=False)
    attempts_at: Span | None = field(default=None, compare=False)
    """Where `deploy` says how many."""

    @property
    def is_stubborn(self) -> bool | Unknown:
        """It is bounded, but tried more often than the five times that CIS asks for."""
        if isinstance(self.attempts, Unknown):
            return UNKNOWN
        return self.is_unbounded is False and (self.attempts or 0) > MOST_ATTEMPTS

    @property
    def culprit(self) -> Span:
        """What to change: the number of attempts where it is too high, else the policy."""
        return self.attempts_at if self.is_stubborn is True and self.attempts_at is not None else self.span

    @property
    def is_unbounded(self) -> bool | Unknown:
        """A container that cannot start is started for ever."""
        if isinstance(self.policy, Unknown):
            return UNKNOWN
        if self.policy in ("no", "none", ""):
            return False
        if self.policy in ("always", "unless-stopped"):
            return True
        return UNKNOWN if isinstance(self.attempts, Unknown) else not self.attempts


@dataclass(frozen=True, slots=True)
class Hook:
    """One command of `post_start` or `pre_stop`."""

    KINDS: ClassVar[tuple[str, ...]] = ("hook",)
    CHILDREN: ClassVar[tuple[str, ...]] = ("account", "variables", "commands")

    when: str
    """`post_start` or `pre_stop`."""
    privileged: Located[bool] | None
    """`privileged`."""
    account: Account | None
    variables: tuple[Variable, ...]
    commands: tuple[Command, ...]
    span: Span = field(compare=False)

    @property
    def is_privileged(self) -> bool | Unknown:
        """It runs with every privilege, even when the container does not."""
        return False if self.privileged is None else self.privileged.value

    @property
    def runs_as_root(self) -> bool | Unknown:
        """It asks for root; without a user it runs as the container does."""
        return False if self.account is None else self.account.is_root


@dataclass(frozen=True, slots=True)
class Ulimit:
    """One limit of the kernel for the processes of a container."""

    KINDS: ClassVar[tuple[str, ...]] = ("ulimit",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    name: str
    """Its name, such as nofile."""
    soft: int | Unknown
    """The limit in force."""
    hard: int | Unknown
    """The limit that the process cannot raise."""
    span: Span = field(compare=False)

    @property
    def is_unlimited(self) -> bool | Unknown:
        """The hard limit is switched off."""
        return UNKNOWN if isinstance(self.hard, Unknown) else self.hard < 0


@dataclass(frozen=True, slots=True)
class ServiceBuild:
    """How the image of a service is built."""

    KINDS: ClassVar[tuple[str, ...]] = ("service_build",)
    CHILDREN: ClassVar[tuple[str, ...]] = ("arguments", "labels")

    context: Located[str] | None
    """Folder or URL; None when only an inline Dockerfile is given."""
    dockerfile: Located[str] | None
    """`dockerfile`."""
    target: Located[str] | None
    """The stage that is built."""
    arguments: tuple[Variable, ...]
    labels: tuple[Variable, ...]
    privileged: Located[bool] | None
    """`privileged` of the build."""
    network: Located[str] | None
    """`network` of the build."""
    entitlements: tuple[Located[str], ...]
    """`entitlements`."""
    span: Span = field(compare=False)
    contexts: tuple[str, ...] = ()
    """The names below `additional_contexts`: each stands for the image or stage of that name."""
    context_pattern: str = ""
    """The folder with `*` for what a variable brings; empty where it is known, or all of it is a variable."""

    @property
    def is_privileged(self) -> bool | Unknown:
        """The build runs with the host's devices and every capability."""
        return False if self.privileged is None else self.privileged.value

    @property
    def uses_host_network(self) -> bool | Unknown:
        """Steps of the build reach what listens on the host."""
        return False if self.network is None else _is(self.network, "host")

    @property
    def is_remote(self) -> bool | Unknown:
        """The context is fetched: a Git address, an archive, or an image."""
        if self.context is None:
            return False
        context = self.context.value
        return UNKNOWN if isinstance(context, Unknown) else is_remote(context)


def is_remote(reference: str) -> bool:
    """A resource that Compose fetches: Git, HTTP or OCI. https://docs.docker.com/build/concepts/context/"""
    return "://" in reference or reference.startswith(("git@", "github.com/", "oci:", "docker-image:"))


def _is(located: Located[str], wanted: str) -> bool | Unknown:
    value = located.value
    return UNKNOWN if isinstance(value, Unknown) else value == wanted
