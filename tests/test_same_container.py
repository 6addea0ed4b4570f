"""One container as a Compose service, a line of docker run and a record of it: the same findings."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from shlex import quote
from typing import Any, NamedTuple

from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.text import lint_text

EXAMPLES = 30
RULESET = load_ruleset()
DIFFERENCES = {
    "run": {
        "DK352": "the order of keys is a matter of Compose files",
        "DK357": "words of a line have no quotes of YAML, and ports are told to lack them",
        "DK358": "what stands in a line is quoted for a shell, not for YAML",
    },
    "inspect": {
        "DK243": "the user that an image sets is shown, and a file leaves it to the image",
        "DK262": "the network that was joined is shown; a file or a line that names none leaves it open",
        "DK352": "the order of keys is a matter of Compose files",
        "DK358": "JSON quotes every string",
    },
}
"""Rules that speak of the service alone, or of the other form alone, each with the reason."""


class Setting(NamedTuple):
    """One property of a container in three spellings."""

    compose: dict[str, Any]
    run: list[str]
    host: dict[str, Any]
    """Below HostConfig."""
    config: Mapping[str, Any] = {}
    """Below Config."""
    rest: Mapping[str, Any] = {}
    """At the top."""


def bind(source: str, target: str, is_writable: bool) -> Setting:
    mode = "" if is_writable else ":ro"
    mount = {"Type": "bind", "Source": source, "Destination": target, "RW": is_writable, "Mode": mode[1:]}
    return Setting(
        {"volumes": [f"{source}:{target}{mode}"]},
        ["-v", f"{source}:{target}{mode}"],
        {},
        {},
        {"Mounts": [mount]},
    )


def port(address: str, host: int, inner: int) -> Setting:
    shown = f"{address}:{host}:{inner}" if address else f"{host}:{inner}"
    binding = {f"{inner}/tcp": [{"HostIp": address, "HostPort": str(host)}]}
    return Setting({"ports": [shown]}, ["-p", shown], {"PortBindings": binding})


def variable(name: str, value: str) -> Setting:
    return Setting(
        {"environment": {name: value}}, ["-e", f"{name}={value}"], {}, {"Env": [f"{name}={value}"]}
    )


SETTINGS = (
    Setting({"privileged": True}, ["--privileged"], {"Privileged": True}),
    Setting({"read_only": True}, ["--read-only"], {"ReadonlyRootfs": True}),
    Setting({"cap_add": ["SYS_ADMIN"]}, ["--cap-add", "SYS_ADMIN"], {"CapAdd": ["CAP_SYS_ADMIN"]}),
    Setting({"cap_add": ["NET_ADMIN"]}, ["--cap-add=NET_ADMIN"], {"CapAdd": ["CAP_NET_ADMIN"]}),
    Setting({"cap_drop": ["ALL"]}, ["--cap-drop", "ALL"], {"CapDrop": ["ALL"]}),
    Setting(
        {"security_opt": ["no-new-privileges:true"]},
        ["--security-opt", "no-new-privileges:true"],
        {"SecurityOpt": ["no-new-privileges:true"]},
    ),
    Setting(
        {"security_opt": ["seccomp=unconfined"]},
        ["--security-opt", "seccomp=unconfined"],
        {"SecurityOpt": ["seccomp=unconfined"]},
    ),
    Setting({"mem_limit": "512m"}, ["-m", "512m"], {"Memory": 536870912}),
    Setting({"cpus": 1.5}, ["--cpus", "1.5"], {"NanoCpus": 1500000000}),
    Setting({"pids_limit": 100}, ["--pids-limit", "100"], {"PidsLimit": 100}),
    Setting({"pids_limit": -1}, ["--pids-limit=-1"], {"PidsLimit": -1}),
    Setting({"network_mode": "host"}, ["--network", "host"], {"NetworkMode": "host"}),
    Setting({"pid": "host"}, ["--pid=host"], {"PidMode": "host"}),
    Setting({"ipc": "host"}, ["--ipc", "host"], {"IpcMode": "host"}),
    Setting({"uts": "host"}, ["--uts", "host"], {"UTSMode": "host"}),
    Setting({"userns_mode": "host"}, ["--userns", "host"], {"UsernsMode": "host"}),
    Setting({"user": "1000:1000"}, ["-u", "1000:1000"], {}, {"User": "1000:1000"}),
    Setting({"user": "0"}, ["--user", "0"], {}, {"User": "0"}),
    Setting({"group_add": ["docker"]}, ["--group-add", "docker"], {"GroupAdd": ["docker"]}),
    Setting(
        {"restart": "always"},
        ["--restart", "always"],
        {"RestartPolicy": {"Name": "always", "MaximumRetryCount": 0}},
    ),
    Setting(
        {"restart": "on-failure:5"},
        ["--restart=on-failure:5"],
        {"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 5}},
    ),
    Setting(
        {"logging": {"driver": "json-file", "options": {"max-size": "10m"}}},
        ["--log-driver", "json-file", "--log-opt", "max-size=10m"],
        {"LogConfig": {"Type": "json-file", "Config": {"max-size": "10m"}}},
    ),
    Setting(
        {"logging": {"driver": "none"}}, ["--log-driver=none"], {"LogConfig": {"Type": "none", "Config": {}}}
    ),
    Setting(
        {"healthcheck": {"test": ["CMD-SHELL", "true"]}},
        ["--health-cmd", "true"],
        {},
        {"Healthcheck": {"Test": ["CMD-SHELL", "true"]}},
    ),
    Setting(
        {"sysctls": {"net.ipv4.ip_forward": "1"}},
        ["--sysctl", "net.ipv4.ip_forward=1"],
        {"Sysctls": {"net.ipv4.ip_forward": "1"}},
    ),
    Setting(
        {"ulimits": {"nofile": {"soft": 1024, "hard": 2048}}},
        ["--ulimit", "nofile=1024:2048"],
        {"Ulimits": [{"Name": "nofile", "Soft": 1024, "Hard": 2048}]},
    ),
    Setting({"oom_kill_disable": True}, ["--oom-kill-disable"], {"OomKillDisable": True}),
    Setting({"tmpfs": ["/tmp:exec"]}, ["--tmpfs", "/tmp:exec"], {"Tmpfs": {"/tmp": "exec"}}),
    Setting(
        {"devices": ["/dev/sda:/dev/sda"]},
        ["--device", "/dev/sda:/dev/sda"],
        {"Devices": [{"PathOnHost": "/dev/sda", "PathInContainer": "/dev/sda", "CgroupPermissions": "rwm"}]},
    ),
    Setting({"cgroup_parent": "/other"}, ["--cgroup-parent", "/other"], {"CgroupParent": "/other"}),
    bind("/var/run/docker.sock", "/var/run/docker.sock", True),
    bind("/", "/host", False),
    bind("/etc", "/etc/host", True),
    bind("/srv/data", "/data", True),
    port("", 5432, 5432),
    port("127.0.0.1", 8080, 80),
    port("", 8443, 443),
    variable("POSTGRES_PASSWORD", "Xk29-qmA7-pw"),
    variable("MODE", "production"),
)
IMAGES = ("postgres:17", "nginx:1.27", "example/app:1.0", "example/app:latest", "redis")


def forms(image: str, settings: list[Setting]) -> dict[str, str]:
    """One container named app in all spellings, by kind."""
    service: dict[str, Any] = {"image": image}
    line = ["docker", "run", "-d", "--name", "app"]
    record: dict[str, Any] = {
        "Name": "/app",
        "Config": {"Image": image},
        "HostConfig": {"NetworkMode": "bridge"},
        "Mounts": [],
    }
    for one in settings:
        joined(service, one.compose)
        joined(record["HostConfig"], one.host)
        joined(record["Config"], one.config)
        joined(record, one.rest)
        line += map(quote, one.run)
    compose = {"name": "shop", "services": {"app": service}}
    return {
        "compose": json.dumps(compose, indent=1),
        "run": " ".join([*line, image]) + "\n",
        "inspect": json.dumps([record]),
    }


def joined(into: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Put settings together: lists and objects grow, the last of other values counts."""
    for key, value in more.items():
        if isinstance(value, list):
            into[key] = [*into.get(key, []), *value]
        elif isinstance(value, dict):
            into[key] = {**into.get(key, {}), **value}
        else:
            into[key] = value


