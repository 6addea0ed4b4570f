"""A daemon is one node, whether daemon.json or flags of dockerd set it up; what it would refuse is told."""

from __future__ import annotations

import json
from datetime import date

import pytest

import dockerlint
from dockerlint.images.facts import Knowledge
from dockerlint.model.daemon.daemon import Daemon
from dockerlint.parse.daemon.file import parse_daemon
from dockerlint.values import UNKNOWN

NO_KNOWLEDGE = Knowledge(date(2026, 8, 22))


def daemon(text: str) -> Daemon:
    (only,) = parse_daemon(text, NO_KNOWLEDGE).daemons
    return only


def rules(text: str, kind: str = "daemon") -> dict[str, str]:
    return {one.rule.id: str(one.severity) for one in dockerlint.lint(text, kind)}


def problems(text: str) -> list[str]:
    return [one.summary for one in parse_daemon(text, NO_KNOWLEDGE).problems]


@pytest.mark.parametrize(
    ("keys", "flags"),
    [
        ({"icc": False, "debug": True}, "--icc=false -D"),
        (
            {"hosts": ["fd://", "tcp://0.0.0.0:2376"], "tlsverify": True},
            "-H fd:// -Htcp://0.0.0.0:2376 --tlsverify",
        ),
        ({"log-opts": {"max-size": "1m", "max-file": "2"}}, "--log-opt max-size=1m --log-opt=max-file=2"),
        ({"insecure-registries": ["r.example"]}, "--insecure-registry r.example"),
        ({"log-level": "debug", "storage-driver": "aufs"}, "-l debug -s=aufs"),
        ({"userns-remap": "default", "data-root": "/mnt/d"}, "--userns-remap=default --data-root '/mnt/d'"),
    ],
)
def test_flags_say_the_same_as_keys(keys: dict[str, object], flags: str) -> None:
    by_file, by_flags = daemon(json.dumps(keys)), daemon(f"/usr/bin/dockerd {flags}\n")
    same = [name for name in Daemon.__slots__ if name not in ("span", "is_command", "default_ulimits")]
    assert {name: getattr(by_flags, name) for name in same} == {name: getattr(by_file, name) for name in same}


def test_a_unit_of_systemd_and_a_list_of_processes_are_searched_for_dockerd() -> None:
    start = "ExecStart=/usr/bin/dockerd -H fd:// \\\n  --icc=false $OPTIONS\n"
    unit = f"[Service]\n# ExecStart=/usr/bin/dockerd --debug\n{start}"
    assert daemon(unit).allows_container_traffic is False
    assert daemon(unit).is_partial
    processes = "root 1 /sbin/init\nroot 9 /usr/bin/dockerd -H tcp://10.0.0.1:2375\nroot 10 containerd-shim\n"
    assert [one.address for one in daemon(processes).hosts] == ["tcp://10.0.0.1:2375"]


def test_what_flags_leave_out_is_unknown_and_what_a_file_leaves_out_is_the_default() -> None:
    assert daemon("dockerd --debug\n").forbids_new_privileges is UNKNOWN
    assert daemon('{"debug": true}').forbids_new_privileges is False
    assert daemon('{"debug": nonsense}').forbids_new_privileges is UNKNOWN


@pytest.mark.parametrize(
    ("address", "is_tcp", "is_local"),
    [
        ("tcp://0.0.0.0:2375", True, False),
        ("0.0.0.0:2375", True, False),
        ("tcp://:2375", True, True),
        ("tcp://127.0.0.1:2375", True, True),
        ("tcp://[::1]:2375", True, True),
        ("tcp://[::]:2375", True, False),
        ("tcp://db.example:2375", True, False),
    ],
)
def test_who_reaches_an_address(address: str, is_tcp: bool, is_local: bool) -> None:
    host = daemon(json.dumps({"hosts": [address]})).hosts[0]
    assert (host.is_tcp, host.is_local) == (is_tcp, is_local)


