"""A plain Compose file of every image, hardened by `dockerlint fix --harden`, lives on a real Docker Engine.

It starts, takes a write through the image's own client, and starts again on the same volume with what was
written. `prove`, which knows none of our facts, finds the same capabilities and memory file systems.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from docker_engine import composed
from proofs import Told, opened

from dockerlint.hardening.needs import needed_capabilities, needed_tmpfs, read_only_capabilities
from dockerlint.prove.host.observing import Process
from dockerlint.prove.layers.proof import Proof
from dockerlint.prove.layers.steps import Subject, prove_layers
from dockerlint.prove.trials.variant import Variant, folder_of

SERVICES = Path(__file__).parent / "services"
ROOT = str(Path(__file__).parents[2])
_CURL = "curl -fsS http://localhost/"
_LOGIN = "--username shop --password hunter2-not-real"
_SEND = f"amqp-publish {_LOGIN} -p -r kept -b stayed"
_DECLARE = f"amqp-declare-queue {_LOGIN} -d -q kept >/dev/null 2>&1"
_QUEUE = f"n=0; until {_DECLARE} || [ $n = 15 ]; do n=$((n + 1)); sleep 1; done"
"""The node answers a ping some seconds before it listens."""


@dataclass(frozen=True)
class Case:
    """One folder of `services/`, and how its service is used."""

    folder: str
    image: str
    standin: str
    service: str
    read: str
    """A command inside that prints the same as long as nothing is lost."""
    program: str
    """Its processes belong to a user that is not root …"""
    write: str = "true"
    """A command inside that keeps something."""
    says: str = "stayed"
    """A part of what `read` prints."""
    is_led_by_root: bool = False
    """… but the first one."""
    is_root: bool = False
    """The image has no other user."""
    is_read_only: bool = True
    """The fix knows what it writes."""
    private: tuple[str, ...] = ()
    """Files beside it that only their owner may read."""
    has_known_check: bool = False
    """A fix can add a health check."""

    def __str__(self) -> str:
        return self.folder


CASES = (
    Case(
        *("postgres", "postgres:17", "postgres", "db"),
        has_known_check=True,
        program="postgres",
        write="""psql -q -U postgres -d shop -c 'create table kept as select $$stayed$$ as word'""",
        read="psql -U postgres -d shop -Atc 'select word from kept'",
    ),
    Case(
        *("postgres-as-user", "postgres:17", "postgres", "db"),
        program="postgres",
        write="""psql -q -U postgres -c 'create table kept as select $$stayed$$ as word'""",
        read="psql -U postgres -Atc 'select word from kept'",
    ),
    *(
        Case(
            *(folder, image, standin, service),
            program=f"{tool}-server",
            write=f"{tool}-cli -e set kept stayed && {tool}-cli -e save",
            read=f"{tool}-cli -e get kept",
            has_known_check=folder in ("redis-7", "redis-8", "valkey"),
        )
        for folder, image, standin, service, tool in (
            ("redis-7", "redis:7.4", "redis7", "cache", "redis"),
            ("redis-7-log", "redis:7.4", "redis7", "cache", "redis"),
            ("redis-8", "redis:8.2", "redis8", "cache", "redis"),
            ("redis-8-log", "redis:8.2", "redis8", "cache", "redis"),
            ("redis-8-as-user", "redis:8.2", "redis8", "cache", "redis"),
            ("valkey", "valkey/valkey:8.1", "valkey", "valkey", "valkey"),
            ("valkey-log", "valkey/valkey:8.1", "valkey", "valkey", "valkey"),
        )
    ),
    *(
        Case(
            *(folder, "mariadb:11.8", "mariadb", "db"),
            program="mariadbd",
            has_known_check=folder == "mariadb",
            write="mariadb -u shop -phunter3-not-real shop -e 'create table kept select \"stayed\" as word'",
            read="mariadb -u shop -phunter3-not-real shop -Ne 'select word from kept'",
        )
        for folder in ("mariadb", "mariadb-as-user")
    ),
    *(
        Case(
            *(folder, "rabbitmq:4.3", "rabbitmq", "broker"),
            program="beam.smp",
            has_known_check=folder == "rabbitmq",
            write=f"{_QUEUE}; {_SEND}",
            read=f"{_QUEUE}; amqp-consume {_LOGIN} -q kept -c 1 -p 1 cat && {_SEND}",
        )
        for folder in ("rabbitmq", "rabbitmq-port-check", "rabbitmq-as-user")
    ),
    Case(
        *("nginx", "nginx:1.30", "nginx", "web"),
        program="nginx",
        read=_CURL,
        is_led_by_root=True,
        has_known_check=True,
    ),
    Case(*("httpd", "httpd:2.4", "httpd", "web"), program="httpd", read=_CURL, is_led_by_root=True),
    Case(*("haproxy", "haproxy:3.2", "haproxy", "proxy"), program="haproxy", read=_CURL),
    Case(
        *("memcached", "memcached:1.6", "memcached", "cache"),
        program="memcached",
        has_known_check=True,
        read="""bash -c 'exec 3<>/dev/tcp/localhost/11211
            printf "set kept 0 0 6\\r\\nstayed\\r\\nget kept\\r\\nquit\\r\\n" >&3; cat <&3'""",
    ),
    Case(
        *("mosquitto", "eclipse-mosquitto:2.0", "mosquitto", "mqtt"),
        program="mosquitto",
        write="mosquitto_pub -u shop -P hunter2-not-real -r -q 1 -t kept -m stayed",
        read="mosquitto_sub -u shop -P hunter2-not-real -t kept -C 1 -W 5",
        private=("config/users", "config/mosquitto.conf"),
    ),
    Case(
        *("caddy", "caddy:2", "caddy", "web"),
        program="caddy",
        read="curl -kfsS https://localhost/ && cat /data/caddy/pki/authorities/local/root.crt",
        is_root=True,
    ),
    Case(
        *("varnish", "varnish:9.0", "varnish", "cache"),
        program="cache-main",
        read=_CURL,
        is_read_only=False,
    ),
    Case(
        *("wordpress", "wordpress:6.8", "wordpress", "blog"),
        program="apache2",
        has_known_check=True,
        write="echo stayed >/dev/shm/word && curl -fsS -F file=@/dev/shm/word http://localhost/",
        read=_CURL,
        is_led_by_root=True,
    ),
)


