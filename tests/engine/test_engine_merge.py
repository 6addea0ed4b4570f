"""Random services of several files come to what `docker compose config` makes of them."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from resolvedconfig import of_config
from resolvedfacts import HOME, differences
from resolvedmodel import of_model

from dockerlint.images.facts import Knowledge
from dockerlint.link.resolve import ProjectFiles
from dockerlint.parse.compose.project import parse_project

SERVICES = 60
"""In each project, of which every one is asked about once."""
NAMES = ("A", "B", "C", "D")


class Tagged(NamedTuple):
    """A value behind a tag."""

    tag: str
    value: Any


def yaml(value: Any) -> str:
    """A value in flow style."""
    if isinstance(value, Tagged):
        return f"{value.tag} {yaml(value.value)}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {yaml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(yaml, value)) + "]"
    return json.dumps(value)


class Writer:
    """Writes services, whose values come from small pools so that they meet."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def some(self, pool: tuple[Any, ...], least: int = 0) -> list[Any]:
        return self.random.sample(pool, self.random.randint(least, min(3, len(pool))))

    def one(self, *pool: Any) -> Any:
        return self.random.choice(pool)

    def pairs(self, *, alone: bool = True) -> Any:
        names = self.some(NAMES)
        if self.random.random() < 0.5:
            return {name: self.one("x", "a=b", 1, True, *((None,) if alone else ())) for name in names}
        values = ("=y", "=1", "=", *(("",) if alone else ()))
        return [name + self.one(*values) for name in names]

    def ports(self) -> Any:
        short = ("80", "8080:80", "127.0.0.1:8080:80", "8080:80/udp", "9000-9002:9000-9002")
        long = [
            {"target": 80, "published": "8080"},
            {"target": 80, "published": "8080", "host_ip": "127.0.0.1", "protocol": "tcp"},
        ]
        return [*self.some(short), *self.some(tuple(long))[:1]]

    def volumes(self) -> Any:
        mounts = ("vol:/a", "vol:/b:ro", "./dir:/a", "/host:/b", "/c")
        long = [
            {"type": "bind", "source": "./other", "target": "/a"},
            {"type": "volume", "source": "vol", "target": "/d"},
        ]
        return (
            [*self.some(mounts[:2]), *self.some(mounts[3:])][:2]
            if self.random.random() < 0.6
            else self.some(tuple(long))
        )

    def service(self, number: int, half: str) -> dict[str, Any]:
        """Some keys; `half` parts what Compose wants to be unique but does not make so."""
        earlier = tuple(f"s{at}" for at in range(max(number - 3, 0), number))
        makers: dict[str, Callable[[], Any]] = {
            "environment": self.pairs,
            "labels": lambda: self.pairs(alone=False),
            "sysctls": lambda: self.pairs(alone=False),
            "ports": self.ports,
            "volumes": self.volumes,
            "command": lambda: self.one("run it", ["run", "this"], None),
            "entrypoint": lambda: self.one("start", ["start", "-x"]),
            "user": lambda: self.one("1000", "app"),
            "privileged": lambda: self.one(True, False),
            "read_only": lambda: self.one(True, False),
            "cap_add": lambda: self.some(("CHOWN", "SETUID", "KILL")),
            "cap_drop": lambda: self.some(("ALL", "MKNOD")),
            "security_opt": lambda: [f"label:user:{half}"],
            "group_add": lambda: [half],
            "tmpfs": lambda: self.one("/t1", ["/t1", "/t2"], ["/t3"]),
            "dns": lambda: self.one("1.1.1.1", ["1.1.1.1", "2.2.2.2"]),
            "expose": lambda: self.some(("1000", "1001")),
            "devices": lambda: [f"/dev/{half}:/dev/{half}"],
            "secrets": lambda: self.some(("sec", "tok")),
            "configs": lambda: self.some(("conf",)),
            "networks": lambda: self.one(
                ["front"], ["front", "back"], {"back": {"aliases": ["x"]}, "front": None}
            ),
            "depends_on": lambda: self.dependencies(earlier),
            "healthcheck": lambda: self.one(
                {"test": ["CMD", "a"], "retries": 2},
                {"test": "b"},
                {"interval": "5s", "test": ["CMD-SHELL", "c"]},
            ),
            "logging": lambda: self.one(
                {"driver": "local", "options": {"a": "1"}},
                {"options": {"b": "2"}},
                {"driver": "syslog"},
            ),
            "ulimits": lambda: self.one({"nproc": 1}, {"nofile": {"soft": 1, "hard": 2}}, {"nofile": 5}),
            "deploy": lambda: {"resources": {"limits": self.one({"pids": 5}, {"pids": 9, "memory": "1g"})}},
            "profiles": lambda: self.some(("p", "q"), 1),
            "restart": lambda: self.one("always", "on-failure:3"),
            "stop_signal": lambda: "SIGTERM",
            "build": lambda: self.one(
                ".",
                {"context": "./ctx", "args": self.pairs(alone=False)},
                {"target": "t", "labels": self.pairs(alone=False)},
            ),
            "env_file": lambda: self.one("a.env", ["b.env", "a.env"], [{"path": "b.env"}]),
            "init": lambda: True,
            "container_name": lambda: f"c{number}",
            "pull_policy": lambda: self.one("always", "missing"),
        }
        keys = self.random.sample(sorted(makers), self.random.randint(3, 9))
        return {key: makers[key]() for key in keys}

    def dependencies(self, earlier: tuple[str, ...]) -> Any:
        names = self.some(earlier)
        if self.random.random() < 0.5:
            return names
        return {name: {"condition": self.one("service_started", "service_healthy")} for name in names}

    def marked(self, service: dict[str, Any]) -> dict[str, Any]:
        """The same with some values that replace, or are taken away."""
        for key in list(service):
            chance = self.random.random()
            if chance < 0.1:
                service[key] = Tagged("!reset", None)
            elif chance < 0.2 and isinstance(service[key], (dict, list)) and service[key]:
                service[key] = Tagged("!override", service[key])
        return service

    def texts(self) -> dict[str, str]:
        """The files of a project."""
        base, over, parts = {}, {}, {}
        for number in range(SERVICES):
            name = f"s{number}"
            base[name] = {"image": "a:1", **self.service(number, "left")}
            over[name] = self.marked(self.service(number, "right"))
            chance = self.random.random()
            if chance < 0.2 and number:
                base[name]["extends"] = {"service": f"s{number - 1}"} if chance < 0.1 else f"s{number - 1}"
                self.without_unique(base[name])
            elif chance < 0.4:
                parts[name] = {"image": "b:2", **self.service(number, "third")}
                for key in ("depends_on", "networks", "volumes", "secrets", "configs"):
                    parts[name].pop(key, None)
                base[name]["extends"] = {"service": name, "file": "parts/part.yaml"}
        declared = {
            "volumes": {"vol": {}},
            "networks": {"front": {}, "back": {"internal": True}},
            "secrets": {"sec": {"file": "./sec.txt"}, "tok": {"environment": "TOK"}},
            "configs": {"conf": {"file": "./conf.txt"}},
        }
        envs = {
            "a.env": "A=1\nQ='q $x'\nP=${A}-${TAG}\n",
            "b.env": 'A=2\nR="r\\n$Q"\n',
            ".env": "TAG=t\nB=bee\n",
        }
        inner = {f"i{at}": {"image": "c:${TAG}-${NEW}", **self.included(at)} for at in range(SERVICES // 4)}
        over |= {name: {"user": "over"} for name in inner if self.random.random() < 0.3}
        return {
            "inc/compose.yaml": self.file({"services": inner, "volumes": {"vol": {}}}),
            "inc/.env": "TAG=lost\nNEW=inner\n",
            **{f"inc/{name}": text for name, text in envs.items() if name != ".env"},
            "compose.yaml": "include: [inc/compose.yaml]\n" + self.file({"services": base, **declared}),
            "over.yaml": self.file({"services": over}),
            "parts/part.yaml": self.file({"services": parts}),
            **envs,
            **{f"parts/{name}": text for name, text in envs.items() if name != ".env"},
        }

    def included(self, number: int) -> dict[str, Any]:
        service = self.service(number, "left")
        for key in ("depends_on", "networks", "secrets", "configs", "container_name"):
            service.pop(key, None)
        return service

    def without_unique(self, service: dict[str, Any]) -> None:
        for key in ("security_opt", "group_add", "devices", "container_name"):
            service.pop(key, None)

    def file(self, root: dict[str, Any]) -> str:
        lines = []
        for section, body in root.items():
            lines += [f"{section}:", *(f"  {name}: {yaml(one)}" for name, one in body.items())]
        return "\n".join(lines) + "\n"


def asked(folder: Path) -> dict[str, Any]:
    """What Compose makes of the project in a folder."""
    words = [shutil.which("docker") or "docker", "compose", "--profile", "*"]
    words += ["-f", "compose.yaml", "-f", "over.yaml", "config", "--format", "json"]
    kept = {name: value for name, value in os.environ.items() if name.startswith("DOCKER_")}
    environment = {**kept, "HOME": HOME, "PATH": ""}
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    config: dict[str, Any] = json.loads(done.stdout)
    return config


def unlike(folder: Path) -> Iterator[tuple[str, Any, Any]]:
    """Where our reading of the project and that of Compose part."""

    def text_of(path: str) -> str | None:
        file = folder / path
        return file.read_text("utf-8") if file.is_file() else None

    files = ProjectFiles(("compose.yaml", "over.yaml"))
    project, resolved = parse_project(files, Knowledge(date(2026, 8, 22)), text_of)
    assert resolved.gaps == ()
    yield from differences(of_model(project, str(folder)), of_config(asked(folder)))


@pytest.mark.parametrize("seed", range(6))
def test_random_services_are_merged_as_compose_merges_them(seed: int, tmp_path: Path) -> None:
    for path, text in Writer(seed).texts().items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    assert list(unlike(tmp_path)) == []