def chosen(number: int) -> tuple[str, list[Setting]]:
    """An image and some settings, of each key of Compose that takes one value one at most."""
    dice = random.Random(number)
    taken: set[str] = set()
    settings = []
    for one in dice.sample(SETTINGS, dice.randrange(1, 14)):
        single = {key for key, value in one.compose.items() if not isinstance(value, list)}
        if not single & taken:
            taken |= single - {"environment"}
            settings.append(one)
    return dice.choice(IMAGES), settings


def found(text: str, kind: str) -> dict[str, str]:
    """The rules that say something of the container, each with its severity."""
    findings = lint_text(text, kind, RULESET, path=f"x.{kind}")
    return {one.rule.id: str(one.severity) for one in findings if one.subject == "app"}


def test_a_service_a_line_and_a_record_of_one_container_have_the_same_findings() -> None:
    """And every difference that is listed is one."""
    seen: dict[str, set[str]] = {kind: set() for kind in DIFFERENCES}
    for number in range(EXAMPLES):
        texts = forms(*chosen(number))
        compose = found(texts["compose"], "compose")
        assert compose
        for kind, known in DIFFERENCES.items():
            other = found(texts[kind], kind)
            different = {rule for rule in {*compose, *other} if compose.get(rule) != other.get(rule)}
            assert different <= known.keys(), texts[kind]
            seen[kind] |= different
    assert seen == {kind: set(known) for kind, known in DIFFERENCES.items()}