@pytest.fixture(params=CASES, ids=str)
def case(request: pytest.FixtureRequest, image: Callable[[str, str], None]) -> Case:
    chosen: Case = request.param
    image(chosen.image, chosen.standin)
    return chosen


@pytest.fixture
def folder(case: Case, tmp_path: Path) -> Path:
    """The plain file after the fix; to be copied, as entrypoints change owners of what is beside it."""
    folder = tmp_path / "hardened"
    shutil.copytree(SERVICES / case.folder, folder)
    for name in case.private:
        (folder / name).chmod(0o600)
    fix(folder)
    return folder


def fix(folder: Path, *options: str) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "dockerlint",
            "fix",
            "--harden",
            "--unproven",
            "--fail-on",
            "never",
            *options,
            str(folder),
        ],
        env={**os.environ, "PYTHONPATH": ROOT},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr


def use(case: Case) -> str:
    """What fails where a start has lost what the one before it kept."""
    return f"[ $DOCKERLINT_START = 2 ] || {{ {case.write}; }}; {{ {case.read}; }} | grep -aF '{case.says}'"


def foreign(processes: Sequence[Process], case: Case) -> str:
    """Processes of the program that are root's and should not be."""
    own = [process for process in processes if process.name == case.program]
    if not own:
        return f"no process is named {case.program}: {sorted({p.name for p in processes})}"
    first = min(process.pid for process in own)
    watched = own if not case.is_led_by_root else [process for process in own if process.pid != first]
    if not watched:
        return f"{case.program} has no workers"
    if case.is_root:
        return ""
    roots = [process for process in watched if process.uid == 0 or process.gid == 0]
    return f"{len(roots)} processes of {case.program} are root's: {roots[0]}" if roots else ""


def test_a_hardened_service_starts_writes_and_starts_again(folder: Path, case: Case) -> None:
    with opened(folder, case.service, use(case)) as (trials, _):
        service = trials.sandbox.project.services[case.service]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service.get("read_only", False) is case.is_read_only
        result = trials.run(Variant(), 90, observes=True)
    assert (result.phase, result.line) == ("", ""), result.lines
    for seen in result.seen:
        assert foreign(seen.processes, case) == ""
        assert all(process.is_stuck for process in seen.processes)


def test_prove_finds_without_our_facts_what_they_say(case: Case, tmp_path: Path) -> None:
    """Every entry is needed: what it finds is proven with each taken away in turn."""
    folder = Path(shutil.copytree(SERVICES / case.folder, tmp_path / "plain"))
    for name in case.private:
        (folder / name).chmod(0o600)
    began = time.monotonic()
    with opened(folder, case.service, use(case)) as (trials, project):
        container = project.container(case.service)
        assert container is not None
        service, image = trials.sandbox.project.services[case.service], trials.sandbox.images[case.service]
        proof = Proof(trials, Told(), began + 600)
        prove_layers(proof, Subject(service, image), is_used=False)
    print(f"{case.folder}: {trials.count} trials, {time.monotonic() - began:.0f} s: {proof.proven.words()}")
    for lack in proof.lacks:
        print(f"  without {lack.of}: {lack.phase}: {lack.line}")
    found = proof.proven
    assert found.no_new_privileges
    assert found.read_only or not case.is_read_only
    if found.read_only and case.is_read_only:
        assert {folder_of(one) for one in found.tmpfs} == set(map(folder_of, needed_tmpfs(container)))
        assert set(found.capabilities or ()) == set(read_only_capabilities(container))
    else:
        assert set(found.capabilities or ()) == set(needed_capabilities(container))


@pytest.mark.parametrize("case", [case for case in CASES if case.has_known_check], indirect=True, ids=str)
def test_the_health_check_that_a_fix_adds_passes(case: Case, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SERVICES / case.folder, tmp_path / "checked"))
    plain = re.sub(r"(?m)^( +)healthcheck:\n(?:\1 +.*\n)+", "", (folder / "compose.yaml").read_text())
    (folder / "compose.yaml").write_text(plain)
    fix(folder)
    fix(folder, "--profile", "strict", "--select", "DK249")
    with composed(folder / "compose.yaml", case.service) as project:
        configuration = project.configuration()
        check = configuration["services"][case.service]["healthcheck"]
        assert check["interval"] == "30s"
        check["interval"] = "2s"
        project.file.write_text(json.dumps(configuration))
        started = project.up(seconds=90)
        assert started.code == 0, started.text + project.log()[-2000:]
