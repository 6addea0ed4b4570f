"""`dockerlint audit`: what passed and what failed of containers, images, networks and the daemon."""

from __future__ import annotations

import io
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dockerlint.cli.arguments import CheckLine, UsageError
from dockerlint.cli.audit import audit_options
from dockerlint.errors import UserError
from dockerlint.linting.linted import Telling
from dockerlint.linting.linter import lint
from dockerlint.linting.promises import Promises
from dockerlint.ruleset.compile import compile_rule
from dockerlint.ruleset.rule import CompiledRule, Rule, Scope
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.check import run


def container(name: str, user: str = "1000", **host: Any) -> dict[str, Any]:
    """What an engine prints of a container, with settings of its host part."""
    return {"Name": f"/{name}", "Config": {"Image": "example/app:1.0", "User": user}, "HostConfig": host}


def audited(tmp_path: Path, *objects: Any, lines: tuple[str, ...] = (), **said: Any) -> tuple[int, str]:
    """The exit code and the report of an audit of these objects."""
    paths = []
    if objects:
        path = tmp_path / "inspect.json"
        path.write_text(json.dumps(list(objects)), "utf-8")
        paths = [str(path)]
    written = CheckLine(paths=[*paths, *said.pop("more", [])], no_config=True, **said)
    out = io.TextIOWrapper(io.BytesIO(), "utf-8")
    code = run(audit_options(written, lines), out, io.StringIO())
    out.seek(0)
    return code, out.read()


def block(report: str, name: str) -> str:
    """The lines of one subject."""
    lines = report.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith(name))
    rest = (number for number, line in enumerate(lines[first + 1 :], first + 1) if not line.startswith(" "))
    return "\n".join(lines[first : next(rest)])


def test_a_block_says_what_passed_and_what_failed(tmp_path: Path) -> None:
    ports = {"5432/tcp": [{"HostIp": "127.0.0.1", "HostPort": "5432"}]}
    code, report = audited(
        tmp_path, container("db", Memory=536870912, PortBindings=ports), container("api", user="")
    )
    db, api = block(report, "db"), block(report, "api")
    for said in ("✔ loopback only", "✔ not privileged", "✔ memory limit", "✔ not root"):
        assert said in db
    assert "✘ medium    no CPU limit" in db
    assert "✔ memory limit" not in api
    assert "✔ not root" not in api
    assert "✘ high      runs as root" in api
    assert "add USER to its Dockerfile" in api
    assert code == 1


def test_the_worst_container_comes_first_and_the_daemon_last(tmp_path: Path) -> None:
    daemon = tmp_path / "daemon.json"
    daemon.write_text('{"hosts": ["tcp://0.0.0.0:2375"]}', "utf-8")
    network = {"Name": "mesh", "Driver": "overlay", "IPAM": {}, "Options": {}, "Containers": {}}
    image = {"RepoTags": ["example/app:1.0"], "RootFS": {}, "Config": {"User": "1"}}
    bad = container("worse", Privileged=True)
    _, report = audited(tmp_path, network, image, container("fine"), bad, more=[str(daemon)])
    heads = [line.split("  ")[0].strip() for line in report.splitlines() if line[:1].isalpha()]
    assert heads == ["worse", "fine", "image example/app:1.0", "network mesh", "daemon"]


def test_a_privileged_container_passes_nothing_that_privileges_undo(tmp_path: Path) -> None:
    _, report = audited(tmp_path, container("all", Privileged=True, CapDrop=["ALL"]))
    for said in ("capabilit", "raw disk", "security profiles on"):
        assert f"✔ no powerful {said}" not in report
        assert f"✔ no {said}" not in report
    assert "✔ capabilities dropped" not in report
    assert "✔ security profiles on" not in report


def test_what_is_unknown_neither_passes_nor_fails(tmp_path: Path) -> None:
    line = 'docker run --name app --memory "$LIMIT" --user "$WHO" example/app:1.0'
    _, report = audited(tmp_path, lines=(line,))
    app = block(report, "app")
    unknown = app[app.index("?") :]
    assert "memory limit" in unknown
    assert "✔ memory limit" not in app
    assert "no memory limit" not in app
    assert "✔ not root" not in app


def test_a_port_on_an_address_of_the_network_is_not_loopback_only(tmp_path: Path) -> None:
    binding = [{"HostIp": "192.0.2.5", "HostPort": "80"}, {"HostIp": "127.0.0.1", "HostPort": "80"}]
    _, report = audited(tmp_path, container("web", PortBindings={"80/tcp": binding}))
    assert "loopback only" not in report


