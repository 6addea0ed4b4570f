"""Each of the 39 things that operators verify on a host, with an input that passes it and one that fails it.

And every recommendation of the CIS Docker Benchmark that rules decide passes one of them, and fails another.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from dockerlint.cli.arguments import CheckLine
from dockerlint.cli.cis import benchmark_of, cis_options
from dockerlint.kinds import kind_of_name
from dockerlint.linting.linted import Telling
from dockerlint.report.benchmark import AUDIT
from dockerlint.report.benchmark.recommendations import RULE
from dockerlint.report.benchmark.verdicts import Verdicts
from dockerlint.run.check import linter_for
from dockerlint.workspace.discovery import Candidate

PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"
DAY = "2026-08-22"
"""The day on which ages are counted."""


def inspect(container: dict[str, Any] | None = None, **host: Any) -> dict[str, Any]:
    """What an engine prints of one container, by the name of a file."""
    made = {"Name": "/web", "Image": "sha256:1", "Config": {"Image": "example/web:1.0", "User": "1000"}}
    return {"inspect.json": {**made, "HostConfig": host, **(container or {})}}


def config(**said: Any) -> dict[str, Any]:
    return inspect({"Config": {"Image": "example/web:1.0", "User": "1000", **said}})


def image(**said: Any) -> dict[str, Any]:
    made = {"Id": "sha256:1", "RepoTags": ["example/web:1.0"], "RootFS": {}, "Config": {"User": "1"}}
    return {"image-inspect.json": {**made, **said}}


def compose(service: str, more: str = "") -> dict[str, Any]:
    """A Compose file with one service, whose keys are separated by `; `."""
    lines = "\n".join(f"    {line}" for line in service.split("; "))
    return {"compose.yaml": f"services:\n  web:\n{lines}\n{more}"}


def dockerfile(text: str) -> dict[str, Any]:
    return {"Dockerfile": text.replace("; ", "\n") + "\n"}


def daemon(**keys: Any) -> dict[str, Any]:
    return {"daemon.json": {name.replace("_", "-"): value for name, value in keys.items()}}


def info(**said: Any) -> dict[str, Any]:
    return {"info.json": {"ServerVersion": "29.1.3", "SecurityOptions": [], "Warnings": None, **said}}


def bind(source: str, *, writable: bool = False) -> dict[str, Any]:
    return {"Mounts": [{"Type": "bind", "Source": source, "Destination": "/data", "RW": writable}]}


def ports(address: str, port: str) -> dict[str, Any]:
    return {"PortBindings": {f"{port}/tcp": [{"HostIp": address, "HostPort": port}]}}


TOKEN = "s3cr3t-" + "Zx81QwPl"
MODULE = {"AppArmorProfile": "docker-default", "ProcessLabel": ""}
OPEN_NETWORKS = "\n".join(
    (
        "  db: {image: 'postgres:17', networks: [back]}",
        "  app: {image: 'example/app:1', networks: [front, back]}",
        "networks: {front: {}, back: {internal: false}}\n",
    )
)
ITEMS: dict[str, tuple[Any, ...]] = {
    "user": (config(User="10001"), config(User="root"), config(User=""), compose("image: a/b:1; user: '0'")),
    "capabilities": (inspect(CapDrop=["ALL"]), inspect(CapDrop=None), inspect(CapDrop=["NET_RAW"])),
    "privileged": (
        inspect(Privileged=False),
        inspect(Privileged=True),
        compose("image: a; privileged: true"),
    ),
    "read-only root": (inspect(ReadonlyRootfs=True), inspect(ReadonlyRootfs=False), compose("image: a/b:1")),
    "no new privileges": (
        inspect(SecurityOpt=["no-new-privileges"]),
        inspect(SecurityOpt=None),
        inspect(SecurityOpt=["no-new-privileges:false"]),
    ),
    "host namespaces": (
        inspect(NetworkMode="web_default", PidMode="", IpcMode="private"),
        *(
            inspect(**{name: "host"})
            for name in ("NetworkMode", "PidMode", "IpcMode", "UTSMode", "UsernsMode")
        ),
    ),
    "confinement": (
        inspect(MODULE),
        inspect({**MODULE, "AppArmorProfile": "unconfined"}),
        inspect(MODULE, SecurityOpt=["seccomp=unconfined"]),
        inspect({**MODULE, "AppArmorProfile": ""}),
    ),
    "memory": (inspect(Memory=64 << 20), inspect(Memory=0), compose("image: a/b:1; mem_limit: 0")),
    "cpu": (inspect(NanoCpus=500000000), inspect(NanoCpus=0), compose("image: a/b:1; cpu_shares: 512")),
    "pids": (inspect(PidsLimit=100), inspect(PidsLimit=-1), inspect(PidsLimit=None)),
    "restarts": (inspect({"RestartCount": 0}), inspect({"RestartCount": 2}), inspect({"RestartCount": 50})),
    "one concern": (
        config(Cmd=["/usr/bin/web"]),
        config(Entrypoint=["/lib/systemd/systemd"]),
        config(Cmd=["supervisord"]),
    ),
    "socket": (
        inspect({"Mounts": []}),
        inspect(bind("/var/run/docker.sock")),
        inspect(bind("/run/containerd/containerd.sock")),
    ),
    "sensitive mounts": (
        inspect(bind("/srv/data")),
        inspect(bind("/etc", writable=True)),
        inspect(bind("/", writable=True)),
        inspect(bind("/root/.ssh")),
    ),
    "tmpfs": (
        compose("image: nginx:1.30; read_only: true; tmpfs: [/run, /var/cache/nginx, /tmp]"),
        compose("image: nginx:1.30; read_only: true"),
        compose("image: nginx:1.30; read_only: true; tmpfs: ['/run:exec', /var/cache/nginx, /tmp]"),
    ),
    "minimal base": (
        dockerfile("FROM python:3.13 AS b; FROM python:3.13-slim; USER 1"),
        dockerfile("FROM python:3.13; USER 1"),
    ),
    "pinned": (
        compose(f"image: nginx:1.30@sha256:{'a' * 64}"),
        compose("image: nginx"),
        compose("image: nginx:latest"),
        dockerfile("FROM node:lts"),
    ),
    "no secrets in layers": (
        image(Config={"User": "1", "Env": ["PATH=/bin"]}),
        image(Config={"User": "1", "Env": [f"DB_PASSWORD={TOKEN}"]}),
        image(History=[{"created_by": f"|1 API_KEY={TOKEN} /bin/sh -c make"}]),
        dockerfile(f"FROM alpine:3.24; ENV DB_PASSWORD={TOKEN}"),
    ),
    "age": (image(Created="2026-08-01T00:00:00Z"), image(Created="2026-01-01T00:00:00Z")),
    "registry": (compose("image: ghcr.io/acme/web:1.0"), compose("image: registry.evil.example/web:1.0")),
    "end of life": (dockerfile("FROM debian:13"), dockerfile("FROM debian:10"), compose("image: node:16")),
    "health check": (
        image(Config={"User": "1", "Healthcheck": {"Test": ["CMD", "true"]}}),
        image(Config={"User": "1"}),
        dockerfile('FROM alpine:3.24; USER 1; CMD ["web"]'),
    ),
    "published ports": (
        inspect(**ports("127.0.0.1", "8080")),
        inspect(**ports("", "8080")),
        inspect(**ports("", "3306")),
    ),
    "datastores unpublished": (
        inspect(**ports("127.0.0.1", "5432")),
        inspect(**ports("0.0.0.0", "5432")),
        inspect(**ports("::", "27017")),
    ),
    "interface": (inspect(**ports("192.0.2.1", "9000")), inspect(**ports("", "9000"))),
    "user-defined networks": (
        inspect({"NetworkSettings": {"Networks": {"shop": {}}}}, NetworkMode="shop"),
        inspect(NetworkMode="bridge"),
        inspect(NetworkMode="default"),
    ),
    "segmentation": (
        compose(
            "image: a/b:1; networks: [front]", OPEN_NETWORKS.replace("internal: false", "internal: true")
        ),
        compose("image: a/b:1; networks: [front]", OPEN_NETWORKS),
        compose("image: a/b:1", "  db: {image: 'postgres:17'}\n"),
    ),
    "compose secrets": (
        compose("image: a/b:1; environment: {MODE: strict}"),
        compose(f"image: a/b:1; environment: {{DB_PASSWORD: {TOKEN}}}"),
        compose(f"image: a/b:1; command: tool --password={TOKEN}"),
    ),
    "dockerfile secrets": (
        dockerfile("FROM alpine:3.24; ENV MODE=strict"),
        dockerfile(f"FROM alpine:3.24; ENV DB_PASSWORD={TOKEN}"),
        dockerfile(f"FROM alpine:3.24; ARG API_TOKEN={TOKEN}"),
    ),
    "env files ignored": (
        dockerfile("FROM alpine:3.24; COPY app /app"),
        dockerfile("FROM alpine:3.24; COPY .env /app/.env"),
    ),
    "file-based": (
        compose(
            "image: postgres:17; environment: {POSTGRES_PASSWORD_FILE: /run/secrets/db}; secrets: [db]",
            "secrets: {db: {file: ./db}}\n",
        ),
        compose(f"image: postgres:17; environment: {{POSTGRES_PASSWORD: {TOKEN}}}"),
        dockerfile("FROM alpine:3.24; ARG NPM_TOKEN"),
    ),
    "not on plain TCP": (
        daemon(hosts=["unix:///run/docker.sock"]),
        daemon(hosts=["tcp://0.0.0.0:2375"]),
        daemon(hosts=["tcp://0.0.0.0:2376"], tls=True),
        info(Warnings=["API is accessible on http://0.0.0.0:2375 without encryption."]),
    ),
    "log rotation": (
        daemon(log_opts={"max-size": "10m"}),
        daemon(),
        inspect(LogConfig={"Type": "json-file", "Config": {}}),
    ),
    "user namespaces": (daemon(userns_remap="default"), daemon(), info()),
    "up to date": (info(ServerVersion="25.0.17"), info(ServerVersion="24.0.9")),
    "content trust": (
        dockerfile("FROM docker:29-cli; ENV DOCKER_CONTENT_TRUST=1"),
        dockerfile("FROM docker:29-cli; ENV DOCKER_CONTENT_TRUST=0"),
    ),
    "icc and no-new-privileges": (
        {"daemon.json": {"icc": False, "no-new-privileges": True, "live-restore": True}},
        daemon(live_restore=True, no_new_privileges=True),
        daemon(icc=False, no_new_privileges=True),
    ),
}
"""For each: an input that passes, and others that fail."""
OTHERS = {"known vulnerabilities", "recorded"}
"""What takes more than a file: a report of a scanner (test_cis.py), and a record, which a person keeps."""


class Judge:
    """A list of recommendations, and what lints for it: loaded once."""

    def __init__(self, version: str) -> None:
        self.benchmark = benchmark_of(version, None)
        options = cis_options(CheckLine(paths=["-"], no_config=True, today=DAY), self.benchmark)
        self.linter = linter_for(options, edits=False, telling=Telling.VERDICTS)

    def statuses(self, files: dict[str, Any]) -> dict[str, str]:
        """What each recommendation comes to, for files by their names."""
        verdicts = Verdicts(self.benchmark.recommendations)
        for name, content in files.items():
            data = (content if isinstance(content, str) else json.dumps(content)).encode()
            report = self.linter.data(data, Candidate(name, kind_of_name(name)))
            assert report.obstacle is None
            verdicts.add(report)
        return {one.recommendation.id: one.status.value for one in verdicts}


@cache
def judge(version: str) -> Judge:
    return Judge(version)


def cases() -> Iterator[Any]:
    for item, (good, *bad) in ITEMS.items():
        yield pytest.param(item, good, PASS, id=f"{item}-good")
        for number, one in enumerate(bad, 1):
            yield pytest.param(item, one, FAIL, id=f"{item}-bad-{number}")


@pytest.mark.parametrize(("item", "files", "status"), list(cases()))
def test_an_item_gets_the_right_verdict(item: str, files: Any, status: str) -> None:
    assert judge(AUDIT).statuses(files)[item] == status


def test_there_are_39_items_each_with_its_inputs() -> None:
    items = [one.id for one in judge(AUDIT).benchmark.recommendations]
    assert len(items) == len(set(items)) == 39
    assert set(items) == ITEMS.keys() | OTHERS
    assert len({one.section for one in judge(AUDIT).benchmark.recommendations}) == 6


def test_what_no_input_decides_is_unknown_and_never_passed() -> None:
    found = judge(AUDIT).statuses({"daemon.json": "{}"})
    daemons = {one.id for one in judge(AUDIT).benchmark.recommendations if "daemon" in one.of}
    assert {item for item, status in found.items() if status != UNKNOWN} <= daemons
    assert found["up to date"] == UNKNOWN


MORE = (
    daemon(
        icc=False, ip6tables=True, log_driver="syslog", cgroup_parent="/x", storage_opts=["dm.basesize=1G"]
    ),
    daemon(
        default_ulimits={"nofile": {"Name": "nofile"}}, authorization_plugins=["opa"], userland_proxy=False
    ),
    daemon(
        insecure_registries=["r.example"], iptables=False, seccomp_profile="unconfined", experimental=True
    ),
    daemon(storage_driver="aufs", log_level="debug"),
    daemon(storage_driver="devicemapper"),
    info(Swarm={"LocalNodeState": "active"}, SecurityOptions=["name=rootless"]),
    info(Swarm={"LocalNodeState": "inactive"}),
    inspect(Devices=[{"PathOnHost": "/dev/sda", "PathInContainer": "/dev/sda"}], CgroupParent="/x"),
    inspect(Devices=[], CgroupnsMode="private", RestartPolicy={"Name": "on-failure", "MaximumRetryCount": 5}),
    inspect(PidMode="host", IpcMode="host", UTSMode="host", UsernsMode="host"),
    inspect(RestartPolicy={"Name": "always"}, **ports("", "53")),
    inspect({"Mounts": [{**bind("/srv")["Mounts"][0], "Propagation": "rshared"}]}),
    config(Cmd=["/usr/sbin/sshd", "-D"]),
    config(Healthcheck={"Test": ["CMD", "true"]}),
    dockerfile("FROM alpine:3.24; RUN apk update; ADD app /app"),
    dockerfile("FROM alpine:3.24; RUN apk add curl; COPY app /app"),
    {"network.json": {"Name": "mesh", "Driver": "overlay", "IPAM": {}, "Options": {}}},
    {"network.json": {"Name": "mesh", "Driver": "overlay", "IPAM": {}, "Options": {"encrypted": ""}}},
)
"""Inputs for what the audit does not ask."""


def test_what_rules_decide_passes_one_input_and_fails_another() -> None:
    inputs = (*MORE, *(one for row in ITEMS.values() for one in row[:2]))
    found = [judge("1.8.0").statuses(files) for files in inputs]
    decided = [one.id for one in judge("1.8.0").benchmark.recommendations if one.by == RULE]
    lacking = {id: {PASS, FAIL} - {one[id] for one in found} for id in decided}
    assert {id: missing for id, missing in lacking.items() if missing} == {}
