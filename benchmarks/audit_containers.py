"""An audit of many containers beside a check of the same many services: the ratio of the times in one run.

    python benchmarks/audit_containers.py [containers]

Both are linted in this process, in turn, with other containers in each round: a run remembers the trees of
texts that it has read. The best of some rounds counts. The budget is 1.2 times the check.
"""

from __future__ import annotations

import gc
import io
import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from dockerlint.cli.arguments import CheckLine, options_of
from dockerlint.cli.audit import audit_options
from dockerlint.cli.main import YOUNG_OBJECTS
from dockerlint.run.check import Options, run

ROUNDS: Final = 5
BUDGET: Final = 1.2


NO_ADDRESS: Final = {
    **dict.fromkeys(("GlobalIPv6Address", "IPv6Gateway", "LinkLocalIPv6Address", "MacAddress"), ""),
    **dict.fromkeys(("GlobalIPv6PrefixLen", "LinkLocalIPv6PrefixLen"), 0),
}
NUMBERS: Final = (
    *(
        "BlkioWeight",
        "CpuCount",
        "CpuPercent",
        "CpuPeriod",
        "CpuQuota",
        "CpuRealtimePeriod",
        "CpuRealtimeRuntime",
    ),
    *("CpuShares", "IOMaximumBandwidth", "IOMaximumIOps", "MemoryReservation", "OomScoreAdj"),
)
LISTS: Final = (
    *("BlkioDeviceReadBps", "BlkioDeviceReadIOps", "BlkioDeviceWriteBps", "BlkioDeviceWriteIOps"),
    *("BlkioWeightDevice", "Dns", "DnsOptions", "DnsSearch"),
)
TEXTS: Final = (
    *("Cgroup", "CgroupParent", "ContainerIDFile", "CpusetCpus", "CpusetMems", "Isolation"),
    *("UsernsMode", "VolumeDriver"),
)
NOTHING: Final = (
    *("DeviceCgroupRules", "DeviceRequests", "ExtraHosts", "GroupAdd", "Links"),
    *("MemorySwappiness", "OomKillDisable", "VolumesFrom"),
)
FOLDER: Final = f"/var/lib/docker/containers/{'a' * 64}/"
BESIDES: Final[dict[str, dict[str, Any]]] = {
    "container": {
        **dict.fromkeys(("MountLabel", "ProcessLabel"), ""),
        **{name: f"{FOLDER}{name}" for name in ("HostnamePath", "HostsPath", "LogPath", "ResolvConfPath")},
        "ExecIDs": None,
        "Platform": "linux",
        "GraphDriver": {
            "Data": dict.fromkeys(("LowerDir", "MergedDir", "UpperDir"), FOLDER),
            "Name": "overlay2",
        },
    },
    "HostConfig": {
        **dict.fromkeys(NUMBERS, 0),
        **{name: [] for name in LISTS},
        **dict.fromkeys(TEXTS, ""),
        **dict.fromkeys(NOTHING),
        **dict.fromkeys(("AutoRemove", "PublishAllPorts"), False),
        "CgroupnsMode": "private",
        "ConsoleSize": [0, 0],
        "MaskedPaths": [f"/proc/{number}" for number in range(11)],
        "ReadonlyPaths": [f"/sys/{number}" for number in range(5)],
        "Runtime": "runc",
        "ShmSize": 1 << 26,
    },
    "Config": {
        **dict.fromkeys(
            ("AttachStderr", "AttachStdin", "AttachStdout", "OpenStdin", "StdinOnce", "Tty"), False
        ),
        **dict.fromkeys(("Domainname", "Hostname", "WorkingDir"), ""),
        **dict.fromkeys(("OnBuild", "Volumes")),
        "ExposedPorts": {"8080/tcp": {}},
    },
    "network": {**NO_ADDRESS, "EndpointID": "b" * 64, "Gateway": "172.18.0.1", "IPAddress": "172.18.0.2"},
}
"""What an engine prints besides, whoever started the container."""


def service(number: int) -> dict[str, Any]:
    """One service of a Compose file; every second one lacks what others have."""
    careful = {"user": "1000:1000", "read_only": True, "cap_drop": ["ALL"], "cpus": 1.5, "pids_limit": 200}
    return {
        **(careful if number % 2 else {}),
        "image": f"registry.example.com/app{number % 20}:1.{number}",
        "security_opt": ["no-new-privileges:true"],
        "mem_limit": "512m",
        "restart": "on-failure:5",
        "ports": [f"127.0.0.1:{10_000 + number}:8080"],
        "volumes": [f"/srv/app{number}:/data:ro", f"data{number}:/var/lib/app"],
        "environment": {f"SETTING_{index}": f"value {index}" for index in range(8)},
        "labels": {f"com.example.label{index}": "x" for index in range(5)},
        "healthcheck": {"test": ["CMD", "/bin/app", "--check"]},
        "logging": {"driver": "json-file", "options": {"max-size": "10m", "max-file": "3"}},
    }


