"""Lines that make containers, what the Engine made of them, and a view in which both can be compared."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from dockerlint.images.facts import Knowledge
from dockerlint.model.container.container import Container
from dockerlint.model.container.mount import Mount
from dockerlint.model.container.port import Port
from dockerlint.parse.inspect.file import parse_inspect
from dockerlint.parse.run.file import parse_run
from dockerlint.values import Located, known

RECORD = Path(__file__).parent / "recorded" / "containers.json"
"""What `docker inspect` of Docker 26 printed of a container made with each set of flags."""
IMAGE = "debian:trixie-slim"
NOBODY = Knowledge(date(2026, 8, 22))
FLAGS = (
    *("", "--privileged", "--privileged=false", "--read-only", "--init", "-it", "-ti --rm"),
    *("-u root", "--user=1000:1000", "-itu 0", "-u nobody"),
    *(
        "--cap-add SYS_ADMIN --cap-add=CAP_NET_ADMIN",
        "--cap-drop ALL --cap-add chown",
        "--cap-drop=cap_net_raw",
    ),
    *("--security-opt no-new-privileges", "--security-opt=no-new-privileges:true"),
    "--security-opt systempaths=unconfined --security-opt label=disable",
    *("--security-opt seccomp=unconfined --security-opt label=disable", "--security-opt apparmor=unconfined"),
    *(
        "--net host",
        "--network=none",
        "--network bridge",
        "--pid host",
        "--ipc=host",
        "--ipc shareable",
        "--uts host",
    ),
    *("--userns host", "--cgroupns=host", "--cgroup-parent /batch"),
    *(
        "-p 8080:80",
        "-p 127.0.0.1:5432:5432/tcp",
        "-p 53:53/udp",
        "-p 80",
        "-p8000-8001:9000-9001",
        "-p [::1]:81:81",
    ),
    *(
        "--publish=0.0.0.0:443:443 -p 10.0.0.1::80",
        "-v /tmp:/data:ro",
        "-v /tmp:/data:rw,rshared",
        "-v data:/var/lib/x",
    ),
    *("-v /cache", "--mount type=bind,source=/tmp,target=/a,readonly", "--mount type=volume,src=data,dst=/b"),
    *(
        "--mount type=tmpfs,destination=/c",
        """--mount 'type=bind,"src=/tmp",dst=/x'""",
        "--tmpfs /run:rw,exec --tmpfs /tmp",
        "--mount type=bind,src=/tmp,dst=/d,ro=false",
    ),
    *(
        "--mount type=bind,src=/tmp,dst=/e,bind-propagation=shared",
        "-v /var/run/docker.sock:/var/run/docker.sock",
    ),
    *(
        "--device /dev/null",
        "--device /dev/null:r",
        "--device=/dev/zero:/dev/z:rw",
        "--device-cgroup-rule 'b 8:* rwm'",
        "--group-add 999",
    ),
    *(
        "-e A=b --env 'C=d e'",
        "-l x=y --label=z=",
        "--sysctl net.ipv4.ip_forward=1",
        "--ulimit nofile=10:20 --ulimit nproc=5",
    ),
    *(
        "-m 64m",
        "--memory=1g --cpus 0.5",
        "--cpu-quota 50000 --cpu-period 100000",
        "--pids-limit 50",
        "--pids-limit=-1",
    ),
    *(
        "--oom-kill-disable -m 64m",
        "--oom-score-adj=-500",
        "--restart always",
        "--restart=on-failure:3",
        "--restart no",
    ),
    *("--health-cmd 'test -f /ok' --health-interval 5s", "--no-healthcheck", "--log-driver none"),
    *(
        "--log-opt max-size=10m --log-opt max-file=3",
        "--log-driver=local",
        "--entrypoint /bin/echo",
        "--entrypoint ''",
        "--name shop -w /srv",
    ),
    *("--dns 1.1.1.1 --add-host a:127.0.0.1", "--shm-size 32m --hostname web", "--runtime runc"),
)
"""The flags of each line; every flag that a rule looks at is among them, in several spellings."""


def line_of(flags: str) -> str:
    return " ".join(f"docker run {flags} {IMAGE} sleep 60".split(" ")).replace("  ", " ")


def by_line(flags: str) -> Container:
    """The container of our reading of the line."""
    (only,) = parse_run(line_of(flags), NOBODY).containers
    return only


def by_engine(inspected: object) -> Container:
    """The container of our reading of what the Engine printed."""
    (only,) = parse_inspect(json.dumps(inspected, indent=4), NOBODY).containers
    return only


def recorded() -> Iterator[tuple[str, Any]]:
    for one in json.loads(RECORD.read_text("utf-8")):
        yield one["flags"], one["inspect"]


def words_of(flags: str) -> list[str]:
    """The arguments of `docker create`."""
    return [*shlex.split(flags), IMAGE, "sleep", "60"]


def view(one: Container, *, with_cgroup: bool) -> dict[str, object]:
    """All that rules ask of a container, without places; what is not said is what the Engine does."""
    names = one.namespaces
    namespaces = {key: known(getattr(names, key)) for key in ("pid", "ipc", "uts", "user", "cgroup_parent")}
    told: dict[str, object] = {
        "image": None if one.image is None else one.image.reference,
        "user": None if one.account is None else one.account.text,
        "flags": [
            known(flag) or False for flag in (one.privileged, one.read_only, one.init, one.oom_kill_disable)
        ],
        "added": sorted(str(cap.name) for cap in one.capabilities),
        "dropped": sorted(str(cap.value) for cap in one.dropped),
        "options": sorted((str(option.name), str(option.value)) for option in one.security_options),
        "network": known(names.network) or "bridge",
        "namespaces": namespaces,
        "ports": sorted(port for each in one.ports for port in _ports(each)),
        "mounts": sorted(_mount(mount) for mount in one.mounts),
        "devices": [
            (known(d.source), known(d.target) or known(d.source), d.permissions) for d in one.devices
        ],
        "rules": [rule.text for rule in one.device_rules],
        "groups": [known(group) for group in one.groups],
        "variables": {v.name: known(v.value) for v in (*one.variables, *one.labels, *one.sysctls)},
        "ulimits": sorted((u.name, str(u.soft), str(u.hard)) for u in one.ulimits),
        "limits": [_bound(one.limits.memory), _bound(one.limits.cpus), _bound(one.limits.pids)],
        "score": known(one.oom_score_adj) or 0,
        "health": None
        if one.healthcheck is None
        else (one.healthcheck.is_disabled, one.healthcheck.has_test),
        "log": (known(one.logging.driver) if one.logging and one.logging.driver else "json-file"),
        "log options": sorted((o.name, known(o.value)) for o in (one.logging.options if one.logging else ())),
        "restart": (one.restart.policy, one.restart.attempts) if one.restart else ("no", None),
        "programs": [str(command.program) for command in one.commands],
    }
    return {**told, "cgroup": known(names.cgroup)} if with_cgroup else told


def _ports(port: Port) -> Iterator[tuple[int, int, str, str]]:
    """One by one, as the Engine tells a range."""
    address = (known(port.host_ip) or "").replace("0.0.0.0", "")
    outside = [*port.known_host_ports] or [0] * len(port.known_targets)
    for inside, published in zip(port.known_targets, outside, strict=True):
        yield inside, published, address, str(port.protocol)


def _bound(limit: Located[int] | Located[float] | None) -> float | None:
    number = None if limit is None else limit.known
    return number if number is not None and number > 0 else None


def _mount(mount: Mount) -> tuple[str, str, str, bool, bool, bool]:
    source = str(known(mount.source) or "") if mount.type != "volume" or mount.source else ""
    is_named = mount.type == "volume" and len(source) < 64
    target = str(known(mount.target))
    shown = source if mount.type == "bind" or is_named else ""
    return str(mount.type), shown, target, bool(mount.is_read_only), bool(mount.is_shared), mount.allows_exec
