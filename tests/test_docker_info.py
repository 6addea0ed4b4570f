"""What a daemon says about itself: `docker info`, `docker version`, and where it stands in `ps`."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

import dockerlint
from dockerlint.images.facts import Knowledge
from dockerlint.kinds import kind_of_text
from dockerlint.model.daemon.daemon import Daemon
from dockerlint.parse.daemon.file import parse_daemon
from dockerlint.parse.inspect.file import parse_inspect
from dockerlint.values import UNKNOWN, known

TODAY = Knowledge(date(2026, 11, 30))
OPTIONS = ["name=seccomp,profile=builtin", "name=userns", "name=no-new-privileges"]
OPEN = "[DEPRECATION NOTICE]: API is accessible on http://0.0.0.0:2375 without encryption."
TEXT = """Client:
 Version:    29.1.3
 Debug Mode: true

Server:
 Server Version: 26.1.5
 Storage Driver: overlay2
  Backing Filesystem: extfs
 Logging Driver: local
 Cgroup Driver: systemd
 Cgroup Version: 2
 Plugins:
  Volume: local
  Authorization: opa other
 Swarm: active
  NodeID: 1
 Security Options:
  apparmor
  seccomp
   Profile: unconfined
  userns
 Docker Root Dir: /var/lib/docker
 Debug Mode: false
 Experimental: true
 Insecure Registries:
  reg.example:5000
  127.0.0.0/8
 Registry Mirrors:
  http://m.example/
 Live Restore Enabled: true