def record(number: int) -> dict[str, Any]:
    """The same as docker inspect prints it, with what it prints besides."""
    said, besides = service(number), BESIDES
    binding = {"8080/tcp": [{"HostIp": "127.0.0.1", "HostPort": str(10_000 + number)}]}
    return {
        "Id": f"{number:064x}",
        "Created": "2026-11-01T08:00:00Z",
        "Path": "/bin/app",
        "Args": [],
        "State": {"Status": "running", "Running": True, "OOMKilled": False, "Pid": 4000 + number},
        "Image": f"sha256:{number:064x}",
        "Name": f"/app{number}",
        "RestartCount": 0,
        "Driver": "overlay2",
        "AppArmorProfile": "docker-default",
        **besides["container"],
        "HostConfig": {
            **besides["HostConfig"],
            "Binds": said["volumes"],
            "LogConfig": {"Type": "json-file", "Config": said["logging"]["options"]},
            "NetworkMode": "shop_default",
            "PortBindings": binding,
            "RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 5},
            "CapAdd": None,
            "CapDrop": said.get("cap_drop"),
            "Privileged": False,
            "ReadonlyRootfs": said.get("read_only", False),
            "SecurityOpt": said["security_opt"],
            "IpcMode": "private",
            "PidMode": "",
            "UTSMode": "",
            "Memory": 1 << 29,
            "NanoCpus": int(said.get("cpus", 0) * 1_000_000_000),
            "PidsLimit": said.get("pids_limit"),
            "Devices": [],
            "Ulimits": None,
        },
        "Mounts": [
            {"Type": "bind", "Source": f"/srv/app{number}", "Destination": "/data", "RW": False},
            {"Type": "volume", "Name": f"data{number}", "Destination": "/var/lib/app", "RW": True},
        ],
        "Config": {
            **besides["Config"],
            "User": said.get("user", ""),
            "Env": [f"{name}={value}" for name, value in said["environment"].items()],
            "Image": said["image"],
            "Labels": said["labels"],
            "Healthcheck": {"Test": said["healthcheck"]["test"]},
            "Cmd": None,
            "Entrypoint": ["/bin/app"],
        },
        "NetworkSettings": {
            **besides["network"],
            "Ports": binding,
            "Networks": {"shop_default": besides["network"]},
        },
    }


def seconds(options: Options) -> float:
    """How long one run takes, of this process."""
    began = time.process_time()
    code = run(options, io.StringIO(), io.StringIO())
    assert code in (0, 1), code
    return time.process_time() - began


def measured(folder: Path, numbers: range) -> tuple[float, float]:
    """How long a check of some services takes, and an audit of the same containers."""
    compose, inspect = folder / f"{numbers.start}.compose.yaml", folder / f"{numbers.start}.json"
    lines = ["services:", *(f"  app{number}: {json.dumps(service(number))}" for number in numbers)]
    volumes = ["volumes:", *(f"  data{number}: {{}}" for number in numbers)]
    compose.write_text("\n".join([*lines, *volumes, ""]), "utf-8")
    inspect.write_text(json.dumps([record(number) for number in numbers], indent=4), "utf-8")
    check = options_of(CheckLine(paths=[str(compose)], no_config=True))
    audit = audit_options(CheckLine(paths=[str(inspect)], no_config=True), ())
    return seconds(check), seconds(audit)


def main() -> None:
    """Measure both in turn, and say whether the budget is kept."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    gc.set_threshold(YOUNG_OBJECTS, 20, 20)  # as the command has it
    with TemporaryDirectory() as folder:
        measured(Path(folder), range(2))  # what is loaded and compiled once
        starts = range(count, count * (ROUNDS + 1), count)
        times = [measured(Path(folder), range(start, start + count)) for start in starts]
    checked, audited = (min(column) for column in zip(*times, strict=True))
    ratio = audited / checked
    print(f"{count}: check {checked:.2f} s   audit {audited:.2f} s   ratio {ratio:.2f} (budget {BUDGET})")
    sys.exit(ratio > BUDGET)


if __name__ == "__main__":
    main()
