"""Packages whose programs work on the kernel or the network of the host, which takes root."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dockerlint.model.dockerfile.instruction import Instruction
from dockerlint.model.dockerfile.running import Run

_OF_THE_KERNEL: Final = frozenset(
    (
        *("iptables", "iptables-legacy", "ip6tables", "nftables", "ipset", "ipvsadm", "ebtables"),
        *("wireguard", "wireguard-go", "wireguard-tools", "openvpn", "strongswan", "ppp"),
        *("bridge-utils", "conntrack"),
        *("kmod", "fuse", "fuse3", "davfs2", "sshfs", "nfs-utils", "nfs-common", "cifs-utils"),
        *("lvm2", "cryptsetup", "docker-ce", "docker.io", "containerd", "criu", "keepalived", "tcpdump"),
    )
)

_STARTERS: Final = frozenset(("cron", "cronie", "dcron", "openssh-server", "runit", "s6", "s6-overlay"))
"""Packages of services that root starts beside the program, wherever that is written."""


def why_packages(chain: Iterable[Instruction]) -> str:
    """The package of the image that its program can hardly use without root; "" for none."""
    for each in chain:
        for command in each.commands if isinstance(each, Run) else ():
            step = command.step
            if step is not None and step.action == "install":
                name = next((one for one in step.names if one in _OF_THE_KERNEL), "")
                if name:
                    return f"it installs {name}, which needs root"
                name = next((one for one in step.names if one in _STARTERS), "")
                if name:
                    return f"it installs {name}, which has to be started as root"
    return ""