@pytest.mark.parametrize(
    "address", ["unix:///run/docker.sock", "fd://", "ssh://root@host", "npipe:////./pipe/docker"]
)
def test_files_and_ssh_are_no_open_addresses(address: str) -> None:
    assert daemon(json.dumps({"hosts": [address]})).hosts[0].is_tcp is False
    assert "DK400" not in rules(json.dumps({"hosts": [address]}))


def test_tcp_without_tls_is_critical_and_on_this_machine_alone_high() -> None:
    assert rules('{"hosts": ["tcp://0.0.0.0:2375"]}')["DK400"] == "critical"
    assert rules('{"hosts": ["tcp://127.0.0.1:2375"]}')["DK400"] == "high"
    safe = {
        "hosts": ["tcp://0.0.0.0:2376"],
        "tlsverify": True,
        "tlscacert": "a",
        "tlscert": "b",
        "tlskey": "c",
    }
    assert not {"DK400", "DK401"} & rules(json.dumps(safe)).keys()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"iccc": true}', "unknown key iccc in daemon.json; did you mean icc?"),
        ('{"icc": "false"}', "icc must be true or false"),
        ('{"log-opts": {"max-file": 3}}', "max-file must be a string"),
        ('{"hosts": "fd://"}', "hosts must be a list"),
        ('{"graph": "/data"}', "graph is refused since Docker 23.0; use data-root"),
        ('{"default-ipc-mode": "host"}', "default-ipc-mode must be one of private, shareable"),
        ("[]", "daemon.json must be one object"),
        ("{} {}", "daemon.json must be one object"),
        ("", "the file is empty; write {} for no settings"),
    ],
)
def test_what_the_daemon_refuses_is_told(text: str, told: str) -> None:
    assert told in [one.rstrip("?") if not told.endswith("?") else f"{one}?" for one in problems(text)]


def test_a_byte_order_mark_is_passed_over_and_a_duplicate_key_is_an_error() -> None:
    text = '\ufeff{"icc": true, "icc": false}'
    assert rules(text)["DK000"] == "high"
    assert "DK404" not in rules(text)


def test_neighbours_of_hostile_values_are_judged_and_no_secret_is_shown() -> None:
    secret = "glpat-" + "x7Kq" * 5
    text = json.dumps(
        {"labels": [f"\x1b[2Jtoken={secret}"], "icc": {"deep": [1]}, "hosts": ["tcp://0.0.0.0:1"]}
    )
    found = dockerlint.lint(text, "daemon")
    assert {"DK000", "DK400"} <= {one.rule.id for one in found}
    assert not any(secret in one.message for one in found)


def test_fixes_of_a_daemon_are_written_as_one_block_and_hold() -> None:
    text = '{\n    "debug": true\n}\n'
    fixed = dockerlint.fix(text, "daemon", harden=True)
    assert json.loads(fixed) == {
        "debug": False,
        "icc": False,
        "live-restore": True,
        "log-opts": {"max-size": "10m", "max-file": "3"},
    }
    assert dockerlint.fix(fixed, "daemon", harden=True) == fixed


def test_flags_of_a_unit_are_exchanged_and_taken_out() -> None:
    start = "ExecStart=/usr/bin/dockerd -H fd:// \\\n  -H tcp://0.0.0.0:2375 -D"
    fixed = "ExecStart=/usr/bin/dockerd -H fd:// \\\n -D=false"
    rest = "--userland-proxy=false --log-level={}\nRestart=always\n"
    unit = f"[Service]\n{start} {rest.format('debug')}"
    after = dockerlint.fix(unit, "daemon", harden=True, unproven=True)
    assert after == f"[Service]\n{fixed} {rest.format('info')}"
    assert dockerlint.fix(after, "daemon", harden=True, unproven=True) == after


def test_a_process_that_runs_is_not_changed_where_it_is_told() -> None:
    processes = "root 9 /usr/bin/dockerd -H tcp://10.0.0.1:2375 --debug\n"
    assert dockerlint.fix(processes, "daemon", harden=True, unproven=True) == processes
    assert "DK400" in rules(processes)
