"""What loosens or tightens the walls around a container: capabilities, namespaces, profiles, devices."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Located, Unknown


@dataclass(frozen=True, slots=True)
class Namespaces:
    """Which walls to the host and to other containers are there; each None when the text does not say."""

    network: Located[str] | None = None
    """`network_mode`: `host`, `none`, `bridge`, `service:…`, `container:…`."""
    pid: Located[str] | None = None
    """`pid`."""
    ipc: Located[str] | None = None
    """`ipc`."""
    uts: Located[str] | None = None
    """`uts`."""
    user: Located[str] | None = None
    """`userns_mode`."""
    cgroup: Located[str] | None = None
    """`cgroup`."""
    cgroup_parent: Located[str] | None = None
    """`cgroup_parent`."""

    @property
    def shared(self) -> tuple[Located[str], ...]:
        """The containers it has namespaces from, each once: `service:…`, `container:…`."""
        found: dict[str, Located[str]] = {}
        for namespace in (self.network, self.pid, self.ipc):
            if namespace is not None and str(namespace.value).startswith(("service:", "container:")):
                found.setdefault(str(namespace.value), namespace)
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Capability:
    """One entry of `cap_add`."""

    KINDS: ClassVar[tuple[str, ...]] = ("capability",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    name: str | Unknown
    """Upper case, without `CAP_`: `SYS_ADMIN`, `ALL`."""
    span: Span = field(compare=False)


PREFIXED_ALL = "CAP_ALL"
"""Refused by the Engine: NormalizeLegacyCapabilities in oci/caps/utils.go of moby."""


def capability_name(text: str) -> str:
    """The name without its prefix and in upper case, as Docker compares it."""
    name = text.strip().upper()
    # The Engine knows ALL, and no CAP_ALL.
    return name if name == PREFIXED_ALL else name.removeprefix("CAP_")


_TRUE_TO_GO = frozenset(("1", "t", "T", "TRUE", "true", "True"))
_DISABLED = {
    ("seccomp", "unconfined"): "seccomp",
    ("apparmor", "unconfined"): "AppArmor",
    ("label", "disable"): "SELinux",
    ("label", "type:spc_t"): "SELinux",
    ("systempaths", "unconfined"): "system path masking",
}


@dataclass(frozen=True, slots=True)
class SecurityOption:
    """One entry of `security_opt`; `=` and `:` between name and value mean the same."""

    KINDS: ClassVar[tuple[str, ...]] = ("security_option",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    name: str | Unknown
    """`no-new-privileges`, `seccomp`, `apparmor`, `label`, `systempaths`, `credentialspec` …"""
    value: str | Unknown | None
    """What follows the first `=` or `:`; None when nothing does."""
    span: Span = field(compare=False)

    @property
    def disables(self) -> str | Unknown | None:
        """The protection it switches off: `seccomp`, `AppArmor`, `SELinux`, `system paths`; or None."""
        if isinstance(self.name, Unknown) or isinstance(self.value, Unknown):
            return UNKNOWN
        return _DISABLED.get((self.name, (self.value or "").replace("=", ":")))

    @property
    def is_disabling(self) -> bool | Unknown:
        """It switches a protection off."""
        return UNKNOWN if isinstance(self.disables, Unknown) else self.disables is not None

    @property
    def forbids_new_privileges(self) -> bool | Unknown | None:
        """What it says about new privileges; None when it is about something else.

        A bare `no-new-privileges` is on; a value is read as Go's ParseBool reads it.
        """
        if self.name != "no-new-privileges":
            return None
        if self.value is None or isinstance(self.value, Unknown):
            return True if self.value is None else UNKNOWN
        return self.value in _TRUE_TO_GO


_DISK = pattern(
    r"/dev(?:\Z|/(?:(?:hd[a-t]?|(?:sd|vd|xvd)(?:[a-z]{1,2})?)\d*\Z|loop-control\Z|(?:md|loop|dm-|rbd|nbd|mtdblock|zd)(?:_?d?\d[\dp]*)?\Z"
    r"|(?:nvme\d+(?:n\d+)?|mmcblk\d+)(?:p\d+|boot\d+|rpmb)?\Z|md/"
    r"|(?:disk|block|mapper|zvol|zfs)(?:/|\Z)))"
)
_MEMORY = pattern(r"/dev/(?:mem|kmem|port|kmsg|core|char/1:(?:1|2|4|11))\Z")
_SNAPSHOT = pattern(r"/dev/char/10:237\Z")
"""loop-control: whoever opens it attaches any file as a disk."""
_ROLES = {"/dev/kvm": "kvm", "/dev/fuse": "fuse", "/dev/net/tun": "tun", "/dev/uinput": "input"}


@dataclass(frozen=True, slots=True)
class Device:
    """A device file of the host, from `devices`."""

    KINDS: ClassVar[tuple[str, ...]] = ("device",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    source: Located[str]
    """Path on the host, cleaned; or a CDI name such as `nvidia.com/gpu=all`."""
    target: Located[str] | None
    """Its path in the container."""
    permissions: str | Unknown
    """`r`, `w` and `m` (make); `rwm` unless the text says otherwise."""
    span: Span = field(compare=False)

    @property
    def role(self) -> str | Unknown:
        """`disk` (raw disks, or all of /dev), `memory`, `kvm`, `fuse`, `tun`, `input`, `cdi` or `other`."""
        path = self.source.value
        if isinstance(path, Unknown):
            return UNKNOWN
        if _DISK.match(path) or _SNAPSHOT.match(path):
            return "disk"
        if _MEMORY.match(path):
            return "memory"
        return _ROLES.get(path, "other" if path.startswith("/") else "cdi")

    @property
    def is_raw_disk(self) -> bool | Unknown:
        """Gives the bytes of a disk of the host, past every file permission."""
        return UNKNOWN if isinstance(self.role, Unknown) else self.role == "disk"


_RULE = pattern(r"\s*([abc])\s+(\d+|\*):(\d+|\*)\s+([rwm]{1,3})\s*\Z")
_CHARACTER_DOORS = frozenset((("1", "11"), ("10", "237")))
"""kmsg and loop-control (admin-guide/devices.txt of Linux); memory (1:1, 1:2, 1:4) takes SYS_RAWIO too."""


@dataclass(frozen=True, slots=True)
class DeviceRule:
    """One entry of `device_cgroup_rules`: `b 8:* rwm`."""

    KINDS: ClassVar[tuple[str, ...]] = ("device_rule",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    text: str | Unknown
    """The rule as written."""
    span: Span = field(compare=False)

    @property
    def is_dangerous(self) -> bool | Unknown:
        """Opens disks, the kernel log, or everything: type `a` or `b`, all of `c`, or one of the bad ones."""
        if isinstance(self.text, Unknown):
            return UNKNOWN
        type_, major, minor = self._part(1), self._part(2), self._part(3)
        if type_ == "a":
            return True
        if "r" not in self._part(4) and "w" not in self._part(4):
            # A device file that may be made, and not opened.
            return False
        if type_ == "b":
            return True
        whole = major == "*" or (major in ("1", "10") and minor == "*")
        return type_ == "c" and (whole or (major, minor) in _CHARACTER_DOORS)

    def _part(self, group: int) -> str:
        match = _RULE.match(self.text) if isinstance(self.text, str) else None
        return match[group] if match else ""