def test_without_ports_nothing_is_said_about_them(tmp_path: Path) -> None:
    _, report = audited(tmp_path, container("job"))
    assert "loopback only" not in report
    assert "✔ no Docker socket" in report


def test_the_socket_among_other_mounts_does_not_pass(tmp_path: Path) -> None:
    mounts = [
        {"Type": "bind", "Source": "/srv/data", "Destination": "/data", "RW": True},
        {"Type": "bind", "Source": "/var/run/docker.sock", "Destination": "/var/run/docker.sock", "RW": True},
    ]
    _, report = audited(tmp_path, {**container("agent"), "Mounts": mounts})
    assert "no Docker socket" not in report
    assert "✘ critical" in report


def test_no_rule_is_asked_twice_of_a_node_for_what_passed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: Counter[tuple[str, int]] = Counter()

    def counting(rule: Rule) -> CompiledRule:
        made = compile_rule(rule)

        def test(value: object, scope: Scope) -> bool | None:
            asked[rule.id, id(value)] += 1
            return made.test(value, scope)

        return replace(made, test=test)

    monkeypatch.setattr("dockerlint.ruleset.index.compile_rule", counting)
    text = json.dumps([container("db", Memory=536870912, CapAdd=["SYS_ADMIN"])])
    found = lint(text, "inspect", load_ruleset(), Promises(), telling=Telling.PASSES)
    assert "memory limit" in found.checked[0].passed
    assert max(asked.values()) == 1


def test_names_of_strangers_reach_no_terminal_raw(tmp_path: Path) -> None:
    _, report = audited(tmp_path, container("a\x1b[31m\u202e\nb", Privileged=True))
    assert "\x1b" not in report
    assert "\u202e" not in report
    assert r"a\x1b[31m" in report


def test_no_secret_is_shown(tmp_path: Path) -> None:
    token = "ghp_" + "a1B2" * 9
    made = container(token)
    made["Config"]["Env"] = [f"GITHUB_TOKEN={token}"]
    _, report = audited(tmp_path, made)
    assert token not in report
    assert "GITHUB_TOKEN" in report


def test_ages_are_counted_from_the_day_that_is_asked_for(tmp_path: Path) -> None:
    image = {
        "Id": "sha256:1",
        "RepoTags": ["example/app:1.0"],
        "RootFS": {},
        "Created": "2026-01-01T00:00:00Z",
    }
    made = {**container("app"), "Image": "sha256:1"}
    assert "✔ recent image" in audited(tmp_path, made, image, today="2026-01-20")[1]
    assert "image is 74 days old" in audited(tmp_path, made, image, today="2026-03-16")[1]


def test_a_compose_file_is_told_in_the_same_way(tmp_path: Path) -> None:
    path = tmp_path / "compose.yaml"
    path.write_text("services:\n  web:\n    image: example/web:1.0\n    mem_limit: 1g\n", "utf-8")
    _, report = audited(tmp_path, more=[str(path)])
    assert "✔ memory limit" in block(report, "web")


@pytest.mark.parametrize("name", ["json", "sarif", "github", "statistics"])
def test_every_format_of_check_is_one_of_audit(tmp_path: Path, name: str) -> None:
    code, report = audited(tmp_path, container("web", Privileged=True), format=[name])
    assert code == 1
    assert "DK200" in report


def test_exit_codes_are_those_of_check(tmp_path: Path) -> None:
    assert audited(tmp_path, container("web", Privileged=True), fail_on="never")[0] == 0
    assert audited(tmp_path, container("web", Privileged=True), fail_on="critical")[0] == 1
    assert audited(tmp_path, more=[str(tmp_path / "gone.json")])[0] == 2


def test_without_input_it_says_what_to_feed_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="docker inspect"):
        audit_options(CheckLine(), ())


def fake_docker(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program called docker, the only one on PATH."""
    program = folder / "docker"
    program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_without_input_the_docker_program_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = json.dumps([container("web", Privileged=True)])
    listed = "a" * 64
    script = f"case \"$1 $2\" in 'ps -aq') echo {listed};; 'inspect --type') echo '{made}';; esac"
    fake_docker(tmp_path, script, monkeypatch)
    _, report = audited(tmp_path)
    assert "✘ critical  privileged" in block(report, "web")


def test_what_the_docker_program_complains_of_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake_docker(tmp_path, "echo no daemon at this socket >&2; exit 1", monkeypatch)
    with pytest.raises(UserError, match="docker ps -aq: no daemon at this socket"):
        audit_options(CheckLine(), ())