WARNING: API is accessible on http://0.0.0.0:2375 without encryption.
"""


def told(text: str) -> Daemon:
    (only,) = parse_daemon(text, TODAY).daemons
    return only


def info(**more: Any) -> str:
    registries = {"InsecureRegistryCIDRs": ["127.0.0.0/8"], "IndexConfigs": {"docker.io": {"Secure": True}}}
    answer = {
        "ServerVersion": "29.1.3",
        "Driver": "overlay2",
        "Plugins": {"Authorization": None},
        "RegistryConfig": registries,
        "SecurityOptions": OPTIONS,
        "Warnings": None,
        "LiveRestoreEnabled": True,
    }
    return json.dumps({**answer, **more})


def rules(text: str, kind: str = "daemon") -> dict[str, str]:
    return {one.rule.id: one.message for one in dockerlint.lint(text, kind)}


def test_the_json_says_what_the_daemon_came_to() -> None:
    daemon = told(info(LoggingDriver="syslog", Debug=True))
    assert daemon.restores_live is True
    assert daemon.remaps_users is True
    assert daemon.forbids_new_privileges is True
    assert daemon.is_rootless is False
    assert daemon.has_seccomp is True
    assert daemon.has_remote_logs is True
    assert daemon.is_verbose is True
    assert daemon.has_authorization is UNKNOWN
    assert daemon.allows_container_traffic is UNKNOWN
    assert [one.is_tcp for one in daemon.hosts] == [False]
    assert "DK402" not in rules(info())


def test_the_lines_for_people_say_the_same() -> None:
    daemon = told(TEXT)
    assert (known(daemon.server_version), daemon.is_end_of_life) == ("26.1.5", True)
    assert daemon.has_seccomp is False
    assert (daemon.remaps_users, daemon.is_rootless, daemon.forbids_new_privileges) == (True, False, False)
    assert (daemon.is_verbose, daemon.is_experimental, daemon.restores_live) == (False, True, True)
    assert daemon.is_in_swarm is True
    assert [known(one) for one in daemon.authorization_plugins] == ["opa", "other"]
    assert [one.address for one in daemon.insecure_registries] == ["reg.example:5000", "127.0.0.0/8"]
    assert [one.address for one in daemon.registry_mirrors] == ["http://m.example/"]
    assert [(one.address, one.has_tls) for one in daemon.hosts] == [("tcp://0.0.0.0:2375", False)]


@pytest.mark.parametrize(
    ("rule", "underlined"),
    [
        ("DK400", "API is accessible on http://0.0.0.0:2375 without encryption."),
        ("DK402", "reg.example:5000"),
        ("DK403", "http://m.example/"),
        ("DK422", "true"),
        ("DK420", "seccomp"),
        ("DK432", "26.1.5"),
    ],
)
def test_each_thing_is_underlined_where_it_stands(rule: str, underlined: str) -> None:
    found = [one for one in dockerlint.lint(TEXT, "daemon") if one.rule.id == rule]
    assert [TEXT[one.span.start : one.span.end] for one in found] == [underlined]


def test_nothing_is_fixed_in_what_a_daemon_says() -> None:
    for text in (TEXT, info(Debug=True)):
        assert dockerlint.fix(text, "daemon", harden=True, unproven=True) == text


def test_an_open_address_of_which_the_daemon_warns_is_critical() -> None:
    severities = [str(one.severity) for one in dockerlint.lint(info(Warnings=[OPEN]), "daemon")]
    assert "critical" in severities
    closed = OPEN.replace("http:", "https:").replace("encryption", "TLS client verification")
    assert "DK401" in rules(info(Warnings=[closed]))


def test_without_a_profile_of_seccomp_there_is_none() -> None:
    assert told(info(SecurityOptions=["name=cgroupns"])).has_seccomp is False
    assert told(info(SecurityOptions=["name=seccomp,profile=/etc/own.json"])).has_seccomp is True


@pytest.mark.parametrize(
    ("version", "is_over"),
    [
        ("26.1.5+dfsg1", True),
        ("25.0.17", False),
        ("29.1.3", UNKNOWN),
        ("31.0.0", UNKNOWN),
        ("17.06.2-ce", True),
        ("v28.5.2", True),
        ("dev", UNKNOWN),
    ],
)
def test_a_release_line_ends_on_a_day(version: str, is_over: object) -> None:
    assert told(info(ServerVersion=version)).is_end_of_life is is_over


def test_docker_version_tells_the_version_alone() -> None:
    asked = json.dumps(
        {"Client": {"Version": "29.1.3"}, "Server": {"Version": "24.0.9", "ApiVersion": "1.43"}}
    )
    people = (
        "Client:\n Version:  29.1.3\n\nServer: Docker Engine - Community\n"
        " Engine:\n  Version:  24.0.9\n containerd:\n  Version: 1.7\n"
    )
    for text in (asked, people):
        assert kind_of_text(text) == "daemon"
        daemon = told(text)
        assert known(daemon.server_version) == "24.0.9"
        assert daemon.has_seccomp is UNKNOWN
        assert daemon.is_partial
        assert set(rules(text)) == {"DK432"}


def test_several_answers_of_one_engine_are_one_daemon() -> None:
    asked = json.dumps({"Client": None, "Server": {"Version": "24.0.9", "ApiVersion": "1.43"}})
    daemon = told(f"{info()}\n{asked}\n")
    assert known(daemon.server_version) == "29.1.3"


def test_an_answer_among_containers_is_their_daemon() -> None:
    made = [{"Name": "/web", "Config": {"User": "1"}, "HostConfig": {}}]
    text = f"{json.dumps(made)}\n{info(LiveRestoreEnabled=False)}\n"
    assert kind_of_text(text) == "inspect"
    assert [one.restores_live for one in parse_inspect(text, TODAY).daemons] == [False]
    found = [one for one in dockerlint.lint(text, "inspect") if one.rule.id == "DK407"]
    assert [(one.subject, one.subject_kind) for one in found] == [("daemon", "daemon")]
    assert "DK000" not in rules(text, "inspect")


@pytest.mark.parametrize(
    "line",
    [
        "root      812  0.3  1.1 1915632 92404 ?  Ssl  Nov29  1:02 /usr/bin/dockerd -H tcp://0.0.0.0:2375",
        "812 ?        00:01:02 dockerd -H tcp://0.0.0.0:2375",
        "root 812 1 0 Nov29 ? 00:01:02 /usr/bin/dockerd -H fd:// -H tcp://0.0.0.0:2375",
    ],
)
def test_what_ps_prints_is_known_by_its_content(line: str) -> None:
    text = f"USER PID COMMAND\nroot 1 /sbin/init\n{line}\n"
    assert kind_of_text(text) == "daemon"
    assert "DK400" in rules(text)


@pytest.mark.parametrize(
    "text",
    [
        info(
            SecurityOptions=7, RegistryConfig=[1], Plugins="x", Warnings={"a": 1}, Swarm=None, ServerVersion=3
        ),
        '{"ServerVersion": "1", "SecurityOptions": [null, [], {}, "name=seccomp,profile="]',
        "Server:\n Server Version: \n Security Options:\n\n Insecure Registries:\n",
        "Server Version: 1\x1b[31m\n",
    ],
)
def test_hostile_answers_are_read_as_far_as_they_go(text: str) -> None:
    assert isinstance(dockerlint.lint(text, "daemon"), list)
